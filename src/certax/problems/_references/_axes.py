"""Refuses axes that would give wrong numbers without complaint."""

import numpy as np


def check_axes(
    name: str, axes: tuple[np.ndarray, ...], /, **domain: tuple[float, float]
) -> None:
    """Refuses anything but one axis of points in the domain for every coordinate.

    **Arguments:**

    - `name`: of the reference, for the message.
    - `axes`: one array of points for each coordinate.
    - `domain`: the lower and upper end of every coordinate, in order.

    **Raises:** `ValueError` if the number of axes is wrong, or if one of them is not a
    one-dimensional float64 array of points of the domain.
    """
    if len(axes) != len(domain):
        raise ValueError(
            f"The reference for {name} takes one axis for each of its coordinates "
            f"({', '.join(domain)}), but got {len(axes)}."
        )
    for (coordinate, (lower, upper)), axis in zip(domain.items(), axes, strict=True):
        if not isinstance(axis, np.ndarray) or axis.dtype != np.float64:
            found = getattr(axis, "dtype", type(axis).__name__)
            raise ValueError(
                f"The axis {coordinate} of {name} must be a NumPy array of float64, "
                f"but is {found}: convert it with np.asarray(..., dtype=np.float64)."
            )
        if axis.ndim != 1:
            raise ValueError(
                f"The axis {coordinate} of {name} must have one dimension, but its "
                f"shape is {axis.shape}: pass the points of the axis, not a mesh."
            )
        outside = axis[~((axis >= lower) & (axis <= upper))]  # NaN counts as outside
        if outside.size:
            raise ValueError(
                f"The reference for {name} is measured for {coordinate} from "
                f"{float(lower)} to {float(upper)}, but was asked for {coordinate} = "
                f"{float(outside[0])}: leave such points out."
            )

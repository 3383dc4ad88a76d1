"""Solutions around circles and tori, as references."""

from collections.abc import Callable

import numpy as np

from ._axes import check_axes
from ._fourier import PeriodicEvolution
from ._reference import Reference


def fourier_reference(
    name: str,
    solution: PeriodicEvolution,
    accuracy: float,
    fields: Callable[..., tuple[np.ndarray, ...]] = lambda *values: values,
) -> Reference:
    """The reference of a problem in t and x, or t, x and y.

    **Arguments:**

    - `fields`: those of the problem, from those of the method.
    """
    spaces = ("x", "y")[: len(solution.points)]
    ends = zip(solution.lower, solution.upper, strict=True)
    box = dict(zip(spaces, ends, strict=True))

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes(name, axes, **box, t=(0.0, solution.end))
        return fields(*solution(*axes))

    each = " in each coordinate" if len(spaces) > 1 else ""
    return Reference(
        name=name,
        method=(
            f"Fourier series of {solution.points[0]} points{each} and "
            f"{solution.steps} steps of ETDRK4; measured against Fourier collocation "
            "on other points with the Runge-Kutta method DOP853 in time."
        ),
        accuracy=accuracy,
        evaluate=evaluate,
    )

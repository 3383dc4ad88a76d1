"""Pictures of functions made of block characters."""

from collections.abc import Sequence

import numpy as np

_shades = " ░▒▓█"
_eighths = " ▁▂▃▄▅▆▇█"


def curve(values: Sequence[float] | np.ndarray, rows: int = 8) -> str:
    """A graph over equally spaced points, one column each.

    **Arguments:**

    - `values`: shape `(columns,)`.
    """
    heights = np.round(_to_unit(values) * (8 * rows - 1)).astype(int) + 1
    lines = []
    for row in reversed(range(rows)):
        filled = np.clip(heights - 8 * row, 0, 8)
        lines.append("".join(_eighths[n] for n in filled).rstrip())
    return "\n".join(lines)


def shading(values: np.ndarray) -> str:
    """A picture in five shades, dark to bright from the least value to the largest;
    blank where values are NaN.

    **Arguments:**

    - `values`: shape `(rows, columns)`, the first row on top.
    """
    unit = np.nan_to_num(_to_unit(values), nan=0.0)
    shades = np.minimum(unit * len(_shades), len(_shades) - 1).astype(int)
    return "\n".join("".join(_shades[n] for n in row) for row in shades)


def _to_unit(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """Values scaled to [0, 1]; a constant becomes one half."""
    values = np.asarray(values, dtype=float)
    lowest, highest = float(np.nanmin(values)), float(np.nanmax(values))
    if highest == lowest:
        return np.full(values.shape, 0.5)
    return (values - lowest) / (highest - lowest)

"""Which coordinate goes where when a field of any dimension is drawn on paper."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True)
class View:
    """Axes for heat maps.

    - `vertical`: None in one dimension.
    - `sliced`: the coordinate of which several values are shown, or None.
    - `fixed`: coordinates that stand at their middle.
    - `lengths`: whether both axes are lengths, to be drawn to the same scale.
    """

    horizontal: str
    vertical: str | None
    sliced: str | None
    fixed: tuple[str, ...]
    lengths: bool


@dataclass(frozen=True)
class Panel:
    """One heat map: `values` of shape `(y, x)`, and where the slice is, in words."""

    where: str
    x: np.ndarray
    y: np.ndarray
    values: np.ndarray


def choose_view(coordinates: tuple[str, ...], time: str | None) -> View:
    """Time runs to the right where there is one space coordinate; where there are more,
    they are drawn and time is sliced.
    """
    space = tuple(name for name in coordinates if name != time)
    if len(coordinates) == 1:
        return View(coordinates[0], None, None, (), False)
    if time is not None and len(space) == 1:
        return View(time, space[0], None, (), False)
    rest = space[2:]
    if time is not None:
        return View(space[0], space[1], time, rest, True)
    return View(space[0], space[1], rest[0] if rest else None, rest[1:], True)


def panels(array: "xarray.DataArray", view: View, slices: int = 3) -> list[Panel]:
    """The heat maps of an array in a view with a vertical axis."""
    middles = {name: array.sizes[name] // 2 for name in view.fixed}
    array = array.isel(middles)
    words = [f"{name} = {float(array[name]):.3g}" for name in view.fixed]
    if view.sliced is None:
        return [_panel(array, view, words)]
    positions = np.linspace(0, array.sizes[view.sliced] - 1, slices).round().astype(int)
    found = []
    for position in dict.fromkeys(positions.tolist()):
        part = array.isel({view.sliced: position})
        at = f"{view.sliced} = {float(part[view.sliced]):.3g}"
        found.append(_panel(part, view, [at, *words]))
    return found


def _panel(array: "xarray.DataArray", view: View, words: list[str]) -> Panel:
    assert view.vertical is not None
    array = array.transpose(view.vertical, view.horizontal)
    return Panel(
        ", ".join(words),
        array[view.horizontal].values,
        array[view.vertical].values,
        array.values,
    )


def thin(panel: Panel, limit: int, largest: bool) -> Panel:
    """At most `limit` values along each axis, so that the page stays small.

    **Arguments:**

    - `largest`: of each block keep the value that is largest in size, so that no peak
        is lost; otherwise keep some of the values, the ends among them.
    """
    x, y, values = panel.x, panel.y, panel.values
    if largest:
        values, y = _block_largest(values, y, limit)
        transposed, x = _block_largest(values.T, x, limit)
        return Panel(panel.where, x, y, transposed.T)
    rows, columns = _some(len(y), limit), _some(len(x), limit)
    return Panel(panel.where, x[columns], y[rows], values[np.ix_(rows, columns)])


def _some(size: int, limit: int) -> np.ndarray:
    return np.unique(np.linspace(0, size - 1, min(size, limit)).round().astype(int))


def _block_largest(values: np.ndarray, positions: np.ndarray, limit: int):
    """Along the first axis."""
    step = -(-len(positions) // limit)
    if step == 1:
        return values, positions
    starts = np.arange(0, len(positions), step)
    sizes = np.diff(np.append(starts, len(positions)))
    highest = np.fmax.reduceat(values, starts, axis=0)
    lowest = np.fmin.reduceat(values, starts, axis=0)
    kept = np.where(np.abs(highest) >= np.abs(lowest), highest, lowest)
    return kept, np.add.reduceat(positions, starts) / sizes

"""Heat maps of fields over two coordinates."""

from typing import TYPE_CHECKING, Any

import numpy as np

from ._run import Run
from ._style import Figure, Width, axis, color_bar, figure, numbers
from ._views import Panel, View, panels, thin

if TYPE_CHECKING:
    import xarray

# All heat maps of a page share this many values, about 1.5 MB of it.
_values_of_page = 280_000


def heat_maps(
    run: Run,
    name: str,
    title: str,
    array: "xarray.DataArray",
    view: View,
    *,
    extent: tuple[float, float] | None = None,
    largest: bool = False,
    scale: str | None = None,
    width: Width = "full",
) -> list[Figure]:
    """One figure a slice."""
    found = []
    low, high = extent or value_range([array.values], symmetric=True)
    for number, panel in enumerate(panels(array, view)):
        small = thin(panel, _side(run, view), largest)
        where = f" at {panel.where}" if panel.where else ""
        note = ""
        if small.values.size < panel.values.size:
            note = "Thinned for display"
            note += "; of each block the largest is shown." if largest else "."
        found.append(
            figure(
                f"map-{name}-{number}",
                title + where,
                [_heat_map(small, low, high, scale or _scale(low, high), view.lengths)],
                x=axis(view.horizontal, showgrid=False, constrain="domain"),
                y=axis(view.vertical or "", showgrid=False)
                | ({"scaleanchor": "x", "constrain": "domain"} if view.lengths else {}),
                height=_height(panel, width) if view.lengths else 300,
                width=width,
                caption=note,
                label=f"Heat map: {title}{where} over {view.horizontal} and "
                f"{view.vertical}, from {extent_text(array)}.",
            )
        )
    return found


def _heat_map(
    panel: Panel, low: float, high: float, scale: str, horizontal: bool
) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": numbers(panel.x),
        "y": numbers(panel.y),
        "z": numbers(panel.values),
        "zmin": low,
        "zmax": high,
        "colorscale": scale,
        "reversescale": scale == "RdBu",
        "hovertemplate": "%{x:.4g}, %{y:.4g}: %{z:.4g}<extra></extra>",
        "colorbar": color_bar(horizontal),
    }


def _height(panel: Panel, width: Width) -> int:
    """So that both axes have the same scale where the page is wide."""
    across = {"full": 960, "half": 430, "third": 260}[width]
    shape = np.ptp(panel.y) / np.ptp(panel.x)
    return int(np.clip(across * shape, 140, 560)) + 95


def _side(run: Run, view: View) -> int:
    """How many values a heat map may have along each axis."""
    assert run.solution is not None
    maps = sum(1 for name in run.solution if "_lower" not in str(name)) or 1
    return int(np.sqrt(_values_of_page / (maps * (3 if view.sliced else 1))))


def value_range(
    arrays: list[np.ndarray], symmetric: bool = False
) -> tuple[float, float]:
    """Color limits; around zero when both signs matter."""
    finite = np.concatenate([a[np.isfinite(a)] for a in arrays])
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if symmetric or (low < 0 < high and max(-low, high) < 4 * min(-low, high)):
        largest = max(abs(low), abs(high)) or 1.0
        return -largest, largest
    return (low, high) if low < high else (low, low + 1.0)


def _scale(low: float, high: float) -> str:
    return "RdBu" if low == -high else "Viridis"


def extent_text(array: "xarray.DataArray") -> str:
    """From the smallest to the largest value, in words."""
    return f"{float(array.min()):.3g} to {float(array.max()):.3g}"

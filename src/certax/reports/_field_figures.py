"""Figures of the solution, its reference, its error and its residual."""

import html
from typing import TYPE_CHECKING, Any

import numpy as np

from ._netcdf import variable_names
from ._run import Run
from ._style import (
    Figure,
    axis,
    color_bar,
    figure,
    ink,
    line_colors,
    log_axis,
    numbers,
    positive,
    proved_fill,
)
from ._views import Panel, View, choose_view, panels, thin

if TYPE_CHECKING:
    import xarray

# All heat maps of a page share this many values, about 1.5 MB of it.
_values_of_page = 280_000


def solution_figures(run: Run) -> list[Figure]:
    """Each field beside its reference, with cuts; curves in one dimension."""
    if run.solution is None:
        return []
    view = choose_view(run.problem.domain.names, run.problem.time)
    found: list[Figure] = []
    for field in run.problem.fields:
        if field not in run.solution:
            continue
        if view.vertical is None:
            found.append(_curves(run, field, view))
        else:
            found += _maps(run, field, view)
            found += _cuts(run, field, view)
    return found


def residual_figures(run: Run) -> list[Figure]:
    """The residual of each equation."""
    if run.solution is None:
        return []
    view = choose_view(run.problem.domain.names, run.problem.time)
    names = [str(name) for name in run.solution if str(name).startswith("residual")]
    found: list[Figure] = []
    for name in names:
        array = run.solution[name]
        what = "Residual" if name == "residual" else f"Residual {name[9:]}"
        if view.vertical is None:
            found.append(_residual_curve(name, what, array, view))
        else:
            found += _heat_maps(
                run, name, what, array, view, largest=True, scale="PuOr"
            )
    return found


def _curves(run: Run, field: str, view: View) -> Figure:
    assert run.solution is not None
    names = variable_names(field, single=len(run.problem.fields) == 1)
    x = run.solution[view.horizontal].values
    return figure(
        f"solution-{field}",
        f"Solution {field}",
        _lines(run.solution, names, x),
        x=axis(view.horizontal),
        y=axis(field),
        legend=True,
        caption=_band_caption(run.solution, names),
        label=f"Curve of the computed {field} over {view.horizontal}, from "
        f"{_extent(run.solution[field])}, with its reference where there is one.",
    )


def _lines(part: "xarray.Dataset", names, x, legend: bool = True) -> list[dict]:
    """The band, the reference under it all, and the computed field."""
    traces: list[dict[str, Any]] = []
    x = numbers(x)
    common = {"type": "scatter", "mode": "lines", "x": x, "showlegend": legend}
    if names.lower in part and names.upper in part:
        edge = {"width": 0}
        lower, upper = numbers(part[names.lower]), numbers(part[names.upper])
        traces.append({**common, "y": lower, "line": edge, "showlegend": False})
        traces[-1]["hoverinfo"] = "skip"
        traces.append(
            {
                **common,
                "y": upper,
                "line": edge,
                "fill": "tonexty",
                "fillcolor": proved_fill,
                "hoverinfo": "skip",
                "name": "proved band",
            }
        )
    if names.reference in part:
        traces.append(
            {
                **common,
                "y": numbers(part[names.reference]),
                "line": {"color": "#b8bec7", "width": 6},
                "name": "reference",
            }
        )
    traces.append(
        {
            **common,
            "y": numbers(part[names.value]),
            "line": {"color": ink, "width": 1.6},
            "name": "computed",
        }
    )
    return traces


def _band_caption(part: "xarray.Dataset", names) -> str:
    if names.lower not in part:
        return ""
    return "The true solution lies in the blue band, which may be thinner than a line."


def _maps(run: Run, field: str, view: View) -> list[Figure]:
    assert run.solution is not None
    names = variable_names(field, single=len(run.problem.fields) == 1)
    both = [n for n in (names.value, names.reference) if n in run.solution]
    extent = _range([run.solution[n].values for n in both])
    found = _heat_maps(
        run, field, f"Computed {field}", run.solution[field], view, extent=extent
    )
    if names.reference not in run.solution:
        return found
    found += _heat_maps(
        run,
        names.reference,
        f"Reference {field}",
        run.solution[names.reference],
        view,
        extent=extent,
        share=True,
    )
    found += _heat_maps(
        run,
        names.error,
        f"Error of {field} (measured)",
        run.solution[names.error],
        view,
        largest=True,
        scale="PuOr",
        share=True,
    )
    return found


def _heat_maps(
    run: Run,
    name: str,
    title: str,
    array: "xarray.DataArray",
    view: View,
    *,
    extent: tuple[float, float] | None = None,
    largest: bool = False,
    scale: str | None = None,
    share: bool = False,
) -> list[Figure]:
    """One figure a slice; `share` puts two beside each other where they are wide."""
    found = []
    low, high = extent or _range([array.values], symmetric=True)
    for number, panel in enumerate(panels(array, view)):
        small = thin(panel, _side(run, view), largest)
        where = f" at {panel.where}" if panel.where else ""
        note = ""
        if small.values.size < panel.values.size:
            note = "Thinned for display"
            note += "; of each block the largest is shown." if largest else "."
        width = "third" if view.sliced else "half" if share or view.lengths else "full"
        found.append(
            figure(
                f"map-{name}-{number}",
                title + where,
                [_heat_map(small, low, high, scale or _scale(low, high), view.lengths)],
                x=axis(view.horizontal, showgrid=False),
                y=axis(view.vertical or "", showgrid=False)
                | ({"scaleanchor": "x", "constrain": "domain"} if view.lengths else {}),
                height=_height(panel, width) if view.lengths else 300,
                width=width,
                caption=note,
                label=f"Heat map: {title}{where} over {view.horizontal} and "
                f"{view.vertical}, from {_extent(array)}.",
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


def _cuts(run: Run, field: str, view: View) -> list[Figure]:
    """Curves across the vertical axis at three positions along the horizontal one."""
    if view.sliced is not None or run.solution is None or view.vertical is None:
        return []
    names = variable_names(field, single=len(run.problem.fields) == 1)
    size = run.solution.sizes[view.horizontal]
    found = []
    for number, position in enumerate((size // 4, size // 2, size - 1)):
        part = run.solution.isel({view.horizontal: position})
        where = f"{view.horizontal} = {float(part[view.horizontal]):.3g}"
        found.append(
            figure(
                f"cut-{field}-{number}",
                f"{field} at {where}",
                _lines(part, names, part[view.vertical].values),
                x=axis(view.vertical),
                y=axis(field),
                height=260,
                width="third",
                legend=True,
                caption=_band_caption(part, names),
                label=f"Curve of the computed {field} over {view.vertical} at {where}, "
                f"from {_extent(part[field])}.",
            )
        )
    return found


def _residual_curve(name: str, what: str, array: "xarray.DataArray", view: View):
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": numbers(array[view.horizontal]),
        "y": positive(np.abs(array.values)),
        "line": {"color": line_colors[3], "width": 1.3},
        "name": name,
    }
    return figure(
        f"curve-{name}",
        f"{what}, absolute value",
        [trace],
        x=axis(view.horizontal),
        y=log_axis(""),
        height=260,
        caption="",
        label=f"Curve of the residual's absolute value over {view.horizontal}; the "
        f"residual lies in {_extent(array)}.",
    )


def _height(panel: Panel, width: str) -> int:
    """So that both axes have the same scale where the page is wide."""
    across = {"full": 960, "half": 430, "third": 260}[width]
    shape = np.ptp(panel.y) / np.ptp(panel.x)
    return int(np.clip(across * shape, 140, 560)) + 95


def _side(run: Run, view: View) -> int:
    """How many values a heat map may have along each axis."""
    assert run.solution is not None
    maps = sum(1 for name in run.solution if "_lower" not in str(name)) or 1
    return int(np.sqrt(_values_of_page / (maps * (3 if view.sliced else 1))))


def _range(arrays: list[np.ndarray], symmetric: bool = False) -> tuple[float, float]:
    """Color limits; around zero when both signs matter."""
    low = min(float(np.nanmin(a, initial=0.0)) for a in arrays)
    high = max(float(np.nanmax(a, initial=0.0)) for a in arrays)
    if not symmetric:
        low = min(float(np.nanmin(a)) for a in arrays)
        high = max(float(np.nanmax(a)) for a in arrays)
    if symmetric or (low < 0 < high and max(-low, high) < 4 * min(-low, high)):
        largest = max(abs(low), abs(high)) or 1.0
        return -largest, largest
    return (low, high) if low < high else (low, low + 1.0)


def _scale(low: float, high: float) -> str:
    return "RdBu" if low == -high else "Viridis"


def _extent(array: "xarray.DataArray") -> str:
    low, high = float(array.min()), float(array.max())
    return html.escape(f"{low:.3g} to {high:.3g}")

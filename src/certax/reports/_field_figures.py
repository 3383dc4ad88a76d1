"""Figures of the solution, its reference, its error and its residual."""

from typing import TYPE_CHECKING, Any

import numpy as np

from ._heat_maps import extent_text, heat_maps, value_range
from ._netcdf import variable_names
from ._run import Run
from ._style import (
    Figure,
    Width,
    axis,
    figure,
    ink,
    line_colors,
    log_axis,
    numbers,
    positive,
    proved_fill,
)
from ._views import View, choose_view

if TYPE_CHECKING:
    import xarray


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
            found += heat_maps(
                run,
                name,
                what,
                array,
                view,
                largest=True,
                scale="PuOr",
                width="third" if view.sliced else "half" if view.lengths else "full",
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
        f"{extent_text(run.solution[field])}, with its reference where there is one.",
    )


def _lines(part: "xarray.Dataset", names, x, legend: bool = True) -> list[dict]:
    """The reference under it all, the band, and the computed field."""
    traces: list[dict[str, Any]] = []
    x = numbers(x)
    common = {"type": "scatter", "mode": "lines", "x": x, "showlegend": legend}
    if names.reference in part:
        traces.append(
            {
                **common,
                "y": numbers(part[names.reference]),
                "line": {"color": "#b8bec7", "width": 6, "simplify": False},
                "name": "reference",
            }
        )
    if names.lower in part and names.upper in part:
        edge = {"width": 0, "simplify": False}
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
    traces.append(
        {
            **common,
            "y": numbers(part[names.value]),
            "line": {"color": ink, "width": 1.6, "simplify": False},
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
    extent = value_range([run.solution[n].values for n in both])
    compared = names.reference in run.solution
    first: Width = "full"
    if view.lengths:
        first = "third" if view.sliced or compared else "half"
    rest: Width = "third" if view.lengths else "half"
    value = run.solution[names.value]
    title = f"Computed {field}"
    found = heat_maps(run, field, title, value, view, extent=extent, width=first)
    if not compared:
        return found
    reference, error = run.solution[names.reference], run.solution[names.error]
    found += heat_maps(
        run,
        names.reference,
        f"Reference {field}",
        reference,
        view,
        extent=extent,
        width=rest,
    )
    found += heat_maps(
        run,
        names.error,
        f"Error of {field} (measured)",
        error,
        view,
        largest=True,
        scale="PuOr",
        width=rest,
    )
    return found


def _cuts(run: Run, field: str, view: View) -> list[Figure]:
    """Curves across the vertical axis at three positions along the horizontal one."""
    if view.sliced is not None or run.solution is None or view.vertical is None:
        return []
    names = variable_names(field, single=len(run.problem.fields) == 1)
    size = run.solution.sizes[view.horizontal]
    found = []
    last = 3 * size // 4 if view.lengths else size - 1
    for number, position in enumerate((size // 4, size // 2, last)):
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
                f"from {extent_text(part[field])}.",
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
        f"residual lies in {extent_text(array)}.",
    )

"""Figures of a solution in many dimensions: values at points, by their distance."""

from typing import Any

import numpy as np

from ._netcdf import variable_names
from ._run import Run
from ._style import Figure, axis, figure, ink, line_colors, log_axis, numbers, positive


def cloud_figures(run: Run) -> list[Figure]:
    """Each field against its reference, and the error by the distance from 0."""
    if run.solution is None or "distance" not in run.solution:
        return []
    found: list[Figure] = []
    for field in run.fields:
        names = variable_names(field, single=len(run.fields) == 1)
        distance = run.solution["distance"].values
        computed = run.solution[field].values
        if names.reference not in run.solution:
            found.append(_alone(field, distance, computed))
            continue
        exact = run.solution[names.reference].values
        found.append(_compared(field, exact, computed))
        found.append(_errors(field, distance, np.abs(computed - exact)))
    return found


def _dots(x, y, name: str) -> dict[str, Any]:
    marker = {"size": 5, "color": line_colors[1], "opacity": 0.6}
    return {"type": "scatter", "mode": "markers", "x": numbers(x), "y": y} | {
        "marker": marker,
        "name": name,
    }


def _compared(field: str, exact: np.ndarray, computed: np.ndarray) -> Figure:
    ends = [float(np.min(exact)), float(np.max(exact))]
    diagonal = {
        "type": "scatter",
        "mode": "lines",
        "x": numbers(ends),
        "y": numbers(ends),
        "line": {"color": ink, "width": 1},
        "name": "equal",
    }
    return figure(
        f"solution-{field}",
        f"Computed {field} against the reference",
        [diagonal, _dots(exact, numbers(computed), "points")],
        x=axis(f"reference {field}"),
        y=axis(f"computed {field}"),
        width="half",
        caption="One dot a point that training never saw; on the line they agree.",
        label=f"The computed {field} at {len(exact)} points over the reference's "
        "values there.",
    )


def _errors(field: str, distance: np.ndarray, error: np.ndarray) -> Figure:
    return figure(
        f"error-{field}",
        f"Error of {field} (measured)",
        [_dots(distance, positive(error), "error")],
        x=axis("distance from 0"),
        y=log_axis(""),
        width="half",
        caption="The absolute value at the same points.",
        label=f"The error of {field} over the distance from 0, at most "
        f"{np.max(error):.3g}.",
    )


def _alone(field: str, distance: np.ndarray, computed: np.ndarray) -> Figure:
    return figure(
        f"solution-{field}",
        f"Computed {field}",
        [_dots(distance, numbers(computed), field)],
        x=axis("distance from 0"),
        y=axis(field),
        caption="One dot a point that training never saw.",
        label=f"The computed {field} at {len(computed)} points over the distance "
        "from 0.",
    )

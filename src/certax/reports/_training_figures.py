"""Figures of how the net was found, and of answers that need no net."""

import html
from typing import Any

import numpy as np

from . import _numbers
from ._run import Run
from ._schemas import TrainingRecord
from ._style import Figure, axis, figure, gray, ink, line_colors, log_axis, positive

_curves = {
    "loss": ("loss", line_colors[0], "solid"),
    "residual_rms": ("residual, trained points", line_colors[2], "solid"),
    "fresh_residual_rms": ("residual, fresh points", line_colors[1], "5px,3px"),
    "relative_l2": ("relative L² error", line_colors[3], "2px,2px"),
}
_records_shown = 1500


def training_figures(run: Run) -> list[Figure]:
    """Loss, residuals and error against the step, with a mark at each new phase."""
    records = _some(run.metrics)
    if len(records) < 2:
        return []
    steps = np.array([record.step for record in records])
    traces: list[dict[str, Any]] = []
    for key, (name, color, dash) in _curves.items():
        values = [getattr(record, key) for record in records]
        if all(value is None for value in values):
            continue
        numbers = np.array([np.nan if v is None else v for v in values])
        seen = ~np.isnan(numbers)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": steps[seen],
                "y": positive(numbers[seen]),
                "name": name,
                "line": {"color": color, "width": 1.5, "dash": dash},
            }
        )
    marks = _phases(run.metrics)
    last = run.metrics[-1]
    return [
        figure(
            "training",
            "Training history",
            traces,
            x=axis("step"),
            y=log_axis(""),
            height=360,
            legend=True,
            legend_place={"y": 1.06},
            margin={"l": 8, "r": 8, "t": 52, "b": 8},
            shapes=[_mark(step) for step, _ in marks],
            annotations=[_phase_name(step, name) for step, name in marks],
            caption="Root mean squares of the residual; the fresh points are never"
            " trained on. All of this is measured.",
            label=f"Training curves over {last.step} steps in {len(marks)} phases; the "
            f"last loss is {_numbers.measured(last.loss)}.",
        )
    ]


def _some(records: tuple[TrainingRecord, ...]) -> list[TrainingRecord]:
    wanted = min(len(records), _records_shown)
    places = np.linspace(0, len(records) - 1, wanted).round().astype(int)
    return [records[i] for i in dict.fromkeys(places.tolist())]


def _phases(records: tuple[TrainingRecord, ...]) -> list[tuple[int, str]]:
    """Where each phase begins."""
    found: list[tuple[int, str]] = []
    for record in records:
        if not found or found[-1][1] != record.phase:
            found.append((record.step, record.phase))
    return found


def _mark(step: int) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": step,
        "x1": step,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": gray, "width": 1, "dash": "1px,3px"},
    }


def _phase_name(step: int, name: str) -> dict[str, Any]:
    return {
        "x": step,
        "yref": "paper",
        "y": 1,
        "text": html.escape(name),
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "bottom",
        "xshift": -2,
        "font": {"size": 11, "color": gray},
    }


def baseline_figures(run: Run) -> list[Figure]:
    """The relative L2 error beside those of the trivial answers."""
    rows = baseline_rows(run) if run.summary.reference else []
    traces = []
    for number, field in enumerate(run.fields):
        pairs = [(label, values[field]) for label, values in rows if values.get(field)]
        if not pairs:
            continue
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": positive([value for _, value in pairs]),
                "y": [label for label, _ in pairs],
                "name": field,
                "marker": {
                    "size": 11,
                    "color": line_colors[number % 4],
                    "symbol": ["circle", "diamond", "square", "x"][number % 4],
                    "line": {"color": ink, "width": 0.5},
                },
            }
        )
    if not traces:
        return []
    return [
        figure(
            "baselines",
            "Relative L² error (measured)",
            traces,
            x=log_axis(""),
            y=axis("", showgrid=True, autorange="reversed"),
            height=200,
            legend=len(traces) > 1,
            width="half",
            caption="An answer worth having lies far to the left of those that need"
            " no training.",
            label="Relative errors of the net and of trivial answers, as in the table.",
        )
    ]


def baseline_rows(run: Run) -> list[tuple[str, dict[str, float | None]]]:
    """Labels and, for each field, the relative L2 error."""
    baselines = run.summary.baselines
    rows = [
        ("this net", run.summary.relative_l2),
        ("zero everywhere", baselines.zero),
        ("frozen initial field", baselines.initial),
        ("mean of the reference", baselines.mean),
    ]
    if baselines.constant is not None:
        rows.append(("a constant for the net", baselines.constant))
    fields = run.fields
    return [
        (label, value if isinstance(value, dict) else dict.fromkeys(fields, value))
        for label, value in rows
    ]

"""The figure of what is certified: the bound in its own norm."""

from typing import Any

import numpy as np

from . import _numbers
from ._netcdf import variable_names
from ._run import Run
from ._schemas import Certificate
from ._style import (
    Figure,
    axis,
    figure,
    log_axis,
    measured_line,
    numbers,
    positive,
    proved_line,
)


def claim_figures(run: Run) -> list[Figure]:
    """The proved bound along time beside what was measured in the same norm."""
    certificate = run.certificate
    if certificate is None:
        return []
    along = run.problem.time or run.problem.domain.names[0]
    box = run.problem.domain
    position = box.names.index(along)
    ends = float(box.lower_floats[position]), float(box.upper_floats[position])
    times, values = _measured(run, certificate, along)
    if not certificate.curve and not times.size:
        return []
    traces = [_proved_trace(certificate, *ends)]
    if times.size:
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": numbers(times),
                "y": positive(values),
                "line": measured_line,
                "name": "measured, not proved",
            }
        )
    what = "error" if certificate.claim == "solution" else "residual"
    bound = _numbers.proved(certificate.bound)
    return [
        figure(
            "claim",
            f"The {what} in the {_numbers.norm(certificate.norm)} norm",
            traces,
            x=axis(along),
            y=log_axis("", range=_decades(certificate, values)),
            legend=True,
            height=340,
            caption=_claim_caption(certificate, along, bool(times.size)),
            label=f"Curve of the proved bound of the {what} over {along}, at most "
            f"{bound}" + (", above the measured one." if times.size else "."),
        )
    ]


def _proved_trace(certificate: Certificate, start: float, end: float) -> dict[str, Any]:
    """A staircase: the entry of a slab holds at every time of the slab."""
    heights = [float(entry) for entry in certificate.curve or (certificate.bound,)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": numbers(np.linspace(start, end, len(heights) + 1)),
        "y": positive([heights[0], *heights]),
        "line": {**proved_line, "shape": "vh"},
        "name": "proved",
    }


def _measured(run: Run, certificate: Certificate, along: str):
    """The sampled norm at each position along a coordinate, from the grid's values."""
    nothing = np.array([]), np.array([])
    if run.solution is None:
        return nothing
    if certificate.claim == "residual":
        if certificate.norm != "Linf":
            return nothing
        names = [str(n) for n in run.solution if str(n).startswith("residual")]
    elif certificate.norm == "H1":
        # The grid holds values, not gradients.
        return nothing
    else:
        single = len(run.problem.fields) == 1
        names = [variable_names(f, single).error for f in run.problem.fields]
    if not names or any(name not in run.solution for name in names):
        return nothing
    parts = [run.solution[name].transpose(along, ...).values for name in names]
    euclidean = certificate.parameters.get("logarithmic_norm") == "2"
    if euclidean or certificate.norm == "L2":
        size = np.sqrt(sum(part**2 for part in parts))
    else:
        size = np.max(np.abs(parts), axis=0)
    others = [str(d) for d in run.solution[names[0]].dims if str(d) != along]
    axes = [run.solution[name].values for name in others]
    return run.solution[along].values, _norm(size, axes, certificate.norm)


def _norm(size: np.ndarray, axes: list[np.ndarray], norm: str) -> np.ndarray:
    if norm == "Linf":
        return size.reshape(len(size), -1).max(axis=1)
    power = {"L1": 1, "L2": 2}[norm]
    values = size**power
    for positions in reversed(axes):
        values = np.trapezoid(values, positions, axis=-1)
    return values ** (1 / power)


def _decades(certificate: Certificate, values: np.ndarray) -> list[float]:
    """From a little above the bound down to most of what was measured, at most six
    decades.
    """
    top = max(float(e) for e in (certificate.bound, *certificate.curve))
    high = np.log10(max(top, float(np.max(values, initial=0.0)), 1e-300)) + 0.3
    seen = [float(e) for e in certificate.curve]
    seen += np.quantile(values, [0.05]).tolist() if values.size else []
    lowest = min([top, *[s for s in seen if s > 0]])
    return [max(np.log10(max(lowest, 1e-300)) - 0.5, high - 6), high]


def _claim_caption(certificate: Certificate, along: str, measured: bool) -> str:
    text = f"Solid: what the checker confirmed, valid at every {along}."
    if certificate.curve:
        slabs = len(certificate.curve)
        text += f" Its steps are the ends of {_numbers.count(slabs)} slabs."
    if measured and certificate.claim == "solution":
        text += (
            " Dashed: the difference from the reference on the grid; measured, not"
            " proved."
        )
    elif measured:
        text += " Dashed: the largest value on the grid; measured, not proved."
    return text

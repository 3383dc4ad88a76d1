"""Figures of what is certified: the bound in its own norm, and the map of boxes."""

from typing import Any

import numpy as np

from . import _numbers
from ._netcdf import variable_names
from ._run import Run
from ._schemas import Certificate
from ._style import (
    Figure,
    axis,
    color_bar,
    figure,
    log_axis,
    measured_line,
    numbers,
    positive,
    proved_color,
    proved_line,
)
from ._tree import Boxes
from ._views import choose_view

_pixels_of_map = 9  # two to this power along each axis


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
            f"The {what} in the {_norm_text(certificate.norm)} norm",
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


def _norm_text(norm: str) -> str:
    return {"L1": "L¹", "L2": "L²", "Linf": "supremum"}.get(norm, norm)


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
    else:
        single = len(run.problem.fields) == 1
        names = [variable_names(f, single).error for f in run.problem.fields]
    if not names or any(name not in run.solution for name in names):
        return nothing
    parts = [
        run.solution[name].transpose(along, ...).values for name in names
    ]
    if certificate.parameters.get("logarithmic_norm") == "2":
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


def box_figures(run: Run) -> list[Figure]:
    """Where the certifier had to look closely: how finely the domain was cut."""
    names = run.problem.domain.names
    view = choose_view(names, run.problem.time)
    shown = [n for n in (view.horizontal, view.vertical) if n is not None]
    section = {i: 0.5 for i, n in enumerate(names) if n not in shown}
    boxes = run.boxes(section=section)
    if boxes is None:
        return []
    caption = f"The domain is covered by {_numbers.count(boxes.total)} boxes."
    if section:
        middle = ", ".join(names[i] for i in section)
        caption += f" Shown is the cut at the middle of {middle}."
    if not boxes.complete:
        caption += " The finest boxes are drawn together."
    positions = [names.index(name) for name in shown]
    if view.vertical is None:
        return [_box_sizes(run, boxes, view.horizontal, caption)]
    return [_box_map(run, boxes, positions, view.lengths, caption)]


def _box_sizes(run: Run, boxes: Boxes, along: str, caption: str) -> Figure:
    order = np.argsort(boxes.lower[:, 0])
    box = run.problem.domain
    start, length = box.lower_floats[0], box.upper_floats[0] - box.lower_floats[0]
    left, right = boxes.lower[order, 0], boxes.upper[order, 0]
    widths = (right - left) * length / boxes.leaves[order]
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": numbers(start + length * np.append(left, 1.0)),
        "y": positive(np.append(widths, widths[-1])),
        "line": {"color": proved_color, "width": 1.3, "shape": "hv"},
        "name": "length",
    }
    return figure(
        "boxes",
        "Lengths of the boxes",
        [trace],
        x=axis(along),
        y=log_axis("length"),
        height=260,
        caption=caption,
        label=f"Lengths of the {boxes.total} boxes along {along}, from "
        f"{widths.min():.2g} to {widths.max():.2g}.",
    )


def _box_map(
    run: Run, boxes: Boxes, positions: list[int], lengths: bool, caption: str
) -> Figure:
    horizontal, vertical = positions
    box = run.problem.domain
    image = _paint(boxes, horizontal, vertical)
    low, size = box.lower_floats, box.upper_floats - box.lower_floats
    rows, columns = image.shape
    trace = {
        "type": "heatmap",
        "z": image,
        "x0": float(low[horizontal] + size[horizontal] / (2 * columns)),
        "dx": float(size[horizontal] / columns),
        "y0": float(low[vertical] + size[vertical] / (2 * rows)),
        "dy": float(size[vertical] / rows),
        "colorscale": "Cividis",
        "hovertemplate": "%{x:.4g}, %{y:.4g}: %{z} cuts<extra></extra>",
        "colorbar": color_bar(title={"text": "cuts", "side": "right"}),
    }
    names = box.names
    return figure(
        "boxes",
        "Map of the boxes",
        [trace],
        x=axis(names[horizontal], showgrid=False),
        y=axis(names[vertical], showgrid=False)
        | ({"scaleanchor": "x", "constrain": "domain"} if lengths else {}),
        height=420 if lengths else 340,
        caption=f"{caption} The color tells how often the domain was halved to get the "
        "box: the brighter, the smaller.",
        label=f"Map of {boxes.total} boxes over {names[horizontal]} and "
        f"{names[vertical]}, cut {image.min()} to {image.max()} times.",
    )


def _paint(boxes: Boxes, horizontal: int, vertical: int) -> np.ndarray:
    """The number of cuts behind each pixel's box; of several the largest."""
    volume = np.prod(boxes.upper - boxes.lower, axis=1)
    cuts = np.rint(np.log2(boxes.leaves / volume)).astype(np.uint8)
    shape = []
    for position in (vertical, horizontal):
        finest = (boxes.upper - boxes.lower)[:, position].min()
        shape.append(2 ** min(_pixels_of_map, max(5, round(-np.log2(finest)))))
    image = np.zeros(shape, dtype=np.uint8)
    rows = _pixels(boxes, vertical, shape[0])
    columns = _pixels(boxes, horizontal, shape[1])
    for number, top, bottom, left, right in zip(
        cuts.tolist(), *rows, *columns, strict=True
    ):
        block = image[top:bottom, left:right]
        np.maximum(block, number, out=block)
    return image


def _pixels(boxes: Boxes, position: int, size: int) -> tuple[list[int], list[int]]:
    first = np.floor(boxes.lower[:, position] * size).astype(int)
    last = np.ceil(boxes.upper[:, position] * size).astype(int)
    return first.tolist(), last.tolist()

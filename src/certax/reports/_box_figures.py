"""The map of boxes: where the certifier had to look closely."""

import numpy as np

from . import _numbers
from ._run import Run
from ._style import (
    Figure,
    axis,
    color_bar,
    figure,
    log_axis,
    numbers,
    positive,
    proved_color,
)
from ._tree import Boxes
from ._views import choose_view

_pixels_of_map = 9  # two to this power along each axis


def box_figures(run: Run) -> list[Figure]:
    """How finely the main certificate's tree cuts the domain."""
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
        x=axis(names[horizontal], showgrid=False, constrain="domain"),
        y=axis(names[vertical], showgrid=False)
        | ({"scaleanchor": "x", "constrain": "domain"} if lengths else {}),
        height=480 if lengths else 340,
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

"""Curves of a row as a picture inside of the page: both axes logarithmic."""

import html
import math
from collections.abc import Mapping, Sequence
from typing import Any

_width, _height, _margin = 340, 230, 46
_dashes = ("", "5 3", "2 2", "8 3 2 3")


def curves(title: str, names: Sequence[str], results: Mapping[str, Any]) -> str:
    """An SVG with a line for each named list of numbers over the first one; the empty
    string where a row does not have them. Numbers that are not positive are left out.
    Each point tells its numbers to whoever points at it.
    """
    lists = [v for n in names if isinstance(v := results.get(n), list)]
    if len(lists) < len(names):
        return ""
    over, *others = lists
    lines = [
        [(x, y) for x, y in zip(over, values, strict=True) if _drawn(x) and _drawn(y)]
        for values in others
    ]
    points = [point for line in lines for point in line]
    if not points:
        return ""
    xs, ys = zip(*points, strict=True)
    across = _scale(min(xs), max(xs), _margin, _width - 12)
    up = _scale(min(ys), max(ys), _height - _margin, 30)
    parts = [_text(_width / 2, 16, title, "middle")]
    parts.append(_text(_width / 2, _height - 8, names[0], "middle"))
    for value, place in ((min(xs), "start"), (max(xs), "end")):
        parts.append(_text(across(value), _height - 26, f"{value:.2g}", place))
    for value in (min(ys), max(ys)):
        parts.append(_text(_margin - 6, up(value) + 4, f"{value:.1g}", "end"))
    for number, (name, line) in enumerate(zip(names[1:], lines, strict=True)):
        at = [(across(x), up(y)) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        dash = _dashes[number % len(_dashes)]
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="currentColor" '
            f'stroke-dasharray="{dash}"/>'
        )
        parts += [
            f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="currentColor"><title>'
            f"{html.escape(name)}: {y:.3g} at {x:.3g}</title></circle>"
            for (a, b), (x, y) in zip(at, line, strict=True)
        ]
        if at:
            parts.append(_text(at[-1][0], at[-1][1] - 7, name, "end"))
    return (
        f'<svg viewBox="0 0 {_width} {_height}" width="{_width}" height="{_height}" '
        f'role="img" aria-label="{html.escape(title)}">{"".join(parts)}</svg>'
    )


def _drawn(value: Any) -> bool:
    return isinstance(value, int | float) and value > 0 and math.isfinite(value)


def _scale(low: float, high: float, start: float, end: float):
    """From a number to a place; the logarithm is linear."""
    size = math.log(high / low) or 1.0
    return lambda value: start + (end - start) * math.log(value / low) / size


def _text(x: float, y: float, said: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="11" '
        f'fill="currentColor">{html.escape(said)}</text>'
    )

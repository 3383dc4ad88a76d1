"""Equations that hold on a part of the domain only."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from .._core import AbstractShape, CertaxError, enclosure, expression, to_float

End = int | float | str | Fraction | None
Region = tuple[tuple[str, str, str], ...]
"""A coordinate and its lower and upper end, for each one that is bounded."""


@dataclass(frozen=True)
class Within:
    """An equation with the region where it holds, as a residual returns it."""

    value: Any
    intervals: dict[str, tuple[End, End]]


def within(value: Any, **intervals: tuple[End, End]) -> Within:
    """An equation that holds only where coordinates are in the given intervals.

    **Arguments:**

    - `value`: what vanishes there.
    - `intervals`: pairs (lower, upper) of exact numbers; None is the domain's own end.

    !!! example

        ```python
        residual = lambda u, v: (
            cx.within(u.xx + 1, x=(None, "1/2")),
            cx.within(3 * v.xx + 1, x=("1/2", None)),
        )
        ```
    """
    return Within(value, intervals)


def split(result: Any, domain: AbstractShape) -> tuple[list[Any], tuple[Region, ...]]:
    """A residual's values and their regions; no regions if all hold everywhere.

    **Raises:** `CertaxError` if a region is not a part of the domain.
    """
    parts = list(result) if isinstance(result, tuple | list) else [result]
    values = [p.value if isinstance(p, Within) else p for p in parts]
    if not any(isinstance(p, Within) for p in parts):
        return values, ()
    regions = [
        _region(p.intervals, domain) if isinstance(p, Within) else () for p in parts
    ]
    return values, tuple(regions)


def _region(intervals: dict[str, tuple[End, End]], domain: AbstractShape) -> Region:
    found = []
    for name, ends in intervals.items():
        fits = isinstance(ends, tuple | list) and len(ends) == 2
        if name not in domain.names or not fits:
            raise CertaxError(
                f"An equation holds within {name} = {ends!r}, which is no interval of "
                "a coordinate.",
                value=name,
                remedy=f"The coordinates are {', '.join(domain.names)}; give pairs.",
            )
        axis = domain.names.index(name)
        own = domain.lower[axis], domain.upper[axis]
        lower, upper = (
            o if e is None else expression(e) for e, o in zip(ends, own, strict=True)
        )
        low, high = enclosure(own[0]), enclosure(own[1])
        inside = enclosure(lower) >= low or lower == own[0]
        inside &= enclosure(upper) <= high or upper == own[1]
        if not (inside and enclosure(lower) < enclosure(upper)):
            raise CertaxError(
                f"An equation holds within {name} in [{lower}, {upper}]; the domain is "
                f"[{own[0]}, {own[1]}].",
                value=f"[{lower}, {upper}]",
                remedy="Give an interval inside the domain.",
            )
        found.append((name, lower, upper))
    return tuple(found)


def check_no_gap(regions: Sequence[Region], domain: AbstractShape) -> None:
    """**Raises:** `CertaxError` if somewhere along a coordinate no equation holds."""
    for axis, name in enumerate(domain.names):
        bounded = [[e for e in region if e[0] == name] for region in regions]
        if not regions or not all(bounded):
            continue
        intervals = sorted(
            (to_float(lower), to_float(upper), lower)
            for ((_, lower, upper),) in bounded
        )
        end = (domain.lower_floats[axis], domain.upper_floats[axis])
        intervals.append((end[1], end[1], domain.upper[axis]))
        reached = end[0]
        for lower, upper, stated in intervals:
            # Equal numbers may be written differently, and round differently.
            if lower > reached + 1e-12 * (end[1] - end[0]):
                raise CertaxError(
                    f"No equation holds within {name} from {reached:g} to {stated}.",
                    value=stated,
                    remedy="Let the intervals of certax.within meet. With "
                    "complete=False the problem is taken as it is.",
                )
            reached = max(reached, upper)


def holds(
    regions: Sequence[Region],
    names: tuple[str, ...],
    points: Float[Array, "*n d"] | Float[np.ndarray, "*n d"],
) -> Bool[Array, "*n equations"] | Bool[np.ndarray, "*n equations"]:
    """Which equations hold at points; faces between regions belong to both."""
    numpy: Any = np if isinstance(points, np.ndarray) else jnp
    columns = []
    for region in regions:
        inside = numpy.full(points.shape[:-1], True)
        for name, lower, upper in region:
            x = points[..., names.index(name)]
            inside = inside & (x >= to_float(lower)) & (x <= to_float(upper))
        columns.append(inside)
    return numpy.stack(columns, axis=-1)


def regions_json(regions: Sequence[Region]) -> dict[str, Any]:
    """The regions by the names of the equations that have one."""
    return {
        str(i): [{"name": n, "lower": lo, "upper": hi} for n, lo, hi in region]
        for i, region in enumerate(regions)
        if region
    }


def regions_from(data: Any, equations: int) -> tuple[Region, ...]:
    """The inverse of `regions_json`."""
    return tuple(
        tuple((c["name"], c["lower"], c["upper"]) for c in data.get(str(i), ()))
        for i in range(equations)
    )

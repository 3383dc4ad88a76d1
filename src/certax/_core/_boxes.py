"""Domains: boxes whose ends are exact numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ._errors import CertaxError
from ._exact import enclosure, expression, to_float
from ._fields import derivative_names

most_coordinates = 64
End = int | float | str | Fraction


@dataclass(frozen=True, init=False)
class Box:
    """A product of intervals, one for each named coordinate.

    **Arguments:** one pair (lower, upper) for each coordinate, in order; ends are
    numbers or exact expressions, as in `Box(x=(0, "2*pi"), t=(0, 1))`.

    **Raises:** `CertaxError` if an interval is empty, infinite or unknown, or if the
    names would make derivatives ambiguous.
    """

    names: tuple[str, ...]
    lower: tuple[str, ...]
    upper: tuple[str, ...]

    def __init__(self, **intervals: Sequence[End]):
        if not 1 <= len(intervals) <= most_coordinates:
            raise CertaxError(
                f"A box has one to {most_coordinates} coordinates, not "
                f"{len(intervals)}.",
                value=len(intervals),
                remedy="Name each with its interval: Box(x=(-1, 1), t=(0, 1)).",
            )
        derivative_names(tuple(intervals))
        ends = []
        for name, interval in intervals.items():
            if not isinstance(interval, tuple | list) or len(interval) != 2:
                raise CertaxError(
                    f"The interval of {name} is {interval!r}.",
                    value=repr(interval),
                    remedy="Give a pair (lower, upper).",
                )
            lower, upper = (expression(end) for end in interval)
            if not enclosure(lower) < enclosure(upper):
                raise CertaxError(
                    f"The interval of {name}, [{lower}, {upper}], has no length.",
                    value=f"[{lower}, {upper}]",
                    remedy="Its lower end must be smaller than its upper end.",
                )
            ends.append((lower, upper))
        object.__setattr__(self, "names", tuple(intervals))
        object.__setattr__(self, "lower", tuple(lower for lower, _ in ends))
        object.__setattr__(self, "upper", tuple(upper for _, upper in ends))

    @property
    def dimension(self) -> int:
        return len(self.names)

    @property
    def lower_floats(self) -> np.ndarray:
        return np.array([to_float(end) for end in self.lower])

    @property
    def upper_floats(self) -> np.ndarray:
        return np.array([to_float(end) for end in self.upper])

    def physical(self, unit: np.ndarray) -> np.ndarray:
        """Maps points of [0, 1]^d, shape `(..., d)`, into the box."""
        lower, upper = self.lower_floats, self.upper_floats
        return lower + unit * (upper - lower)

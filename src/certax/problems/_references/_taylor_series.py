"""The Lorenz system by Taylor series in exact integers, because doubles do not last."""

import functools
import math
from fractions import Fraction

import numpy as np

from ._axes import check_axes
from ._reference import Reference

_bits = 160  # after the point: chaos costs 26 of them until t = 20
_order = 40
_step = Fraction(1, 32)
State = tuple[int, int, int]


def lorenz() -> Reference:
    """x' = 10 (y - x), y' = x (28 - z) - y, z' = x y - 8 z / 3 from (1, 1, 1), t in
    [0, 20].
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("lorenz", axes, t=(0.0, 20.0))
        (times,) = axes
        series = trajectory(_bits, _order, _step)
        found = np.empty((3, len(times)))
        for column, time in enumerate(times):
            number = min(math.floor(Fraction(time) / _step), len(series) - 1)
            beyond = Fraction(time) - number * _step
            shift = round(beyond * 2**_bits)
            values = [_value(c, shift, _bits) for c in series[number]]
            found[:, column] = [v / 2**_bits for v in values]
        return tuple(found)

    return Reference(
        name="lorenz",
        method=(
            f"Taylor series of order {_order} in integers of {_bits} bits after the "
            "point; measured against the extrapolated midpoint rule in extended "
            "precision."
        ),
        accuracy=1e-11,
        evaluate=evaluate,
    )


@functools.cache
def trajectory(
    bits: int, order: int, step: Fraction
) -> list[tuple[list[int], list[int], list[int]]]:
    """The Taylor coefficients at every step until t = 20, times 2^bits.

    **Arguments:**

    - `bits`: after the binary point.
    - `order`: of the series.
    - `step`: between their centers; the series converge for about 0.1.
    """
    shift = round(step * 2**bits)
    state: State = (1 << bits, 1 << bits, 1 << bits)
    found = []
    for _ in range(round(20 / step)):
        series = _series(state, order, bits)
        found.append(series)
        x, y, z = (_value(c, shift, bits) for c in series)
        state = (x, y, z)
    return found


def _series(state: State, order: int, bits: int):
    """(n + 1) c_{n+1} from the n-th coefficient of the right side."""
    x, y, z = ([c] for c in state)
    for n in range(order):
        xz = sum(a * b for a, b in zip(x, reversed(z), strict=True)) >> bits
        xy = sum(a * b for a, b in zip(x, reversed(y), strict=True)) >> bits
        rates = (10 * (y[n] - x[n]), 28 * x[n] - xz - y[n], xy - 8 * z[n] // 3)
        for c, rate in zip((x, y, z), rates, strict=True):
            c.append(rate // (n + 1))
    return x, y, z


def _value(series: list[int], shift: int, bits: int) -> int:
    total = 0
    for coefficient in reversed(series):
        total = coefficient + ((total * shift) >> bits)
    return total

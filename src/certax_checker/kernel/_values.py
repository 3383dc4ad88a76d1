"""Elementary functions at many exact binary numbers, by Arb.

Where many numbers lie close together, Arb expands the function at the anchors among
them, the multiples of 2^-7, and the values are those of the Taylor polynomials.
"""

import math
from functools import cache
from typing import Any

import numpy as np
from flint import arb, arb_series

from ._models import TINY, UNIT, UP, Array, Model

ANCHORS = 128
ORDER = 8


def above(x: arb) -> float:
    """A binary floating-point number that is at least x, or NaN or infinity."""
    return math.nextafter(math.nextafter(float(x.upper()), math.inf), math.inf)


def function(name: str, x: Any) -> Any:
    """An elementary function of an Arb ball, or of a power series of such."""
    if name == "logistic":
        return 1 / (1 + (-x).exp())
    if name == "bell":
        return 2 / arb.pi().sqrt() * (-x * x).exp()
    if name == "softplus":
        return x.exp().log1p() if isinstance(x, arb) else (1 + x.exp()).log()
    if name == "tanh" and not isinstance(x, arb):
        fall = (-2 * x).exp()
        return (1 - fall) / (1 + fall)
    named = {"sinpi": "sin_pi", "cospi": "cos_pi"}.get(name, name)
    return getattr(x, named)()


def values(name: str, centers: Array, zero: tuple[int, ...]) -> Model:
    """The function at exact binary numbers."""
    nearest = np.rint(centers * ANCHORS)
    low, high = (np.floor(end / ANCHORS) for end in (nearest.min(), nearest.max()))
    if max(-low, high) < 2**20 and (high - low + 1) * 256 <= centers.size:
        units = [_anchored(name, int(low) + i) for i in range(int(high - low) + 1)]
        table = np.concatenate(units, axis=1)
        index = (nearest - low * ANCHORS).astype(np.intp)
        if np.isfinite(table).all():
            return _near(table, index, centers - nearest / ANCHORS, zero)
    found = [function(name, arb(c)) for c in centers.ravel().tolist()]
    middle = np.array([float(x) for x in found]).reshape(centers.shape)
    radius = 2 * UNIT * np.abs(middle) + TINY
    if min(map(arb.rel_accuracy_bits, found)) < 60:
        exact = [above(abs(x - arb(float(x)))) for x in found]
        radius = np.maximum(radius, np.array(exact).reshape(centers.shape))
    return Model({zero: middle}, radius)


def _near(table: Array, index: Array, step: Array, zero: tuple[int, ...]) -> Model:
    """a_0 + (a_1 + ... + a_7 s^6) s, with the radius that `_anchored` prepares."""
    tail = table[ORDER - 1][index]
    for n in range(ORDER - 2, -1, -1):
        tail *= step
        tail += table[n][index]
    return Model({zero: tail}, (table[ORDER][index] + UNIT * np.abs(tail)) * UP)


@cache
def _anchored(name: str, unit: int) -> Array:
    """Columns a_0, ..., a_7 and radius at unit, unit + 2^-7, ..., below unit + 1."""
    columns = []
    for j in range(ANCHORS):
        center, reach = arb(unit * ANCHORS + j) / ANCHORS, arb(0.5) / ANCHORS
        here = _series(name, center)[:ORDER]
        middles = [float(a) for a in here]
        # 16 operations on a_1 s + ... + a_7 s^7 are wrong by less than 2^-48 of it.
        radius = abs(_series(name, center + arb(0, reach))[ORDER]) * reach**ORDER
        for n, a in enumerate(here):
            slack = abs(a - middles[n]) + (abs(a) * 2.0**-48 if n else 0)
            radius += slack * reach**n
        columns.append([*middles, above(radius) * UP + TINY])
    return np.array(columns).T.copy()


def _series(name: str, x: arb) -> list[arb]:
    """The first Taylor coefficients at a number, or at all numbers of a ball."""
    made = function(name, arb_series([x, 1], ORDER + 1))
    known = made.prec > ORDER
    return [made[n] if known else arb("nan") for n in range(ORDER + 1)]

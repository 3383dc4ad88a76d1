"""Activations with their derivatives, and what bounds them on the whole line."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb

from ..._core import CertaxError
from ..._core._balls import ball
from ._balls import in_balls

Polynomial = tuple[Fraction, ...]
_pieces, _far = 2048, 16


@dataclass(frozen=True)
class Activation:
    """A bounded smooth function σ with bounded derivatives.

    **Attributes:**

    - `decays`: whether all derivatives vanish at infinity, faster than any power.
    - `derivatives`: maps (z, highest order, array module) to σ, σ', ... at z.
    - `supremum`: maps an order i to a bound of |σ⁽ⁱ⁾|.
    - `reach`: maps i ≥ 1 to a bound of |z σ⁽ⁱ⁾(z)|, if there is one.
    """

    name: str
    decays: bool
    derivatives: Callable[[Any, int, Any], list[Any]]
    supremum: Callable[[int], arb]
    reach: Callable[[int], arb] | None

    def at(self, z: float, order: int) -> arb:
        """σ⁽ⁱ⁾(z), enclosed."""
        return self.derivatives(arb(z), order, _Balls)[order]


class _Balls:
    """The functions of an array module for one ball."""

    tanh, sin, cos = (staticmethod(getattr(arb, n)) for n in ("tanh", "sin", "cos"))


def most_bent(sigma: Activation, order: int) -> float:
    """A float where |σ⁽ⁱ⁾| is nearly as large as it can be."""
    places = np.arange(17) / 8
    return float(places[np.argmax(np.abs(sigma.derivatives(places, order, np)[order]))])


@lru_cache
def tanh_polynomial(order: int) -> Polynomial:
    """P with tanh⁽ⁱ⁾(z) = P(tanh z): P₀ = t and Pᵢ₊₁ = (1 − t²) Pᵢ'."""
    if order == 0:
        return (Fraction(0), Fraction(1))
    slope = [n * c for n, c in enumerate(tanh_polynomial(order - 1))][1:]
    found = [Fraction(0)] * (len(slope) + 2)
    for n, c in enumerate(slope):
        found[n] += c
        found[n + 2] -= c
    return tuple(found)


def _horner(polynomial: Polynomial, t: Any) -> Any:
    value = 0.0 * t + float(polynomial[-1])
    for c in reversed(polynomial[:-1]):
        value = value * t + float(c)
    return value


def _tanh(z: Any, order: int, xp: Any) -> list[Any]:
    t = xp.tanh(z)
    return [_horner(tanh_polynomial(i), t) for i in range(order + 1)]


def _logistic(z: Any, order: int, xp: Any) -> list[Any]:
    # logistic(z) = (1 + tanh(z / 2)) / 2.
    found = _tanh(z * 0.5, order, xp)
    return [found[0] * 0.5 + 0.5] + [
        f * 0.5 ** (i + 1) for i, f in enumerate(found) if i
    ]


def _sin(z: Any, order: int, xp: Any) -> list[Any]:
    s, c = xp.sin(z), xp.cos(z)
    return [(s, c, -s, -c)[i % 4] for i in range(order + 1)]


@lru_cache
@in_balls
def tanh_supremum(order: int) -> arb:
    """A bound of |tanh⁽ⁱ⁾|, from balls that cover t in [-1, 1]."""
    return _largest([_horner(tanh_polynomial(order), t) for t in _cover(-1, 1)])


@lru_cache
@in_balls
def tanh_reach(order: int) -> arb:
    """A bound of |z tanh⁽ⁱ⁾(z)|: balls cover |z| ≤ 16, and beyond |Pᵢ| is at most the
    sum of the absolute coefficients of Pᵢ / (1 − t²) times 1 − t² ≤ 4 e^−2|z|.
    """
    polynomial = tanh_polynomial(order)
    near = [z * _horner(polynomial, z.tanh()) for z in _cover(0, _far)]
    slope = [n * c for n, c in enumerate(tanh_polynomial(order - 1))][1:]
    size = ball(sum((abs(c) for c in slope), Fraction(0)))
    # z e^-2z falls for z > 1/2.
    return _largest([*near, size * 4 * _far * arb(-2 * _far).exp()])


def _cover(low: int, high: int) -> list[arb]:
    half = arb(high - low) / (2 * _pieces)
    return [
        (low + (2 * i + 1) * half) + arb(0, 1) * half * arb(1.0625)
        for i in range(_pieces)
    ]


def _largest(values: list[arb]) -> arb:
    found = arb(0)
    for value in values:
        found = found.max(abs(value).upper())
    return found.upper()


_activations = {
    "tanh": Activation("tanh", True, _tanh, tanh_supremum, tanh_reach),
    "logistic": Activation(
        "logistic",
        True,
        _logistic,
        lambda i: tanh_supremum(i) / 2 ** (i + 1) if i else arb(1),
        # z tanh⁽ⁱ⁾(z/2) is twice (z/2) tanh⁽ⁱ⁾(z/2).
        lambda i: tanh_reach(i) / 2**i,
    ),
    "sin": Activation("sin", False, _sin, lambda _: arb(1), None),
}


def activation(name: str) -> Activation:
    """**Raises:** `CertaxError` for one that is not bounded with its derivatives."""
    if name not in _activations:
        raise CertaxError(
            f"The activation {name!r} is not bounded, and the theorems on Villani "
            "functions need a bounded one.",
            value=name,
            remedy=f"Choose from {', '.join(_activations)}.",
        )
    return _activations[name]

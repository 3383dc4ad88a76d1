"""Jets: a function together with its derivatives, each a Taylor model.

Entries are Taylor-normalized, f_α / α!, so products are convolutions and a composition
f(z) is Σ_k f^(k)(z_0)/k! ζ^k with a nilpotent ζ = z - z_0. Derivatives are taken with
respect to whatever coordinates the inputs were seeded with; JAX differentiates nothing
here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import comb

import jax.numpy as jnp
from jaxtyping import Array

from . import _taylor_models as tm
from ._activations import remainder, taylor
from ._taylor_models import Space, TaylorModel

MultiIndex = tuple[int, ...]
Jet = Mapping[MultiIndex, TaylorModel]


@dataclass(frozen=True)
class JetSpace:
    """Which derivatives a jet carries (a set closed downwards) and in which space."""

    space: Space
    orders: tuple[MultiIndex, ...]

    @cached_property
    def zero(self) -> MultiIndex:
        return (0,) * len(self.orders[0])

    @cached_property
    def highest(self) -> int:
        return max(sum(o) for o in self.orders)

    @cached_property
    def sums(self) -> tuple[tuple[MultiIndex, MultiIndex, MultiIndex], ...]:
        kept = set(self.orders)
        return tuple(
            (a, b, c)
            for a in self.orders
            for b in self.orders
            if (c := tuple(i + j for i, j in zip(a, b, strict=True))) in kept
        )


def closed_downwards(orders: set[MultiIndex]) -> tuple[MultiIndex, ...]:
    """The smallest downward closed set of multi-indices that holds the given ones."""
    found = set(orders)
    stack = list(orders)
    while stack:
        order = stack.pop()
        for axis, n in enumerate(order):
            if n > 0:
                below = tuple(k - (i == axis) for i, k in enumerate(order))
                if below not in found:
                    found.add(below)
                    stack.append(below)
    return tuple(sorted(found, key=lambda o: (sum(o), o)))


def _collect(pairs: list[tuple[MultiIndex, TaylorModel]]) -> Jet:
    result: dict[MultiIndex, TaylorModel] = {}
    for order, model in pairs:
        result[order] = tm.add(result[order], model) if order in result else model
    return result


def add(a: Jet, b: Jet, sign: float = 1.0) -> Jet:
    result = dict(a)
    for order, model in b.items():
        if order in result:
            result[order] = tm.add(result[order], model, sign)
        else:
            result[order] = model if sign > 0 else tm.negative(model)
    return result


def multiply(a: Jet, b: Jet, jets: JetSpace) -> Jet:
    return _collect(
        [
            (order, tm.multiply(a[first], b[second], jets.space))
            for first, second, order in jets.sums
            if first in a and second in b
        ]
    )


def each(a: Jet, function: Callable[[TaylorModel], TaylorModel]) -> Jet:
    return {order: function(model) for order, model in a.items()}


def compose(name: str, a: Jet, jets: JetSpace) -> Jet:
    """An elementary function of a jet."""
    zeta = {order: model for order, model in a.items() if order != jets.zero}
    needed = jets.highest if zeta else 0
    outer = _derivatives(name, a[jets.zero], needed, jets.space)
    result: Jet = {jets.zero: outer[0]}
    power: Jet = zeta
    for k in range(1, needed + 1):
        if not power:
            break
        term = {o: tm.multiply(outer[k], m, jets.space) for o, m in power.items()}
        result = add(result, term)
        power = multiply(power, zeta, jets) if k < needed else {}
    return result


def _derivatives(name: str, z: TaylorModel, count: int, space: Space):
    """Models of f^(k)(z)/k! for k = 0..count, from one expansion at the centre."""
    centre = z.coefficients[0]
    centre = jnp.zeros(()) if centre is None else centre
    degree = 0 if z.is_constant and z.radius is None else space.degree
    distance = tm.spread(z)
    coefficients = taylor(name)(centre, degree + count)
    powers = [_without_centre(z)]
    for _ in range(2, degree + 1):
        powers.append(tm.multiply(powers[-1], powers[0], space))
    models = []
    for k in range(count + 1):
        value, error = coefficients[k]
        model = tm.constant(value, error + tm.tiny, space)
        for j in range(1, degree + 1):
            value, error = coefficients[k + j]
            factor = float(comb(k + j, j))
            model = tm.add(
                model, _weighted(powers[j - 1], value, error, factor, distance, j)
            )
        order = k + degree + 1
        rest = remainder(name)(centre, distance, order) * comb(order, k)
        for _ in range(degree + 1):
            rest = rest * distance * (1.0 + 4.0 * tm.u)
        rest = jnp.where(jnp.isnan(rest), jnp.inf, rest)
        models.append(_enlarged(model, rest))
    return models


def _without_centre(z: TaylorModel) -> TaylorModel:
    return TaylorModel((None, *z.coefficients[1:]), z.radius)


def _weighted(
    power: TaylorModel,
    value: Array,
    error: Array,
    factor: float,
    distance: Array,
    exponent: int,
) -> TaylorModel:
    """factor (value ± error) power, where |power| <= distance^exponent."""
    value, error = value * factor, error * factor
    coefficients = tuple(None if c is None else value * c for c in power.coefficients)
    reach = distance
    for _ in range(exponent - 1):
        reach = reach * distance * (1.0 + 4.0 * tm.u)
    radius = [None if power.radius is None else jnp.abs(value) * power.radius]
    size = tm.magnitude(coefficients)
    slack = None if size is None else 4.0 * size
    return TaylorModel(coefficients, tm.widened([*radius, error * reach], slack, 16))


def _enlarged(model: TaylorModel, rest: Array) -> TaylorModel:
    return TaylorModel(model.coefficients, tm.widened([model.radius, rest], None, 4))

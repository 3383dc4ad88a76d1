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


def add(a: Jet, b: Jet, sign: float = 1.0) -> Jet:
    result = dict(a)
    for order, model in b.items():
        if order in result:
            result[order] = tm.add(result[order], model, sign)
        else:
            result[order] = model if sign > 0 else tm.negative(model)
    return result


def multiply(a: Jet, b: Jet, jets: JetSpace) -> Jet:
    pairs: dict[MultiIndex, list[tuple[TaylorModel, TaylorModel]]] = {}
    for first, second, order in jets.sums:
        if first in a and second in b:
            pairs.setdefault(order, []).append((a[first], b[second]))
    return {o: tm.product_sum(terms, jets.space) for o, terms in pairs.items()}


def each(a: Jet, function: Callable[[TaylorModel], TaylorModel]) -> Jet:
    return {order: function(model) for order, model in a.items()}


def compose(name: str, a: Jet, jets: JetSpace) -> Jet:
    """An elementary function of a jet."""
    zeta = {order: model for order, model in a.items() if order != jets.zero}
    needed = jets.highest if zeta else 0
    outer = _derivatives(name, a[jets.zero], needed, jets.space)
    pairs: dict[MultiIndex, list[tuple[TaylorModel, TaylorModel]]] = {}
    power: Jet = zeta
    for k in range(1, needed + 1):
        for order, model in power.items():
            pairs.setdefault(order, []).append((outer[k], model))
        power = multiply(power, zeta, jets) if k < needed else {}
    products = {o: tm.product_sum(terms, jets.space) for o, terms in pairs.items()}
    return {jets.zero: outer[0], **products}


def _derivatives(
    name: str, z: TaylorModel, count: int, space: Space
) -> list[TaylorModel]:
    """Models of f^(k)(z)/k! for k = 0..count, from one expansion at the center."""
    center = z.coefficients[0]
    degree = 0 if z.is_constant and z.radius is None else space.degree
    distance = tm.spread(z)
    center = jnp.zeros_like(distance) if center is None else center
    coefficients = taylor(name)(center, degree + count)
    powers = [TaylorModel((None, *z.coefficients[1:]), z.radius)]
    for _ in range(1, degree):
        powers.append(tm.multiply(powers[-1], powers[0], space))
    reaches = [distance]
    for _ in range(degree):
        # The summand keeps an infinite error from meeting a zero.
        reaches.append(reaches[-1] * distance * (1.0 + 4.0 * tm.u) + tm.tiny)
    models = []
    for k in range(count + 1):
        first, error = coefficients[k]
        order = k + degree + 1
        rest = remainder(name)(center, distance, order) * float(comb(order, k))
        values, errors = [], [error, rest * reaches[degree]]
        for j in range(1, degree + 1):
            value, error = coefficients[k + j]
            factor = float(comb(k + j, j))
            values.append(value * factor)
            errors.append(error * factor * reaches[j - 1])
        if values:
            model = tm.combination(values, powers[:degree], errors)
        else:
            model = tm.constant(first, tm.widened(errors, None, 8), space)
        size = tm.add_all([jnp.abs(first), model.size])
        full = (first, *model.coefficients[1:])
        models.append(TaylorModel(full, model.radius, size))
    return models

"""max(z, 0) of Taylor models, and of their first derivatives as generalized gradients.

On z in [l, h] with l < 0 < h, and for any slope s in [0, 1], max(z, 0) - s z is convex
and not negative, so it lies between 0 and m = max((1 - s) h, -s l): the model is s z +
m/2 with m/2 more radius. Where z has one sign on the box it is z or 0 exactly.
"""

import jax.numpy as jnp
from jaxtyping import Array

from .._core import CertaxError
from . import _taylor_models as tm
from ._jets import Jet, JetSpace
from ._taylor_models import TaylorModel


def positive_part(a: Jet, jets: JetSpace, generalized: bool = False) -> Jet:
    """max0 of a jet.

    **Arguments:**

    - `generalized`: whether first derivatives are wanted too. They are then those of
        almost every point, slope 0 or 1 where z has one sign and any slope between
        where it has not; so the increments of a composition are bounded, since they
        are integrals of such derivatives (`docs/theory/ranges.md`).

    **Raises:** `CertaxError` if derivatives are wanted that do not exist.
    """
    rest = [order for order in a if order != jets.zero]
    if rest and not (generalized and all(sum(order) == 1 for order in rest)):
        raise CertaxError(
            "max0 (ReLU, max, min, abs) has no derivative at its kink, but one is "
            "asked for.",
            value="max0",
            remedy="Use a smooth activation such as tanh or softplus; ranges and "
            "Lipschitz constants need none.",
        )
    z = a[jets.zero]
    center = z.coefficients[0]
    reach = tm.spread(z)
    center = jnp.zeros_like(reach) if center is None else center
    slack = 4.0 * tm.u * (jnp.abs(center) + reach) + tm.tiny
    low, high = (center - reach) - slack, (center + reach) + slack
    positive, negative = low >= 0.0, high <= 0.0
    size = jnp.abs(center) + reach
    made: dict = {jets.zero: _value(z, low, high, positive, negative, size)}
    for order in rest:
        made[order] = _slope(a[order], positive, negative)
    return made


def _value(
    z: TaylorModel,
    low: Array,
    high: Array,
    positive: Array,
    negative: Array,
    size: Array,
) -> TaylorModel:
    mixed = high / (high - low)
    # A slope that is flushed to zero here and not there would be two slopes.
    mixed = jnp.where(mixed < 1e-100, 0.0, jnp.minimum(mixed, 1.0))
    slope = jnp.where(positive, 1.0, jnp.where(negative, 0.0, mixed))
    largest = jnp.maximum((1.0 - slope) * high, -(slope * low))
    half = largest * (0.5 * (1.0 + 8.0 * tm.u)) + tm.tiny
    half = jnp.where(positive | negative, 0.0, half)
    scaled = [None if c is None else slope * c for c in z.coefficients]
    first = half if scaled[0] is None else scaled[0] + half
    radius = None if z.radius is None else z.radius * slope
    # Of the first coefficient both the product and the sum are rounded; and `size`
    # allows for two slopes, where compiled code rounds `high` in two ways.
    slack = tm.add_all([tm.magnitude([*scaled, first]), 8.0 * size])
    return TaylorModel((first, *scaled[1:]), tm.widened([radius, half], slack, 8))


def _slope(a: TaylorModel, positive: Array, negative: Array) -> TaylorModel:
    """H a for the unknown slope H of the positive part."""
    mixed = ~(positive | negative)
    middle = jnp.where(positive, 1.0, jnp.where(negative, 0.0, 0.5))
    scaled = tuple(None if c is None else middle * c for c in a.coefficients)
    radius = None if a.radius is None else middle * a.radius
    away = jnp.where(mixed, 0.5 * tm.bound(a), 0.0)
    return TaylorModel(scaled, tm.widened([radius, away], tm.magnitude(scaled), 8))

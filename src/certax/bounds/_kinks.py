"""max(z, 0) of Taylor models.

On z in [l, h] with l < 0 < h, and for any slope s in [0, 1], max(z, 0) - s z is convex
and not negative, so it lies between 0 and m = max((1 - s) h, -s l): the model is s z +
m/2 with m/2 more radius. Where z has one sign on the box it is z or 0 exactly.
"""

import jax.numpy as jnp

from .._core import CertaxError
from . import _taylor_models as tm
from ._jets import Jet, JetSpace
from ._taylor_models import TaylorModel


def positive_part(a: Jet, jets: JetSpace) -> Jet:
    """max0 of a jet without derivatives.

    **Raises:** `CertaxError` if derivatives are wanted, which do not exist.
    """
    if any(order != jets.zero for order in a):
        raise CertaxError(
            "max0 (ReLU, max, min, abs) has no derivative at its kink, but one is "
            "asked for.",
            value="max0",
            remedy="Use a smooth activation such as tanh or softplus.",
        )
    z = a[jets.zero]
    center = z.coefficients[0]
    reach = tm.spread(z)
    center = jnp.zeros_like(reach) if center is None else center
    slack = 4.0 * tm.u * (jnp.abs(center) + reach) + tm.tiny
    low, high = (center - reach) - slack, (center + reach) + slack
    positive, negative = low >= 0.0, high <= 0.0
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
    # Of the first coefficient both the product and the sum are rounded.
    rounded = tm.magnitude([*scaled, first])
    model = TaylorModel((first, *scaled[1:]), tm.widened([radius, half], rounded, 8))
    return {jets.zero: model}

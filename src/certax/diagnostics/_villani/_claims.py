"""Bounds that a loss claims are tried out before anything is built on them."""

import numpy as np
from flint import arb

from ..._core import CertaxError
from ._balls import in_balls
from ._curved import Curved, curvature
from ._loss import AbstractLoss
from ._theorem import GrowthBounds, Powers

_scales = (0.1, 1.0, 10.0, 100.0)


@in_balls
def check_bounds(loss: AbstractLoss, bounds: GrowthBounds) -> None:
    """Encloses what is bounded at some points. This proves no bound, it refuses wrong
    ones.

    **Raises:** `CertaxError` if a bound is certainly wrong.
    """
    generator = np.random.default_rng(0)
    points = [scale * generator.standard_normal(loss.size) for scale in _scales]
    points += [ray.at(16.0) for ray in loss.rays()]
    for point in points:
        theta = [arb(float(entry)) for entry in point]
        found, name = curvature(loss, theta), ""
        outer, inner = range(bounds.outer), range(bounds.outer, loss.size)
        alpha, omega = _norm(theta, outer), _norm(theta, inner)
        if found.laplacian > _value(bounds.laplacian, alpha, omega):
            name = "Laplacian"
        elif _along(found, theta, outer) < -bounds.defect:
            name = "defect"
        elif bounds.radial is not None:
            least = -_value(bounds.radial, alpha, omega)
            name = "radial" if _along(found, theta, inner) < least else ""
        if name or bounds.parameters != loss.size or found.value < 0:
            raise CertaxError(
                f"The bounds of {loss.words} are wrong: at a point of norm "
                f"{float(np.linalg.norm(point)):.3g} the "
                f"{name or 'size or the sign'} contradicts them.",
                value=name or "size",
                remedy="Correct `bounds`, or leave them out and have the growth "
                "observed.",
            )


def _norm(theta: list[arb], of: range) -> arb:
    return sum((theta[i] ** 2 for i in of), arb(0)).sqrt()


def _along(found: Curved, theta: list[arb], of: range) -> arb:
    return sum((found.gradient[0, i] * theta[i] for i in of), arb(0))


def _value(powers: Powers, alpha: arb, omega: arb) -> arb:
    terms = (c * alpha**i * omega**j for (i, j), c in powers.items())
    return sum(terms, arb(0))

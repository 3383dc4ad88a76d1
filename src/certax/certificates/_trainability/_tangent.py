"""The tangent kernel of a net at a point, and how it may change around it."""

from dataclasses import dataclass
from typing import Any

from flint import arb, arb_mat

from ..._core import CertaxError
from .._hypotheses import Hypothesis, assumed, checked
from ._balls import in_balls, largest_eigenvalue, least_eigenvalue, matrix, total
from ._net import ShallowNet, finite, positive

most_points = 512


@dataclass(frozen=True, eq=False)
class Tangent:
    r"""What is known of the Jacobian $J$ of all outputs by all trained weights.

    **Attributes:**

    - `least`: a bound from below of the least eigenvalue of $J J^\top$ at the start.
    - `greatest`: a bound from above of the largest.
    - `change`: a Lipschitz constant of $J$, in Frobenius norm.
    - `residual`: $\|F - y\|$ at the start.
    - `hypotheses`: what was checked, and what was assumed.
    """

    least: arb
    greatest: arb
    change: arb
    residual: arb
    hypotheses: tuple[Hypothesis, ...]


@in_balls
def shallow_tangent(net: ShallowNet, weights: Any) -> Tangent:
    """Of a shallow net, everything enclosed.

    **Raises:** `CertaxError` for the logistic loss and for too many points.
    """
    if net.loss != "squared":
        raise CertaxError(
            "The tangent kernel's theorem is about the squared loss.",
            value=net.loss,
            remedy='Take loss="squared".',
        )
    _refuse_many(len(net.targets))
    slopes = [
        [a * net.sigma.derivative(z) for a, z in zip(net.outer_balls, row, strict=True)]
        for row in net.activities(weights).tolist()
    ]
    points, factors = matrix(net.inputs), arb_mat(slopes)
    first, second = points * points.transpose(), factors * factors.transpose()
    count = len(net.targets)
    kernel = arb_mat(
        [[first[i, j] * second[i, j] for j in range(count)] for i in range(count)]
    )
    pairs = zip(net.outputs(weights), net.target_balls, strict=True)
    fourth = total([length**4 for length in net.lengths]).sqrt()
    return Tangent(
        least=least_eigenvalue(kernel),
        greatest=largest_eigenvalue(kernel),
        change=net.sizes[2] * net.sigma.curvature * fourth,
        residual=total([(f - y) ** 2 for f, y in pairs]).sqrt(),
        hypotheses=(
            checked("tangent kernel", "its eigenvalues are enclosed at the start"),
            checked("change", "the Jacobian is Lipschitz, as the activation is smooth"),
        ),
    )


@in_balls
def tangent(
    jacobian: Any, residuals: Any, change: float | str, scale: float = 1e-12
) -> Tangent:
    """Of any small net, from its Jacobian at the start as automatic differentiation
    gives it.

    **Arguments:**

    - `jacobian`: shape `(outputs, parameters)`; residuals: outputs minus targets, shape
      `(outputs,)`.
    - `change`: a Lipschitz constant of the Jacobian on the ball, which is assumed.
    - `scale`: how far the numbers may be off, as a part of their Frobenius norm; that
      too is assumed.

    **Raises:** `CertaxError` for numbers that are not finite, or shapes that differ.
    """
    rows, gaps = finite("jacobian", jacobian, 2), finite("residuals", residuals, 1)
    if len(rows) != len(gaps):
        raise CertaxError(
            f"The Jacobian has {len(rows)} rows and there are {len(gaps)} residuals.",
            value=(len(rows), len(gaps)),
            remedy="Give one row for each residual.",
        )
    _refuse_many(len(rows))
    exact = matrix(rows)
    kernel = exact * exact.transpose()
    size = kernel.trace().sqrt()
    off = arb(scale) * size
    # Weyl for singular values: σ_min moves by at most the error's norm.
    low = (least_eigenvalue(kernel).max(arb(0)).sqrt() - off).max(arb(0))
    length = total([arb(float(gap)) ** 2 for gap in gaps]).sqrt()
    said = f"Jacobian and residuals are right to {scale:g} of their norms"
    return Tangent(
        least=(low**2).lower(),
        greatest=((largest_eigenvalue(kernel).sqrt() + off) ** 2).upper(),
        change=positive("change", change),
        residual=(length * (1 + arb(scale))).upper(),
        hypotheses=(
            assumed("tangent kernel", said),
            assumed("change", "the given Lipschitz constant of the Jacobian holds"),
        ),
    )


def _refuse_many(count: int) -> None:
    if count > most_points:
        raise CertaxError(
            f"A tangent kernel of {count} outputs is too large to enclose.",
            value=count,
            remedy=f"Take at most {most_points} outputs.",
        )

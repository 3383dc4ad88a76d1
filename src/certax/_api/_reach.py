"""A bound that is wanted: how to get there, and what to say where that cannot be."""

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal

import numpy as np

from .._core import CertaxError
from ..certificates import Certificate, Search
from ..problems import Solution

_points = 2**14
# Where the claim is not the quantity that is searched, the search is sharpened.
_tolerances = (1.0, 0.3, 0.1, 0.03)


def reach(
    target: float,
    solution: Solution,
    search: Search,
    attempt: Callable[[Search], Certificate],
    direct: bool,
    supremum: bool,
) -> Certificate:
    """A certificate whose bound is at most the target.

    With a budget, what is reached by its end counts.

    **Arguments:**

    - `direct`: whether what is searched is what the claim bounds, so that the search
      itself can stop at the target.
    - `supremum`: whether that is the residual's supremum, whose samples must be below.

    **Raises:** `CertaxError` where no search reaches the target; it names the smallest
    bound that can be had.
    """
    if supremum:
        _check_attained(target, solution)
    best, aim = None, 0.9999 * _rounded_down(target)
    for tolerance in _tolerances:
        sharper = replace(search, tolerance=tolerance)
        if direct:
            sharper = replace(search, tolerance=0.0, target=aim)
        found = attempt(sharper)
        if not found.bound or float(found.bound) <= target:
            return found
        # The checker's enclosures are a little wider than the finder's.
        aim *= 0.999 * target / float(found.bound)
        if best is None or float(found.bound) < float(best.bound):
            best = found
        if math.isfinite(search.seconds):
            return best
    assert best is not None
    raise CertaxError(
        f"The target {target:g} cannot be reached: rounding and the largest number of "
        f"boxes allow {best.bound}.",
        value=target,
        remedy=f"Give --target {best.bound} or more.",
        kind="target",
    )


def _rounded_down(target: float) -> float:
    """The largest number of three digits that is at most the target."""
    exact = Decimal(target)
    step = Decimal(1).scaleb(exact.adjusted() - 2)
    return float(exact.quantize(step, ROUND_FLOOR))


def _check_attained(target: float, solution: Solution) -> None:
    """**Raises:** `CertaxError` where a sampled value exceeds the target."""
    from scipy.stats import qmc

    domain = solution.problem.domain
    points = domain.physical(qmc.Sobol(domain.dimension, rng=0).random(_points))
    largest = float(np.max(np.abs(solution.residual(points))))
    if largest > target:
        raise CertaxError(
            f"The target {target:g} cannot be reached: the residual attains "
            f"{largest:.3g}.",
            value=target,
            remedy=f"Give a --target above {1.01 * largest:.3g}, or train further.",
            kind="target",
        )

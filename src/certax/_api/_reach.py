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
) -> Certificate:
    """A certificate whose bound is at most the target.

    With a budget, what is reached by its end counts.

    **Raises:** `CertaxError` where no search reaches the target; it names the smallest
    bound that can be had.
    """
    best = None
    for tolerance in _tolerances:
        found = attempt(replace(search, tolerance=tolerance))
        if found.claim == "residual":
            # Better to know at once than after a search that cannot end.
            if found.bound and float(found.bound) > target:
                _check_attained(target, solution, found.norm)
        if not found.bound or float(found.bound) <= target:
            return found
        best = found
        if found.claim == "residual" and found.norm == "Linf":
            return _exactly(target, search, attempt, found)
    assert best is not None
    if math.isfinite(search.seconds):
        return best
    raise _missed(target, best)


def _exactly(
    target: float,
    search: Search,
    attempt: Callable[[Search], Certificate],
    former: Certificate,
) -> Certificate:
    """Searches until every box is below the target."""
    aim = replace(search, tolerance=0.0, target=_rounded_down(target))
    found = attempt(aim)
    if not found.bound:
        return found
    if float(found.bound) > target and not math.isfinite(search.seconds):
        raise _missed(target, min(found, former, key=lambda c: float(c.bound)))
    return found


def _rounded_down(target: float) -> float:
    """A bound that, rounded up to three digits, is at most the target."""
    exact = Decimal(target)
    step = Decimal(1).scaleb(exact.adjusted() - 2)
    return 0.9999 * float(exact.quantize(step, ROUND_FLOOR))


def _check_attained(target: float, solution: Solution, norm: str) -> None:
    """**Raises:** `CertaxError` where a sampled value exceeds the target."""
    from scipy.stats import qmc

    domain = solution.problem.domain
    points = domain.physical(qmc.Sobol(domain.dimension, rng=0).random(_points))
    largest = float(np.max(np.abs(solution.residual(points))))
    if norm == "Linf" and largest > target:
        raise CertaxError(
            f"The target {target:g} cannot be reached: the residual attains "
            f"{largest:.3g}.",
            value=target,
            remedy=f"Give a --target above {1.01 * largest:.3g}, or train further.",
        )


def _missed(target: float, best: Certificate) -> CertaxError:
    return CertaxError(
        f"The target {target:g} cannot be reached: rounding and the largest number of "
        f"boxes allow {best.bound}.",
        value=target,
        remedy=f"Give --target {best.bound} or more.",
    )

"""A bound that is wanted: how to get there, and what to say where that cannot be."""

import math
from collections.abc import Callable
from dataclasses import replace

from .._core import CertaxError
from ..certificates import Certificate, Search

# Where the claim is not the quantity that is searched, the search is sharpened.
_tolerances = (1.0, 0.3, 0.1, 0.03)


def reach(
    target: float,
    search: Search,
    attempt: Callable[[Search], Certificate],
    direct: bool,
) -> Certificate:
    """A certificate whose bound is at most the target.

    With a budget, what is reached by its end counts.

    **Arguments:**

    - `direct`: whether what is searched is what the claim bounds, so that the search
      itself can stop at the target.

    **Raises:** `CertaxError` where no search reaches the target; it names the smallest
    bound that can be had.
    """
    best, aim = None, target
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

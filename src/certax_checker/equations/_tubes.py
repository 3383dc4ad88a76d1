"""Tubes around the network in which the error stays."""

import math
from collections.abc import Callable

from ..kernel._errors import Refusal
from ._case import Case


def narrowest(case: Case, curve: Callable[[float], list[float]], free: bool
             ) -> list[float]:  # fmt: skip
    """The smallest curve found that stays inside the tube on which its rates hold.

    `curve` gives the largest error so far at each slab's end for a tube's radius, where
    inf stands for no tube; `free` says whether it knows such rates.

    **Raises:** `Refusal` where the error leaves every tube that was tried.
    """
    best, tube = curve(math.inf) if free else [], 2.0 * curve(0.0)[-1]
    for _ in range(64):
        found = curve(tube) if tube < 1e300 else [math.inf]
        if found[-1] < tube:
            best = found if not best or found[-1] < best[-1] else best
            # Once inside, a narrower tube makes the rates sharper.
            if 1.1 * found[-1] >= tube:
                break
            tube = 1.05 * found[-1]
        elif best or tube >= 1e300:
            break
        else:
            tube = 2.0 * tube
    if not best:
        raise Refusal("the error bound leaves every tube that was tried", "tube")
    case.passed("tube", "the error bound stays below the tube's radius, or needs none")
    return best

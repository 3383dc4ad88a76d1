"""An answer beside those that need no training."""

from collections.abc import Iterator, Mapping

import numpy as np

from .._core import Evidence, graded
from ..problems import Solution
from ._balance import Balance, balance, poor_balance, untrained
from ._measure import Grid, baselines, condition_defects

# Beside answers without training: nine tenths of their error is no gain, and a tenth
# is a poor one for hundreds of steps.
no_gain = 0.9
poor_gain = 0.1
# Closer to a trivial function than this, the answer is that function.
_same = 1e-3
# A trivial function meets the conditions if it misses them by no more than this share
# of the answer's size.
_met = 1e-6
# Where an answer without training is better than this, it is no shame not to beat it.
_good = 1e-3


def beside_untrained(
    solution: Solution,
    grid: Grid,
    values: Mapping[str, np.ndarray],
    found: Balance,
    defects: Mapping[str, float],
) -> Iterator[Evidence]:
    """Its residual beside those of functions that meet the conditions untrained."""
    size = largest_value(values)
    limit = max(_met * size, 10 * max(defects.values(), default=0.0))
    seen: set[float] = set()
    means = {n: float(np.nanmean(v)) for n, v in values.items()}
    for name, other in untrained(solution, means).items():
        theirs = balance(other).residual
        if not np.isfinite(theirs) or theirs in seen:
            continue
        seen.add(theirs)
        ratio = found.residual / theirs if theirs > 0 else np.inf
        if ratio > poor_gain and not _meets(other, limit):
            continue
        trivial = ratio > poor_gain and (
            _distance(values, grid.values(other)) <= _same * size
        )
        if trivial or (ratio >= no_gain and found.relative > poor_balance):
            text, remedy = f"The residual is no smaller than that of {name}.", ""
            if trivial:
                text = (
                    f"The answer is {name}: nothing was needed to find it, and it "
                    "satisfies the conditions."
                )
                remedy = (
                    "If another answer exists, start elsewhere (--seed), or state the "
                    "problem so that the trivial one is none."
                )
            if trivial and _is_right(values, grid):
                text = f"The answer is {name}, and so is the reference."
                yield _against(name, ratio, no_gain, "plausible", text)
            else:
                yield _against(name, ratio, no_gain, "failed", text, remedy)
        elif ratio >= no_gain:
            text = f"{_capital(name)} satisfies the problem too; this is another one."
            yield _against(name, ratio, no_gain, "plausible", text)
        else:
            text = f"The residual is {share_of(ratio)} that of {name}."
            says = "doubtful" if ratio > poor_gain else "plausible"
            yield _against(name, ratio, poor_gain, says, text)


def _is_right(values: Mapping[str, np.ndarray], grid: Grid) -> bool:
    errors = grid.relative_l2(values).values()
    return all(error is not None and error <= _same for error in errors)


def _against(name, ratio, threshold, says, text, remedy="") -> Evidence:
    return Evidence(f"residual against {name}", ratio, threshold, says, text, remedy)


def _meets(solution: Solution, limit: float) -> bool:
    return max(condition_defects(solution).values(), default=0.0) <= limit


def beside_reference(
    solution: Solution, grid: Grid, values: Mapping[str, np.ndarray]
) -> Iterator[Evidence]:
    """Its error beside those of answers without a net, if there is a reference."""
    errors = grid.relative_l2(values)
    trivial = baselines(grid, solution.problem)
    for field, error in errors.items():
        theirs = [b[field] for b in trivial.values() if b is not None]
        known = [v for v in theirs if v is not None]
        if error is None or not known:
            continue
        yield beside_trivial(field, error, min(known))


def beside_trivial(field: str, error: float, least: float) -> Evidence:
    """A field's relative error beside the least one of answers without a net."""
    ratio = error / max(least, _good)
    text = (
        f"Measured against the reference, {field} is wrong by {error:.2g}, the "
        f"best answer without training by {least:.2g} (relative L2)."
    )
    says, threshold = graded(ratio, poor_gain, no_gain)
    what = f"error of {field} against trivial answers"
    return Evidence(what, ratio, threshold, says, text)


def largest_value(values: Mapping[str, np.ndarray]) -> float:
    return max(float(np.nanmax(np.abs(v))) for v in values.values())


def _distance(
    values: Mapping[str, np.ndarray], others: Mapping[str, np.ndarray]
) -> float:
    return max(float(np.nanmax(np.abs(v - others[n]))) for n, v in values.items())


def share_of(share: float) -> str:
    """Such as `3 % of`, to be followed by a noun."""
    if not np.isfinite(share):
        return "infinitely many times"
    return f"{100 * share:.2g} % of" if 1e-4 < share < 10 else f"{share:.2g} times"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

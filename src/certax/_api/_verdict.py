"""Whether an answer can be trusted: the evidence for and against it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .._core import Evidence, TrainingProgress, Verdict, verdict_from
from ..certificates import sampled_norms, sampled_size
from ..problems import Solution
from ._balance import Balance, balance, equation_terms, sample_points, untrained
from ._inverse import starts_of
from ._measure import (
    Grid,
    baselines,
    condition_defects,
    relative_l2,
)
from ._saturation import saturated_shares, smallest_derivative
from ._training_evidence import small_balance, training_evidence

# A proved error below a twentieth of the solution: what engineering asks of a figure.
trustworthy_bound = 0.05
# The residual beside its own terms. At a third the terms do not balance at all; above a
# hundredth the answer has, as a rule, an error that one can see.
no_balance = 0.3
poor_balance = 0.01
# Beside answers without training: nine tenths of their error is no gain, and a tenth
# is a poor one for hundreds of steps.
no_gain = 0.9
poor_gain = 0.1
# Closer to a trivial function than this, the answer is that function.
_same = 1e-3
# A trivial function meets the conditions if it misses them by no more than this share
# of the answer's size.
_met = 1e-6
# Conditions that are missed by so much of the size of what they prescribe.
broken_conditions = 0.3
poor_conditions = 0.01
# With half a layer gone, the net has half the width that was asked for.
many_saturated = 0.5
_saturation_points = 1024
# One per cent of the points hold most of the sum of squares.
front_share = 0.5
# An unknown that moved by less than a millionth was not learned; one that grew a
# thousandfold ran away.
unmoved_unknown = 1e-6
runaway_unknown = 1e3

certified_bound = "certified bound"


def judge(
    solution: Solution,
    grid: Grid,
    records: Sequence[TrainingProgress],
    stopped_by: str,
    certificates: Sequence[Mapping[str, Any]] = (),
) -> Verdict:
    """The verdict on a solution.

    **Arguments:**

    - `grid`: where sizes and errors are measured.
    - `records`: of training; none for a net that was trained elsewhere.
    - `stopped_by`: why training ended, as in `summary.json`.
    - `certificates`: their entries in `summary.json`.
    """
    values = grid.values(solution)
    evidence = list(bound_evidence(certificates, solution))
    if not all(np.isfinite(v).all() for v in values.values()):
        text = "The answer is not finite everywhere on the grid."
        evidence.append(Evidence("finite values", None, None, "failed", text))
        return verdict_from(evidence)
    found = balance(solution)
    defects = condition_defects(solution)
    # Causes before symptoms: they have the better remedies.
    evidence += training_evidence(records, stopped_by, found.relative)
    evidence += _conditions(solution, values, defects)
    evidence += _saturation(solution)
    evidence += _front(found)
    evidence += _unknowns(solution)
    explained = any(e.remedy and e.says in ("doubtful", "failed") for e in evidence)
    evidence += _beside_untrained(solution, grid, values, found, defects)
    evidence.append(_balanced(found, explained))
    evidence += _beside_reference(solution, grid, values)
    return verdict_from(evidence)


def judged_again(
    verdict: Mapping[str, Any],
    solution: Solution,
    certificates: Sequence[Mapping[str, Any]],
) -> Verdict:
    """A verdict of `summary.json` with what is proved now in place of what was."""
    kept = [Evidence(**e) for e in verdict["evidence"]]
    kept = [e for e in kept if e.what != certified_bound]
    return verdict_from([*bound_evidence(certificates, solution), *kept])


def bound_evidence(
    certificates: Sequence[Mapping[str, Any]], solution: Solution
) -> Iterator[Evidence]:
    """The proved bound on the error that is smallest beside the solution."""
    proved = [
        (float(c["bound"]) / sampled_size(solution, c["norm"]), c["bound"], c["norm"])
        for c in certificates
        if c["claim"] == "solution"
        and c["verdict"] == "proved"
        and c["norm"] in sampled_norms
    ]
    if not proved:
        return
    ratio, bound, norm = min(proved)
    good = ratio <= trustworthy_bound
    text = (
        f"It is proved that the error is at most {bound} in the {norm} norm, "
        f"{_share(ratio)} the size of the answer."
    )
    remedy = (
        ""
        if good
        else "Train longer, or give the search more time (certax certify RUN --budget)."
    )
    says = "trustworthy" if good else "plausible"
    yield Evidence(certified_bound, ratio, trustworthy_bound, says, text, remedy)


def _balanced(found: Balance, explained: bool) -> Evidence:
    ratio = found.relative
    text = (
        f"On fresh points and on the faces the residual is {_share(ratio)} the terms "
        "of the equation"
    )
    says, remedy = "plausible", ""
    if ratio > no_balance or found.terms == 0:
        says = "failed"
        text += ": they do not balance."
        remedy = (
            "Look where the residual is: a jump to another equilibrium or a layer at "
            "the data asks for shorter intervals or for more points there."
        )
    elif ratio > poor_balance:
        says, text = "doubtful", f"{text}, which is much."
        remedy = "Train longer (--budget), or take a wider net."
    else:
        text += "."
    remedy = "" if explained else remedy
    return Evidence("balance of the equation", ratio, poor_balance, says, text, remedy)


def _beside_untrained(
    solution: Solution,
    grid: Grid,
    values: Mapping[str, np.ndarray],
    found: Balance,
    defects: Mapping[str, float],
) -> Iterator[Evidence]:
    """Its residual beside those of functions that meet the conditions untrained."""
    size = _largest(values)
    limit = max(_met * size, 10 * max(defects.values(), default=0.0))
    seen: set[float] = set()
    means = {n: float(v.mean()) for n, v in values.items()}
    for name, other in untrained(solution, means).items():
        theirs = balance(other).residual
        if not np.isfinite(theirs) or theirs in seen:
            continue
        seen.add(theirs)
        ratio = found.residual / theirs if theirs > 0 else np.inf
        if ratio > poor_gain and not _meets(other, limit):
            continue
        apart = _distance(values, grid.values(other))
        trivial = apart <= _same * size
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
            yield _against(name, ratio, no_gain, "failed", text, remedy)
        elif ratio >= no_gain:
            text = f"{_capital(name)} satisfies the problem too; this is another one."
            yield _against(name, ratio, no_gain, "plausible", text)
        else:
            text = f"The residual is {_share(ratio)} that of {name}."
            says = "doubtful" if ratio > poor_gain else "plausible"
            yield _against(name, ratio, poor_gain, says, text)


def _against(name, ratio, threshold, says, text, remedy="") -> Evidence:
    return Evidence(f"residual against {name}", ratio, threshold, says, text, remedy)


def _meets(solution: Solution, limit: float) -> bool:
    return max(condition_defects(solution).values(), default=0.0) <= limit


def _beside_reference(
    solution: Solution, grid: Grid, values: Mapping[str, np.ndarray]
) -> Iterator[Evidence]:
    """Its error beside those of answers without a net, if there is a reference."""
    errors = relative_l2(values, grid.reference)
    trivial = baselines(grid, solution.problem)
    for field, error in errors.items():
        theirs = [b[field] for b in trivial.values() if b is not None]
        known = [v for v in theirs if v is not None]
        if error is None or not known:
            continue
        least = min(known)
        ratio = error / least if least > 0 else np.inf
        text = (
            f"Measured against the reference, {field} is wrong by {error:.2g}, the "
            f"best answer without training by {least:.2g} (relative L2)."
        )
        says = "plausible"
        if ratio > poor_gain:
            says = "failed" if ratio >= no_gain else "doubtful"
        what = f"error of {field} against trivial answers"
        yield Evidence(what, ratio, poor_gain, says, text)


def _conditions(
    solution: Solution,
    values: Mapping[str, np.ndarray],
    defects: Mapping[str, float],
) -> Iterator[Evidence]:
    """How far conditions are missed, beside the size of what they prescribe."""
    inside, _ = sample_points(solution)
    size = _largest(values)
    scales: dict[str, float] = {}
    for condition in solution.problem.conditions:
        scale = size
        if condition.residual is not None:
            # Away from the face, where a homogeneous condition's terms are not zero.
            scale = float(equation_terms(solution, condition.residual, inside)[1].max())
        scales[condition.place] = max(scale, scales.get(condition.place, 0.0))
    for place, defect in defects.items():
        scale = scales[place]
        ratio = defect / scale if scale > 0 else float(defect > 0)
        says, remedy = "plausible", ""
        if ratio > poor_conditions:
            says = "failed" if ratio > broken_conditions else "doubtful"
            remedy = (
                "Build the data in (training.hard=true), or weigh the terms "
                "(--set training.balancing=ntk)."
            )
        text = f"The conditions {place} are missed by up to {defect:.2g}, "
        text += f"{_share(ratio)} the size there."
        if defect > 0:
            what = f"conditions {place}"
            yield Evidence(what, ratio, poor_conditions, says, text, remedy)


def _saturation(solution: Solution) -> Iterator[Evidence]:
    inside, _ = sample_points(solution)
    shares = saturated_shares(solution, inside[:_saturation_points])
    for layer, share in shares.items():
        if share == 0:
            continue
        many = share >= many_saturated
        text = (
            f"In the layer {layer} {_share(share)} the units are saturated: their "
            f"derivative is below {smallest_derivative:g} everywhere."
        )
        remedy = "Start from another seed, with smaller weights or network.scale."
        says = "doubtful" if many else "plausible"
        what = f"saturation of {layer}"
        yield Evidence(what, share, many_saturated, says, text, remedy if many else "")


def _front(found: Balance) -> Iterator[Evidence]:
    if found.front_share > front_share:
        matters = found.relative > small_balance
        yield Evidence(
            "front",
            found.front_share,
            front_share,
            "doubtful" if matters else "plausible",
            f"One per cent of the points hold {_share(found.front_share)} the "
            "squared residual: a front or a layer.",
            "Take more points (--set training.points=N) or a kind of net for local "
            "detail (--set network.kind=gaussian-features)."
            if matters
            else "",
        )


def _unknowns(solution: Solution) -> Iterator[Evidence]:
    for name, start in starts_of(solution.problem).items():
        value = solution.unknowns.get(name)
        if value is None:
            continue
        unit = abs(start) or 1.0
        moved, grown = abs(value - start) / unit, abs(value) / unit
        text = f"The unknown {name} went from {start:.4g} to {value:.6g}"
        what, remedy = f"unknown {name}", ""
        if moved < unmoved_unknown:
            remedy = f"See whether {name} occurs where there are data, and add data."
            text += ": it did not move."
            yield Evidence(what, moved, unmoved_unknown, "doubtful", text, remedy)
        elif grown > runaway_unknown:
            remedy = f"Start {name} nearer to its value, or give more data."
            text += ": it ran away."
            yield Evidence(what, grown, runaway_unknown, "doubtful", text, remedy)
        else:
            yield Evidence(what, moved, unmoved_unknown, "plausible", text + ".")


def _largest(values: Mapping[str, np.ndarray]) -> float:
    return max(float(np.max(np.abs(v))) for v in values.values())


def _distance(
    values: Mapping[str, np.ndarray], others: Mapping[str, np.ndarray]
) -> float:
    return max(float(np.max(np.abs(v - others[n]))) for n, v in values.items())


def _share(share: float) -> str:
    """Such as `3 % of`, to be followed by a noun."""
    if not np.isfinite(share):
        return "infinitely many times"
    return f"{100 * share:.2g} % of" if 1e-4 < share < 10 else f"{share:.2g} times"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

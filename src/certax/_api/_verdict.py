"""Whether an answer can be trusted: the evidence for and against it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .._core import Evidence, TrainingProgress, Verdict, graded, verdict_from
from ..certificates import sampled_norms, sampled_size
from ..problems import Solution
from ._balance import (
    Balance,
    balance,
    equation_terms,
    no_balance,
    poor_balance,
    sample_points,
)
from ._comparisons import (
    beside_reference,
    beside_untrained,
    largest_value,
    share_of,
)
from ._inverse import starts_of
from ._measure import Grid, condition_defects
from ._saturation import saturated_shares, smallest_derivative
from ._training_evidence import small_balance, training_evidence
from ._walls import wall_points

# A proved error below a twentieth of the solution: what engineering asks of a figure.
trustworthy_bound = 0.05
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
    inside = ... if grid.inside is None else grid.inside
    if not all(np.isfinite(v[inside]).all() for v in values.values()):
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
    evidence += beside_untrained(solution, grid, values, found, defects)
    evidence.append(_balanced(found, explained))
    evidence += beside_reference(solution, grid, values)
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
        f"{share_of(ratio)} the size of the answer."
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
    says, threshold = graded(ratio, poor_balance, no_balance)
    text = (
        f"On fresh points and on the faces the residual is {share_of(ratio)} the terms "
        "of the equation"
    )
    ending = {"failed": ": they do not balance.", "doubtful": ", which is much."}
    remedies = {
        "failed": "Look where the residual is: a jump to another equilibrium or a "
        "layer at the data asks for shorter intervals or for more points there.",
        "doubtful": "Train longer (--budget), or take a wider net.",
    }
    remedy = "" if explained else remedies.get(says, "")
    text += ending.get(says, ".")
    return Evidence("balance of the equation", ratio, threshold, says, text, remedy)


def _conditions(
    solution: Solution,
    values: Mapping[str, np.ndarray],
    defects: Mapping[str, float],
) -> Iterator[Evidence]:
    """How far conditions are missed, beside the size of what they prescribe."""
    inside, _ = sample_points(solution)
    size = largest_value(values)
    scales: dict[str, float] = {}
    for condition in solution.problem.conditions:
        scale = size
        if condition.residual is not None:
            # Away from a face, where a homogeneous condition's terms are not zero.
            points = inside
            if condition.piece:
                walls = wall_points(solution.problem.domain, condition.piece)
                normals = np.resize(walls[:, inside.shape[1] :], inside.shape)
                points = np.hstack([inside, normals])
            scale = float(equation_terms(solution, condition.residual, points)[1].max())
        scales[condition.place] = max(scale, scales.get(condition.place, 0.0))
    for place, defect in defects.items():
        scale = scales[place]
        ratio = defect / scale if scale > 0 else float(defect > 0)
        says, threshold = graded(ratio, poor_conditions, broken_conditions)
        remedy = ""
        if says != "plausible":
            remedy = (
                "Build the data in (training.hard=true), or weigh the terms "
                "(--set training.balancing=ntk)."
            )
        text = f"The conditions {place} are missed by up to {defect:.2g}, "
        text += f"{share_of(ratio)} the size there."
        if defect > 0:
            what = f"conditions {place}"
            yield Evidence(what, ratio, threshold, says, text, remedy)


def _saturation(solution: Solution) -> Iterator[Evidence]:
    inside, _ = sample_points(solution)
    shares = saturated_shares(solution, inside[:_saturation_points])
    for layer, share in shares.items():
        if share == 0:
            continue
        many = share >= many_saturated
        text = (
            f"In the layer {layer} {share_of(share)} the units are saturated: their "
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
            f"One per cent of the points hold {share_of(found.front_share)} the "
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

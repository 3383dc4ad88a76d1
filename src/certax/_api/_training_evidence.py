"""What the course of training says about the answer: pure functions of its records."""

import math
from collections.abc import Iterator, Sequence

from .._core import Evidence, TrainingProgress, graded

# A residual on fresh points so many times that on trained points is no accident of
# sampling, which moves it by a few per cent; sound runs of the zoo stay below two.
overfitting_ratio = 5.0
# Below this share of its own terms a residual is small however it compares.
small_balance = 1e-3
# A residual that kept nine tenths of its first value has not been trained; one that
# kept a third has hardly.
unmoved_share = 0.9
hardly_moved_share = 1 / 3
# Training counts as stalled after so much of it without a gain of a tenth, the gain by
# which recipes judge convergence too.
stalled_share = 0.5
_gain = 0.9
# A run as short as this can have no stall.
_fewest_steps = 100
# Stopped in full fall: the last quarter of the steps halved the residual.
falling_factor = 2.0
_last_part = 0.25

_more_points = (
    "Take more points (--set training.points=N, at least twice the number of weights) "
    "or a smaller net (--set network.width=N)."
)
_more_time = "Continue with --resume, or give a longer --budget."
_another_start = "Try another seed, then another net (--set network.kind=NAME)."
_more_room = (
    "Take a wider net (--set network.width=N), another kind of net "
    "(--set network.kind=NAME) or another optimizer (--set training.optimizer=NAME)."
)


def training_evidence(
    records: Sequence[TrainingProgress], stopped_by: str, balance: float
) -> Iterator[Evidence]:
    """The evidence in the records of a run.

    **Arguments:**

    - `records`: in order; none for a net that was trained elsewhere.
    - `stopped_by`: why training ended, as in `summary.json`.
    - `balance`: the final residual beside its own terms.
    """
    if stopped_by == "failed":
        yield Evidence(
            "finite loss",
            None,
            None,
            "failed",
            "The loss became NaN or infinite; these are the last good weights.",
            "Try another seed, or see whether the equation has a pole.",
        )
    if not records:
        return
    if records[-1].step == 0 and balance > small_balance:
        yield Evidence(
            "steps",
            0.0,
            1.0,
            "failed",
            f"Training was stopped by {stopped_by} before its first step.",
            _more_time,
        )
        return
    fresh = _fresh_points(records, balance)
    yield fresh
    warned = [r for r in records if r.warning]
    if warned:
        first = warned[0]
        yield Evidence(
            "overfitting while training",
            float(len(warned)),
            1.0,
            "doubtful" if balance > small_balance else "plausible",
            f"{first.warning} This happened {_times(len(warned))}.",
            _more_points,
        )
    yield _moved(records, balance, bool(warned or fresh.remedy))
    if stopped_by in ("budget", "max-steps", "interrupted"):
        yield from _falling(records, stopped_by, balance)
    yield from _stall(records, balance)


def _moved(
    records: Sequence[TrainingProgress], balance: float, overfitted: bool
) -> Evidence:
    first, last = records[0].fresh_residual_rms, records[-1].fresh_residual_rms
    share = last / first if first > 0 else 1.0
    says, threshold = graded(share, hardly_moved_share, unmoved_share)
    if balance <= small_balance:
        says, threshold = "plausible", hardly_moved_share
    remedy = ""
    if says == "plausible":
        text = f"Training brought the residual from {first:.2g} to {last:.2g}."
    else:
        unmoved, remedy = says == "failed", "" if overfitted else _another_start
        text = (
            f"Training {'did not move' if unmoved else 'hardly moved'} the residual: "
            f"it began with {first:.2g} and ended with {last:.2g} on fresh points."
        )
    return Evidence("descent", share, threshold, says, text, remedy)


def _fresh_points(records: Sequence[TrainingProgress], balance: float) -> Evidence:
    trained, fresh = records[-1].residual_rms, records[-1].fresh_residual_rms
    ratio = fresh / trained if trained > 0 else math.inf
    text = (
        f"The residual is {trained:.2g} on the trained points and {fresh:.2g} on "
        "fresh ones"
    )
    says, remedy = "plausible", ""
    if ratio <= overfitting_ratio:
        text += ", so it was learned and not memorized."
    elif balance <= small_balance:
        text += "; the net overfits, at a level that is harmless here."
    else:
        says, remedy = "doubtful", _more_points
        text += ": the net learned the points and not the equation."
    return Evidence("fresh points", ratio, overfitting_ratio, says, text, remedy)


def _falling(
    records: Sequence[TrainingProgress], stopped_by: str, balance: float
) -> Iterator[Evidence]:
    split = records[0].step + (1 - _last_part) * (records[-1].step - records[0].step)
    before = [r.fresh_residual_rms for r in records if r.step <= split]
    after = [r.fresh_residual_rms for r in records if r.step > split]
    if not after or not min(after) > 0:
        return
    factor = min(before) / min(after)
    if factor >= falling_factor:
        ended = {"budget": "the budget ended", "max-steps": "its last step came"}
        yield Evidence(
            "still falling",
            factor,
            falling_factor,
            "doubtful" if balance > small_balance else "plausible",
            f"The residual was still falling when {ended.get(stopped_by, stopped_by)}: "
            f"by {factor:.2g} times in the last quarter of the steps.",
            _more_time,
        )


def _stall(records: Sequence[TrainingProgress], balance: float) -> Iterator[Evidence]:
    lowest, since = math.inf, records[0].step
    for record in records:
        if record.fresh_residual_rms < _gain * lowest:
            lowest, since = record.fresh_residual_rms, record.step
    steps = records[-1].step - records[0].step
    if steps < _fewest_steps:
        return
    share = (records[-1].step - since) / steps
    if share >= stalled_share:
        stuck = balance > small_balance
        yield Evidence(
            "stall",
            share,
            stalled_share,
            "doubtful" if stuck else "plausible",
            f"Nothing improved in the last {records[-1].step - since} of {steps} steps"
            + (", and the residual is not small." if stuck else "; it had converged."),
            _more_room if stuck else "",
        )


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")

"""Verdicts on answers in many dimensions, each for a run that deserves it."""

import pytest

from certax._api._high_dimension_verdict import judge_high_dimensional
from certax._core import TrainingProgress


def records(*residuals):
    return [
        TrainingProgress(100 * k + 1, "adam", 0.0, r**2, r, r)
        for k, r in enumerate(residuals)
    ]


course = records(100.0, 40.0, 20.0)


@pytest.mark.parametrize(
    ("error", "status"),
    [(1e-3, "plausible"), (0.02, "doubtful"), (0.05, "failed"), (2.0, "failed")],
)
def test_an_error_is_judged_beside_answers_without_a_net(error, status):
    errors = {"net": error, "constant": 0.04, "data": 0.5, "zero": 1.0}
    verdict = judge_high_dimensional(course, "budget", errors)
    assert verdict.status == status
    assert "best answer without training by 0.04" in verdict.reasons[0].sentence


def test_without_a_reference_the_course_of_training_decides():
    assert judge_high_dimensional(course, "budget", {}).status == "plausible"
    still = judge_high_dimensional(records(*[100.0] * 20), "budget", {})
    assert still.status == "failed" and still.remedies
    assert still.reasons[0].what == "descent"


def test_runs_that_broke_or_did_not_begin_are_failed():
    errors = {"net": 1e-3, "constant": 0.04}
    assert judge_high_dimensional(course, "failed", {}).status == "failed"
    assert judge_high_dimensional([], "budget", errors).status == "failed"
    assert judge_high_dimensional([], "failed", {}).status == "failed"

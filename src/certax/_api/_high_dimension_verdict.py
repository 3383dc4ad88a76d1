"""The verdict on an answer in many dimensions, where every residual is a noisy one."""

from collections.abc import Mapping, Sequence

from .._core import Evidence, TrainingProgress, Verdict, verdict_from
from ._comparisons import beside_trivial
from ._training_evidence import training_evidence

# What the estimates of a residual by random directions can tell of training.
_always, _without_reference = ("finite loss", "steps"), ("descent", "stall")
_unknown_balance = 1.0


def judge_high_dimensional(
    records: Sequence[TrainingProgress],
    stopped_by: str,
    errors: Mapping[str, float | None],
) -> Verdict:
    """The verdict from the course of training and, if there is a reference, from the
    errors of answers without a net.

    **Arguments:**

    - `records`: of training.
    - `stopped_by`: why it ended, as in `summary.json`.
    - `errors`: relative ones, of the `"net"` and of the others; None or left out where
      they are not known.
    """
    error = errors.get("net")
    trivial = [e for name, e in errors.items() if name != "net" and e is not None]
    seen = _always if error is not None else _always + _without_reference
    found = [
        evidence
        for evidence in training_evidence(records, stopped_by, _unknown_balance)
        if evidence.what in seen
    ]
    if not records and stopped_by != "failed":
        text = f"Training was stopped by {stopped_by} before its first record."
        remedy = "Continue with --resume, or give a longer --budget."
        found.append(Evidence("steps", 0.0, 1.0, "failed", text, remedy))
    if error is not None and trivial:
        found.append(beside_trivial("u", error, min(trivial)))
    return verdict_from(found)

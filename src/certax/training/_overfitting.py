"""Notices while it happens that a net learns the points and not the equation."""

from dataclasses import dataclass, replace

from ._progress import Progress

# Records that are looked back upon: fewer are noise, more would tell it late.
_window = 5
# On the trained points the residual fell to this or less: steps that lead nowhere move
# it by a few per cent.
_fell_to = 0.5
# On fresh points it rose by this or more; thousands of points sample a mean square to a
# few per cent, so this is no accident of sampling.
_rose_by = 1.5
# The episode is over when the residual on fresh points is down to this multiple of
# where it began; a lower one than `_rose_by`, so that nothing is told twice.
_over_at = 1.1
# A residual so much smaller than the first one is at the level of rounding, where it
# goes up and down for no reason.
_harmless = 1e-6


@dataclass(frozen=True)
class OverfittingWatch:
    """Folds over the records of a run; tells of every episode once.

    - `records`: the last ones of this phase.
    - `first`: the residual on fresh points at the beginning of the run.
    - `began_at`: that at the beginning of the present episode, if there is one.
    """

    records: tuple[Progress, ...] = ()
    first: float | None = None
    began_at: float | None = None

    def seen(self, record: Progress) -> tuple["OverfittingWatch", str]:
        """The watch after one more record, and a warning or an empty text."""
        first = record.fresh_residual_rms if self.first is None else self.first
        same = [r for r in self.records if r.phase == record.phase]
        records = (*same[-_window:], record)
        began_at = self.began_at
        if began_at is not None and record.fresh_residual_rms <= _over_at * began_at:
            began_at = None
        watch = replace(self, records=records, first=first, began_at=began_at)
        before = min(records, key=lambda r: r.fresh_residual_rms)
        if began_at is not None or not _overfits(before, record, first):
            return watch, ""
        text = (
            f"Since step {before.step} the residual on the trained points fell from "
            f"{before.residual_rms:.2g} to {record.residual_rms:.2g}, but on fresh "
            f"points it rose from {before.fresh_residual_rms:.2g} to "
            f"{record.fresh_residual_rms:.2g}: the net is learning the points, not the "
            "equation."
        )
        return replace(watch, began_at=before.fresh_residual_rms), text


def _overfits(before: Progress, now: Progress, first: float) -> bool:
    return (
        now.residual_rms <= _fell_to * before.residual_rms
        and now.fresh_residual_rms >= _rose_by * before.fresh_residual_rms
        and now.fresh_residual_rms > _harmless * first
    )

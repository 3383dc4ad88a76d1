"""Deep ensembles with bands that held-out measurements calibrate."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .._core import CertaxError, Configuration
from ..problems import Data, Problem, Solution
from ._bands import AbstractBands, held_out_rank, some_of
from ._verbs import solve

_most_members = 1000


@dataclass(frozen=True)
class Ensemble(AbstractBands):
    """Several solutions of one problem, each fitted to data drawn again.

    Its bands are calibrated, see `AbstractBands`: a statement about new measurements,
    and none about a single point, nor about the true solution, nor about unknown
    coefficients, whose ranges are those of a bootstrap and are not calibrated.

    **Attributes:**

    - `level`: the probability of the bands.
    - `factors`: q by field.
    - `noise`: σ by field.
    - `held_out`: the measurements that no member has seen.
    - `members`: the solutions.
    """

    members: tuple[Solution, ...]

    def samples(self, **coordinates: Any) -> dict[str, np.ndarray]:
        """Every field's values, with the members as first axis."""
        zero = (0,) * self.members[0].problem.domain.dimension
        found = [member.evaluate(coordinates, zero) for member in self.members]
        return {f: np.stack([each[f] for each in found]) for f in found[0]}

    @property
    def unknowns(self) -> dict[str, tuple[float, float]]:
        """Mean and standard deviation of what the members found. Not calibrated."""
        found = {
            name: np.array([member.unknowns[name] for member in self.members])
            for name in self.members[0].problem.unknowns
        }
        return {n: (float(v.mean()), float(v.std(ddof=1))) for n, v in found.items()}


def ensemble(
    problem: Problem,
    members: int = 5,
    *,
    data: Data,
    level: float = 0.9,
    held_out: float = 0.25,
    configuration: Configuration = Configuration(),
    seed: int = 0,
    out: Path | str | None = None,
    resume: bool = False,
    budget: float | None = None,
    max_steps: int | None = None,
    progress: Callable[[int, Solution], None] = lambda index, member: None,
) -> Ensemble:
    """Solves a problem several times from noisy data, and calibrates the bands.

    Every member has weights, points and a draw with replacement from the training data
    of its own.

    **Arguments:**

    - `problem`: with unknowns, unknown fields or none.
    - `members`: how many nets, at least 2.
    - `data`: what was measured.
    - `level`: probability of the bands, between 0 and 1.
    - `held_out`: the share of the data that only calibrates.
    - `configuration`, `budget`, `max_steps`: of each member, as in [`certax.solve`][].
    - `seed`: of the split, the draws and the members.
    - `out`: a folder, with one run folder for each member.
    - `resume`: whether to take up the runs in `out`.
    - `progress`: called with each member's number and solution.

    **Returns:** an [`certax.Ensemble`][].

    **Raises:** `CertaxError` for too few members, for too few held-out measurements
    for the level, and what `solve` raises.

    !!! example

        ```python
        found = cx.ensemble(cooling, 4, data=measured, max_steps=100)
        lower, upper = found.band(x=0.5, t=0.5)["u"]
        ```
    """
    data.check(problem)
    _check(members)
    count, rank = held_out_rank(len(data), level, held_out)
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(data))
    kept, rest = some_of(data, order[:count]), some_of(data, order[count:])
    solutions = []
    for index in range(members):
        drawn = some_of(rest, generator.integers(len(rest), size=len(rest)))
        folder = None if out is None else Path(out) / f"member-{index}"
        solution = solve(
            problem,
            data=drawn,
            configuration=configuration,
            seed=seed + index,
            out=folder,
            resume=resume and folder is not None and folder.exists(),
            budget=budget,
            max_steps=max_steps,
        )
        progress(index, solution)
        solutions.append(solution)
    return _calibrated(tuple(solutions), level, rank, rest, kept)


def _calibrated(
    solutions: tuple[Solution, ...], level: float, rank: int, rest: Data, kept: Data
) -> Ensemble:
    plain = Ensemble(level, {}, {}, kept, solutions)
    return Ensemble(level, *plain.calibration(rest, kept, rank), kept, solutions)


def _check(members: int) -> None:
    if not 2 <= members <= _most_members:
        raise CertaxError(
            f"An ensemble of {members} is not possible.",
            value=members,
            remedy=f"Choose from 2 to {_most_members} members.",
        )

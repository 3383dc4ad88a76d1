"""Deep ensembles with bands that held-out measurements calibrate."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .._core import CertaxError, Configuration
from ..problems import Data, Problem, Solution
from ._verbs import solve

_most_members = 1000


@dataclass(frozen=True)
class Ensemble:
    r"""Several solutions of one problem, each fitted to data drawn again.

    The band of a field is $m(x) \pm q \sqrt{s(x)^2 + \sigma^2}$ with the members' mean
    m and standard deviation s, the deviation σ of the training data from m, and the
    factor q from the measurements that were held out (split conformal prediction): a
    new measurement, drawn like the held-out ones, is inside with a probability of at
    least `level`. That is no statement about a single point, nor about the true
    solution, nor about unknown coefficients, whose ranges are those of a bootstrap and
    are not calibrated.

    Source: Lei et al., Distribution-free predictive inference for regression, Journal
    of the American Statistical Association 113 (2018).

    **Attributes:**

    - `members`: the solutions.
    - `level`: the probability of the bands.
    - `factors`: q by field.
    - `noise`: σ by field.
    - `held_out`: the measurements that no member has seen.
    """

    members: tuple[Solution, ...]
    level: float
    factors: Mapping[str, float]
    noise: Mapping[str, float]
    held_out: Data

    def mean(self, **coordinates: Any) -> dict[str, np.ndarray]:
        """The members' mean of every field."""
        values = self._values(coordinates)
        return {field: np.mean(v, axis=0) for field, v in values.items()}

    def deviation(self, **coordinates: Any) -> dict[str, np.ndarray]:
        """The members' standard deviation of every field."""
        values = self._values(coordinates)
        return {field: np.std(v, axis=0, ddof=1) for field, v in values.items()}

    def band(self, **coordinates: Any) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Lower and upper ends for a new measurement, of every measured field."""
        mean, spread = self.mean(**coordinates), self.deviation(**coordinates)
        bands = {}
        for field, factor in self.factors.items():
            half = factor * np.hypot(spread[field], self.noise[field])
            bands[field] = (mean[field] - half, mean[field] + half)
        return bands

    def coverage(self, data: Data) -> dict[str, float]:
        """The share of measured values inside the band, by field."""
        bands = self.band(**data.points)
        shares = {}
        for field, (lower, upper) in bands.items():
            inside = (lower <= data.values[field]) & (data.values[field] <= upper)
            shares[field] = float(np.mean(inside))
        return shares

    @property
    def unknowns(self) -> dict[str, tuple[float, float]]:
        """Mean and standard deviation of what the members found. Not calibrated."""
        found = {
            name: np.array([member.unknowns[name] for member in self.members])
            for name in self.members[0].problem.unknowns
        }
        return {n: (float(v.mean()), float(v.std(ddof=1))) for n, v in found.items()}

    def _values(self, coordinates: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """By field, with the members as first axis."""
        zero = (0,) * self.members[0].problem.domain.dimension
        found = [member.evaluate(coordinates, zero) for member in self.members]
        return {f: np.stack([each[f] for each in found]) for f in found[0]}


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
    _check(members, level, held_out)
    count = round(held_out * len(data))
    rank = math.ceil((count + 1) * level)
    if rank > count:
        wanted = math.ceil(level / (1 - level))
        raise CertaxError(
            f"Bands of level {level:g} need {wanted} held-out measurements, and "
            f"{held_out:g} of {len(data)} are {count}.",
            value=count,
            remedy="Give more data, hold out a larger share, or lower the level.",
        )
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(data))
    kept, rest = _part(data, order[:count]), _part(data, order[count:])
    solutions = []
    for index in range(members):
        drawn = _part(rest, generator.integers(len(rest), size=len(rest)))
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
    """The factor is the held-out score of the given rank."""
    plain = Ensemble(solutions, level, {}, {}, kept)
    seen, fresh = plain.mean(**rest.points), plain.mean(**kept.points)
    spread = plain.deviation(**kept.points)
    factors, noise = {}, {}
    for field, values in rest.values.items():
        # Where data are met exactly, rounding is what remains.
        least = 1e-12 * float(np.max(np.abs(values))) or 1e-12
        noise[field] = max(least, float(np.sqrt(np.mean((values - seen[field]) ** 2))))
        missed = np.abs(kept.values[field] - fresh[field])
        scores = np.sort(missed / np.hypot(spread[field], noise[field]))
        factors[field] = float(scores[rank - 1])
    return Ensemble(solutions, level, factors, noise, kept)


def _part(data: Data, rows: np.ndarray) -> Data:
    return Data(
        {name: np.asarray(v)[rows] for name, v in data.points.items()},
        {name: np.asarray(v)[rows] for name, v in data.values.items()},
    )


def _check(members: int, level: float, held_out: float) -> None:
    if not 2 <= members <= _most_members:
        raise CertaxError(
            f"An ensemble of {members} is not possible.",
            value=members,
            remedy=f"Choose from 2 to {_most_members} members.",
        )
    for name, value in (("level", level), ("held_out", held_out)):
        if not 0 < value < 1:
            raise CertaxError(
                f"{name} = {value} is not between 0 and 1.",
                value=value,
                remedy="Choose a share, such as 0.9 for level and 0.25 for held_out.",
            )

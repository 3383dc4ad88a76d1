"""Langevin posteriors of a trained net, with bands that measurements calibrate."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jax
import numpy as np

from .._core import CertaxError, Configuration
from ..problems import Data, Problem, Solution
from ..training import (
    LangevinPlan,
    LaplaceMetric,
    effective_sample_size,
    langevin,
    laplace_metric,
    metropolis_adjusted_langevin,
    plan_langevin,
    sample_chains,
    split_r_hat,
    tuned_step,
)
from ._bands import AbstractBands, held_out_rank, some_of
from ._likelihood import Likelihood
from ._verbs import solve

# Above this the chains have not forgotten where they began.
largest_r_hat = 1.05
# Starts are so many times as wide as the Gaussian that touches the posterior, so that
# chains which do not move are seen.
_spread = 1.5
# A Jacobian that changes less, relatively, is one of an affine function.
_affine = 1e-7
_accuracy = 0.1


@dataclass(frozen=True)
class Posterior(AbstractBands):
    r"""Draws of a net's weights, and of unknown coefficients, by Langevin chains.

    The posterior has the density $\exp(-\frac12 |F(\theta)|^2)$ with the differences
    from the data over their deviation, the residual at collocation points over its
    own, and θ over that of the prior. Its bands are calibrated as those of an ensemble,
    see `AbstractBands`: a statement about new measurements, which holds whether or not
    the chains have mixed. `deviation`, `unknowns` and `samples` are the posterior's
    only where they have.

    **Attributes:**

    - `solution`: the trained net.
    - `draws`: θ, of shape `(chains, draws, numbers)`.
    - `names`: of the sampled weights; the unknowns' numbers follow.
    - `acceptance`: the share of accepted proposals; 1 without a Metropolis step.
    - `step`: h, in coordinates in which the posterior is nearly a standard Gaussian.
    - `gaussian`: mean and covariance where F is affine in θ as far as was measured, so
      that the posterior is Gaussian; else `None`.
    - `plan`: what the theorem on plain Langevin steps asks for where the posterior is
      Gaussian; else `None`.
    """

    solution: Solution
    draws: np.ndarray
    acceptance: float
    step: float
    likelihood: Likelihood
    gaussian: tuple[np.ndarray, np.ndarray] | None
    plan: LangevinPlan | None

    @property
    def names(self) -> tuple[str, ...]:
        return self.likelihood.names

    def samples(self, **coordinates: Any) -> dict[str, np.ndarray]:
        """Every field's values, with the draws of all chains as first axis."""
        flat = self.draws.reshape(-1, self.draws.shape[2])
        return self.likelihood.fields(flat, coordinates)

    @cached_property
    def r_hat(self) -> float:
        """The largest rank-normalized split R-hat of all sampled numbers."""
        return float(np.max(split_r_hat(self.draws)))

    @cached_property
    def effective_sample_size(self) -> float:
        """The least of all sampled numbers."""
        return float(np.min(effective_sample_size(self.draws)))

    @property
    def mixed(self) -> bool:
        """Whether R-hat is at most 1.05. Measured: it finds trouble, and proves
        nothing.
        """
        return self.r_hat <= largest_r_hat

    @property
    def unknowns(self) -> dict[str, tuple[float, float]]:
        """Mean and standard deviation of the unknown coefficients. Not calibrated."""
        values = self.likelihood.unknowns(self.draws.reshape(-1, self.draws.shape[2]))
        return {n: (float(v.mean()), float(v.std(ddof=1))) for n, v in values.items()}

    def __str__(self) -> str:
        chains, draws, numbers = self.draws.shape
        found = (
            f"{chains} chains of {draws} draws of {numbers} numbers: R-hat "
            f"{self.r_hat:.3f}, effective sample size {self.effective_sample_size:.0f},"
            f" acceptance {self.acceptance:.2f}."
        )
        if self.mixed:
            said = f"R-hat is at most {largest_r_hat}; that finds trouble, no proof."
        else:
            said = (
                f"R-hat is above {largest_r_hat}: the chains have not mixed, and their "
                "deviation is not the posterior's. The bands are calibrated by the "
                "held-out measurements all the same. Take more draws or fewer numbers."
            )
        return f"{found}\n{said}"


def posterior(
    problem: Problem,
    *,
    data: Data,
    parameters: str = "outer",
    level: float = 0.9,
    held_out: float = 0.25,
    noise: float | Mapping[str, float] | None = None,
    residual: float | None = None,
    prior: float | None = None,
    points: int = 128,
    chains: int = 4,
    draws: int = 500,
    thinning: int = 4,
    adjusted: bool = True,
    configuration: Configuration = Configuration(),
    seed: int = 0,
    out: Path | str | None = None,
    budget: float | None = None,
    max_steps: int | None = None,
) -> Posterior:
    """Trains a net on a problem and noisy data, and samples from its posterior.

    Chains start around the trained minimum and move in the metric of Gauss and Newton
    there, by Langevin steps with a Metropolis step whose size is tuned before.

    **Arguments:**

    - `problem`: with unknown coefficients or none.
    - `data`: what was measured.
    - `parameters`: `"outer"` for the last layer and the unknowns, given the trained
      features: for linear equations that posterior is Gaussian. `"all"` for all
      weights, which is for small nets.
    - `level`, `held_out`: of the bands, as in [`certax.ensemble`][].
    - `noise`: deviation of the data, of all fields or by field; by default that of the
      training data from the trained net.
    - `residual`: deviation of the equations' residuals at a point; by default what
      training left.
    - `prior`: deviation of the weights; by default the larger of 1 and what the
      trained ones have.
    - `points`: where the residual is looked at.
    - `chains`, `draws`, `thinning`: at least 2 chains; steps between two draws.
    - `adjusted`: `False` for plain Langevin steps with the step of the plan, where
      there is one, and as many before the first draw as it says.
    - `configuration`, `seed`, `out`, `budget`, `max_steps`: of the training, as in
      [`certax.solve`][].

    **Returns:** a [`certax.Posterior`][]; `mixed` says whether R-hat is small enough.

    **Raises:** `CertaxError` for numbers that make no posterior, for plain steps where
    there is no plan, and what `solve` raises.

    !!! example

        ```python
        found = cx.posterior(cooling, data=measured, max_steps=100)
        print(found)
        lower, upper = found.band(x=0.5, t=0.5)["u"]
        ```
    """
    data.check(problem)
    count, rank = held_out_rank(len(data), level, held_out)
    _check(parameters, chains, draws, thinning, points)
    for name, value in (("residual", residual), ("prior", prior)):
        _check_deviation(name, value)
    named = noise if isinstance(noise, Mapping) else dict.fromkeys(data.values, noise)
    for field in data.values:
        _check_deviation(f"noise of {field}", named.get(field))
    order = np.random.default_rng(seed).permutation(len(data))
    kept, rest = some_of(data, order[:count]), some_of(data, order[count:])
    solution = solve(
        problem,
        data=rest,
        configuration=configuration,
        seed=seed,
        out=out,
        budget=budget,
        max_steps=max_steps,
    )
    likelihood = Likelihood(
        solution=solution,
        data=rest,
        outer=parameters == "outer",
        hard=configuration.training.hard,
        points=points,
        noise={f: v for f, v in named.items() if v is not None},
        residual=residual,
        prior=prior,
        seed=seed,
    )
    sampled = sample(likelihood, chains, draws, thinning, adjusted, seed)
    plain = Posterior(level, {}, {}, kept, solution, **sampled)
    factors, spread = plain.calibration(rest, kept, rank)
    return Posterior(level, factors, spread, kept, solution, **sampled)


def sample(
    likelihood: Likelihood,
    chains: int,
    draws: int,
    thinning: int,
    adjusted: bool,
    seed: int,
) -> dict[str, Any]:
    """Chains of a likelihood, as the fields of a [`certax.Posterior`][]."""
    with jax.enable_x64(True):
        misfits = likelihood.misfits()
        metric = laplace_metric(misfits, likelihood.center)
        affine = _is_affine(misfits, metric, seed)
        count = len(metric.center)
        ratio = _spread**2
        plan = None
        if affine:
            # In these coordinates the measure is N(0, I), so all constants are 1.
            start = count * (ratio - 1 - np.log(ratio)) / 2
            plan = plan_langevin(
                1.0, 1.0, dimension=count, start=start, accuracy=_accuracy
            )
        if plan is None and not adjusted:
            raise CertaxError(
                "Plain Langevin steps have a plan only where the posterior is "
                "Gaussian, and here the residuals are not affine in what is sampled.",
                value="adjusted=False",
                remedy='Leave adjusted at True, or sample parameters="outer" of a '
                "linear equation.",
            )
        keys = jax.random.split(jax.random.key(seed), 3)
        starts = _spread * jax.random.normal(keys[0], (chains, count))
        potential = lambda z: (misfits(metric.weights(z)) ** 2).sum() / 2
        if adjusted:
            make = lambda h: metropolis_adjusted_langevin(potential, h)
            # The usual scale of the step in so many dimensions.
            first = count ** (-1 / 3)
            step, starts = tuned_step(make, keys[1], starts, first=first)
            kernel = make(step)
        else:
            assert plan is not None
            step, kernel = plan.step, langevin(potential, plan.step)
            before = sample_chains(
                kernel, keys[1], starts, draws=1, thinning=plan.steps
            )
            starts = before.positions[:, -1]
        found = sample_chains(kernel, keys[2], starts, draws=draws, thinning=thinning)
        center, root = np.asarray(metric.center), np.asarray(metric.root)
    return {
        "draws": center + np.asarray(found.positions) @ root.T,
        "acceptance": float(np.mean(np.asarray(found.acceptance))),
        "step": step,
        "likelihood": likelihood,
        "gaussian": (center, root @ root.T) if affine else None,
        "plan": plan,
    }


def _is_affine(misfits: Any, metric: LaplaceMetric, seed: int) -> bool:
    """Whether F is affine on a segment through the center, as far as can be measured.

    Second differences of F where the posterior is, beside first ones.
    """
    function = jax.jit(misfits)
    direction = jax.random.normal(jax.random.key(seed), metric.center.shape)
    at = [np.asarray(function(metric.weights(t * direction))) for t in (-3, 0, 3)]
    bent = np.linalg.norm(at[0] - 2 * at[1] + at[2])
    return bool(bent <= _affine * np.linalg.norm(at[2] - at[0]))


def _check(parameters: str, chains: int, draws: int, thinning: int, points: int):
    if parameters not in ("outer", "all"):
        raise CertaxError(
            f"There is no choice of parameters {parameters!r}.",
            value=parameters,
            remedy='Choose "outer" or "all".',
        )
    least = {"chains": 2, "draws": 4, "thinning": 1, "points": 1}
    given = {"chains": chains, "draws": draws, "thinning": thinning, "points": points}
    for name, value in given.items():
        if value < least[name]:
            raise CertaxError(
                f"{name} = {value} is too few.",
                value=value,
                remedy=f"Take at least {least[name]}.",
            )


def _check_deviation(name: str, value: float | None) -> None:
    if value is not None and not (np.isfinite(value) and value > 0):
        raise CertaxError(
            f"The {name} is {value}, and it is a standard deviation.",
            value=value,
            remedy="Give a positive number, or leave it out.",
        )

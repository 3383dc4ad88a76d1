"""Langevin Monte Carlo on Gaussian targets, where everything is known."""

import math
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ...training import (
    effective_sample_size,
    langevin,
    metropolis_adjusted_langevin,
    plan_langevin,
    sample_chains,
    split_r_hat,
)


@dataclass(frozen=True)
class Gaussian:
    """The measure exp(−wᵀPw/2).

    **Attributes:**

    - `deviations`: square roots of the eigenvalues of P⁻¹.
    - `turned`: whether its axes are other than the coordinates'.
    """

    deviations: tuple[float, ...]
    turned: bool = False

    @property
    def precision(self) -> np.ndarray:
        values = np.diag(1 / np.square(self.deviations))
        if not self.turned:
            return values
        # A reflection: orthogonal, and no coordinate stays what it was.
        ones = np.ones((len(values), 1))
        axes = np.eye(len(values)) - 2 * ones @ ones.T / len(values)
        return axes @ values @ axes

    def covariance(self, step: float) -> np.ndarray:
        """Of plain steps: C = (I − hP) C (I − hP) + 2hI; for h = 0 the target's."""
        precision = self.precision
        bent = np.eye(len(precision)) - step / 2 * precision
        return np.linalg.inv(precision @ bent)


def moments(
    target: Gaussian,
    step: float,
    *,
    adjusted: bool,
    chains: int,
    draws: int,
    thinning: int,
    seed: int,
) -> dict[str, Any]:
    """Means and second moments of stationary chains, in standard errors.

    The chains begin in the law that they are said to keep.
    """
    kernels = {True: metropolis_adjusted_langevin, False: langevin}
    precision = jnp.asarray(target.precision)
    kernel = kernels[adjusted](lambda w: w @ precision @ w / 2, step)
    first, second = jax.random.split(jax.random.key(seed))
    known = target.covariance(0.0 if adjusted else step)
    root = jnp.linalg.cholesky(jnp.asarray(known))
    starts = jax.random.normal(first, (chains, len(root)), jnp.float64) @ root.T
    found = sample_chains(kernel, second, starts, draws=draws, thinning=thinning)
    positions = np.asarray(found.positions)
    pairs = np.triu_indices(len(known))
    products = positions[:, :, pairs[0]] * positions[:, :, pairs[1]]
    means = np.concatenate([positions.mean(axis=1), products.mean(axis=1)], axis=1)
    wanted = np.concatenate([np.zeros(len(known)), known[pairs]])
    errors = means.std(axis=0, ddof=1) / math.sqrt(chains)
    largest = float(np.max(np.abs(means.mean(axis=0) - wanted) / errors))
    true = np.diag(target.covariance(0.0))
    sampled = (positions**2).mean(axis=(0, 1))
    return {
        "moments": len(wanted),
        "largest deviation": largest,
        "within 3": largest <= 3,
        "relative bias, closed form": float(np.max(np.diag(known) / true - 1)),
        "relative bias, found": float(np.max(sampled / true - 1)),
        "acceptance": float(found.acceptance.mean()),
        "R-hat": float(np.max(split_r_hat(positions))),
        "effective size": float(np.min(effective_sample_size(positions))),
    }


@dataclass(frozen=True)
class Entropies:
    """After `step_number` steps: exact divergences, and the bound of the first.

    `renyi` is of order 2, and infinite where its integral is.
    """

    step_number: int
    relative_entropy: float
    bound: float
    renyi: float


def relative_entropies(
    target: Gaussian, start: float, accuracy: float, parts: int
) -> list[Entropies]:
    """The plan of the theorem on a Gaussian target, and what it says on the way.

    α and β are the least and largest eigenvalue p of P. The law stays N(0, ·), with
    eigenvalues v ← (1 − hp)² v + 2h.

    **Arguments:**

    - `start`: the deviation of the start N(0, start² I).
    - `parts`: at so many step numbers, evenly spaced.
    """
    values = 1 / np.square(target.deviations)
    plan = plan_langevin(
        1 / float(values.min()),
        float(values.max()),
        dimension=len(values),
        start=_entropy(start**2 * values),
        accuracy=accuracy,
    )
    limit = 1 / (values * (1 - plan.step * values / 2))
    shrunk = (1 - plan.step * values) ** 2
    found = []
    for part in range(parts + 1):
        k = plan.steps * part // parts
        ratio = values * (limit + shrunk**k * (start**2 - limit))
        found.append(Entropies(k, _entropy(ratio), plan.entropy(k), _renyi(ratio)))
    return found


def _entropy(ratios: np.ndarray) -> float:
    """KL(N(0, C) | N(0, P⁻¹)) for the eigenvalues of CP."""
    return float(np.sum(ratios - 1 - np.log(ratios)) / 2)


def _renyi(ratios: np.ndarray) -> float:
    """The divergence of order 2 for the same."""
    if np.max(ratios) >= 2:
        return math.inf
    return float(-np.sum(np.log(ratios * (2 - ratios))) / 2)

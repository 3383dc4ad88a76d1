"""Where the residual is looked at: scrambled Sobol points, redrawn where it is large.

Every draw is a function of the seed and the step alone, so a resumed run draws the
same points as one that was never interrupted.
"""

import abc
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from certax._core import CertaxError, sobol_points

_CHOICE, _FRESH = 1, 2  # independent streams of one seed


def fresh_points(number: int, dimension: int, *, seed: int) -> np.ndarray:
    """Points that no sampler draws, to see the residual where nothing was trained."""
    return sobol_points(number, dimension, seed=seed, step=0, stream=_FRESH)


Region = Callable[[np.ndarray], np.ndarray]


def only_inside(
    draw: Callable[[int], np.ndarray], number: int, inside: Region | None
) -> np.ndarray:
    """The first `number` points inside of what `draw` gives, which is asked for twice
    as many until it gives enough.

    **Raises:** `CertaxError` if the region has hardly any points.
    """
    if inside is None:
        return draw(number)
    drawn = number
    while drawn <= 2**12 * number:
        points = draw(drawn)
        points = points[inside(points)]
        if len(points) >= number:
            return points[:number]
        drawn *= 2
    raise CertaxError(
        f"Of {drawn // 2} points hardly any lie inside the domain.",
        value=drawn // 2,
        remedy="The domain is too thin for the box around it.",
    )


class AbstractSampler(abc.ABC):
    """Draws collocation points in the unit cube."""

    @abc.abstractmethod
    def draw(
        self,
        number: int,
        dimension: int,
        norms: Callable[[np.ndarray], np.ndarray],
        *,
        seed: int,
        step: int,
    ) -> np.ndarray:
        """`number` points, given the residual's norm as a function of points."""


@dataclass(frozen=True)
class UniformSampler(AbstractSampler):
    """Scrambled Sobol points, whatever the residual."""

    def draw(self, number, dimension, norms, *, seed, step):
        return sobol_points(number, dimension, seed=seed, step=step)


@dataclass(frozen=True)
class GrowingSampler(AbstractSampler):
    """Sobol points up to a time, the first coordinate, that grows with the step.

    They reach the fraction `start` of its interval at step 0 and all of it from step
    `steps` on, so that what is learnt first is what the solution comes from. Otherwise
    least squares can settle on a jump to another equilibrium, whose residual is large
    nowhere but at the jump.

    ??? cite "Reference"

        ```bibtex
        @article{krishnapriyan2021characterizing,
            title={Characterizing possible failure modes in physics-informed neural
                   networks},
            author={Krishnapriyan, Aditi and Gholami, Amir and Zhe, Shandian and
                    Kirby, Robert and Mahoney, Michael W.},
            journal={Advances in Neural Information Processing Systems},
            volume={34}, year={2021}}
        ```
    """

    steps: int
    start: float = 0.05

    def draw(self, number, dimension, norms, *, seed, step):
        points = sobol_points(number, dimension, seed=seed, step=step)
        reach = min(1.0, self.start + (1.0 - self.start) * step / self.steps)
        points[:, 0] *= reach
        return points


@dataclass(frozen=True)
class ResidualAdaptiveSampler(AbstractSampler):
    """Points from a Sobol pool with probability `|r|^k1 / mean(|r|^k1) + k2`.

    `exponent` is `k1`, `floor` is `k2`, and the pool holds `pool_ratio` candidates for
    each point drawn; points are drawn without replacement.

    ??? cite "Reference"

        ```bibtex
        @article{wu2023comprehensive,
            title={A comprehensive study of non-adaptive and residual-based adaptive
                   sampling for physics-informed neural networks},
            author={Wu, Chenxi and Zhu, Min and Tan, Qinyang and Kartha, Yadhu and
                    Lu, Lu},
            journal={Computer Methods in Applied Mechanics and Engineering},
            volume={403}, year={2023}}
        ```
    """

    exponent: float = 1.0
    floor: float = 1.0
    pool_ratio: int = 4

    def draw(self, number, dimension, norms, *, seed, step):
        pool = sobol_points(self.pool_ratio * number, dimension, seed=seed, step=step)
        powers = norms(pool) ** self.exponent
        mean = powers.mean()
        if not (np.isfinite(mean) and mean > 0):
            return pool[:number]
        # The largest of log-probability plus Gumbel noise are a draw without
        # replacement.
        generator = np.random.default_rng([seed, step, _CHOICE])
        with np.errstate(divide="ignore"):
            keys = np.log(powers / mean + self.floor) + generator.gumbel(size=len(pool))
        chosen = np.argpartition(-keys, number - 1)[:number]
        return pool[np.sort(chosen)]

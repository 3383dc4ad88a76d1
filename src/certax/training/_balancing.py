"""Factors that keep one term of the loss from drowning the others.

They are set at step numbers fixed beforehand, from computed numbers and the seed, and
belong to the checkpoint. Their mean is one.
"""

import abc
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ._batches import Batch
from ._losses import ResidualLoss

_LOOKBACK = 3  # a stream of the seed that no sampler draws from
_tiny = 1e-300


class BalanceState(NamedTuple):
    """`factors` has shape `(terms,)`; `memory` is what the method remembers."""

    factors: np.ndarray
    memory: Any


@dataclass(frozen=True)
class AbstractBalancing(abc.ABC):
    """Sets the factors `b_k` of the terms every `every` steps.

    `inertia` is the share of the former factors in the new ones.
    """

    every: int = 100
    inertia: float = 0.9

    def init(
        self, loss: ResidualLoss, weights: np.ndarray, data: Batch
    ) -> BalanceState:
        """The first factors, at the initial weights."""
        values = loss.term_values(weights, data)
        factors = self._target(loss, weights, data, values)
        return BalanceState(_normalized(factors), (values, values))

    def update(
        self,
        loss: ResidualLoss,
        weights: np.ndarray,
        data: Batch,
        state: BalanceState,
        *,
        seed: int,
        step: int,
    ) -> BalanceState:
        """The factors from this step on."""
        del seed, step
        target = self._target(loss, weights, data, loss.term_values(weights, data))
        mixed = self.inertia * state.factors + (1 - self.inertia) * _normalized(target)
        return BalanceState(_normalized(mixed), state.memory)

    @abc.abstractmethod
    def _target(
        self,
        loss: ResidualLoss,
        weights: np.ndarray,
        data: Batch,
        values: np.ndarray,
    ) -> np.ndarray:
        """The factors that the present alone would give, positive up to a scale."""


@dataclass(frozen=True)
class GradientNormBalancing(AbstractBalancing):
    """`b_i` proportional to `1 / |grad L_i|`: all terms pull equally hard.

    A term's norm is taken to be at least `1e-5` of their mean.

    ??? cite "Reference"

        ```bibtex
        @article{wang2023expert,
            title={An expert's guide to training physics-informed neural networks},
            author={Wang, Sifan and Sankaran, Shyam and Wang, Hanwen and
                    Perdikaris, Paris},
            journal={arXiv:2308.08468}, year={2023}}
        ```
    """

    def _target(self, loss, weights, data, values):
        norms = np.linalg.norm(loss.term_gradients(weights, data), axis=1)
        return _inverse(norms)


@dataclass(frozen=True)
class KernelTraceBalancing(AbstractBalancing):
    """`b_i` proportional to `1 / tr K_i` with the neural tangent kernels `K_i` of the
    terms: under gradient descent all then fall at the same mean rate.

    ??? cite "Reference"

        ```bibtex
        @article{wang2022when,
            title={When and why {PINN}s fail to train: A neural tangent kernel
                   perspective},
            author={Wang, Sifan and Yu, Xinling and Perdikaris, Paris},
            journal={Journal of Computational Physics}, volume={449},
            pages={110768}, year={2022}}
        ```
    """

    def _target(self, loss, weights, data, values):
        plain = data._replace(balance=np.ones(()))
        return _inverse(loss.squared_jacobian(weights, plain).sum(axis=1))


@dataclass(frozen=True)
class RelativeBalancing(AbstractBalancing):
    """ReLoBRaLo: terms that fell least get more, with random looks back to the start.

    With `l(t, s) = m softmax(L_i(t) / (temperature L_i(s)))` for `m` terms,

        b(t) = a (h b(t-1) + (1 - h) l(t, 0)) + (1 - a) l(t, t-1),

    where `a` is the inertia and `h` is 1 with probability `keeping`, else 0.

    ??? cite "Reference"

        ```bibtex
        @article{bischof2021multi,
            title={Multi-objective loss balancing for physics-informed deep learning},
            author={Bischof, Rafael and Kraus, Michael},
            journal={arXiv:2110.09813}, year={2021}}
        ```
    """

    temperature: float = 0.1
    keeping: float = 0.9

    def update(self, loss, weights, data, state, *, seed, step):
        values = loss.term_values(weights, data)
        first, last = state.memory
        generator = np.random.default_rng([seed, step, _LOOKBACK])
        keeps = generator.uniform() < self.keeping
        former = state.factors if keeps else self._relative(values, first)
        recent = self._relative(values, last)
        factors = self.inertia * former + (1 - self.inertia) * recent
        return BalanceState(_normalized(factors), (first, values))

    def _target(self, loss, weights, data, values):
        return np.ones_like(values)

    def _relative(self, values: np.ndarray, before: np.ndarray) -> np.ndarray:
        exponents = values / np.maximum(self.temperature * before, _tiny)
        powers = np.exp(exponents - exponents.max())
        return len(values) * powers / powers.sum()


def _inverse(sizes: np.ndarray) -> np.ndarray:
    mean = sizes.mean()
    if not (np.isfinite(mean) and mean > 0):
        return np.ones_like(sizes)
    return mean / np.maximum(sizes, 1e-5 * mean)


def _normalized(factors: np.ndarray) -> np.ndarray:
    """With mean one, and none below a millionth: every term must be seen."""
    if not np.isfinite(factors).all():
        return np.ones_like(factors)
    factors = np.maximum(factors / factors.mean(), 1e-6)
    return factors / factors.mean()

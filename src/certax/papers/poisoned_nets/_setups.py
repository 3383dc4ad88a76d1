"""The eight setups of the public code, their laws of the inputs, and made nets."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from ...training import (
    AbstractAdversary,
    AdaptiveAdversary,
    AlternatingAdversary,
    ObliviousAdversary,
    SensingNet,
    SignCorrelatedAdversary,
)


@dataclass(frozen=True)
class Law:
    """A symmetric law of one coordinate; `fourth_moment` is `None` if there is none."""

    name: str
    draw: Callable[[PRNGKeyArray, tuple[int, ...]], Array]
    variance: float
    fourth_moment: float | None


normal = Law("N(0, 1)", lambda k, s: jax.random.normal(k, s), 1.0, 3.0)
wide = Law("N(0, 9)", lambda k, s: 3 * jax.random.normal(k, s), 9.0, 243.0)
laplace = Law("Laplace(0, 2)", lambda k, s: 2 * jax.random.laplace(k, s), 8.0, 384.0)
student = Law("Student's t₄", lambda k, s: jax.random.t(k, 4.0, s), 2.0, None)


@dataclass(frozen=True)
class Setup:
    """One of the published setups: what is swept is θ or β.

    **Attributes:**

    - `inputs`, `weights`, `gates`, `batch`: n, r, k, b; `scale`: q.
    - `step`: η.
    - `bounds`, `probabilities`: θ and β of every column, as many of each.
    """

    key: str
    law: Law
    inputs: int
    weights: int
    gates: int
    batch: int
    steps: int
    step: float
    bounds: tuple[float, ...]
    probabilities: tuple[float, ...]
    scale: float = 1.0

    @property
    def swept(self) -> str:
        return "β" if len(set(self.bounds)) == 1 else "θ"

    def net(self, key: PRNGKeyArray) -> tuple[SensingNet, Float[Array, " r"]]:
        """Aᵢ = M + c C for whole numbers c but 0 about 0, and w* ~ N(0, I)."""
        a, b = jax.random.split(key)
        mean, other = jax.random.normal(a, (2, self.weights, self.inputs))
        half = self.gates // 2
        shifts = jnp.array([c for c in range(-half, half + 1) if c], mean.dtype)
        matrices = mean + shifts[:, None, None] * other
        target = jax.random.normal(b, (self.weights,))
        return SensingNet(matrices, scale=self.scale), target

    def points(self, key: PRNGKeyArray) -> Float[Array, "b n"]:
        return self.law.draw(key, (self.batch, self.inputs))


_thetas = (0.0, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0)
_betas = (0.0, 0.005, 0.05, 0.1, 0.2, 0.5, 0.9)
_laws = (
    (normal, 100, 1e-4),
    (wide, 50, 5e-5),
    (laplace, 50, 5e-5),
    (student, 100, 1e-4),
)
published = tuple(
    Setup(f"sim0{i}", law, n, 25, 10, 16, 40_000, step, bounds, chances)
    for i, (law, n, step, bounds, chances) in enumerate(
        [(*known, _thetas, (0.5,) * 7) for known in _laws]
        + [(*known, (0.25,) * 7, _betas) for known in _laws],
        1,
    )
)
_assisted = Setup(
    "q1", normal, 50, 20, 100, 64, 40_000, 1e-4, (0.0, 0.5, 1.0), (0.05,) * 3
)
assisted = (_assisted, replace(_assisted, key="q10", scale=10.0, step=2e-5))


def reduced(setup: Setup, steps: int) -> Setup:
    """The same with few inputs and weights, so that seconds are enough.

    The step follows the sizes: η times the mean of |x|² and that of |Aᵢ|² stays.
    """
    inputs = 24 if setup.inputs == 100 else 16
    weights, gates, batch = 6, 10, 16
    stiffness = lambda s: s.inputs * (1 + _mean_square(s.gates)) * s.weights / s.batch
    small = replace(
        setup, inputs=inputs, weights=weights, gates=gates, batch=batch, steps=steps
    )
    return replace(small, step=setup.step * stiffness(setup) / stiffness(small))


def _mean_square(gates: int) -> float:
    half = gates // 2
    return (half + 1) * (2 * half + 1) / 6


def adversaries(inputs: int) -> dict[str, AbstractAdversary]:
    """Of bound and probability one; runs scale and thin them."""
    direction = jnp.zeros(inputs).at[0].set(1.0)
    return {
        "alternating": AlternatingAdversary(1.0),
        "oblivious": ObliviousAdversary(1.0),
        "sign-correlated": SignCorrelatedAdversary(1.0, direction=direction),
        "adaptive": AdaptiveAdversary(1.0),
    }

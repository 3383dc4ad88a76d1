"""Laws of the inputs whose moments behind a gate are known exactly."""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from flint import arb, ctx
from jaxtyping import Array, PRNGKeyArray

from ...certificates import GateMoments, Hypothesis


@dataclass(frozen=True)
class Law:
    r"""A symmetric law with $E\,xx^\top = I$ and $E\,\|x\|^2 xx^\top = s I$.

    x and −x are equally likely, and one of them is behind the gate: so $\Sigma = E[1\{
    w^* x > 0\} xx^\top] = \frac12 I$ and $Q = \frac s2 I$ for every w*, and GLM-Tron's
    factor is an equality without attack.

    **Attributes:**

    - `draw`: points of shape `(b, d)`.
    - `spread`: s as numerator and denominator, for a dimension.
    """

    name: str
    draw: Callable[[PRNGKeyArray, tuple[int, int]], Array]
    spread: Callable[[int], tuple[int, int]]

    def moments(self, dimension: int, batch: int) -> GateMoments:
        """λ₁ = 1/2 and c_b = s/(2b) + (1 − 1/b)/4, as balls; without attack."""
        with ctx.workprec(128):
            above, below = self.spread(dimension)
            quartic = arb(above) / (2 * below)
            crossed = quartic / batch + (1 - arb(1) / batch) / 4
            half = arb(1) / 2
            # E‖x‖ behind the gate is at most half the root of E‖x‖² = d.
            length = arb(dimension).sqrt() / 2
        said = f"fresh inputs in every step: {self.name}"
        law = Hypothesis("law", "assumed", said)
        return GateMoments(half, half, crossed, quartic, length, arb(dimension), law)


def _on_sphere(key, shape):
    points = jax.random.normal(key, shape)
    lengths = jnp.linalg.norm(points, axis=1, keepdims=True)
    return points / lengths * jnp.sqrt(shape[1])


# For independent coordinates s is the fourth moment plus d − 1.
laws = {
    law.name: law
    for law in (
        Law("normal", jax.random.normal, lambda d: (d + 2, 1)),
        Law("on a sphere", _on_sphere, lambda d: (d, 1)),
        Law(
            "uniform in a cube",
            lambda k, s: jax.random.uniform(k, s, minval=-1, maxval=1) * jnp.sqrt(3.0),
            lambda d: (5 * d + 4, 5),
        ),
        Law(
            "Laplace",
            lambda k, s: jax.random.laplace(k, s) / jnp.sqrt(2.0),
            lambda d: (d + 5, 1),
        ),
    )
}

"""Time windows: one net a window, and smooth hand-overs between them."""

from collections.abc import Callable

import equinox as eqx
import jax.numpy as jnp
from jax.scipy.special import erf
from jaxtyping import Array, Float

Network = Callable[[Array], Array]

# In the time of a window, [-1, 1]: hand-overs end where a window begins, at -1, and
# the one before it was trained there.
_middle, _steepness = 1.25, 24.0
overlap = 0.25
"""Of a window's length: how far before it its net is trained."""


class Windows(eqx.Module):
    """x ↦ N₁ + Σ_k s_k (N_k − N_{k−1}) with s_k rising from 0 to 1 before window k.

    Windows are equal parts of [-1, 1] in one of the inputs, and each net sees its own
    as [-1, 1]. s_k = (1 + erf(24 τ + 30)) / 2, in that time τ, is 1e-9 away from 0
    and 1 only between -1.43 and -1.07. So the sum is smooth and one formula, and what
    a net does after its window, or before, is no part of it to double precision.

    **Arguments:**

    - `networks`: N₁, N₂, ... up to the last window that has been reached.
    - `count`: how many windows there are.
    - `axis`: which of the inputs is time.
    """

    networks: tuple[Network, ...]
    count: int = eqx.field(static=True)
    axis: int = eqx.field(static=True)

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        total = before = self.networks[0](self._seen(x, 0))
        for k, network in enumerate(self.networks[1:], 1):
            seen = self._seen(x, k)
            step = 0.5 * (1.0 + erf(_steepness * (seen[self.axis] + _middle)))
            value = network(seen)
            total, before = total + step * (value - before), value
        return total

    def _seen(self, x: Array, window: int) -> Array:
        time = self.count * (x[self.axis] + 1.0) - (2.0 * window + 1.0)
        return _replaced(x, self.axis, time)

    def extended(self) -> "Windows":
        """With one more net, which starts as a copy of the last."""
        networks = (*self.networks, self.networks[-1])
        return Windows(networks, self.count, self.axis)

    def part(self) -> tuple[float, float]:
        """Where the last net is to be trained, as part of the unit interval."""
        last = len(self.networks) - 1
        before = overlap if last else 0.0
        return (last - before) / self.count, (last + 1) / self.count


def _replaced(x: Array, axis: int, value: Array) -> Array:
    parts = [x[i] for i in range(x.shape[0])]
    parts[axis] = value
    return jnp.stack(parts)

"""Solutions on the ball whose coordinates act on their neighbors."""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

Local = Callable[..., Array]


def two_body(x: Array, y: Array) -> Array:
    return jnp.sin(x + jnp.cos(y) + y * jnp.cos(x))


def three_body(x: Array, y: Array, z: Array) -> Array:
    return jnp.exp(x * y * z)


@dataclass(frozen=True, eq=False)
class Interaction:
    """u = (1 - |x|²) S with S = sum_i c_i s(x_i, x_(i+1), ...), c_i normal.

    The Laplacian is exact and costs as much as a few values: s sees few coordinates,
    so all its second derivatives by one of its arguments are one pass along a line.

    **Arguments:**

    - `local`: s, elementwise.
    - `reach`: the number of its arguments.
    - `dimension`: d; the c_i are NumPy's normal numbers of seed 0.
    """

    local: Local
    reach: int
    dimension: int

    @property
    def coefficients(self) -> np.ndarray:
        number = self.dimension - self.reach + 1
        return np.random.default_rng(0).standard_normal(number)

    def _windows(self, x: Array) -> list[Array]:
        number = x.shape[0] - self.reach + 1
        return [x[i : i + number] for i in range(self.reach)]

    def sum(self, x: Array) -> Array:
        """S(x)."""
        c = jnp.asarray(self.coefficients, x.dtype)
        return c @ self.local(*self._windows(x))

    def sum_laplacian(self, x: Array) -> Array:
        c = jnp.asarray(self.coefficients, x.dtype)
        windows = self._windows(x)
        total = jnp.zeros((), x.dtype)
        for k in range(self.reach):

            def of(w, k=k):
                return self.local(*windows[:k], w, *windows[k + 1 :])

            one = jnp.ones_like(windows[k])
            slope = lambda w, of=of, one=one: jax.jvp(of, (w,), (one,))[1]
            total = total + c @ jax.jvp(slope, (windows[k],), (one,))[1]
        return total

    def value(self, x: Array) -> Array:
        return (1 - x @ x) * self.sum(x)

    def laplacian(self, x: Array) -> Array:
        value, radial = jax.jvp(self.sum, (x,), (x,))
        inner = (1 - x @ x) * self.sum_laplacian(x)
        return inner - 4 * radial - 2 * self.dimension * value

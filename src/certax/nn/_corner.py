"""Corners of initial data at a periodic seam, and how diffusion rounds them.

Data that are smooth but for a corner where a periodic coordinate closes are no smooth
function on the circle, and a net that keeps their corner solves another problem.
Diffusion with the coefficient κ rounds |y| at once to

    E(y, s) = y erf(y / s) + s exp(-y² / s²) / √π,    s² = 4 κ (t - t₀) + s₀²,

its convolution with a Gaussian. The height y = (L / π) sin(π (x - a) / L) vanishes at
the seam alone and has slope one there; W = E(y, s) is even in y, so a smooth function
on the circle. The data are the limit s → 0 of cosine and sine series plus W times
others, and these are what û starts from: s₀ > 0 keeps û smooth at t₀ as well, at the
price of an initial defect of the size of s₀ at the seam, which certificates enclose.
"""

from collections.abc import Callable

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import erf
from jaxtyping import Array, Float

from .._core import AbstractShape, CertaxError, Exact, cospi, expression, sinpi
from ._constraints import Point

_modes = 24
_samples = 1000
_accuracy = 1e-10


class RoundedCorner(eqx.Module):
    """One field's initial data with a corner at a seam, rounded by diffusion.

    **Arguments:**

    - `domain`: the box.
    - `coordinate`: the periodic one.
    - `time`: the one that carries the initial data.
    - `diffusivity`: κ.
    - `data`: the initial data, a function of the periodic coordinate.

    **Raises:** `CertaxError` if the data are not smooth beside the seam.
    """

    lower: Exact
    length: Exact
    start: Exact
    diffusivity: Exact
    narrowest: Exact
    series: tuple[tuple[Exact, ...], ...]
    coordinate: str = eqx.field(static=True)
    time: str = eqx.field(static=True)

    def __init__(
        self,
        domain: AbstractShape,
        coordinate: str,
        time: str,
        diffusivity: float,
        data: Callable[[Array], Array],
    ):
        axis, begin = domain.names.index(coordinate), domain.names.index(time)
        lower, upper = domain.lower[axis], domain.upper[axis]
        self.lower, self.start = Exact(lower), Exact(domain.lower[begin])
        self.length = Exact(f"{upper}-({lower})")
        self.diffusivity = Exact(expression(diffusivity))
        self.narrowest = Exact(f"1e-6*({self.length.expression})")
        self.coordinate, self.time = coordinate, time
        self.series = ()
        self.series = _fitted(self, data)

    def height(self, x: Array) -> Array:
        """y, the sine that vanishes at the seam with slope one there."""
        length = self.length.value
        return length / jnp.pi * sinpi((x - self.lower.value) / length)

    def width(self, t: Array) -> Array:
        """s."""
        passed = 4.0 * self.diffusivity.value * (t - self.start.value)
        return jnp.sqrt(passed + self.narrowest.value**2)

    def rounded(self, point: Point) -> Float[Array, ""]:
        """W, of size L / π."""
        height, width = (
            self.height(point[self.coordinate]),
            self.width(point[self.time]),
        )
        ratio = height / width
        return height * erf(ratio) + width * jnp.exp(-(ratio**2)) / jnp.sqrt(jnp.pi)

    def feature(self, point: Point) -> Float[Array, ""]:
        """W scaled to [-1, 1]."""
        return 2.0 * jnp.pi / self.length.value * self.rounded(point) - 1.0

    def extension(self, point: Point) -> Float[Array, ""]:
        """g: at t₀ the data, but for the rounding at the seam."""
        rounded = self.rounded(point)
        columns = self.columns(point[self.coordinate], rounded)
        total = jnp.zeros(())
        for coefficients, (column, weight) in zip(self.series, columns, strict=True):
            for coefficient, mode in zip(coefficients, column, strict=False):
                total = total + coefficient.value * weight * mode
        return total

    def columns(self, x: Array, rounded: Array) -> list[tuple[list[Array], Array]]:
        """Cosines and sines, and both times the rounded corner."""
        turns = 2.0 * (x - self.lower.value) / self.length.value
        one, cosine, sine = jnp.ones(()), cospi(turns), sinpi(turns)
        cosines, sines = [one, cosine], [jnp.zeros(()), sine]
        for modes in (cosines, sines):
            while len(modes) < _modes:
                modes.append(2.0 * cosine * modes[-1] - modes[-2])
        return [(m, w) for w in (one, rounded) for m in (cosines, sines[1:])]


def _fitted(corner: RoundedCorner, data: Callable) -> tuple[tuple[Exact, ...], ...]:
    """The shortest series that meet the data, by least squares at Chebyshev points."""
    angles = np.pi * (np.arange(_samples) + 0.5) / _samples
    x = corner.lower.value + corner.length.value * (1.0 - np.cos(angles)) / 2.0
    wanted = np.asarray(jax.jit(jax.vmap(data))(x))
    size = float(np.abs(wanted).max())

    def row(x: Array) -> list[Array]:
        columns = corner.columns(x, jnp.abs(corner.height(x)))
        return [jnp.stack([w * mode for mode in modes]) for modes, w in columns]

    blocks = [np.asarray(b) for b in jax.jit(jax.vmap(row))(x)]
    mirrored = np.allclose(wanted, wanted[::-1], rtol=0.0, atol=1e-13 * size)
    for modes in range(1, _modes + 1):
        kept = [
            b[:, : 0 if mirrored and i % 2 else modes] for i, b in enumerate(blocks)
        ]
        matrix = np.concatenate(kept, axis=1)
        found, *_ = np.linalg.lstsq(matrix, wanted, rcond=1e-13)
        if np.abs(matrix @ found - wanted).max() <= _accuracy * size:
            parts = np.split(found, np.cumsum([b.shape[1] for b in kept])[:-1])
            return tuple(tuple(Exact(expression(float(c))) for c in p) for p in parts)
    raise CertaxError(
        "The initial data are not smooth beside the corner at the seam of "
        f"{corner.coordinate}.",
        value=corner.coordinate,
        remedy="Give data that are smooth inside, or certify the residual alone.",
    )

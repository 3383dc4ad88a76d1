"""Where the points of a high-dimensional problem are drawn."""

import abc
import math
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jaxtyping import Array, PRNGKeyArray

from ..._core import CertaxError

most_dimensions = 10_000_000
Points = tuple[Array, ...]


class AbstractCloud(abc.ABC):
    """A domain in d dimensions with a law of its points.

    - `dimension`: d, without time.
    - `has_time`: whether points are pairs (x, t).
    - `input_scale`: times x has entries of size one.
    """

    dimension: int
    has_time: bool
    input_scale: float

    @abc.abstractmethod
    def sample(self, key: PRNGKeyArray, number: int, dtype) -> Points:
        """Points: x of shape `(number, d)` and, if there is time, t of `(number,)`."""

    @abc.abstractmethod
    def in_words(self) -> str:
        """The domain and the law, for people."""


@dataclass(frozen=True)
class UnitBall(AbstractCloud):
    """The unit ball; directions are uniform and so is the distance from the center.

    Points uniform by volume would all lie at the boundary: in dimension d the mean
    distance from it is 1 / (d + 1).
    """

    dimension: int
    has_time = False

    def __post_init__(self):
        check_dimension(self.dimension)

    @property
    def input_scale(self) -> float:
        return math.sqrt(self.dimension)

    def sample(self, key, number, dtype):
        of_direction, of_radius = jax.random.split(key)
        x = jax.random.normal(of_direction, (number, self.dimension), dtype)
        radius = jax.random.uniform(of_radius, (number, 1), dtype)
        return (x * (radius / jnp.linalg.norm(x, axis=1, keepdims=True)),)

    def in_words(self):
        return (
            f"the unit ball in {self.dimension} dimensions, uniform in direction and "
            "in distance from the center"
        )


@dataclass(frozen=True)
class Paths(AbstractCloud):
    """All of space and a time interval, in the law of a diffusion.

    Time is uniform on [0, `duration`], and x is the process there. By the Feynman-Kac
    formula the error of a linear equation at the start of the process is the mean of
    the residual along it, so nothing need be known elsewhere.

    **Arguments:**

    - `position`: `(z, t) -> x` for a normal z of shape `(d,)`; by default the process
      of the Laplacian from 0, `sqrt(2 t) z`.
    - `law`: that process in words.
    """

    dimension: int
    duration: float
    position: Callable[[Array, Array], Array] | None = None
    law: str = "x normal with variance 2 t in every coordinate"
    has_time = True
    input_scale = 1.0

    def __post_init__(self):
        check_dimension(self.dimension)
        if not (math.isfinite(self.duration) and self.duration > 0):
            raise CertaxError(
                f"The duration is {self.duration}.",
                value=self.duration,
                remedy="Give a positive number.",
            )

    def sample(self, key, number, dtype):
        of_noise, of_time = jax.random.split(key)
        z = jax.random.normal(of_noise, (number, self.dimension), dtype)
        t = self.duration * jax.random.uniform(of_time, (number,), dtype)
        if self.position is None:
            return jnp.sqrt(2 * t)[:, None] * z, t
        return jax.vmap(self.position)(z, t), t

    def in_words(self):
        return (
            f"{self.dimension} dimensions, t uniform in [0, {self.duration:g}], "
            f"{self.law}"
        )


def check_dimension(dimension: int) -> None:
    """**Raises:** `CertaxError` if there is no space of such a dimension."""
    whole = isinstance(dimension, int) and not isinstance(dimension, bool)
    if not whole or not 2 <= dimension <= most_dimensions:
        raise CertaxError(
            f"The dimension is {dimension}.",
            value=str(dimension),
            remedy=f"Give a whole number from 2 to {most_dimensions:,}.",
        )

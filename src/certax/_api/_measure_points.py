"""Errors in high dimension: over points of the problem's law, not over a grid."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from ..problems import HighDimensionalProblem

_numbers_at_once = 2_000_000
_seed = 2**31 - 1
Points = tuple[np.ndarray, ...]
Network = Callable[..., jax.Array]


@dataclass(frozen=True)
class TestPoints:
    """Points that training never sees, with the solution there.

    They are drawn in chunks whenever they are looked at: all of them together may need
    more memory than training.
    """

    problem: HighDimensionalProblem
    number: int = 1000

    def chunks(self) -> Iterator[Points]:
        size = max(1, min(self.number, _numbers_at_once // self.problem.dimension))
        for chunk in range(-(-self.number // size)):
            with jax.enable_x64(False):
                key = jax.random.fold_in(jax.random.key(_seed), chunk)
                points = self.problem.cloud.sample(key, size, jnp.float32)
            yield tuple(np.asarray(p, np.float64) for p in points)

    def errors(self, networks: dict[str, Network]) -> dict[str, tuple[float, float]]:
        """Relative L2 and largest error of data + factor N for every N; empty where
        the solution is not known or zero.
        """
        known = self.problem.known
        if known is None:
            return {}
        squares = dict.fromkeys(networks, 0.0)
        largest = dict.fromkeys(networks, 0.0)
        size = 0.0
        for points in self.chunks():
            exact = known.values(*points)
            size += float(exact @ exact)
            for name, network in networks.items():
                error = evaluated(self.problem, network, points) - exact
                squares[name] += float(error @ error)
                largest[name] = max(largest[name], float(np.abs(error).max()))
        if size == 0:
            return {}
        return {n: ((squares[n] / size) ** 0.5, largest[n]) for n in networks}


def evaluated(
    problem: HighDimensionalProblem, network: Network, points: Points
) -> np.ndarray:
    """û = data + factor N at points, computed in float32."""
    lift = problem.lift

    def field(*point):
        return lift.data(*point) + lift.factor(*point) * network(*point)

    with jax.enable_x64(False):
        values = jax.vmap(field)(*(jnp.asarray(p, jnp.float32) for p in points))
    return np.asarray(values, np.float64)

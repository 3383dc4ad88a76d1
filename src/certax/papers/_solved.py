"""Rows of our own: `certax.solve` with its recipe, and what is then proved."""

import time
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from .. import _api
from .._core import Configuration
from ..problems import Problem
from ._flows import Flow

small_net = Configuration.model_validate({"network": {"width": 12, "depth": 2}})


def solved(
    problem: Problem,
    *,
    seed: int,
    steps: int,
    certify_seconds: float,
    configuration: Configuration = small_net,
) -> tuple[Any, dict[str, Any]]:
    """Solves and certifies: the solution, and seconds, bound, norm and theorem."""
    began = time.monotonic()
    solution = _api.solve(
        problem, seed=seed, max_steps=steps, configuration=configuration
    )
    seconds = time.monotonic() - began
    certificate = _api.certify(solution, budget=certify_seconds)
    proved = certificate.verdict == "proved"
    claim = f"{certificate.claim}, {certificate.norm}"
    bound = f"{certificate.bound} ({claim})" if proved else certificate.verdict
    return solution, {"proved": bound, "training seconds": seconds}


def fractional_error(solution: Any, flow: Flow) -> float:
    """As for the other methods, on the same grid."""
    names, fields = solution.problem.domain.names, solution.problem.fields
    points = np.asarray(flow.test_points())
    coordinates = {n: points[:, i] for i, n in enumerate(names)}
    values = solution.evaluate(coordinates, (0,) * len(names))
    found = np.stack([values[f] for f in fields], axis=-1)
    return distance(found, flow.exact, points)


def distance(found: np.ndarray, exact: Callable, points: np.ndarray) -> float:
    """Squared distance of values from a function's, over its squared norm."""
    import jax

    wanted = np.asarray(jax.vmap(exact)(jnp.asarray(points)))
    return float(np.sum((found - wanted) ** 2) / np.sum(wanted**2))

"""How fast an equation carries things, for nets that follow its characteristics."""

from collections.abc import Mapping

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from .._core import Program, evaluate
from ..problems import Problem, point_derivatives
from ._objective import known_inputs

_points = 64


def mean_speeds(
    problem: Problem, network: Program, weights: Mapping[str, Array]
) -> tuple[float, ...]:
    """The mean over the domain of (∂F/∂u_x) / (∂F/∂u_t), for each space coordinate x,
    at the fields that a net gives; 0 where F has no u_t.

    Equations and fields are taken in pairs, and the mean is over the pairs too.
    """
    names, residual = problem.domain.names, problem.residual
    time = problem.time
    assert time is not None
    orders = tuple({i.orders: None for i in residual.of_kind("derivative")})
    derivatives = {(i.field, i.orders): i.name for i in residual.of_kind("derivative")}
    lower, upper = problem.domain.lower_floats, problem.domain.upper_floats
    first = {n: tuple(int(m == n) for m in names) for n in names}
    pairs = list(zip(residual.outputs, problem.fields, strict=False))

    def at(point):
        found = point_derivatives(network, names, orders, weights, point)
        inputs = known_inputs(residual, names, point) | {
            name: jnp.asarray(found[order][field])
            for (field, order), name in derivatives.items()
        }
        slopes = jax.jacrev(lambda given: evaluate(residual, given))(inputs)
        speeds = []
        for space in (n for n in names if n != time):
            total = jnp.zeros(())
            for equation, field in pairs:
                rate = derivatives.get((field, first[time]))
                drift = derivatives.get((field, first[space]))
                if rate is not None and drift is not None:
                    total += slopes[equation][drift] / slopes[equation][rate]
            speeds.append(total / len(pairs))
        return jnp.stack(speeds)

    with jax.enable_x64(True):
        units = np.random.default_rng(0).uniform(size=(_points, len(names)))
        found = np.asarray(jax.vmap(at)(jnp.asarray(lower + units * (upper - lower))))
    mean = found.mean(axis=0)
    return tuple(float(s) if np.isfinite(s) else 0.0 for s in mean)

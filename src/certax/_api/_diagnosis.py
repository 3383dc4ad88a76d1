"""What stood in the way of training."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from ..diagnostics import OperatorConditioning, operator_conditioning
from ..problems import Solution, point_derivatives
from ..training import ResidualLoss
from ._inverse import numbers_of
from ._objective import parameters, residual_function
from ._vectors import flatten


def conditioning(
    solution: Solution, *, hard: bool = True, points: int = 2000
) -> OperatorConditioning:
    """Measures how hard the trained operator is for gradient descent.

    **Arguments:**

    - `solution`: what [`certax.solve`][] or [`certax.load`][] hands back.
    - `hard`: whether the conditions were built into the net; else their defects are
        terms too.
    - `points`: how many the operator is looked at.

    **Returns:** spectra, condition numbers and sentences; measured, not proved.

    **Raises:** `CertaxError` if the matrices do not fit into memory.

    !!! example

        ```python
        print(cx.conditioning(solution))
        ```
    """
    problem, network = solution.problem, solution.network
    residual = residual_function(problem, network, hard)
    weights = flatten(dict(solution.weights), network)
    vector = np.concatenate([weights, numbers_of(problem, solution.unknowns)])
    with jax.enable_x64(True):
        return operator_conditioning(
            ResidualLoss(residual),
            ResidualLoss(partial(_fields, solution)),
            vector,
            problem.domain.dimension,
            points=points,
        )


def _fields(solution: Solution, vector, points):
    """The fields at points of the unit cube, of shape `(n, fields)`."""
    problem, network = solution.problem, solution.network
    domain = problem.domain
    lower, upper = domain.lower_floats, domain.upper_floats
    zero = (0,) * domain.dimension
    weights, _ = parameters(problem, network, vector)

    def one(unit):
        point = lower + unit * (upper - lower)
        found = point_derivatives(network, domain.names, (zero,), weights, point)
        return jnp.stack([found[zero][f] for f in problem.fields])

    return jax.vmap(one)(points)

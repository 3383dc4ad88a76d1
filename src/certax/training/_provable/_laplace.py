"""Coordinates in which a posterior is nearly a standard Gaussian, and their step."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ._langevin import Kernel

Misfits = Callable[[Float[Array, " p"]], Float[Array, " m"]]


class LaplaceMetric(NamedTuple):
    """The coordinates z of θ = c + R z with RᵀHR = I, H = JᵀJ.

    - `center`: c, where |F|²/2 is least.
    - `root`: R; R Rᵀ is the covariance of the Gaussian that touches the posterior.
    """

    center: Float[Array, " p"]
    root: Float[Array, "p p"]

    def weights(self, position: Float[Array, " p"]) -> Float[Array, " p"]:
        """θ at z."""
        return self.center + self.root @ position


def laplace_metric(misfits: Misfits, start: Any, max_steps: int = 100) -> LaplaceMetric:
    """The metric of Gauss and Newton at the least |F|²/2, for exp(−|F|²/2).

    For F affine in θ that measure is N(c, R Rᵀ), exactly, and in z it is N(0, I):
    Langevin steps of a size that does not depend on the data's and the prior's scales
    are then good.

    **Arguments:**

    - `misfits`: F, everything divided by its deviation, the prior included; its
      Jacobian must have full rank.
    - `start`: from where the minimum is sought, by Levenberg-Marquardt.

    ??? cite "Reference"

        ```bibtex
        @article{martin2012stochastic,
            title={A stochastic {N}ewton {MCMC} method for large-scale statistical
                   inverse problems},
            author={Martin, James and Wilcox, Lucas C. and Burstedde, Carsten and
                    Ghattas, Omar},
            journal={SIAM Journal on Scientific Computing}, volume={34}, year={2012}}
        ```
    """
    import scipy.linalg
    import scipy.optimize

    # One compiled Jacobian serves the minimum and the metric there.
    function, jacobian = jax.jit(misfits), jax.jit(jax.jacfwd(misfits))
    slopes: Any = lambda theta: np.asarray(jacobian(theta))
    found = scipy.optimize.least_squares(
        lambda theta: np.asarray(function(theta)),
        np.asarray(start),
        jac=slopes,
        method="lm",
        xtol=1e-12,
        ftol=1e-12,
        gtol=1e-12,
        max_nfev=max_steps,
    )
    upper = np.linalg.qr(np.asarray(jacobian(found.x)), mode="r")
    root = scipy.linalg.solve_triangular(upper, np.eye(len(upper)))
    return LaplaceMetric(jnp.asarray(found.x), jnp.asarray(root))


def tuned_step(
    make: Callable[[Any], Kernel],
    key: Array,
    starts: Float[Array, "chains p"],
    *,
    acceptance: float = 0.57,
    first: float,
    rounds: int = 200,
) -> tuple[float, Float[Array, "chains p"]]:
    """A step size with which so many proposals are accepted, and where chains are then.

    ln h rises by (found − wanted)/√round. The steps that are taken meanwhile are no
    draws: the measure is only kept by a step that does not change.

    **Arguments:**

    - `make`: from the step size to a kernel, such as of
      [`metropolis_adjusted_langevin`][].
    - `first`: the step to begin with.
    """

    def one(carry, data):
        states, log_step = carry
        number, key = data
        kernel = make(jnp.exp(log_step))
        states, info = jax.vmap(kernel.step)(jax.random.split(key, len(starts)), states)
        gain = jnp.mean(info.acceptance_rate) - acceptance
        return (states, log_step + gain / jnp.sqrt(number)), None

    @jax.jit
    def run(starts, key):
        states = jax.vmap(make(first).init)(starts)
        begin = states, jnp.log(jnp.asarray(first, starts.dtype))
        data = 1.0 + jnp.arange(rounds), jax.random.split(key, rounds)
        return jax.lax.scan(one, begin, data)[0]

    states, log_step = run(starts, key)
    return float(jnp.exp(log_step)), states.position

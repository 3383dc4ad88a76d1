"""The diffusion that stochastic gradient descent is compared with."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree

from ._arguments import check_positive


class DiffusionPath(NamedTuple):
    """`times` has the shape `(saves,)`, and each leaf of `weights` begins with it."""

    times: jax.Array
    weights: Any


def sgd_diffusion(
    loss: Callable[[Any], jax.Array],
    start: Any,
    *,
    temperature: float,
    end: float,
    step: float,
    key: jax.Array,
    saves: int = 1,
    solver: Any = None,
) -> DiffusionPath:
    """A path of dW = −∇L̃(W) dt + √s dB, by diffrax.

    Its stationary measure is exp(−(2/s) L̃). For Villani functions the law of W comes
    exponentially close to it, at the rate s / (2 C) with C the Poincaré constant of
    that measure; this path is a discretization and has a bias of the order of `step`.

    **Arguments:**

    - `loss`: L̃, see [`regularized`][].
    - `start`: the weights at time 0, see [`gibbs_start`][].
    - `temperature`: s > 0, in stochastic gradient descent the learning rate.
    - `end`: the time to stop at.
    - `step`: of time.
    - `saves`: at how many times, evenly spaced, the last being `end`.
    - `solver`: a diffrax solver for additive noise; the Euler–Maruyama method without.

    **Returns:** a [`DiffusionPath`][].

    !!! example

        ```python
        path = sgd_diffusion(loss, start, temperature=0.1, end=5.0, step=0.01, key=key)
        ```

    ??? cite "Reference"

        ```bibtex
        @article{shi2023learning,
            title={On learning rates and {S}chr{\\"o}dinger operators},
            author={Shi, Bin and Su, Weijie and Jordan, Michael I.},
            journal={Journal of Machine Learning Research},
            volume={24}, year={2023}}
        ```
    """
    import diffrax
    import lineax

    check_positive("temperature", temperature, "the noise has the size of its root")
    check_positive("end", end, "time runs forward")
    check_positive("step", step, "time runs forward")
    vector, unravel = ravel_pytree(start)
    gradient = jax.grad(lambda flat: loss(unravel(flat)))
    noise = jnp.sqrt(jnp.asarray(temperature, vector.dtype))
    shape = jax.ShapeDtypeStruct(vector.shape, vector.dtype)
    motion = diffrax.VirtualBrownianTree(0.0, end, tol=step / 2, shape=shape, key=key)
    terms = diffrax.MultiTerm(
        diffrax.ODETerm(lambda t, flat, _: -gradient(flat)),
        diffrax.ControlTerm(
            lambda t, flat, _: lineax.DiagonalLinearOperator(
                jnp.full_like(vector, noise)
            ),
            motion,
        ),
    )
    times = jnp.linspace(end / saves, end, saves)
    found = diffrax.diffeqsolve(
        terms,
        diffrax.Euler() if solver is None else solver,
        0.0,
        end,
        step,
        vector,
        saveat=diffrax.SaveAt(ts=times),
        max_steps=None,
        adjoint=diffrax.ForwardMode(),
    )
    return DiffusionPath(times, jax.vmap(unravel)(jnp.asarray(found.ys)))

"""Adversarial directions: where |∇V|²/s − ΔV is least on growing spheres.

In floating point and by chance, so a suggestion only; enclosures decide.
"""

from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ._rays import Ray

Batch = Float[np.ndarray, "directions parameters"]
_radii = (2.0, 8.0, 32.0, 128.0)
_kept, _bred, _rounds, _most = 4, 6, 5, 32


@eqx.filter_jit
def _curvatures(part: Any, thetas: Array) -> tuple[Array, Array]:
    """Gradients and Laplacians of a function of (vector, array module)."""
    function = lambda theta: part(theta, jnp)
    hessian = jax.vmap(jax.hessian(function))(thetas)
    return jax.vmap(jax.grad(function))(thetas), jnp.trace(hessian, axis1=1, axis2=2)


def growth_values(
    parts: Sequence[Any], thetas: Batch, temperature: float
) -> np.ndarray:
    """|∇V|²/s − ΔV in floating point, V the sum of the parts, shape `(directions,)`."""
    # One shape, one compilation.
    padded = np.resize(thetas, (_most, thetas.shape[1]))
    with jax.enable_x64(True):
        gradient, laplacian = 0.0, 0.0
        for part in parts:
            on_device = jax.tree.map(
                lambda leaf: jnp.asarray(leaf) if eqx.is_array_like(leaf) else leaf,
                part,
            )
            slopes, bends = _curvatures(on_device, jnp.asarray(padded))
            gradient = gradient + np.asarray(slopes)
            laplacian = laplacian + np.asarray(bends)
    values = np.sum(gradient**2, axis=1) / temperature - laplacian
    return values[: len(thetas)]


def adversarial(
    parts: Sequence[Any], size: int, temperature: float, seeds: Sequence[Ray], seed: int
) -> tuple[Ray, ...]:
    """Directions that a search on spheres of growing radius ends at, the worst first.

    Every sphere starts from what was worst on the one before, from the rays that are
    suspected, and from chance; then the worst are changed at random by less and less.

    **Arguments:**

    - `parts`: functions whose sum is V.
    - `size`: of the vector.
    - `seeds`: suspected rays.
    """
    generator = np.random.default_rng(seed)
    chance = lambda n: generator.standard_normal((n, size))
    pool = _unit(chance(_kept))
    for radius in _radii:
        suspected = [ray.at(radius) for ray in seeds[:_kept]]
        extra = np.array(suspected).reshape(-1, size)
        pool = _unit(np.concatenate([pool, extra, chance(4 * _kept)]))
        values = growth_values(parts, radius * pool, temperature)
        reach = 0.5
        for _ in range(_rounds):
            order = np.argsort(values)[:_kept]
            pool, values = pool[order], values[order]
            noise = chance(_kept * _bred) * reach / np.sqrt(size)
            bred = _unit(np.repeat(pool, _bred, axis=0) + noise)
            more = growth_values(parts, radius * bred, temperature)
            pool = np.concatenate([pool, bred])
            values = np.concatenate([values, more])
            reach /= 2
        order = np.argsort(values)[:_kept]
        pool = pool[order]
    story = "found by a search on growing spheres"
    zero = np.zeros(size)
    return tuple(Ray(zero, direction, story) for direction in pool[:2])


def _unit(directions: Batch) -> Batch:
    return directions / np.linalg.norm(directions, axis=1, keepdims=True)

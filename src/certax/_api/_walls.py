"""Points on curved boundaries, for conditions that are not built into the net."""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from .._core import AbstractShape, CertaxError

_points = 4096
# Large and unrelated, so that neighboring points choose far from each other.
_multipliers = np.array([6827.1, 4391.7, 5417.3, 7603.9, 3259.3])


def wall_points(domain: AbstractShape, piece: str) -> np.ndarray:
    """Points on a piece with their outward normals, shape `(n, 2 d)`.

    **Raises:** `CertaxError` if the piece is hardly to be found.
    """
    chosen = domain.selected((piece,))
    drawn = _points
    while drawn <= 2**10 * _points:
        on = domain.boundary_points(drawn)
        here = np.isin(on.pieces, chosen)
        if here.sum() >= _points // 4:
            return np.hstack([on.points[here], on.normals[here]])
        drawn *= 4
    raise CertaxError(
        f"The piece {piece!r} is too small a part of the boundary.",
        value=piece,
        remedy="State the condition on a larger piece, or scale the domain.",
    )


def chosen_of(unit: Float[Array, " d"], number: int) -> Int[Array, ""]:
    """Which of `number` points a point of the unit cube stands for, as if drawn at
    random: the same one whenever the point is the same.
    """
    turns = jnp.dot(unit, jnp.asarray(_multipliers[: unit.shape[0]], unit.dtype))
    return jnp.minimum((number * (turns % 1.0)).astype(int), number - 1)


def corner_weight(domain: AbstractShape, point: Float[Array, " d"]) -> Array:
    """One, or near reentrant corners their distance over a quarter of the domain's
    size: the equation is weighted with it, since no smooth net can have a square
    integrable residual at a singularity of the solution.

    ??? cite "Reference"

        ```bibtex
        @article{lee2006weighted,
            title={Weighted-norm first-order system least squares ({FOSLS}) for problems
                   with corner singularities},
            author={Lee, E. and Manteuffel, T. A. and Westphal, C. R.},
            journal={SIAM Journal on Numerical Analysis}, volume={44}, number={5},
            pages={1974--1996}, year={2006}}
        ```
    """
    corners = domain.reentrant_corners
    if not len(corners):
        return jnp.ones((), point.dtype)
    reach = 0.25 * float(np.max(domain.upper_floats[:2] - domain.lower_floats[:2]))
    gaps = [jnp.sum((point[:2] - jnp.asarray(c)) ** 2) / reach**2 for c in corners]
    return jnp.sqrt(jnp.minimum(1.0, jnp.min(jnp.stack(gaps))))

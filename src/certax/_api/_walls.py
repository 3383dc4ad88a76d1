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

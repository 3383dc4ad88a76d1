"""Points cut into chunks that fit the cache."""

from typing import NamedTuple

import numpy as np

from certax._core import CertaxError


class Batch(NamedTuple):
    """Points in chunks of equal size; padding points have quadrature weight zero.

    - `points`: shape `(chunks, size, dimension)`.
    - `quadrature`: shape `(chunks, size)`; sums to one.
    - `balance`: factors of the residual's terms, shape `(terms,)`, or `()` for all.
    """

    points: np.ndarray
    quadrature: np.ndarray
    balance: np.ndarray = np.ones(())

    @property
    def chunks(self) -> int:
        return self.points.shape[0]


def batch(points: np.ndarray, *, chunk_size: int = 500, streams: int = 2) -> Batch:
    """Deal `points` of shape `(n, dimension)` into chunks, a multiple of `streams`.

    The chunks are as equal as possible and at most `chunk_size` long; fewer than
    `chunk_size` points are one chunk. The last point is repeated with weight zero to
    fill the last chunk.
    """
    number, dimension = points.shape
    if number == 0:
        raise CertaxError("A batch needs at least one point, but got none.")
    chunks = -(-number // chunk_size)
    if chunks > 1:
        chunks = -(-chunks // streams) * streams
    size = -(-number // chunks)
    index = np.minimum(np.arange(chunks * size), number - 1)
    quadrature = np.where(np.arange(chunks * size) < number, 1.0 / number, 0.0)
    return Batch(
        np.ascontiguousarray(points[index], dtype=np.float64).reshape(
            chunks, size, dimension
        ),
        quadrature.reshape(chunks, size),
    )

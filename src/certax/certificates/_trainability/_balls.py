"""Balls of real numbers, rounded outward where they leave as floats."""

import math
from collections.abc import Sequence

import numpy as np
from flint import arb, arb_mat
from jaxtyping import Float

from ..._core import _balls
from ..._core._balls import total

in_balls = _balls.with_bits(128)
ball = in_balls(_balls.ball)
above = in_balls(_balls.above)
below = in_balls(_balls.below)
_worth_rotating = 400


def steps_above(value: arb) -> float:
    """An integer that is certainly at least the number, as a float, or infinity."""
    return max(math.ceil(above(value)), 1) if above(value) < 2.0**53 else above(value)


def matrix(array: Float[np.ndarray, "rows columns"]) -> arb_mat:
    return arb_mat([[arb(float(entry)) for entry in row] for row in array])


def largest(values: Sequence[arb]) -> arb:
    """A ball around the maximum."""
    found = values[0]
    for value in values[1:]:
        found = found.max(value)
    return found


def second_moment(
    inputs: Float[np.ndarray, "points dimension"], weights: Sequence[arb]
) -> arb:
    """A bound from above of the largest eigenvalue of (1/n) ∑ wᵢ xᵢ xᵢᵀ, wᵢ ≥ 0.

    The smaller of the two Gram matrices of the scaled points is taken.
    """
    scales = [(weight / len(weights)).sqrt() for weight in weights]
    exact = matrix(inputs).tolist()
    pairs = zip(exact, scales, strict=True)
    rows = arb_mat([[entry * scale for entry in row] for row, scale in pairs])
    wide = rows.nrows() < rows.ncols()
    gram = rows * rows.transpose() if wide else rows.transpose() * rows
    return largest_eigenvalue(gram)


def largest_eigenvalue(symmetric: arb_mat) -> arb:
    """A bound from above of the largest eigenvalue, if that is not negative.

    With B = QᵀAQ and y = Q⁻¹x, xᵀAx = yᵀBy ≤ g‖y‖², g by Gershgorin from B, and
    ‖y‖² ≤ ‖x‖²/(1 − ‖QᵀQ − I‖) since then Q is invertible. Q comes from floats and
    need not be trusted.
    """
    size = symmetric.nrows()
    plain = largest([total([abs(e) for e in row]) for row in symmetric.tolist()])
    if size == 1 or size > _worth_rotating:
        return plain.max(arb(0)).upper()
    discs, defect = _rotated(symmetric)
    if not defect < 1:
        return plain.upper()
    rotated = largest([center + radius for center, radius in discs]).max(arb(0))
    return (rotated / (1 - defect)).min(plain).upper()


def least_eigenvalue(symmetric: arb_mat) -> arb:
    """A bound from below of the least eigenvalue, at least 0 if that is proved.

    As for the largest, with ‖y‖² ≥ ‖x‖²/(1 + ‖QᵀQ − I‖) where g ≥ 0.
    """
    if symmetric.nrows() == 1:
        return symmetric[0, 0].lower()
    discs, defect = _rotated(symmetric)
    least = -largest([radius - center for center, radius in discs])
    if not defect < 1:
        return arb("-inf")
    factor = 1 + defect if least >= 0 else 1 - defect
    return (least / factor).lower()


def _rotated(symmetric: arb_mat) -> tuple[list[tuple[arb, arb]], arb]:
    """Gershgorin's discs of QᵀAQ, and ‖QᵀQ − I‖_F."""
    size = symmetric.nrows()
    middle = np.array([[float(e.mid()) for e in row] for row in symmetric.tolist()])
    scale = np.abs(middle).max() or 1.0
    rotation = matrix(np.linalg.eigh(middle / scale)[1])
    turned = (rotation.transpose() * symmetric * rotation).tolist()
    discs = [
        (row[i], total([abs(e) for j, e in enumerate(row) if j != i]))
        for i, row in enumerate(turned)
    ]
    product = (rotation.transpose() * rotation).tolist()
    square = total(
        [(product[i][j] - (i == j)) ** 2 for i in range(size) for j in range(size)]
    )
    return discs, square.sqrt().upper()

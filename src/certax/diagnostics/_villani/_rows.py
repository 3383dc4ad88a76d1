"""Rows of a linear equation for a net with one hidden layer, and what bounds them."""

from collections.abc import Sequence
from math import factorial, prod
from typing import Any, NamedTuple

import equinox as eqx
import numpy as np
from flint import arb
from jaxtyping import Float

from ..._core._balls import total
from ._activations import Activation
from ._balls import in_balls


class Rows(eqx.Module):
    r"""What a linear equation makes of a net N at points:
    $h_m + \sum_{f,\beta} M_{mf\beta}\, \partial^\beta N_f(\xi_m)$.

    **Attributes:**

    - `offsets`: h, shape `(rows,)`.
    - `coefficients`: M, shape `(rows, fields, indices)`.
    - `features`: ξ, what the net sees, shape `(rows, features)`.
    - `indices`: the multi-indices β, all up to the order; the first is zero.
    """

    offsets: Float[np.ndarray, " rows"]
    coefficients: Float[np.ndarray, "rows fields indices"]
    features: Float[np.ndarray, "rows features"]
    indices: tuple[tuple[int, ...], ...] = eqx.field(static=True)

    @property
    def order(self) -> int:
        """The highest order."""
        return max(sum(b) for b in self.indices)

    def of_order(self, order: int) -> list[int]:
        return [i for i, b in enumerate(self.indices) if sum(b) == order]

    def applied(self, sigma: Activation, weights: Any, biases: Any, xp: Any) -> Any:
        """Each row's operator on each gate: shape `(rows, fields, width)`."""
        z = self.features @ weights.T + biases
        derivatives = sigma.derivatives(z, self.order, xp)
        total = 0.0
        for order, derivative in enumerate(derivatives):
            columns = self.of_order(order)
            powers = [_monomial(weights, self.indices[c]) for c in columns]
            forms = xp.tensordot(
                self.coefficients[:, :, columns], xp.stack(powers), axes=1
            )
            total = total + forms * derivative[:, None, :]
        return total

    @in_balls
    def sizes(self) -> list[list[arb]]:
        """μ: for each row and order the norm of the symmetric tensor of that form,
        over all fields: (Σ M² β!/i!)^½.
        """
        scales = [
            arb(prod(factorial(n) for n in b)) / factorial(sum(b)) for b in self.indices
        ]
        table = []
        for row in self.coefficients:
            sums = [arb(0)] * (self.order + 1)
            for field in row:
                for entry, scale, b in zip(field, scales, self.indices, strict=True):
                    if entry != 0:
                        sums[sum(b)] += arb(float(entry)) ** 2 * scale
            table.append([value.sqrt() for value in sums])
        return table


def _monomial(weights: Any, index: tuple[int, ...]) -> Any:
    found = 1.0 + 0.0 * weights[:, 0]
    for axis, count in enumerate(index):
        for _ in range(count):
            found = found * weights[:, axis]
    return found


class RowSize(NamedTuple):
    """Polynomials in ω, lowest coefficient first, that times α bound F of one row, and
    in w its gradient, its Laplacian and its derivative along w.
    """

    value: list[arb]
    slope: list[arb]
    bend: list[arb]
    radial: list[arb]


@in_balls
def row_sizes(
    rows: Rows, sigma: Activation, width: int, *, constants: bool = True
) -> list[RowSize]:
    """Lemma 1, row by row; with the constants c among the outer weights, or without."""
    gates, root = arb(width).sqrt(), arb(rows.features.shape[1]).sqrt()
    supremum = [sigma.supremum(i) for i in range(rows.order + 3)]
    found = []
    for sizes, xi in zip(rows.sizes(), rows.features, strict=True):
        squares = total([arb(float(e)) ** 2 for e in xi])
        length, reach = squares.sqrt(), (squares + 1).sqrt()
        value, slope, bend, radial = ([arb(0)] * (rows.order + 2) for _ in range(4))
        if constants:
            value[0] += sizes[0]
        for i, mu in enumerate(sizes):
            many = gates if i == 0 else arb(1)
            value[i] += mu * many * supremum[i]
            slope[i] += mu * reach * supremum[i + 1]
            bend[i] += mu * gates * reach**2 * supremum[i + 2]
            radial[i] += mu * i * supremum[i]
            if sigma.reach is None:
                radial[i + 1] += mu * reach * supremum[i + 1]
            else:
                radial[i] += mu * many * sigma.reach(i + 1)
            if i >= 1:
                slope[i - 1] += mu * i * supremum[i]
                bend[i - 1] += 2 * mu * i * gates * length * supremum[i + 1]
            if i >= 2:
                bend[i - 2] += mu * i * (i - 1) * root * gates * supremum[i]
        found.append(RowSize(value, slope, bend, radial))
    return found


def multiply(first: Sequence[arb], second: Sequence[arb]) -> list[arb]:
    """The product of two polynomials."""
    found = [arb(0)] * (len(first) + len(second) - 1)
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            found[i + j] += a * b
    return found


def add(
    sums: dict[tuple[int, int], arb], power: int, polynomial: Sequence[arb], scale: arb
) -> None:
    """Adds scale · α^power times a polynomial in ω."""
    for j, c in enumerate(polynomial):
        if not c.is_zero():
            sums[power, j] = sums.get((power, j), arb(0)) + scale * c

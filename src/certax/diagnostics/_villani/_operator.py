"""Losses of a branch and trunk net (DeepONet), and their bounds."""

from typing import Any

import equinox as eqx
import numpy as np
from flint import arb
from jaxtyping import Float

from ..._core import CertaxError, multi_indices
from ..._core._balls import total
from ._activations import activation, most_bent
from ._balls import in_balls
from ._loss import AbstractLoss
from ._rays import Ray
from ._rows import Rows, add, multiply, row_sizes
from ._theorem import GrowthBounds


class OperatorLoss(AbstractLoss):
    r"""Mean square of $\sum_p B_p(u_i)\, \mathcal{L} T_p(y_l) - v_{il}$, with a branch
    net B and a trunk net T of one hidden layer each, and a linear operator of the
    trunk's coordinates.

    The vector is (outer weights of the branch, of the trunk, inner weights of the
    branch with biases last, of the trunk likewise).

    **Arguments:**

    - `inputs`: u, functions at sensors, shape `(functions, sensors)`.
    - `points`: y, shape `(points, dimension)`.
    - `targets`: v, shape `(functions, points)`: values of the solutions for the
      supervised loss, of the right-hand sides for the loss of physics.
    - `modes`: how many products are summed.
    - `widths`: gates of branch and trunk.
    - `operator`: the coefficients of the operator by multi-index, as `{(2,): -1.0}`;
      by default the identity, which is the supervised loss.
    - `sigma`: the activation.

    **Raises:** `CertaxError` for shapes that do not fit and unknown activations.
    """

    inputs: Float[np.ndarray, "functions sensors"]
    rows: Rows
    targets: Float[np.ndarray, "functions points"]
    modes: int = eqx.field(static=True)
    widths: tuple[int, int] = eqx.field(static=True)
    sigma: str = eqx.field(static=True)

    def __init__(
        self,
        inputs: Any,
        points: Any,
        targets: Any,
        *,
        modes: int = 2,
        widths: tuple[int, int] = (3, 3),
        operator: dict[tuple[int, ...], float] | None = None,
        sigma: str = "tanh",
    ):
        u, y, v = (np.asarray(a, np.float64) for a in (inputs, points, targets))
        fits = u.ndim == y.ndim == 2 and v.shape == (len(u), len(y))
        if not fits or not all(np.all(np.isfinite(a)) for a in (u, y, v)):
            raise CertaxError(
                f"Inputs of shape {u.shape}, points of shape {y.shape} and targets of "
                f"shape {v.shape} do not fit, or are not finite.",
                value=str(v.shape),
                remedy="Give finite arrays of the shapes (functions, sensors), "
                "(points, dimension) and (functions, points).",
            )
        activation(sigma)
        chosen = operator or {(0,) * y.shape[1]: 1.0}
        order = max(sum(b) for b in chosen)
        indices = tuple(multi_indices(y.shape[1], order))
        if not set(chosen) <= set(indices):
            raise CertaxError(
                f"The operator has the derivatives {sorted(chosen)}.",
                value=str(sorted(chosen)),
                remedy=f"Give one order for each of {y.shape[1]} coordinates.",
            )
        row = [float(chosen.get(b, 0.0)) for b in indices]
        table = np.tile(np.array(row), (len(y), 1, 1))
        self.inputs, self.targets = u, v
        self.rows = Rows(np.zeros(len(y)), table, y, indices)
        self.modes, self.widths, self.sigma = modes, widths, sigma

    @property
    def outer_size(self) -> int:
        return self.modes * sum(self.widths)

    @property
    def size(self) -> int:
        ends = self.inputs.shape[1] + 1, self.rows.features.shape[1] + 1
        return self.outer_size + sum(
            p * q for p, q in zip(self.widths, ends, strict=True)
        )

    @property
    def words(self) -> str:
        return f"the loss of a DeepONet of order {self.rows.order}"

    def __call__(self, theta: Any, xp: Any) -> Any:
        (p, q), modes = self.widths, self.modes
        m, d = self.inputs.shape[1], self.rows.features.shape[1]
        sizes = [modes * p, modes * q, p * (m + 1), q * (d + 1)]
        parts, begin = [], 0
        for size in sizes:
            parts.append(theta[begin : begin + size])
            begin += size
        branch, trunk = parts[0].reshape(modes, p), parts[1].reshape(modes, q)
        first, second = parts[2].reshape(p, m + 1), parts[3].reshape(q, d + 1)
        found = activation(self.sigma)
        z = self.inputs @ first[:, :m].T + first[:, m]
        coefficients = found.derivatives(z, 0, xp)[0] @ branch.T
        gates = self.rows.applied(found, second[:, :d], second[:, d], xp)[:, 0, :]
        residuals = coefficients @ (gates @ trunk.T).T - self.targets
        return xp.sum(residuals * residuals) * 1.0 / self.targets.size

    @in_balls
    def bounds(self) -> GrowthBounds:
        """Lemma 2 of `docs/theory/villani.md`: |A||B| ≤ α²/2 for the outer weights."""
        sigma, (p, q) = activation(self.sigma), self.widths
        root, half = arb(p).sqrt(), arb(1) / 2
        most = root * sigma.supremum(0)
        share = arb(1) / self.targets.size
        laplacian: dict[tuple[int, int], arb] = {}
        radial: dict[tuple[int, int], arb] = {}
        sizes = row_sizes(self.rows, sigma, q, constants=False)
        for i, u in enumerate(self.inputs):
            squares = total([arb(float(e)) ** 2 for e in u]) + 1
            reach = squares.sqrt()
            for place, row in enumerate(sizes):
                height = abs(arb(float(self.targets[i, place])))
                slope = _sum((sigma.supremum(1) * reach, row.value), (most, row.slope))
                bend = _sum(
                    (root * sigma.supremum(2) * squares, row.value), (most, row.bend)
                )
                if sigma.reach is None:
                    turned = [arb(0), *row.value]
                    along = _sum(
                        (sigma.supremum(1) * reach, turned), (most, row.radial)
                    )
                else:
                    along = _sum((root * sigma.reach(1), row.value), (most, row.radial))
                value = _sum((most, row.value))
                add(laplacian, 2, multiply(value, value), 2 * share)
                add(laplacian, 4, multiply(slope, slope), share * half)
                add(laplacian, 2, bend, share * height)
                add(laplacian, 4, multiply(value, bend), share * half)
                add(radial, 2, along, share * height)
                add(radial, 4, multiply(value, along), share * half)
        squared = total([arb(float(v)) ** 2 for v in self.targets.ravel()])
        return GrowthBounds(
            self.size,
            self.outer_size,
            share * squared,
            laplacian,
            radial,
            f"the mean square of a linear operator of order {self.rows.order} of a "
            f"DeepONet with {self.modes} modes and hidden layers of {p} and {q} gates, "
            f"{self.sigma}, all weights trained",
        )

    @in_balls
    def rays(self) -> tuple[Ray, ...]:
        """Two gates of the trunk that cancel, as for a single net, while one branch
        coefficient grows.
        """
        p, q = self.widths
        if q < 2:
            return ()
        rows, (m, d) = self.rows, (self.inputs.shape[1], self.rows.features.shape[1])
        order, sigma = rows.order, activation(self.sigma)
        pure = [i for i in rows.of_order(order) if max(rows.indices[i]) == order]
        column = pure[int(np.argmax(np.abs(rows.coefficients[0, 0, pure])))]
        axis = int(np.argmax(rows.indices[column]))
        argument = most_bent(sigma, order + 1)
        offset, direction = np.zeros(self.size), np.zeros(self.size)
        trunk, inner = self.modes * p, self.outer_size
        direction[0] = 0.5
        direction[trunk], direction[trunk + 1] = 0.5, -0.5
        # The first gate of the branch is σ(1) for every function.
        offset[inner + m] = 1.0
        begin = inner + p * (m + 1)
        for gate in (0, 1):
            first = begin + gate * (d + 1)
            direction[first + axis] = 0.5
            direction[first + d] = -0.5 * rows.features[0, axis]
            offset[first + d] = argument
        story = (
            "two gates of the trunk whose outputs cancel while all their weights and "
            "one of the branch grow"
        )
        share, count = arb(1) / self.targets.size, len(self.inputs)
        leading = arb(float(rows.coefficients[0, 0, column]))
        bent = sigma.at(argument, order + 1) * sigma.at(1.0, 0) * leading
        growing = (arb(1) / 2) ** (4 + 2 * order)
        coefficient = 4 * share * count * growing * bent**2
        squared = total([arb(float(v)) ** 2 for v in self.targets.ravel()])
        degree = 2 * order + 4
        of = offset, direction, story
        return (Ray(*of, degree, coefficient, 2 * share * squared),)


def _sum(*parts: tuple[arb, list[arb]]) -> list[arb]:
    """The sum of multiples of polynomials."""
    found = [arb(0)] * max(len(polynomial) for _, polynomial in parts)
    for factor, polynomial in parts:
        for j, c in enumerate(polynomial):
            found[j] += factor * c
    return found

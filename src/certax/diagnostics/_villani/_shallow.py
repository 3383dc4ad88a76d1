"""The loss of a linear equation for a net with one hidden layer, and its bounds."""

from typing import Any, Literal

import equinox as eqx
import numpy as np
from flint import arb
from jaxtyping import Float

from ._activations import activation, most_bent
from ._balls import in_balls
from ._loss import AbstractLoss
from ._rays import Ray
from ._rows import Rows, add, multiply, row_sizes
from ._theorem import GrowthBounds

Trained = Literal["all", "outer"]


class ShallowLoss(AbstractLoss):
    r"""Mean square over points of a linear equation's residuals, for
    $N_f(\xi) = \sum_j a_{fj} \sigma(w_j \cdot \xi + b_j) + c_f$.

    The vector is (a, c, w, b) one after the other, or (a, c) if only they are trained.
    All numbers in the rows are taken as exact.

    **Attributes:**

    - `rows`: of the equations, all points after one another.
    - `points`: by which the sum of squares is divided.
    - `width`: how many gates there are.
    - `sigma`: the activation's name.
    - `trained`: `"all"` or `"outer"`, then with the inner weights `inner` of shape
      `(width, features + 1)`, biases last.
    - `name`: how sentences call it.
    """

    rows: Rows
    points: int = eqx.field(static=True)
    width: int = eqx.field(static=True)
    sigma: str = eqx.field(static=True)
    trained: Trained = eqx.field(static=True, default="all")
    inner: Float[np.ndarray, "width features_1"] | None = None
    name: str = eqx.field(static=True, default="the loss")

    @property
    def fields(self) -> int:
        return self.rows.coefficients.shape[1]

    @property
    def inputs(self) -> int:
        return self.rows.features.shape[1]

    @property
    def outer_size(self) -> int:
        return self.fields * (self.width + 1)

    @property
    def size(self) -> int:
        inner = self.width * (self.inputs + 1)
        return self.outer_size + (inner if self.trained == "all" else 0)

    @property
    def words(self) -> str:
        return self.name

    def __call__(self, theta: Any, xp: Any) -> Any:
        f, p, q = self.fields, self.width, self.inputs
        outer, biases = theta[: f * p].reshape(f, p), theta[f * p : f * p + f]
        if self.trained == "all":
            inner = theta[self.outer_size :]
            weights, shifts = inner[: p * q].reshape(p, q), inner[p * q :]
        else:
            assert self.inner is not None
            weights, shifts = self.inner[:, :q], self.inner[:, q]
        gates = self.rows.applied(activation(self.sigma), weights, shifts, xp)
        found = self.rows.offsets + self.rows.coefficients[:, :, 0] @ biases
        found = found + xp.sum(xp.sum(gates * outer, axis=2), axis=1)
        return xp.sum(found * found) * 1.0 / self.points

    @in_balls
    def bounds(self) -> GrowthBounds:
        """Lemma 1 of `docs/theory/villani.md`."""
        sizes = row_sizes(self.rows, activation(self.sigma), self.width)
        share = arb(1) / self.points
        heights = [abs(arb(float(h))) for h in self.rows.offsets]
        defect = share / 2 * sum((h**2 for h in heights), arb(0))
        trains_inner = self.trained == "all"
        laplacian: dict[tuple[int, int], arb] = {}
        radial: dict[tuple[int, int], arb] = {}
        for height, row in zip(heights, sizes, strict=True):
            add(laplacian, 0, multiply(row.value, row.value), 2 * share)
            if not trains_inner:
                continue
            add(laplacian, 2, multiply(row.slope, row.slope), 2 * share)
            add(laplacian, 1, row.bend, 2 * share * height)
            add(laplacian, 2, multiply(row.value, row.bend), 2 * share)
            add(radial, 1, row.radial, 2 * share * height)
            add(radial, 2, multiply(row.value, row.radial), 2 * share)
        if not trains_inner:
            # ω is a number here: the gradient in a is the matrix of the gates.
            laplacian = {(0, 0): 2 * share * self._gates_squared()}
        return GrowthBounds(
            self.size,
            self.outer_size,
            defect,
            laplacian,
            radial if trains_inner else None,
            f"the mean square of a linear equation of order {self.rows.order}, net "
            f"with one hidden layer of {self.width} gates, {self.sigma}, "
            + ("all weights trained" if trains_inner else "outer weights trained"),
        )

    def _gates_squared(self) -> arb:
        """Σ over rows of ‖∇ₐ‖², bounded as in Lemma 1 at the given weights."""
        assert self.inner is not None
        entries = [arb(float(e)) ** 2 for e in self.inner.ravel()]
        omega = sum(entries, arb(0)).sqrt()
        sizes = row_sizes(self.rows, activation(self.sigma), self.width)
        values = [
            sum((c * omega**i for i, c in enumerate(row.value)), arb(0))
            for row in sizes
        ]
        return sum((value**2 for value in values), arb(0))

    def rays(self) -> tuple[Ray, ...]:
        """Two gates that cancel: (ρ, −ρ) outside and the same growing weights inside,
        so that one point stays where they bend. Theorem 2 speaks of them.
        """
        if self.width < 2 or self.trained != "all":
            return ()
        return tuple(self._cancelling(field) for field in range(self.fields))

    @in_balls
    def _cancelling(self, field: int) -> Ray:
        rows, order = self.rows, self.rows.order
        found = activation(self.sigma)
        pure = [i for i in rows.of_order(order) if max(rows.indices[i]) == order]
        table = np.abs(rows.coefficients[:, field, pure])
        place, column = np.unravel_index(np.argmax(table), table.shape)
        index = rows.indices[pure[column]]
        axis = int(np.argmax(index)) if order else 0
        xi = rows.features[place]
        same = np.all(rows.features == xi, axis=1)
        argument = most_bent(found, order + 1)
        offset, direction = np.zeros(self.size), np.zeros(self.size)
        p, q = self.width, self.inputs
        outer = field * p
        direction[outer], direction[outer + 1] = 0.5, -0.5
        for gate in (0, 1):
            inner = self.outer_size + gate * q + axis
            bias = self.outer_size + p * q + gate
            # Halves and entries of features are floats, so z is exactly the argument.
            direction[inner], direction[bias] = 0.5, -0.5 * xi[axis]
            offset[bias] = argument
        constants = rows.coefficients[same][:, :, 0]
        offset[self.fields * p : self.outer_size] = np.linalg.lstsq(
            constants, -rows.offsets[same], rcond=None
        )[0]
        bent = found.at(argument, order + 1)
        leading = rows.coefficients[same][:, field, pure[column]]
        square = sum((arb(float(e)) ** 2 for e in leading), arb(0))
        share = arb(1) / self.points
        growing = (arb(1) / 2) ** (2 + 2 * order)
        coefficient = 4 * share * growing * square * bent**2
        apart = np.all(rows.features[~same][:, axis] != xi[axis])
        counted = same if found.decays and apart else np.ones(len(same), bool)
        at = ", ".join(f"{e:.3g}" for e in xi)
        story = (
            "two gates whose outputs cancel while their weights grow, bent where the "
            f"net sees ({at})"
        )
        threshold = 2 * share * self._left(offset, counted)
        return Ray(offset, direction, story, 2 * order + 2, coefficient, threshold)

    def _left(self, offset: np.ndarray, counted: np.ndarray) -> arb:
        """Σ over these rows of the residual's square, the other gates being silent."""
        constants = offset[self.fields * self.width : self.outer_size]
        total = arb(0)
        rows = self.rows
        for h, m in zip(rows.offsets[counted], rows.coefficients[counted], strict=True):
            terms = zip(m[:, 0], constants, strict=True)
            parts = [arb(float(a)) * arb(float(b)) for a, b in terms]
            total += (arb(float(h)) + sum(parts, arb(0))) ** 2
        return total

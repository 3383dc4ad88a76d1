"""Solves problems from their own programs, by methods that the references do not use:
collocation in space with an explicit Runge-Kutta method of order eight in time, and
collocation in all coordinates with Newton's method.
"""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from scipy.integrate import solve_ivp

from certax._core import Program, evaluate
from certax.problems import Problem, constants_of


def walls(lower: float, upper: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Chebyshev points from end to end, and the derivative at them."""
    x = -np.cos(np.pi * np.arange(count) / (count - 1))
    weights = (-1.0) ** np.arange(count)
    weights[[0, -1]] /= 2
    difference = x[:, None] - x + np.eye(count)
    matrix = np.multiply.outer(1 / weights, weights) / difference
    matrix -= np.diag(matrix.sum(axis=1))
    return lower + (upper - lower) * (x + 1) / 2, matrix * 2 / (upper - lower)


def circle(lower: float, upper: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Equally spaced points of a circle, an odd number, and the derivative at them."""
    assert count % 2
    wave = 2 * np.pi / (upper - lower) * np.fft.fftfreq(count, 1 / count)
    transform = np.fft.fft(np.eye(count), axis=0)
    matrix = np.fft.ifft(1j * wave[:, None] * transform, axis=0).real
    return lower + (upper - lower) * np.arange(count) / count, matrix


class Grid:
    """Collocation points of the coordinates that are not the time."""

    def __init__(self, problem: Problem, names: Sequence[str], counts: Sequence[int]):
        domain = problem.domain
        self.problem, self.names, self.counts = problem, tuple(names), tuple(counts)
        ends = {
            n: (lo, up)
            for n, lo, up in zip(
                domain.names, domain.lower_floats, domain.upper_floats, strict=True
            )
        }
        rules = [
            circle if problem.condition("periodic", name) else walls for name in names
        ]
        made = [
            rule(*ends[name], count)
            for rule, name, count in zip(rules, names, counts, strict=True)
        ]
        self.axes = [x for x, _ in made]
        self.matrices = [jnp.asarray(d) for _, d in made]
        self.mesh = dict(
            zip(names, np.meshgrid(*self.axes, indexing="ij"), strict=True)
        )

    def derivative(self, values, orders: dict[str, int]):
        """Of values of shape `counts`."""
        for axis, (name, matrix) in enumerate(
            zip(self.names, self.matrices, strict=True)
        ):
            for _ in range(orders.get(name, 0)):
                values = jnp.moveaxis(jnp.tensordot(matrix, values, (1, axis)), 0, axis)
        return values

    def residual(self, derivative_of: Callable, extra: dict | None = None):
        """The equations at all points, `derivative_of(field, orders by name)` given."""
        program, names = self.problem.residual, self.problem.domain.names
        inputs = dict(constants_of(program)) | self.mesh | (extra or {})
        for item in program.of_kind("derivative"):
            orders = dict(zip(names, item.orders, strict=True))
            inputs[item.name] = derivative_of(item.field, orders)
        needed = {i.name: inputs[i.name] for i in program.inputs}
        found = evaluate(program, needed).values()
        return jnp.stack([jnp.broadcast_to(v, self.counts) for v in found])

    def faces(self):
        """Every wall of these coordinates: (index of its points, data)."""
        for condition in self.problem.conditions:
            if condition.kind == "dirichlet" and condition.coordinate in self.names:
                axis = self.names.index(condition.coordinate)
                for side, end in (("lower", 0), ("upper", -1)):
                    if condition.side in (side, "both"):
                        index: list = [slice(None)] * len(self.names)
                        index[axis] = end
                        yield tuple(index), condition.values

    def data(self, values: Program, index: tuple, extra: dict | None = None):
        """A condition's values on a face, by field."""
        point = {n: m[index] for n, m in self.mesh.items()} | (extra or {})
        inputs = dict(constants_of(values)) | point
        needed = {i.name: inputs[i.name] for i in values.inputs}
        return evaluate(values, needed)


def by_lines(
    problem: Problem,
    counts: Sequence[int],
    times: np.ndarray,
    tolerance: float = 1e-12,
    method: str = "DOP853",
) -> tuple[list[np.ndarray], np.ndarray]:
    """The method of lines: the axes in space, and the fields at all points and times.

    The equations must be affine in the highest derivative in time of every field.
    Data on walls are differentiated in time and imposed.
    """
    time = problem.time
    assert time is not None
    with jax.enable_x64(True):
        lines = _Lines(problem, time, counts)
        state, found = np.asarray(lines.start()), []
        now = float(problem.domain.lower_floats[problem.domain.names.index(time)])
        for until in times:
            if until > now:
                ended = solve_ivp(
                    lambda t, y: np.asarray(lines.rate(t, y)),
                    (now, until),
                    state,
                    method,
                    rtol=tolerance,
                    atol=tolerance / 10,
                )
                assert ended.success
                now, state = until, ended.y[:, -1]
            found.append(np.asarray(lines.fields(now, state)))
    return lines.grid.axes, np.moveaxis(np.stack(found), 0, -1)


class _Lines:
    def __init__(self, problem: Problem, time: str, counts: Sequence[int]):
        space = [n for n in problem.domain.names if n != time]
        self.problem, self.time = problem, time
        self.grid = Grid(problem, space, counts)
        self.shape = (len(problem.fields), *self.grid.counts)
        axis = problem.domain.names.index(time)
        items = problem.residual.of_kind("derivative")
        self.order = max(i.orders[axis] for i in items)
        mixed = [
            i
            for i in items
            if i.orders[axis] == self.order and sum(i.orders) > self.order
        ]
        self.mixed = bool(mixed)
        self._rate = jax.jit(self._rate_of)
        self.mask = np.zeros(self.shape, bool)
        for index, _ in self.grid.faces():
            self.mask[(slice(None), *index)] = True
        zero = jnp.zeros(self.shape)
        if self.mixed:
            matrix = jax.jacfwd(
                lambda w: self._residual(0.1, [zero] * self.order, w).ravel()
            )(zero)
            matrix = np.array(matrix).reshape(zero.size, zero.size)
            inside = np.flatnonzero(~self.mask.ravel())
            self.solve = np.zeros_like(matrix)
            self.solve[np.ix_(inside, inside)] = np.linalg.pinv(
                matrix[np.ix_(inside, inside)]
            )
        else:
            count = self.shape[0]
            one = [jnp.zeros(self.shape).at[i].set(1.0) for i in range(count)]
            base = self._residual(0.1, [zero + 1] * self.order, zero)
            columns = [
                self._residual(0.1, [zero + 1] * self.order, w) - base for w in one
            ]
            matrices = np.moveaxis(
                np.stack(columns, 1).reshape(count, count, -1), -1, 0
            )
            self.solve = np.linalg.inv(matrices[0])
            assert np.allclose(matrices, matrices[0])

    def _residual(self, t, state, rate):
        stack = [*state, rate]

        def derivative_of(field, orders):
            level = orders[self.time]
            values = stack[level][self.problem.fields.index(field)]
            return self.grid.derivative(values, orders)

        return self.grid.residual(derivative_of, {self.time: t})

    def _walled(self, t, values, level: int):
        """Values with the data, or their derivative in time, on the walls."""
        for index, program in self.grid.faces():

            def data(moment, program=program, index=index):
                found = self.grid.data(program, index, {self.time: moment})
                return jnp.stack(
                    [
                        jnp.broadcast_to(found[f], values[0][index].shape)
                        for f in self.problem.fields
                    ]
                )

            for _ in range(level):
                data = jax.jacfwd(data)
            values = values.at[(slice(None), *index)].set(data(t))
        return values

    def _rate_of(self, t, flat):
        state = list(flat.reshape(self.order, *self.shape))
        state = [self._walled(t, values, n) for n, values in enumerate(state)]
        known = self._walled(t, jnp.zeros(self.shape), self.order)
        residual = self._residual(t, state, known)
        if self.mixed:
            rate = known - (self.solve @ residual.ravel()).reshape(self.shape)
        else:
            free = known - jnp.tensordot(self.solve, residual, (1, 0))
            rate = jnp.where(self.mask, known, free)
        return jnp.stack([*state[1:], rate]).ravel()

    def rate(self, t, flat):
        return self._rate(jnp.asarray(float(t)), jnp.asarray(flat))

    def start(self):
        whole = (slice(None),) * len(self.grid.counts)
        parts = []
        for kind in ("initial", "velocity")[: self.order]:
            condition = self.problem.condition(kind, self.time)
            assert condition is not None and condition.values is not None
            found = self.grid.data(condition.values, whole)
            parts.append(
                jnp.stack(
                    [
                        jnp.broadcast_to(found[f], self.grid.counts)
                        for f in self.problem.fields
                    ]
                )
            )
        return jnp.stack(parts).ravel()

    def fields(self, t, flat):
        values = jnp.asarray(flat).reshape(self.order, *self.shape)[0]
        return self._walled(t, values, 0)


def by_newton(
    problem: Problem, counts: Sequence[int], guess: np.ndarray, steps: int = 6
) -> tuple[list[np.ndarray], np.ndarray]:
    """Collocation in all coordinates: all equations and data at once, by least squares
    from a guess of shape (fields, counts...).
    """
    with jax.enable_x64(True):
        grid = Grid(problem, problem.domain.names, counts)
        shape = (len(problem.fields), *grid.counts)

        def misfit(flat):
            values = flat.reshape(shape)

            def derivative_of(field, orders):
                return grid.derivative(values[problem.fields.index(field)], orders)

            parts = [grid.residual(derivative_of).ravel()]
            for condition in problem.conditions:
                axis = problem.domain.names.index(condition.coordinate)
                for end in [{"lower": 0, "upper": -1}[s] for s in condition.sides]:
                    if condition.program is None:
                        continue
                    index: list = [slice(None)] * len(counts)
                    index[axis] = end
                    here = tuple(index)
                    if condition.residual is not None:
                        slopes = {
                            i.name: derivative_of(
                                i.field,
                                dict(zip(problem.domain.names, i.orders, strict=True)),
                            )[here]
                            for i in condition.residual.of_kind("derivative")
                        }
                        found = grid.data(condition.residual, here, slopes)
                        parts += [jnp.ravel(v) for v in found.values()]
                        continue
                    orders = {condition.coordinate: int(condition.kind == "velocity")}
                    for field, value in grid.data(condition.values, here).items():
                        there = derivative_of(field, orders)[here]
                        parts.append(jnp.ravel(there - value))
            return jnp.concatenate(parts)

        solve = jax.jit(misfit), jax.jit(jax.jacfwd(misfit))
        flat = np.asarray(guess, float).ravel()
        for _ in range(steps):
            wrong, slope = (np.asarray(f(flat)) for f in solve)
            flat = flat - np.linalg.lstsq(slope, wrong, rcond=1e-14)[0]
    return grid.axes, flat.reshape(shape)

"""Encloses what a residual does on many boxes: compiled once for each pair of programs,
degree and number of boxes; weights, constants and the domain are arguments.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from math import factorial, prod

import flint
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from .._core import CertaxError, Program, closed_downwards, enclosure
from . import _taylor_models as tm
from ._interpreter import kinks, prepare, supported
from ._jets import Jet, JetSpace, MultiIndex
from ._stages import evaluate_in_stages
from ._taylor_models import Space, TaylorModel

Ball = tuple[np.ndarray, np.ndarray]
_samples_per_axis = {1: 16, 2: 5, 3: 3, 4: 2, 5: 2}


@dataclass(frozen=True)
class LeafBounds:
    """What is known of one scalar on each box; arrays of shape `(boxes,)`.

    - `supremum`: an upper bound of the largest absolute value.
    - `mean`: an upper bound of the mean absolute value.
    - `attained`: a lower estimate of the largest absolute value, not rigorous.
    - `typical`: an estimate of the mean absolute value, not rigorous.
    - `sensitivity`: shape `(boxes, dimension)`, which axis to cut.
    """

    supremum: np.ndarray
    mean: np.ndarray
    attained: np.ndarray
    typical: np.ndarray
    sensitivity: np.ndarray


def ball(text: str) -> Ball:
    """An exact number as a double and a radius that covers the difference."""
    value = enclosure(text)
    middle = float(value.mid())
    with flint.ctx.workprec(128):
        away = value - flint.arb(middle)
    # Not less than what compiled code can hold.
    radius = max(float(away.abs_upper()) * (1.0 + 1e-12), tm.tiny)
    return np.array(middle), np.array(0.0 if away.is_zero() else radius)


def derivative_orders(residual: Program) -> tuple[MultiIndex, ...]:
    """The downward closed set of derivatives that a residual needs."""
    return closed_downwards({i.orders for i in residual.of_kind("derivative")})


def check_supported(program: Program, orders: tuple[MultiIndex, ...] = ()) -> None:
    """**Raises:** `CertaxError` if an operation has no enclosure of these orders."""
    smooth = any(any(order) for order in orders)
    for op, _, _ in program.ops:
        allowed = op in supported or (op in kinks and not (smooth and op == "max0"))
        if not allowed:
            raise CertaxError(
                f"The operation {op!r} has no enclosure of its derivatives.",
                value=op,
                remedy="Use a smooth activation such as tanh.",
            )


@lru_cache(maxsize=32)
def residual_enclosure(
    fields: Program, residual: Program, coordinates: tuple[str, ...], degree: int
) -> Callable[..., tuple[Array, ...]]:
    """The enclosure of a residual's components, compiled in stages on its first call.

    **Arguments:**

    - `fields`: the fields' program, outputs named as the fields.
    - `residual`: the residual's program; its outputs are summarized together.
    - `coordinates`: the names of the box's axes.
    - `degree`: of the Taylor models.

    **Returns:** a function of (centers `(boxes, d)`, halves `(boxes, d)`, lower and
    length (balls of shape `(d,)`), weights, constants) that returns the arrays of
    [`LeafBounds`][].
    """
    dimension = len(coordinates)
    space = Space(dimension, degree)
    jets = JetSpace(space, derivative_orders(residual))
    check_supported(fields, jets.orders)
    check_supported(residual)
    plain = JetSpace(space, ((0,) * dimension,))

    @jax.jit
    def inputs(centers, halves, lower, length, weights, constants):
        seeds = {
            name: _coordinate(i, centers[:, i], halves[:, i], lower, length, jets)
            for i, name in enumerate(coordinates)
        }
        known = {n: _ball_jet(b, jets) for n, b in constants.items()}
        values = prepare(fields, {**seeds, **known, **weights}, jets)
        return seeds, known, values

    @partial(jax.jit, static_argnums=3)
    def arguments_of_residual(values, seeds, constants, boxes):
        zero = tm.constant(jnp.zeros((boxes,)), None, space)
        arguments: dict[str, Jet] = {}
        for item in residual.inputs:
            if item.kind == "derivative":
                model = values[item.field].get(item.orders, zero)
                factor = float(prod(factorial(n) for n in item.orders))
                arguments[item.name] = {jets.zero: tm.scaled(model, factor)}
            elif item.kind == "coordinate":
                arguments[item.name] = {jets.zero: seeds[item.name][jets.zero]}
            else:
                arguments[item.name] = constants[item.name]
        return prepare(residual, arguments, plain)

    @partial(jax.jit, static_argnums=1)
    def summary(models, boxes):
        return _summary(models, space, boxes)

    def enclose(centers, halves, lower, length, weights, constants):
        boxes = centers.shape[0]
        arguments = (centers, halves, lower, length, weights, constants)
        seeds, known, values = inputs(*arguments)
        found = evaluate_in_stages(fields, values, jets, boxes)
        values = arguments_of_residual(found, seeds, known, boxes)
        outputs = evaluate_in_stages(residual, values, plain, boxes)
        return summary([jet[plain.zero] for jet in outputs.values()], boxes)

    return enclose


def _coordinate(
    axis: int, center: Array, half: Array, lower, length, jets: JetSpace
) -> Jet:
    """lower + s length on the box, with derivative one with respect to itself."""
    space = jets.space
    linear = [None] * len(space.monomials)
    linear[0] = lower[0][axis] + center * length[0][axis]
    if space.degree > 0:
        unit = tuple(int(i == axis) for i in range(space.dimension))
        linear[space.position[unit]] = half * length[0][axis]
    reach = jnp.abs(center) + half
    radius = tm.widened(
        [
            lower[1][axis] + reach * length[1][axis],
            half * length[0][axis] if space.degree == 0 else None,
        ],
        4.0 * (jnp.abs(lower[0][axis]) + reach * length[0][axis]),
        16,
    )
    order = tuple(int(i == axis) for i in range(len(jets.zero)))
    jet = {jets.zero: TaylorModel(tuple(linear), radius)}
    if order in jets.orders:
        jet[order] = tm.constant(jnp.ones(()), None, space)
    return jet


def _ball_jet(value: tuple[Array, Array], jets: JetSpace) -> Jet:
    return {jets.zero: tm.constant(value[0], value[1], jets.space)}


def _summary(models: list[TaylorModel], space: Space, boxes: int):
    """Supremum: of the largest component. Mean: of the sum of absolute values."""
    supremum, mean, attained, typical = 0.0, 0.0, 0.0, 0.0
    axes = [jnp.zeros((boxes,)) for _ in range(space.dimension)]
    powers = _sample_powers(space)
    for model in models:
        full = lambda c: jnp.broadcast_to(jnp.zeros(()) if c is None else c, (boxes,))
        supremum = jnp.maximum(supremum, full(tm.bound(model)))
        mean = (mean + full(tm.root_mean_square(model, space))) * (1.0 + 4.0 * tm.u)
        coefficients = jnp.stack([full(c) for c in model.coefficients])
        sampled = jnp.abs(powers @ coefficients)
        # Samples of huge coefficients that cancel are rounding noise, not values.
        noise = 1e-13 * jnp.sum(jnp.abs(coefficients), axis=0)
        radius = full(model.radius) + noise
        attained = jnp.maximum(attained, jnp.max(sampled, axis=0) - radius)
        typical = typical + jnp.maximum(jnp.mean(sampled, axis=0) - radius, 0.0)
        for k, m in enumerate(space.monomials):
            for axis in range(space.dimension):
                if m[axis]:
                    axes[axis] = axes[axis] + m[axis] * jnp.abs(coefficients[k])
    return supremum, mean, attained, typical, jnp.stack(axes, axis=-1)


def _sample_powers(space: Space) -> Float[np.ndarray, "points monomials"]:
    n = _samples_per_axis[space.dimension]
    line = (np.arange(n) + 0.5) * (2.0 / n) - 1.0
    mesh = np.meshgrid(*[line] * space.dimension, indexing="ij")
    grid = np.stack(mesh, -1).reshape(-1, space.dimension)
    return np.stack(
        [np.prod(grid ** np.array(m), axis=-1) for m in space.monomials], axis=-1
    )


def domain_balls(ends: Mapping[str, tuple[str, str]]) -> tuple[Ball, Ball]:
    """Lower ends and lengths of the axes as balls of shape `(d,)`."""
    lower, length = [], []
    for low, high in ends.values():
        lower.append(ball(low))
        length.append(ball(f"({high}) - ({low})"))
    stacked = [
        (np.array([b[0] for b in balls]), np.array([b[1] for b in balls]))
        for balls in (lower, length)
    ]
    return stacked[0], stacked[1]

"""Groups of the soundness campaign: arithmetic and functions of Taylor models."""

import math
from collections.abc import Callable, Iterator

import flint
import jax
import jax.numpy as jnp
import numpy as np
from flint import fmpq

from certax._core import closed_downwards
from certax.bounds import _jets, _taylor_models as tm
from certax.bounds._ends import ends
from certax.bounds._jets import Jet, JetSpace
from certax.bounds._kinks import positive_part
from certax.bounds._taylor_models import Space, TaylorModel

from ._exact import exact_jets, exact_models as exact

_positive = ("log", "sqrt", "reciprocal")


def _full(a: TaylorModel, shape: tuple[int, ...]) -> TaylorModel:
    """With every coefficient present: one compiled function serves all models."""
    coefficients = tuple(
        jnp.broadcast_to(0.0 if c is None else c, shape) for c in a.coefficients
    )
    radius = tm.tiny if a.radius is None else a.radius
    return TaylorModel(coefficients, jnp.broadcast_to(radius, shape))


def ring(score: exact.Score, rng: np.random.Generator) -> Iterator[None]:
    """Sums, differences, products, squares and linear combinations."""
    shape = (200,)
    operations: list[tuple[str, Callable, Callable]] = [
        ("sum", lambda a, b, s: tm.add(a, b), lambda x, y: x + y),
        ("difference", lambda a, b, s: tm.add(a, b, -1.0), lambda x, y: x - y),
        ("product", tm.multiply, lambda x, y: x * y),
        (
            "x^2 + 2xy",
            lambda a, b, s: tm.product_sum([(a, a), (a, b), (b, a)], s),
            lambda x, y: x * x + 2 * x * y,
        ),
    ]
    compiled = [
        (name, space, jax.jit(lambda a, b, f=f, s=space: f(a, b, s)), truth)
        for space in (Space(1, 5), Space(2, 3), Space(3, 2))
        for name, f, truth in operations
    ]
    while True:
        for name, space, f, truth in compiled:
            first, second = (str(k) for k in rng.choice(exact.kinds, 2))
            a = _full(exact.random_model(rng, space, shape, first), shape)
            b = _full(exact.random_model(rng, space, shape, second), shape)
            what, result = f"{name} of {first}, {second}", f(a, b)
            exact.compare_pointwise(
                score, rng, what, [a, b], result, truth, space, shape, 3
            )
            yield


def matrices(score: exact.Score, rng: np.random.Generator) -> Iterator[None]:
    """Matrices times vectors that lie at the worst edges of their enclosures."""
    space, boxes = Space(2, 2), 16
    run = jax.jit(tm.matvec)
    while True:
        rows, columns = 4, int(rng.choice([1, 3, 20]))
        kind = str(rng.choice(exact.kinds))
        weight = exact.random_magnitudes(rng, (rows, columns), kind)
        shape = (columns, boxes)
        a = _full(exact.random_model(rng, space, shape, "ordinary"), shape)
        result = run(jnp.asarray(weight), a)
        given = exact.Reader(a, space, shape)
        found = exact.Reader(result, space, (rows, boxes))
        for box in range(boxes):
            (point,) = exact.random_points(rng, 2, 1)
            for row in range(rows):
                total = fmpq(0)
                for j, w in enumerate(exact.rational(w) for w in weight[row]):
                    sign = 1.0 if w >= 0 else -1.0
                    total += w * given.member(j * boxes + box, point, sign)
                entry = row * boxes + box
                if found.finite[entry]:
                    away = total - found.polynomial(entry, point)
                    score.compare(away, found.radius(entry), f"row of {kind}")
        yield


def functions(score: exact.Score, rng: np.random.Generator) -> Iterator[None]:
    """Elementary functions of jets whose entries are chosen independently."""
    shape = (64,)
    space = Space(2, 3)
    jets = JetSpace(space, closed_downwards({(2, 0), (0, 1)}))
    compiled = {
        name: jax.jit(lambda a, n=name: _jets.compose(n, a, jets))
        for name in exact_jets.functions
    }
    while True:
        for name, f in compiled.items():
            low, high = (0.5, 9.0) if name in _positive else (-8.0, 8.0)
            width = 10.0 ** rng.uniform(-14, 0) if rng.random() < 0.9 else 0.0
            argument: Jet = {}
            for order in jets.orders:
                model = _full(exact.random_model(rng, space, shape, "ordinary"), shape)
                if not any(order):
                    scaled = [c * width for c in model.coefficients[1:]]
                    center = jnp.asarray(rng.uniform(low, high, shape))
                    reach = jnp.asarray(10.0 ** rng.uniform(-17, -1, shape)) * width
                    model = TaylorModel((center, *scaled), jnp.maximum(reach, tm.tiny))
                argument[order] = model
            result = f(argument)
            _compare(score, rng, f"{name}, {width}", argument, result, name, jets)
            yield


def kinks(score: exact.Score, rng: np.random.Generator) -> Iterator[None]:
    """max(z, 0), at and next to the places where the range of z touches zero."""
    shape = (200,)
    spaces = [Space(1, 3), Space(2, 2)]
    runs = []
    for space in spaces:
        jets = JetSpace(space, ((0,) * space.dimension,))
        only = lambda m, jets=jets: positive_part({jets.zero: m}, jets)[jets.zero]
        runs.append(jax.jit(only))
    positive = lambda x: x if x > 0 else fmpq(0)
    while True:
        for space, run in zip(spaces, runs, strict=True):
            kind = str(rng.choice(exact.kinds))
            model = _full(exact.random_model(rng, space, shape, kind), shape)
            size = np.asarray(tm.spread(model))
            place = rng.choice([-1.0, 0.0, 1.0, 1 + 1e-15, 1 - 1e-15, 0.3], shape)
            center = jnp.asarray(size * place)
            model = TaylorModel((center, *model.coefficients[1:]), model.radius)
            exact.compare_pointwise(
                score, rng, f"max0 of {kind}", [model], run(model), positive, space,
                shape, 2,
            )  # fmt: skip
            _compare_ends(score, rng, model, space, shape)
            yield


def _compare_ends(score, rng, model, space, shape) -> None:
    """The interval of a model holds its members."""
    low, high = (
        np.broadcast_to(e, shape) for e in jax.jit(ends, static_argnums=1)(model, space)
    )
    reader = exact.Reader(model, space, shape)
    for entry in np.flatnonzero(np.isfinite(low) & np.isfinite(high)):
        (point,) = exact.random_points(rng, space.dimension, 1)
        member = reader.member(entry, point, exact.random_sign(rng))
        bottom, top = exact.rational(low[entry]), exact.rational(high[entry])
        score.compare(member - (bottom + top) / 2, (top - bottom) / 2, "ends")


def edges(score: exact.Score, rng: np.random.Generator) -> Iterator[None]:
    """Elementary functions at subnormal, tiny, huge and critical arguments."""
    shape = (64,)
    space = Space(1, 3)
    jets = JetSpace(space, closed_downwards({(4,)}))
    compiled = {
        name: jax.jit(lambda a, n=name: _jets.compose(n, a, jets))
        for name in exact_jets.functions
    }
    while True:
        for name, f in compiled.items():
            center = edge(rng, shape)
            center = np.abs(center) if name in _positive else center
            width = np.abs(center) * 10.0 ** rng.uniform(-17, 0, shape)
            width = np.where(rng.random(shape) < 0.3, 0.0, width)
            zeros = jnp.zeros(shape)
            radius = jnp.full(shape, tm.tiny)
            value = TaylorModel(
                (jnp.asarray(center), jnp.asarray(width), zeros, zeros), radius
            )
            argument: Jet = {(0,): value}
            for order in range(1, 5):
                slope = jnp.full(shape, 1.0 if order == 1 else 0.0)
                argument[(order,)] = TaylorModel((slope, zeros, zeros, zeros), radius)
            flint.ctx.prec = 3000
            _compare(
                score, rng, f"{name} at its edges", argument, f(argument), name, jets
            )
            yield


def edge(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers at which something may happen, and their neighbors."""
    marks = np.array(
        [0.0, 5e-324, 1e-310, 2.0**-1022, 1e-290, 1e-160, 1e-20, math.log(2) / 4, 0.5,
         math.log(2), math.sqrt(0.5), 1.0, math.pi / 4, math.pi / 2, math.pi, 2.0, 6.0,
         20.0, 26.6, 37.0, 40.0, 355.0, 708.0, 709.78, 745.0, 1e4, 2.0**20, 1e15]
    )  # fmt: skip
    found = rng.choice(marks, shape) * rng.choice([1.0, 1.0, 3.0, 0.25], shape)
    for _ in range(int(rng.integers(3))):
        found = np.nextafter(found, rng.choice([-np.inf, np.inf], shape))
    return found * rng.choice([-1.0, 1.0], shape)


def _compare(score, rng, what, argument, result, name, jets) -> None:
    size = argument[jets.zero].coefficients[0].shape
    given = {o: exact.Reader(m, jets.space, size) for o, m in argument.items()}
    found = {o: exact.Reader(m, jets.space, size) for o, m in result.items()}
    for entry in range(size[0]):
        if not all(r.finite[entry] for r in found.values()):
            continue
        for point in exact.random_points(rng, jets.space.dimension, 2):
            members = {
                o: exact.ball(r.member(entry, point, exact.random_sign(rng)))
                for o, r in given.items()
            }
            truth = exact_jets.jet_function(name, members, jets.orders)
            for order, value in truth.items():
                claimed = exact.ball(found[order].polynomial(entry, point))
                radius = exact.ball(found[order].radius(entry))
                score.compare(value - claimed, radius, f"{what}, order {order}")

"""Enclosures as a transformation of functions, like `jax.grad`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import factorial, prod
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jaxtyping import Array, Float

from .._core import (
    Box,
    CertaxError,
    Program,
    closed_downwards,
    highest_order,
    trace_function,
)
from . import _taylor_models as tm
from ._ends import ends
from ._interpreter import interpret
from ._jets import Jet, JetSpace, MultiIndex
from ._leaves import ball
from ._taylor_models import Space, TaylorModel

_degrees = {1: 6, 2: 4, 3: 3, 4: 2, 5: 2}
_most_pieces = 2**16


@jax.tree_util.register_pytree_node_class
@dataclass(frozen=True)
class Interval:
    """All real numbers from `lower` to `upper`, entry by entry.

    **Attributes:**

    - `lower`, `upper`: arrays of one shape. Ends of boxes are taken as exact; ends of
      enclosures are rounded outward.
    """

    lower: Any
    upper: Any

    def tree_flatten(self):
        return (self.lower, self.upper), None

    @classmethod
    def tree_unflatten(cls, static, children) -> "Interval":
        return cls(*children)

    def __iter__(self):
        return iter((self.lower, self.upper))


Arguments = tuple[Interval, ...]


@dataclass(frozen=True)
class Traced:
    """A function as a program on a box.

    **Attributes:**

    - `program`, `weights`: see `trace_function`.
    - `coordinates`: the names of the entries of all arguments, in order.
    - `lower`, `upper`: the ends of each, shape `(d,)`.
    - `rebuild`: makes the function's result of one array for each output.
    """

    program: Program
    weights: dict[str, Array]
    coordinates: tuple[str, ...]
    lower: Float[Array, " d"]
    upper: Float[Array, " d"]
    rebuild: Callable[[Sequence[Any]], Any]


def arguments_of(box: Any, most: int = 5) -> Arguments:
    """A box of at most so many dimensions as one interval for each argument.

    **Raises:** `CertaxError` if it is not made of pairs of numbers or vectors.
    """
    if isinstance(box, Box):
        box = [
            _outward(low, high) for low, high in zip(box.lower, box.upper, strict=True)
        ]
    if isinstance(box, Interval):
        box = (box,)
    found = []
    for pair in box:
        if len(tuple(pair)) != 2:
            raise _not_a_box(f"one of its parts is {pair!r}")
        low, high = (jnp.asarray(end, jnp.float64) for end in pair)
        if low.shape != high.shape or low.ndim > 1:
            raise _not_a_box(f"its ends have the shapes {low.shape} and {high.shape}")
        if not any(isinstance(end, Tracer) for end in (low, high)):
            if not bool(jnp.all(low <= high)):
                raise _not_a_box("a lower end exceeds its upper end")
        found.append(Interval(low, high))
    size = sum(prod(i.lower.shape) for i in found)
    if not 1 <= size <= most:
        raise _not_a_box(f"it has {size} dimensions instead of one to {most}", most)
    return tuple(found)


def _not_a_box(why: str, most: int = 5) -> CertaxError:
    return CertaxError(
        f"This is no box: {why}.",
        remedy="Give an Interval, or a pair (lower, upper) for each argument; an "
        f"argument is a number or a vector, with one to {most} entries in all.",
    )


def _outward(low: str, high: str) -> tuple[float, float]:
    """Floats that enclose exact ends."""
    (below, left), (above, right) = ball(low), ball(high)
    down, up = float(below - left), float(above + right)
    return (
        float(below) if left == 0 else float(np.nextafter(down, -np.inf)),
        float(above) if right == 0 else float(np.nextafter(up, np.inf)),
    )


def traced(function: Callable[..., Any], box: Any, most: int = 5) -> Traced:
    """Traces a function for the arguments that a box has."""
    arguments = arguments_of(box, most)
    shapes = [i.lower.shape for i in arguments]
    structure: list[Any] = []

    def scalars(*values: Array) -> list[Array]:
        leaves, tree = jax.tree_util.tree_flatten(function(*values))
        leaves = [jnp.asarray(leaf) for leaf in leaves]
        structure[:] = [tree, [leaf.shape for leaf in leaves]]
        return [entry for leaf in leaves for entry in _entries(leaf)]

    names = tuple(f"x{i}" for i in range(sum(prod(s) for s in shapes)))
    program, weights = trace_function(scalars, shapes, names, "the function")
    tree, sizes = structure

    def rebuild(values: Sequence[Any]) -> Any:
        items, leaves = iter(values), []
        for size in sizes:
            parts = [next(items) for _ in range(prod(size))]
            leaves.append(
                jax.tree.map(lambda *v: jnp.stack(v), *parts) if size else parts[0]
            )
        return jax.tree_util.tree_unflatten(tree, leaves)

    lower, upper = (
        jnp.concatenate([jnp.ravel(getattr(i, end)) for i in arguments])
        for end in ("lower", "upper")
    )
    return Traced(program, weights, names, lower, upper, rebuild)


def _entries(leaf: Array) -> list[Array]:
    if leaf.ndim > 1:
        raise CertaxError(
            f"The function returns an array of shape {leaf.shape}.",
            value=str(leaf.shape),
            remedy="Return numbers and vectors.",
        )
    return [leaf[i] for i in range(leaf.shape[0])] if leaf.ndim else [leaf]


def seeds(task: Traced, jets: JetSpace, pieces: int) -> dict[str, Jet]:
    """The coordinates as jets over all pieces of the box: c + h ξ with h a little too
    large, so that every point of a piece is met exactly and the radius is zero.
    """
    dimension = jets.space.dimension
    # Whatever numbers stand between the ends, their hulls in turn cover the box.
    shares = jnp.arange(pieces + 1) / pieces
    marks = task.lower[:, None] * (1.0 - shares) + task.upper[:, None] * shares
    low, high = (
        pick(marks[:, :-1], marks[:, 1:]) for pick in (jnp.minimum, jnp.maximum)
    )
    center = 0.5 * low + 0.5 * high
    reach = jnp.maximum(high - center, center - low)
    larger = jnp.maximum(jnp.abs(low), jnp.abs(high))
    half = reach * (1.0 + 8.0 * tm.u) + (8.0 * tm.u * larger + tm.tiny)
    # An empty or unknown box has no finite enclosure.
    half = jnp.where((task.lower <= task.upper)[:, None], half, jnp.inf)
    found = {}
    for axis, name in enumerate(task.coordinates):
        grids = (
            jnp.meshgrid(*[a[axis]] * dimension, indexing="ij")[axis].ravel()
            for a in (center, half)
        )
        linear: list[Array | None] = [None] * len(jets.space.monomials)
        unit = tuple(int(i == axis) for i in range(dimension))
        linear[0], linear[jets.space.position[unit]] = grids
        jet: dict[MultiIndex, TaylorModel] = {
            jets.zero: TaylorModel(tuple(linear), None)
        }
        if unit in jets.orders:
            jet[unit] = tm.constant(jnp.ones(()), None, jets.space)
        found[name] = jet
    return found


def jets_of(
    task: Traced,
    orders: Sequence[MultiIndex],
    degree: int | None,
    pieces: int,
    slopes: bool = False,
) -> tuple[list[Jet], JetSpace]:
    """The outputs with their derivatives, as Taylor models over the pieces of the box.

    **Arguments:**

    - `slopes`: whether kinks have generalized gradients.
    """
    dimension = len(task.coordinates)
    if not 1 <= pieces**dimension <= _most_pieces:
        raise CertaxError(
            f"{pieces} pieces in each of {dimension} directions are not from 1 to "
            f"{_most_pieces} boxes.",
            value=pieces,
            remedy="Give fewer pieces, or use bracket, which cuts where it pays.",
        )
    space = Space(dimension, degree or _degrees[dimension])
    jets = JetSpace(space, closed_downwards({*orders, (0,) * dimension}))
    program = with_slopes(task.program) if slopes else task.program
    given: dict[str, Any] = {**seeds(task, jets, pieces), **task.weights}
    for item in program.of_kind("constant"):
        middle, radius = ball(item.value)
        exact = None if radius == 0.0 else jnp.asarray(radius)
        model = tm.constant(jnp.asarray(middle), exact, space)
        given[item.name] = {jets.zero: model}
    outputs = interpret(program, given, jets, pieces**dimension)
    return [outputs[str(i)] for i in range(len(outputs))], jets


def released(result: Any) -> Any:
    """NumPy arrays instead of JAX's, which would be rounded to float32 by the next
    operation outside of `jax.enable_x64`; tracers stay.
    """
    return jax.tree.map(
        lambda leaf: leaf if isinstance(leaf, Tracer) else np.asarray(leaf), result
    )


def with_slopes(program: Program) -> Program:
    """The program whose kinks have generalized gradients."""
    ops = tuple(
        ("max0 with slopes" if op == "max0" else op, args, extra)
        for op, args, extra in program.ops
    )
    return Program(program.inputs, ops, program.outputs)


def interval_of(jet: Jet, order: MultiIndex, jets: JetSpace) -> Interval:
    """One derivative's range over the box, as scalars."""
    model = jet.get(order)
    if model is None:
        model = tm.constant(jnp.zeros(()), None, jets.space)
    model = tm.scaled(model, float(prod(factorial(n) for n in order)))
    low, high = ends(model, jets.space)
    # A part that is nowhere defined may be constant, and then no derivative shows it.
    defined = jnp.isfinite(tm.bound(jet[jets.zero]))
    low, high = jnp.where(defined, low, -jnp.inf), jnp.where(defined, high, jnp.inf)
    return Interval(jnp.min(low), jnp.max(high))


def enclose(
    function: Callable[..., Any],
    *,
    derivative: Sequence[int] | None = None,
    degree: int | None = None,
    pieces: int = 1,
) -> Callable[[Any], Any]:
    """The transformation that bounds a function, or a derivative, over boxes.

    The result maps a box to intervals that hold all values there, proved: arithmetic is
    enclosed with its rounding (`docs/theory/enclosure.md`), and nothing is sampled. It
    can be transformed by `jax.jit` and `jax.vmap`.

    **Arguments:**

    - `function`: takes one to five numbers, or vectors with as many entries in all, and
      returns numbers or vectors in any pytree; written in `jax.numpy` with the
      primitives of `docs/primitives.md`. Arrays that it captures are exact weights.
    - `derivative`: how often to differentiate by each entry of the arguments, up to
      order four in all, as in `(2, 0)`.
    - `degree`: of the Taylor models; larger is tighter on small boxes and slower.
    - `pieces`: into how many each side of the box is cut; more are tighter and slower.

    **Returns:** a function of a box: an [`certax.bounds.Interval`][] of vectors for one
    vector argument, a pair `(lower, upper)` for each argument, or a [`certax.Box`][].
    It returns what `function` does with an `Interval` of float64 for every array (of
    NumPy arrays, unless a transformation is at work). Where the
    function is not defined on the whole box, the ends are infinite. (As everywhere in
    JAX, `jit` and `vmap` round a float64 box to float32 unless they are called inside
    of `jax.enable_x64(True)`; the result then speaks about the rounded box.)

    **Raises:** `CertaxError` for other primitives and for what is no box.

    !!! example

        ```python
        bounds = enclose(lambda x, t: jnp.tanh(x) * t, derivative=(1, 0))
        lower, upper = bounds([(-1.0, 1.0), (0.0, 0.5)])
        ```
    """
    order = None if derivative is None else tuple(int(n) for n in derivative)
    if order is not None and (min(order, default=0) < 0 or sum(order) > highest_order):
        raise CertaxError(
            f"The derivative {order} is not of an order from 0 to {highest_order}.",
            value=str(order),
            remedy="Give how often to differentiate by each argument, as in (2, 0).",
        )

    def enclosed(box: Any) -> Any:
        with jax.enable_x64(True):
            task = traced(function, box)
            index = order or (0,) * len(task.coordinates)
            if len(index) != len(task.coordinates):
                raise CertaxError(
                    f"The derivative {index} has {len(index)} entries, but the "
                    f"arguments have {len(task.coordinates)}.",
                    value=str(index),
                    remedy="Give one number for each entry of the arguments.",
                )
            outputs, jets = jets_of(task, [index], degree, pieces)
            found = [interval_of(jet, index, jets) for jet in outputs]
            return released(task.rebuild(found))

    return enclosed

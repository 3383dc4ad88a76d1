"""Derivatives of a program's outputs by Taylor arithmetic, all of them in one pass.

The jet of a value z holds its Taylor coefficients z_α = ∂^α z / α! for the indices α of
a set closed downwards; those that are missing are zero. Products are convolutions, and
f(z) = Σ_k f^(k)(z_0)/k! (z - z_0)^k with k up to the highest order. So a layer of a net
is one product with its matrix for each coefficient, and its activation is computed once
for all of them. Nested differentiation repeats values in each pass, and XLA does not
find all of that again once it is differentiated by the weights.

Arrays have the points on their last axis, or one entry there where all points share it:
layers are then products of a small matrix with a wide one, which XLA does faster on
processors than products with the points on the first axis.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial, reduce
from math import factorial, prod
from operator import add, sub

import jax.numpy as jnp
from jaxtyping import Array, Float

from ._programs import Program
from ._taylor_series import power_series, series

MultiIndex = tuple[int, ...]
Jet = dict[MultiIndex, Array]
Kept = frozenset[MultiIndex]
_bilinear: dict[str, Callable[[Array, Array], Array]] = {
    "mul": jnp.multiply,
    "matvec": jnp.matmul,
    "dot": lambda x, y: jnp.sum(x * y, axis=0),
}


def derivatives(
    program: Program,
    inputs: Mapping[str, Array],
    names: Sequence[str],
    points: Float[Array, "n dimension"],
    orders: Iterable[MultiIndex],
) -> dict[MultiIndex, dict[str, Float[Array, " n"]]]:
    """All outputs' derivatives at points, under any JAX transformation.

    **Arguments:**

    - `inputs`: a value for each input of the program that is no coordinate.
    - `names`: of the coordinates, the columns of `points`.
    - `orders`: the multi-indices wanted, one order for each coordinate.
    """
    orders, zero = tuple(orders), (0,) * len(names)
    kept = frozenset(closed_downwards({zero, *orders}))
    given = {name: {zero: _shared(value)} for name, value in inputs.items()}
    given |= {name: {zero: points[:, axis]} for axis, name in enumerate(names)}
    one = jnp.ones((1,), points.dtype)
    for order in kept:
        if sum(order) == 1:
            given[names[order.index(1)]][order] = one
    values = [given[item.name] for item in program.inputs]
    for op, arguments, extra in program.ops:
        values.append(_operate(op, [values[a] for a in arguments], extra, kept))

    def derivative(jet: Jet, order: MultiIndex) -> Array:
        found = jet.get(order, jnp.zeros_like(one))
        factor = float(prod(factorial(n) for n in order))
        return jnp.broadcast_to(found * factor, points.shape[:1])

    return {
        order: {n: derivative(values[i], order) for n, i in program.outputs.items()}
        for order in orders
    }


def _shared(value: Array) -> Array:
    """An input that all points share; matrices only ever stand on the left."""
    value = jnp.asarray(value)
    return value if value.ndim == 2 else value[..., None]


def closed_downwards(orders: set[MultiIndex]) -> tuple[MultiIndex, ...]:
    """The smallest downward closed set of multi-indices that holds the given ones."""
    found = set(orders)
    stack = list(orders)
    while stack:
        order = stack.pop()
        for axis, n in enumerate(order):
            if n > 0:
                below = tuple(k - (i == axis) for i, k in enumerate(order))
                if below not in found:
                    found.add(below)
                    stack.append(below)
    return tuple(sorted(found, key=_total))


def _total(order: MultiIndex) -> tuple[int, MultiIndex]:
    return sum(order), order


def _operate(op: str, args: Sequence[Jet], extra: int | None, kept: Kept) -> Jet:
    first = args[0]
    match op:
        case "add":
            return _sum(*args)
        case "sub":
            return _sum(first, {o: -v for o, v in args[1].items()})
        case "div":
            return _quotient(first, args[1], kept)
        case "stack":
            return _stack(args)
        case "ipow":
            return _composed(partial(power_series, extra or 1), first, kept)
        case "neg":
            return {o: -v for o, v in first.items()}
        case "sum":
            return {o: jnp.sum(v, axis=0) for o, v in first.items()}
        case "index":
            return {o: v[extra] for o, v in first.items()}
        case "broadcast":
            return {
                o: jnp.broadcast_to(v, (extra or 1, *v.shape)) for o, v in first.items()
            }
        case _ if op in _bilinear:
            return _product(_bilinear[op], first, args[1], kept)
        case _:
            return _composed(series[op], first, kept)


def _sum(a: Jet, b: Jet) -> Jet:
    return a | {o: a[o] + v if o in a else v for o, v in b.items()}


def _product(
    function: Callable[[Array, Array], Array], a: Jet, b: Jet, kept: Kept
) -> Jet:
    """A bilinear function of two jets."""
    found: Jet = {}
    for i, x in a.items():
        for j, y in b.items():
            order = tuple(map(add, i, j))
            if order in kept:
                found = _sum(found, {order: function(x, y)})
    return found


def _quotient(a: Jet, b: Jet, kept: Kept) -> Jet:
    """The jet q with q b = a, from the lowest order up."""
    zero = min(b)
    found: Jet = {}
    for order in sorted(kept, key=_total):
        rest = [a[order]] if order in a else []
        for j, y in b.items():
            i = tuple(map(sub, order, j))
            if j != zero and i in found:
                rest.append(-found[i] * y)
        if rest:
            found[order] = reduce(jnp.add, rest) / b[zero]
    return found


def _stack(args: Sequence[Jet]) -> Jet:
    empty = jnp.zeros_like(args[0][min(args[0])][:1])
    orders = sorted({order for jet in args for order in jet})
    rows = {o: jnp.broadcast_arrays(*(a.get(o, empty) for a in args)) for o in orders}
    return {order: jnp.stack(row) for order, row in rows.items()}


def _composed(
    coefficients: Callable[[Array, int], list[Array]], jet: Jet, kept: Kept
) -> Jet:
    """An elementary function of a jet, from its own Taylor coefficients at z_0."""
    zero = min(jet)
    change = {o: v for o, v in jet.items() if o != zero}
    highest = max(map(sum, kept)) if change else 0
    first, *others = coefficients(jet[zero], highest)
    found, power = {zero: first}, change
    for coefficient in others:
        found = _sum(found, {o: coefficient * v for o, v in power.items()})
        power = _product(jnp.multiply, power, change, kept)
    return found

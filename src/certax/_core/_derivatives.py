"""Derivatives of a program's outputs by Taylor arithmetic, all of them in one pass.

The jet of a value z holds its Taylor coefficients z_α = ∂^α z / α! for the indices α of
a set closed downwards; those that are missing are zero. Products are convolutions, and
f(z) = Σ_k f^(k)(z_0)/k! (z - z_0)^k with k up to the highest order. So a layer of a net
is one product with its matrix for each coefficient, and its activation is computed once
for all of them. Nested differentiation repeats values in each pass, and XLA does not
find all of that again once it is differentiated by the weights.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial, reduce
from math import factorial, prod
from operator import add, sub

import jax.numpy as jnp
from jaxtyping import Array, Float

from ._programs import Program, apply
from ._taylor_series import power_series, series

MultiIndex = tuple[int, ...]
Jet = dict[MultiIndex, Array]
Kept = frozenset[MultiIndex]
_linear = ("neg", "sum", "index", "broadcast")
_bilinear = ("mul", "dot", "matvec")


def derivatives(
    program: Program,
    inputs: Mapping[str, Array],
    names: Sequence[str],
    point: Float[Array, " dimension"],
    orders: Iterable[MultiIndex],
) -> dict[MultiIndex, dict[str, Array]]:
    """All outputs' derivatives at one point, under any JAX transformation.

    **Arguments:**

    - `inputs`: a value for each input of the program that is no coordinate.
    - `names`: those of the coordinates; `point`: their values.
    - `orders`: the multi-indices wanted, one order for each coordinate.
    """
    orders, zero = tuple(orders), (0,) * len(names)
    kept = frozenset(closed_downwards({zero, *orders}))
    given = {name: {zero: jnp.asarray(value)} for name, value in inputs.items()}
    for axis, name in enumerate(names):
        unit = tuple(int(i == axis) for i in range(len(names)))
        slope = {unit: jnp.ones_like(point[axis])} if unit in kept else {}
        given[name] = {zero: point[axis], **slope}
    values = [given[item.name] for item in program.inputs]
    for op, arguments, extra in program.ops:
        values.append(_operate(op, [values[a] for a in arguments], extra, kept))
    return {
        order: {
            name: _derivative(values[index], order, zero)
            for name, index in program.outputs.items()
        }
        for order in orders
    }


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


def _derivative(jet: Jet, order: MultiIndex, zero: MultiIndex) -> Array:
    if order not in jet:
        return jnp.zeros_like(jet[zero])
    return jet[order] * float(prod(factorial(n) for n in order))


def _operate(op: str, args: Sequence[Jet], extra: int | None, kept: Kept) -> Jet:
    first = args[0]
    match op:
        case "add":
            return _sum(*args)
        case "sub":
            return _sum(first, {o: -v for o, v in args[1].items()})
        case "div":
            return _quotient(*args, kept)
        case "stack":
            return _stack(args)
        case "ipow":
            return _composed(partial(power_series, extra or 1), first, kept)
        case _ if op in _linear:
            return {o: apply(op, [v], extra) for o, v in first.items()}
        case _ if op in _bilinear:
            return _product(lambda x, y: apply(op, [x, y]), *args, kept)
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
    empty = jnp.zeros_like(args[0][min(args[0])])
    orders = sorted({order for jet in args for order in jet})
    return {o: jnp.stack([a.get(o, empty) for a in args]) for o in orders}


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

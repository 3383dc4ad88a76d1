"""Taylor models: a polynomial in the box variables ξ ∈ [-1, 1]^d, plus a radius.

A model encloses a function f on a box when |f(ξ) - Σ c_m ξ^m| <= radius there. Every
operation adds what rounding, truncation and the arguments' radii can contribute. The
rounding model is that of `docs/theory/enclosure.md`: each elementary operation of XLA
errs by at most `u` relatively (twice that for a division), fused or not, in whatever
order sums are taken, and numbers below 2^-1022 may count as zero.

Arrays have the boxes as their last axis; coefficients that are known to vanish are
`None`, so structure found while tracing costs nothing at run time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import jax
import jax.numpy as jnp
from jaxtyping import Array

from .._core import multi_indices

u = 2.0**-53
tiny = 1e-290
Coefficients = tuple[Array | None, ...]


@dataclass(frozen=True)
class Space:
    """The polynomials of total degree at most `degree` in `dimension` variables."""

    dimension: int
    degree: int

    @cached_property
    def monomials(self) -> tuple[tuple[int, ...], ...]:
        return tuple(multi_indices(self.dimension, self.degree))

    @cached_property
    def position(self) -> dict[tuple[int, ...], int]:
        return {m: k for k, m in enumerate(self.monomials)}

    @cached_property
    def degrees(self) -> tuple[int, ...]:
        return tuple(sum(m) for m in self.monomials)

    @cached_property
    def products(self) -> tuple[tuple[int, int, int], ...]:
        """(i, j, k) with monomial i times monomial j = monomial k, kept ones only."""
        found = []
        for i, m in enumerate(self.monomials):
            for j, n in enumerate(self.monomials):
                total = tuple(a + b for a, b in zip(m, n, strict=True))
                if sum(total) <= self.degree:
                    found.append((i, j, self.position[total]))
        return tuple(found)


@jax.tree_util.register_pytree_node_class
@dataclass(frozen=True)
class TaylorModel:
    """See the module. `radius` is `None` where it is exactly zero, else >= `tiny`.

    `size`, where given, is a coarse bound of Σ |c_m|, good enough for rounding errors;
    XLA would form the coefficients once more only to sum them.
    """

    coefficients: Coefficients
    radius: Array | None
    size: Array | None = None

    def tree_flatten(self):
        return (self.coefficients, self.radius, self.size), None

    @classmethod
    def tree_unflatten(cls, static, children) -> "TaylorModel":
        # Not through __init__: JAX puts shapes and other things in place of arrays.
        model = object.__new__(cls)
        for name, child in zip(
            ("coefficients", "radius", "size"), children, strict=True
        ):
            object.__setattr__(model, name, child)
        return model

    @property
    def is_constant(self) -> bool:
        return all(c is None for c in self.coefficients[1:])


def add_all(items: Sequence[Array | None]) -> Array | None:
    """A sum in which `None` is zero."""
    present = [item for item in items if item is not None]
    if not present:
        return None
    total = present[0]
    for item in present[1:]:
        total = total + item
    return total


def magnitude(items: Sequence[Array | None]) -> Array | None:
    """Σ |c|, rounded; callers enlarge it."""
    return add_all([None if c is None else jnp.abs(c) for c in items])


def widened(radius: Sequence[Array | None], slack: Array | None, count: int) -> Array:
    """An upper bound of Σ radius + slack, where `slack` is what must be multiplied by
    u to bound the rounding of the coefficients, and `count` bounds the number of
    roundings in the radius itself.
    """
    parts = [*radius, None if slack is None else slack * (2.0 * u)]
    total = add_all(parts)
    if total is None:
        return jnp.asarray(tiny)
    return total * (1.0 + (count + 8.0) * u) + tiny


def constant(value: Array, radius: Array | None, space: Space) -> TaylorModel:
    """A value known up to a radius, as a model."""
    return TaylorModel((value,) + (None,) * (len(space.monomials) - 1), radius)


def add(a: TaylorModel, b: TaylorModel, sign: float = 1.0) -> TaylorModel:
    """a + sign b, for sign 1 or -1."""
    coefficients, slack = [], []
    for p, q in zip(a.coefficients, b.coefficients, strict=True):
        if q is None:
            coefficients.append(p)
        elif p is None:
            coefficients.append(q if sign > 0 else -q)
        else:
            coefficients.append(p + q if sign > 0 else p - q)
            slack.append(coefficients[-1])
    radius = (a.radius, b.radius)
    if not slack and radius == (None, None):
        return TaylorModel(tuple(coefficients), None)
    return TaylorModel(tuple(coefficients), widened(radius, magnitude(slack), 4))


def negative(a: TaylorModel) -> TaylorModel:
    return TaylorModel(
        tuple(None if c is None else -c for c in a.coefficients), a.radius
    )


def scaled(a: TaylorModel, factor: float) -> TaylorModel:
    """a times a float that is exactly meant, such as a binomial coefficient."""
    if factor == 1.0:
        return a
    coefficients = tuple(None if c is None else factor * c for c in a.coefficients)
    radius = None if a.radius is None else a.radius * abs(factor)
    return TaylorModel(coefficients, widened([radius], magnitude(coefficients), 4))


def _by_degree(a: TaylorModel, space: Space) -> list[Array | None]:
    """Sums of |c_m| over |m| = i, for i = 0, ..., degree."""
    groups: list[list[Array | None]] = [[] for _ in range(space.degree + 1)]
    for c, degree in zip(a.coefficients, space.degrees, strict=True):
        groups[degree].append(c)
    return [magnitude(g) for g in groups]


def _times(a: Array | None, b: Array | None) -> Array | None:
    return None if a is None or b is None else a * b


def multiply(a: TaylorModel, b: TaylorModel, space: Space) -> TaylorModel:
    """The product; terms above the degree go to the radius."""
    return product_sum([(a, b)], space)


def product_sum(
    pairs: Sequence[tuple[TaylorModel, TaylorModel]], space: Space
) -> TaylorModel:
    """Σ a b, rounded as one sum; terms above the degree go to the radius.

    Pairs that occur twice, in either order, and the mirrored products of a square are
    computed once and doubled.
    """
    merged: dict[tuple[int, ...], tuple[TaylorModel, TaylorModel, int]] = {}
    for a, b in pairs:
        key = tuple(sorted((id(a), id(b))))
        merged[key] = (a, b, merged[key][2] + 1 if key in merged else 1)
    kept: list[dict[int, list[Array]]] = [{} for _ in space.monomials]
    for a, b, times in merged.values():
        for i, j, k in space.products:
            p, q = a.coefficients[i], b.coefficients[j]
            if p is not None and q is not None and (a is not b or i <= j):
                weight = 2 * times if a is b and i < j else times
                kept[k].setdefault(weight, []).append(p * q)
    coefficients = tuple(
        add_all([_repeated(add_all(terms), w) for w, terms in groups.items()])
        for groups in kept
    )
    # How many roundings one term of a coefficient can meet.
    steps = max(sum(len(t) + 1 for t in groups.values()) for groups in kept) + 1
    kappa = 2.0 * (steps + 1.0) * u
    radius: list[Array] = []
    sizes: list[Array | None] = []
    for a, b, times in merged.values():
        parts, size = _product_radius(a, b, kappa, space)
        radius += [part * float(times) for part in parts]
        sizes.append(_repeated(size, times))
    if not radius:
        return TaylorModel(coefficients, None)
    count = 2 * (len(space.monomials) + space.degree) + len(radius)
    return TaylorModel(coefficients, widened(radius, None, count), add_all(sizes))


def _repeated(a: Array | None, times: int) -> Array | None:
    return a if a is None or times == 1 else a * float(times)


def _product_radius(
    a: TaylorModel, b: TaylorModel, kappa: float, space: Space
) -> tuple[list[Array], Array | None]:
    """What is above the degree, what the radii give, and the rounding of the kept
    coefficients, at most kappa / 2 times the product of the magnitudes; and that.
    """
    size, tail = _by_degree(a, space), _by_degree(b, space)
    for i in reversed(range(space.degree)):
        tail[i] = add_all([tail[i], tail[i + 1]])
    # Where a tiny factor is flushed to zero, the other may be large.
    whole_a, whole_b = (
        None if c is None else c + tiny for c in (add_all(size), tail[0])
    )
    rounded = None if whole_b is None else whole_b * kappa
    parts = [
        *(_times(size[i], tail[space.degree + 1 - i]) for i in range(1, len(size))),
        _times(whole_a, add_all([b.radius, rounded])),
        _times(a.radius, add_all([b.radius, whole_b])),
    ]
    return [p for p in parts if p is not None], _times(whole_a, whole_b)


def combination(
    values: Sequence[Array],
    models: Sequence[TaylorModel],
    others: Sequence[Array | None],
) -> TaylorModel:
    """Σ v f for numbers v that are known up to one rounding; `others` are further
    parts of the radius.
    """
    kappa = 2.0 * (len(models) + 3.0) * u
    terms = list(zip(values, models, strict=True))
    coefficients = tuple(
        add_all([_times(v, f.coefficients[m]) for v, f in terms])
        for m in range(len(models[0].coefficients))
    )
    radius = list(others)
    sizes: list[Array | None] = []
    for v, f in terms:
        size = magnitude(f.coefficients)
        size = None if size is None else size + tiny
        rounded = None if size is None else size * kappa
        radius.append(_times(jnp.abs(v), add_all([f.radius, rounded])))
        sizes.append(_times(jnp.abs(v), size))
    count = len(coefficients) + len(radius) + 8
    return TaylorModel(coefficients, widened(radius, None, count), add_all(sizes))


def matvec(weight: Array, a: TaylorModel) -> TaylorModel:
    """W a for an exactly known matrix; sums bounded for every order of summation."""
    n = weight.shape[1]
    # A weight that is flushed to zero may meet a large coefficient.
    largest = jnp.maximum(jnp.abs(weight), tiny)
    coefficients = tuple(None if c is None else weight @ c for c in a.coefficients)
    # |fl(W c) - W c| <= γ_n |W| |c|, taken into the radius of the argument.
    # A size is a bound but for the roundings of its own computation and those of the
    # coefficients: the 16 u below and the 8 u here are for them.
    size = magnitude(a.coefficients) if a.size is None else a.size
    inner = add_all([a.radius, None if size is None else size * ((n + 8.0) * u)])
    if inner is None:
        return TaylorModel(coefficients, None)
    radius = largest @ (inner * (1.0 + 16.0 * u) + tiny)
    return TaylorModel(coefficients, radius * (1.0 + (n + 8.0) * u) + tiny)


def total(a: TaylorModel) -> TaylorModel:
    """The sum over the entries of a vector."""
    sizes = [c.shape[0] for c in (*a.coefficients, a.radius) if c is not None]
    return entry(matvec(jnp.ones((1, max(sizes))), a), 0) if sizes else a


def mapped(a: TaylorModel, function: Callable[[Array], Array]) -> TaylorModel:
    """Applies an exact rearrangement to every array of a model."""
    coefficients = tuple(None if c is None else function(c) for c in a.coefficients)
    others = (None if c is None else function(c) for c in (a.radius, a.size))
    return TaylorModel(coefficients, *others)


def entry(a: TaylorModel, index: int) -> TaylorModel:
    """One entry of a vector."""
    return mapped(a, lambda c: c[index])


def stack(items: Sequence[TaylorModel], boxes: int) -> TaylorModel:
    """A vector of scalars."""

    def column(parts: Sequence[Array | None]) -> Array | None:
        if all(p is None for p in parts):
            return None
        full = [
            jnp.zeros((boxes,)) if p is None else jnp.broadcast_to(p, (boxes,))
            for p in parts
        ]
        return jnp.stack(full)

    columns = zip(*(item.coefficients for item in items), strict=True)
    return TaylorModel(
        tuple(column(c) for c in columns), column([item.radius for item in items])
    )


def spread(a: TaylorModel) -> Array:
    """An upper bound of |a - a_0| over the box, a_0 the constant coefficient."""
    parts = [magnitude(a.coefficients[1:]), a.radius]
    size = add_all(parts)
    if size is None:
        return jnp.asarray(tiny)
    return size * (1.0 + (len(a.coefficients) + 4.0) * u) + tiny


def bound(a: TaylorModel) -> Array:
    """An upper bound of |a| over the box."""
    centre = a.coefficients[0]
    size = add_all([None if centre is None else jnp.abs(centre), spread(a)])
    assert size is not None
    size = size * (1.0 + 4.0 * u) + tiny
    return jnp.where(jnp.isfinite(size), size, jnp.inf)


def root_mean_square(a: TaylorModel, space: Space) -> Array:
    """An upper bound of the mean of |a| over the box: by Cauchy's inequality the root
    of the polynomial's exact mean square, plus the radius.
    """
    square = None
    for i, m in enumerate(space.monomials):
        for j, n in enumerate(space.monomials[: i + 1]):
            powers = [p + q for p, q in zip(m, n, strict=True)]
            p, q = a.coefficients[i], a.coefficients[j]
            if p is None or q is None or any(k % 2 for k in powers):
                continue
            weight = 1.0 if i == j else 2.0
            for k in powers:
                weight /= k + 1.0
            square = add_all([square, weight * (p * q)])
    size = magnitude(a.coefficients)
    if square is None or size is None:
        return bound(a)
    # Rounding of the quadratic form, relative to the square of the whole size.
    count = len(space.monomials) ** 2 + 16.0
    square = jnp.maximum(square, 0.0) + count * u * size * size + tiny
    root = jnp.sqrt(square) * (1.0 + 8.0 * u)
    mean = add_all([root, a.radius])
    assert mean is not None
    mean = mean * (1.0 + 4.0 * u) + tiny
    return jnp.where(jnp.isfinite(mean), mean, jnp.inf)

"""Linear problems as rows at points: from a problem and a net to a loss."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ..._core import (
    AbstractShape,
    CertaxError,
    NetworkSettings,
    Program,
    TracedCondition,
    evaluate,
    multi_indices,
    to_float,
)
from ..._core._normal_form import Form, interpret, split
from ...nn import MLP, Ansatz, make_ansatz
from ...problems import Problem, column_of
from ._activations import activation
from ._rows import Rows
from ._shallow import ShallowLoss, Trained


def is_linear(problem: Problem) -> bool:
    """Whether all its equations are, exactly: by their normal forms."""
    programs = [problem.residual]
    programs += [c.residual for c in problem.conditions if c.residual is not None]
    return not problem.unknowns and all(map(_linear, programs))


def _linear(program: Program) -> bool:
    forms = interpret(program, {}).values()
    try:
        monomials = [m for f in forms if isinstance(f, Form) for m in split(f)]
    except ValueError:
        return False
    return all(sum(abs(power) for _, power in m) <= 1 for m in monomials)


def equation_loss(
    problem: Problem,
    net: Ansatz | NetworkSettings,
    *,
    points: int,
    trained: Trained = "all",
    seed: int = 0,
) -> ShallowLoss:
    """The mean square of a linear problem's residuals at interior points, and of the
    defects of conditions that are not built into the net, at the points' projections to
    their faces or at as many points of their pieces. Data and coefficients at the
    points are the doubles that training computes with, and are then exact.

    **Raises:** `CertaxError` for problems that are not linear, nets with more than one
    hidden layer, activations that are not bounded, and interfaces.
    """
    _check_linear(problem)
    with jax.enable_x64(True):
        ansatz = _ansatz(problem, net, seed)
        inside = problem.domain.interior_points(points, seed=seed)
        programs = [problem.residual, *(c.residual for c in problem.conditions)]
        entries = [i for p in programs if p for i in p.of_kind("derivative")]
        order = max(sum(i.orders) for i in entries)
        parts = [_rows(ansatz, partial(_equations, problem), inside, order)]
        for condition in _terms(problem, ansatz):
            for on_face in _faces(problem, condition, inside):
                terms = partial(_defects, problem, condition)
                parts.append(_rows(ansatz, terms, on_face, order))
    offsets, coefficients, features = (
        np.concatenate([np.asarray(part[i]) for part in parts]) for i in range(3)
    )
    indices = tuple(multi_indices(features.shape[1], order))
    network = ansatz.network
    width = network.layers[0].bias.shape[0]
    inner = None
    if trained == "outer":
        first = network.layers[0]
        inner = np.concatenate(
            [np.asarray(first.weight), np.asarray(first.bias)[:, None]], axis=1
        )
    return ShallowLoss(
        rows=Rows(offsets, coefficients, features, indices),
        points=points,
        width=width,
        sigma=network.activation,
        trained=trained,
        inner=inner,
        name=f"the loss of {problem.name}",
    )


def _check_linear(problem: Problem) -> None:
    if not is_linear(problem):
        raise CertaxError(
            f"The equations of {problem.name!r} are not linear: "
            f"{problem.equation_text()}.",
            value=problem.name,
            remedy="Give a CallableLoss to villani_growth_of; its growth is then "
            "observed, not proved.",
        )
    if problem.regions:
        raise CertaxError(
            f"An equation of {problem.name!r} holds on a part of the domain only.",
            value=problem.name,
            remedy="Give a problem whose equations hold everywhere.",
        )


def _ansatz(problem: Problem, net: Ansatz | NetworkSettings, seed: int) -> Ansatz:
    made: Any = net
    if isinstance(net, NetworkSettings):
        made = make_ansatz(
            problem.domain,
            problem.fields,
            problem.conditions,
            net.width or 4,
            net.depth or 1,
            net.activation or "tanh",
            kind=net.kind or "mlp",
            form=net.form or "direct",
            key=jax.random.key(seed),
        )
    plain = isinstance(made, Ansatz) and isinstance(made.network, MLP)
    plain = plain and not getattr(net, "symmetric", False)
    if not plain or len(made.network.layers) != 2 or made.corner is not None:
        raise CertaxError(
            "The theorems on Villani functions are about plain nets with one hidden "
            "layer, and this net is another.",
            value=type(net).__name__,
            remedy="Give NetworkSettings(depth=1, width=...), or a CallableLoss to "
            "villani_growth_of.",
        )
    activation(made.network.activation)
    return made


class _Polynomials(eqx.Module):
    """Σ c_fβ (ξ − center)^β / β! in place of a net, whose derivatives are then c."""

    coefficients: Array
    center: Array
    indices: tuple[tuple[int, ...], ...] = eqx.field(static=True)

    def __call__(self, features: Array) -> Array:
        away = features - self.center
        powers = []
        for index in self.indices:
            found = jnp.ones((), away.dtype)
            for axis, count in enumerate(index):
                for n in range(count):
                    found = found * away[axis] / (n + 1)
            powers.append(found)
        return self.coefficients @ jnp.stack(powers)


Fields = Callable[[Array], dict[str, Array]]
Terms = Callable[[Fields, Array], Float[Array, " terms"]]


def _rows(ansatz: Ansatz, terms: Terms, points: np.ndarray, order: int) -> tuple:
    """Offsets, coefficients and features, all terms of a point after one another."""
    names, places = ansatz.coordinates, jnp.asarray(points)
    inputs = ansatz.features(tuple(places[0, : len(names)])).shape[0]
    indices = tuple(multi_indices(inputs, order))

    def at(coefficients, center, point):
        made = eqx.tree_at(
            lambda a: a.network, ansatz, _Polynomials(coefficients, center, indices)
        )
        fields = lambda x: dict(
            zip(ansatz.fields, made(*[x[i] for i in range(len(names))]), strict=True)
        )
        return terms(fields, point)

    def one(point):
        center = ansatz.features(tuple(point[i] for i in range(len(names))))
        zero = jnp.zeros((len(ansatz.fields), len(indices)))
        return (
            at(zero, center, point),
            jax.jacfwd(at)(zero, center, point),
            center,
        )

    offsets, coefficients, centers = jax.jit(jax.vmap(one))(places)
    count = offsets.shape[1]
    return (
        offsets.reshape(-1),
        coefficients.reshape(-1, *coefficients.shape[2:]),
        jnp.repeat(centers, count, axis=0),
    )


def _derivatives(
    fields: Fields, point: Array, orders: Iterable[tuple[int, ...]]
) -> dict[tuple[int, ...], dict[str, Array]]:
    """By nested forward differentiation: the ansatz holds polynomials here, for which
    there is no program.
    """

    def along(function: Fields, axis: int) -> Fields:
        direction = jnp.zeros_like(point).at[axis].set(1.0)
        return lambda x: jax.jvp(function, (x,), (direction,))[1]

    found = {}
    for order in orders:
        function = fields
        for axis, count in enumerate(order):
            for _ in range(count):
                function = along(function, axis)
        found[order] = function(point)
    return found


def _values(program: Program, problem: Problem, fields: Fields, point: Array) -> Array:
    names = problem.domain.names
    entries = program.of_kind("derivative")
    here = point[: len(names)]
    found = _derivatives(fields, here, {i.orders: None for i in entries})
    inputs = {i.name: found[i.orders][i.field] for i in entries}
    inputs |= {
        i.name: point[column_of(names, i.name)] for i in program.of_kind("coordinate")
    }
    for item in program.of_kind("constant"):
        inputs[item.name] = jnp.asarray(to_float(item.value))
    return jnp.stack([jnp.asarray(v) for v in evaluate(program, inputs).values()])


def _equations(problem: Problem, fields: Fields, point: Array) -> Array:
    return _values(problem.residual, problem, fields, point)


def _defects(
    problem: Problem, condition: TracedCondition, fields: Fields, point: Array
) -> Array:
    if condition.residual is not None:
        return _values(condition.residual, problem, fields, point)
    assert condition.values is not None
    names = problem.domain.names
    moves = condition.kind == "velocity"
    orders = tuple(int(moves and n == condition.coordinate) for n in names)
    found = _derivatives(fields, point[: len(names)], (orders,))[orders]
    data = _values(condition.values, problem, fields, point)
    values = zip(condition.fields, data, strict=True)
    return jnp.stack([found[f] - value for f, value in values])


def _terms(problem: Problem, ansatz: Ansatz) -> list[TracedCondition]:
    """The conditions that are not built in."""
    hard = ansatz.constraint is not None
    found = [
        c
        for c in problem.conditions
        if c.residual is not None or (c.values is not None and not hard)
    ]
    for condition in found:
        if not condition.piece and condition.side == "inside":
            raise CertaxError(
                f"The condition {condition.place} is not built into the net.",
                value=condition.place,
                remedy="Leave interfaces out.",
            )
    return found


def _faces(
    problem: Problem, condition: TracedCondition, inside: np.ndarray
) -> list[np.ndarray]:
    domain = problem.domain
    if condition.piece:
        return [_on_piece(domain, condition.piece, len(inside))]
    axis = domain.names.index(condition.coordinate)
    found = []
    for side in condition.sides:
        moved = inside.copy()
        ends = domain.lower_floats if side == "lower" else domain.upper_floats
        moved[:, axis] = ends[axis]
        found.append(moved)
    return found


def _on_piece(domain: AbstractShape, piece: str, number: int) -> np.ndarray:
    """Points of a piece with their outward normals, shape `(number, 2 d)`."""
    on = domain.boundary_points(64 * number)
    here = np.isin(on.pieces, domain.selected((piece,)))
    if here.sum() < number:
        raise CertaxError(
            f"The piece {piece!r} is too small a part of the boundary.",
            value=piece,
            remedy="State the condition on a larger piece.",
        )
    return np.hstack([on.points[here], on.normals[here]])[:number]

"""Conditions on pieces of a boundary that is not that of a box."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import jax
import numpy as np

from .._core import (
    AbstractShape,
    Box,
    CertaxError,
    Input,
    Program,
    TracedCondition,
    evaluate,
    sentence,
    to_float,
    trace,
)
from ._binding import call
from ._condition_tracing import evaluated, literals, one_a_field
from ._conditions import AnyCondition, Condition, Dirichlet, Neumann, Robin
from ._equations import trace_equations

_points, _slack = 256, 1e-9


def stands_on_piece(condition: Any, domain: AbstractShape) -> bool:
    """Whether a condition names a piece of the boundary, not a coordinate.

    **Raises:** `CertaxError` if it names a coordinate that has no ends.
    """
    name = getattr(condition, "coordinate", "")
    if isinstance(domain, Box) or name in domain.straight:
        return False
    if isinstance(condition, Dirichlet | Neumann | Robin | Condition):
        return True
    if name in domain.names:
        raise CertaxError(
            f"The {condition.kind} condition at {name!r} needs an interval, but "
            f"{name} runs over a curved domain.",
            value=name,
            remedy="Use Dirichlet, Neumann, Robin or Condition on "
            f"{', '.join(domain.selected(('boundary',))[:12])} or boundary.",
        )
    return False


def normal_names(domain: AbstractShape) -> tuple[str, ...]:
    """What the components of the outward normal are called in programs."""
    curved = [n for n in domain.names if n not in domain.straight]
    return tuple(f"normal.{n}" for n in curved)


def column_of(names: Sequence[str], name: str) -> int:
    """Where in a point a coordinate stands, or after all of them a component of the
    normal.
    """
    if name.startswith("normal."):
        return len(names) + names.index(name.removeprefix("normal."))
    return names.index(name)


def trace_on_piece(
    condition: AnyCondition,
    domain: AbstractShape,
    fields: Sequence[str],
    constants: Mapping[str, str],
) -> TracedCondition:
    """Traces a condition on a piece.

    **Raises:** `CertaxError` if the boundary has no such piece, or as for conditions on
    faces.
    """
    piece = condition.coordinate
    domain.selected((piece,))
    stated = condition.kind if condition.kind != "residual" else "general"
    what = f"the {stated} condition on {piece!r}"
    position = isinstance(condition, Condition) and condition.at is not None
    if getattr(condition, "side", None) not in (None, "both") or position:
        raise CertaxError(
            f"{sentence(what)} has a side or a position.",
            value=str(getattr(condition, "side", "")),
            remedy="Pieces of a curved boundary have none.",
        )
    if isinstance(condition, Dirichlet):
        program = _values(condition, domain, fields, constants, what)
        return TracedCondition("dirichlet", "", "", program, piece=piece)
    program = _equations(condition, domain, fields, constants, what)
    return TracedCondition("residual", "", "", None, program, piece=piece)


def _values(
    condition: Dirichlet,
    domain: AbstractShape,
    fields: Sequence[str],
    constants: Mapping[str, str],
    what: str,
) -> Program:
    pairs = zip(fields, one_a_field(condition.value, fields, what), strict=True)
    given = {f: v for f, v in pairs if v is not None}
    if not given:
        raise CertaxError(
            f"{sentence(what)} gives no field a value.",
            remedy="Leave it out, or give at least one field a value.",
        )
    inputs = [Input(n, "coordinate") for n in domain.names]
    exact = {**constants, **literals(given.values())}
    inputs += [Input(n, "constant", value=v) for n, v in exact.items()]

    def values(*arrays: Any) -> list[Any]:
        available = {i.name: a for i, a in zip(inputs, arrays, strict=True)}
        return [evaluated(v, available, what) for v in given.values()]

    return trace(values, inputs, list(given), what)


def _equations(
    condition: AnyCondition,
    domain: AbstractShape,
    fields: Sequence[str],
    constants: Mapping[str, str],
    what: str,
) -> Program:
    if isinstance(condition, Condition):
        function = condition.residual
        return trace_equations(
            lambda known: call(function, known, what), domain, fields, constants, what
        )
    assert isinstance(condition, Neumann | Robin)
    robin = isinstance(condition, Robin)
    a, b = (condition.a, condition.b) if robin else (0, 1)
    values = one_a_field(condition.value, fields, what)
    exact = literals([a, b, *values])
    normals = normal_names(domain)

    def equations(known: Mapping[str, Any]) -> list[Any]:
        plain = {n: v for n, v in known.items() if n not in (*fields, *normals)}
        found = []
        for field, value in zip(fields, values, strict=True):
            if value is None:
                continue
            u = known[field]
            slope = sum(
                known[n] * u.d(**{n.removeprefix("normal."): 1}) for n in normals
            )
            left = evaluated(a, plain, what) * u.value
            left = left + evaluated(b, plain, what) * slope
            found.append(left - evaluated(value, plain, what))
        return found

    return trace_equations(
        equations, domain, fields, {**constants, **exact}, what, normals
    )


def check_pieces(domain: AbstractShape, conditions: Sequence[TracedCondition]) -> None:
    """**Raises:** `CertaxError` if a piece gets a field twice, or if data differ where
    pieces meet each other or the start; compared at sampled points.
    """
    data = [c for c in conditions if c.piece and c.values is not None]
    for one, two in combinations(data, 2):
        common = set(domain.selected((one.piece,))) & set(domain.selected((two.piece,)))
        fields = sorted(set(one.fields) & set(two.fields))
        if common and fields:
            raise CertaxError(
                f"The field {fields[0]} is given twice on {sorted(common)[0]!r}: "
                f"{one.place} and {two.place}.",
                value=sorted(common)[0],
                remedy="Give each field on each piece one condition.",
            )
        _compare(one, two, _meeting(domain, one.piece, two.piece), domain)
    walls = domain.boundary_points(_points)
    for condition in data:
        _check_rest(condition, conditions)
        chosen = domain.selected((condition.piece,))
        on = walls.points[np.isin(walls.pieces, chosen)]
        for face in conditions:
            if face.piece or face.values is None:
                continue
            axis = domain.names.index(face.coordinate)
            for side in face.sides:
                ends = domain.lower_floats if side == "lower" else domain.upper_floats
                at = on.copy()
                at[:, axis] = ends[axis]
                _compare(condition, face, at, domain)


def check_covered(
    domain: AbstractShape, residual: Program, conditions: Sequence[TracedCondition]
) -> None:
    """**Raises:** `CertaxError` if an equation of second order in the curved
    coordinates has a piece of the boundary without a condition.
    """
    curved = [n not in domain.straight for n in domain.names]
    orders = [
        sum(o for o, c in zip(i.orders, curved, strict=True) if c)
        for i in residual.of_kind("derivative")
    ]
    if max(orders, default=0) < 2:
        return
    covered = {p for c in conditions if c.piece for p in domain.selected((c.piece,))}
    for piece in domain.selected(("boundary",)):
        if piece not in covered:
            raise CertaxError(
                f"The equation is of order {max(orders)} in space, and a condition is "
                f"missing on the piece {piece!r} of the boundary.",
                value=piece,
                remedy="Add Dirichlet, Neumann or Robin for it, or for 'boundary'. "
                "With complete=False the problem is taken as it is.",
            )


def _check_rest(wall: TracedCondition, conditions: Sequence[TracedCondition]) -> None:
    """Data of a curved wall do not move where a velocity is given."""
    assert wall.values is not None
    moving = {i.name for i in wall.values.of_kind("coordinate")}
    for condition in conditions:
        if condition.kind == "velocity" and condition.coordinate in moving:
            raise CertaxError(
                f"The data {wall.place} move in {condition.coordinate}, beside a "
                "velocity at the start.",
                value=condition.coordinate,
                remedy="Make the first derivative a field of its own: a system of "
                "first order needs no velocity.",
            )


def _meeting(domain: AbstractShape, one: str, two: str) -> np.ndarray:
    """In the plane, the points at which two pieces meet."""
    plane = getattr(domain, "shape", domain)
    ends: list[list[np.ndarray]] = [[], []]
    for curve in getattr(plane, "curves", ()) if plane.dimension == 2 else ():
        for index, name in enumerate((one, two)):
            if curve.piece in domain.selected((name,)):
                ends[index].append(curve.points(np.array([curve.low, curve.high])))
    if not ends[0] or not ends[1]:
        return np.zeros((0, domain.dimension))
    first, second = (np.concatenate(e) for e in ends)
    gaps = np.linalg.norm(first[:, None] - second[None], axis=2)
    found = first[np.min(gaps, axis=1) <= 10.0 * domain.tolerance]
    rest = domain.lower_floats[plane.dimension :]
    return np.hstack([found, np.tile(rest, (len(found), 1))])


def _compare(
    one: TracedCondition,
    two: TracedCondition,
    points: np.ndarray,
    domain: AbstractShape,
) -> None:
    if not len(points):
        return
    first, second = (_at(c.values, domain, points) for c in (one, two))
    for field in first.keys() & second.keys():
        gap = np.abs(first[field] - second[field])
        size = 1.0 + float(np.max(np.abs(first[field])))
        worst = int(np.argmax(gap))
        if not gap[worst] <= _slack * size:
            where = ", ".join(f"{c:.4g}" for c in points[worst])
            raise CertaxError(
                f"For {field!r}, the data {one.place} and {two.place} do not agree "
                f"where they meet: at ({where}) they differ by {gap[worst]:.3g}.",
                value=float(gap[worst]),
                remedy="Mend one of them.",
            )


def _at(
    program: Any, domain: AbstractShape, points: np.ndarray
) -> dict[str, np.ndarray]:
    known: dict[str, Any] = dict(zip(domain.names, points.T, strict=True))
    known |= {i.name: to_float(i.value) for i in program.of_kind("constant")}
    with jax.enable_x64(True):
        found = evaluate(program, {i.name: known[i.name] for i in program.inputs})
    return {n: np.broadcast_to(np.asarray(v), len(points)) for n, v in found.items()}

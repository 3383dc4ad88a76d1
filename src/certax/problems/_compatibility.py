"""Whether conditions fit the equation and each other. Data on meeting faces are
compared exactly, in normal form.
"""

from collections.abc import Sequence
from itertools import combinations

from .._core import (
    AbstractShape,
    CertaxError,
    Program,
    TracedCondition,
    _normal_form as nf,
)
from ._pieces import check_pieces

Face = tuple[str, str, TracedCondition]


def faces(conditions: Sequence[TracedCondition]) -> list[Face]:
    """Every face on which some fields are given, not their velocities: (coordinate,
    `"lower"` or `"upper"`, condition).
    """
    return [
        (c.coordinate, side, c)
        for c in conditions
        if c.values is not None and c.kind != "velocity" and not c.piece
        for side in c.sides
    ]


def check_conditions(
    domain: AbstractShape, residual: Program, conditions: Sequence[TracedCondition]
) -> None:
    """**Raises:** `CertaxError` if conditions contradict each other, or disagree where
    their faces meet.
    """
    if any(c.piece for c in conditions):
        check_pieces(domain, conditions)
        conditions = [c for c in conditions if not c.piece]
    _check_kinds(domain, residual, conditions)
    ends = {
        (name, side): nf.constant(end)
        for side, all_ends in (("lower", domain.lower), ("upper", domain.upper))
        for name, end in zip(domain.names, all_ends, strict=True)
    }
    found = faces(conditions)
    for (axis1, side1, first), (axis2, side2, second) in combinations(found, 2):
        if axis1 == axis2:
            continue
        one = _on_face(first, axis2, ends[axis2, side2])
        other = _on_face(second, axis1, ends[axis1, side1])
        _compare(
            one,
            other,
            f"the {first.kind} data at the {side1} end of {axis1} and the "
            f"{second.kind} data at the {side2} end of {axis2}",
        )
    for condition in conditions:
        if condition.kind == "periodic":
            axis = condition.coordinate
            for other_axis, _, data in found:
                _compare(
                    _on_face(data, axis, ends[axis, "lower"]),
                    _on_face(data, axis, ends[axis, "upper"]),
                    f"the {data.kind} data at {other_axis} at both ends of the "
                    f"periodic coordinate {axis}",
                )
    for velocity in (c for c in conditions if c.kind == "velocity"):
        _check_velocity(velocity, domain, found, ends)
    _check_equations(conditions, ends)


def _check_velocity(
    velocity: TracedCondition,
    domain: AbstractShape,
    found: Sequence[Face],
    ends: dict[tuple[str, str], nf.Form],
) -> None:
    """The velocity vanishes where the data of a wall do not move, and is periodic."""
    for axis, side, wall in found:
        assert wall.values is not None
        moving = {i.name for i in wall.values.of_kind("coordinate")}
        if axis == velocity.coordinate or velocity.coordinate in moving:
            continue
        zero = {name: nf.number(0) for name in wall.values.outputs}
        _compare(
            _on_face(velocity, axis, ends[axis, side]),
            zero,
            f"the velocity at the {side} end of {axis} and the data there, which do "
            "not move,",
        )


def _check_kinds(
    domain: AbstractShape, residual: Program, conditions: Sequence[TracedCondition]
) -> None:
    for axis, name in enumerate(domain.names):
        at_name = [c for c in conditions if c.coordinate == name]
        here = [c for c in at_name if c.kind not in ("velocity", "residual")]
        kinds = {c.kind for c in here}
        given = [(side, f) for c in here for side in c.sides for f in c.fields]
        periodic = "periodic" in kinds
        on_ends = [c for c in at_name if c.side != "inside"]
        if (
            (len(kinds) > 1 and kinds != {"initial", "terminal"})
            or len(given) != len(set(given))
            or (periodic and len(on_ends) > 1)
        ):
            raise CertaxError(
                f"The conditions at {name!r} contradict each other: "
                f"{', '.join(f'{c.kind} ({c.side})' for c in on_ends)}.",
                value=name,
                remedy="Give each field on each face one condition.",
            )
        order = max((i.orders[axis] for i in residual.of_kind("derivative")), default=0)
        moves = any(c.kind == "velocity" for c in at_name)
        if moves and (order < 2 or "initial" not in kinds):
            raise CertaxError(
                f"A velocity is given at {name!r}, where the equation has order "
                f"{order}.",
                value=name,
                remedy="Only an Initial for an equation of second order takes one.",
            )


def _check_equations(
    conditions: Sequence[TracedCondition], ends: dict[tuple[str, str], nf.Form]
) -> None:
    """Equations on a face against the data there and against each other: where what
    remains has no derivative left, it must vanish.
    """
    stated: list[tuple[TracedCondition, nf.Form]] = []
    for condition in conditions:
        if condition.residual is None:
            continue
        place = {condition.coordinate: _position(condition, ends)}
        known = dict(place)
        for _, side, face in faces(conditions):
            if (face.coordinate, side) == (condition.coordinate, condition.side):
                known |= _values(face.values, place)
        for form in _values(condition.residual, known).values():
            for other, before in stated:
                same = other.place == condition.place
                for difference in (form - before, form + before) if same else ():
                    _check_remainder(difference, condition)
            _check_remainder(form, condition)
            stated.append((condition, form))


def _position(
    condition: TracedCondition, ends: dict[tuple[str, str], nf.Form]
) -> nf.Form:
    if condition.side == "inside":
        return nf.constant(condition.at)
    return ends[condition.coordinate, condition.side]


def _check_remainder(form: nf.Form, condition: TracedCondition) -> None:
    if not form.depends_on("derivative") and not form.is_zero:
        raise CertaxError(
            f"The conditions {condition.place} contradict each other: together they "
            f"say that {form} is zero.",
            value=str(form),
            remedy="Give each face one condition.",
        )


def _on_face(condition: TracedCondition, axis: str, end: nf.Form) -> dict[str, nf.Form]:
    if condition.values is None:
        return {}
    return _values(condition.values, {axis: end})


def _values(program: Program | None, known: dict[str, nf.Form]) -> dict[str, nf.Form]:
    values = {} if program is None else nf.interpret(program, known)
    return {n: v for n, v in values.items() if isinstance(v, nf.Form)}


def _compare(one: dict[str, nf.Form], other: dict[str, nf.Form], what: str) -> None:
    for name in one.keys() & other.keys():
        difference = one[name] - other[name]
        if not difference.is_zero:
            raise CertaxError(
                f"For {name!r}, {what} do not agree: they differ by {difference}.",
                value=str(difference),
                remedy="Mend one of them; exact numbers such as '0.1' and functions "
                "such as sinpi help where rounding is the cause.",
            )

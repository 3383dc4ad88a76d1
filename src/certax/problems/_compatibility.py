"""Whether conditions fit the equation and each other. Data on meeting faces are
compared exactly, in normal form.
"""

from collections.abc import Sequence
from itertools import combinations

from .._core import Box, CertaxError, Program, TracedCondition, _normal_form as nf

Face = tuple[str, str, TracedCondition]


def faces(conditions: Sequence[TracedCondition]) -> list[Face]:
    """Every face on which the fields are given, not their velocities: (coordinate,
    `"lower"` or `"upper"`, condition).
    """
    found = []
    for condition in conditions:
        if condition.values is not None and condition.kind != "velocity":
            both = ("lower", "upper") if condition.side == "both" else (condition.side,)
            found += [(condition.coordinate, side, condition) for side in both]
    return found


def check_conditions(
    domain: Box, residual: Program, conditions: Sequence[TracedCondition]
) -> None:
    """**Raises:** `CertaxError` if conditions are missing, contradict each other, or
    disagree where their faces meet.
    """
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


def _check_velocity(
    velocity: TracedCondition,
    domain: Box,
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
    domain: Box, residual: Program, conditions: Sequence[TracedCondition]
) -> None:
    for axis, name in enumerate(domain.names):
        here = [c for c in conditions if c.coordinate == name and c.kind != "velocity"]
        kinds = {c.kind for c in here}
        sides = [side for n, side, _ in faces(here) if n == name]
        if (
            len(kinds) > 1
            or len(sides) != len(set(sides))
            or (len(here) > 1 and kinds == {"periodic"})
        ):
            raise CertaxError(
                f"The conditions at {name!r} contradict each other: "
                f"{', '.join(f'{c.kind} ({c.side})' for c in here)}.",
                value=name,
                remedy="Give each face one condition.",
            )
        order = max((i.orders[axis] for i in residual.of_kind("derivative")), default=0)
        needed = "a condition" if not here else "a condition at its other end"
        moves = any(c.kind == "velocity" and c.coordinate == name for c in conditions)
        if moves and (order != 2 or kinds != {"initial"}):
            raise CertaxError(
                f"A velocity is given at {name!r}, where the equation has order "
                f"{order}.",
                value=name,
                remedy="Only an Initial for an equation of second order takes one.",
            )
        alone = len(sides) == 1 and not moves
        if (order >= 1 and not here) or (order >= 2 and alone):
            remedy = "Add Initial, Dirichlet or Periodic for it."
            if kinds == {"initial"}:
                remedy = (
                    "Give Initial its velocity, or make the first derivative a field "
                    f"of its own: a system of first order in {name} needs initial data "
                    "only."
                )
                needed = "the velocity" if order == 2 else needed
            raise CertaxError(
                f"The equation has a derivative of order {order} in {name!r}, and "
                f"{needed} is missing there.",
                value=name,
                remedy=remedy,
            )


def _on_face(condition: TracedCondition, axis: str, end: nf.Form) -> dict[str, nf.Form]:
    if condition.values is None:
        return {}
    values = nf.interpret(condition.values, {axis: end})
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

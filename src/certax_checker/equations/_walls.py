"""What a network misses on the walls, where a comparison takes it as it is."""

from ..kernel._documents import Coordinate
from ..kernel._leaves import sweep
from ._case import Case
from ._faces import face


def missed(case: Case, axis: Coordinate,
           sides: tuple[str, ...] = ("lower", "upper")) -> float:  # fmt: skip
    """A bound of |network - data| on walls of a coordinate, where the leaves meet them.

    It is zero where both are equal by substitution.

    **Raises:** `Refusal` where a wall has no Dirichlet data.
    """
    conditions, largest = case.sides(axis.name), 0.0
    index = case.problem.index(axis.name)
    others = [name for name in case.names if name != axis.name]
    for side in sides:
        missing = f"{axis.name} has no Dirichlet condition on its {side} end"
        case.require(side in conditions, "walls", missing)
        condition = conditions[side]
        if case.matches(condition, side):
            continue
        (values,) = sweep(
            case.subject, face(case.trees["residual"], index, side), others,
            lambda chunk, c=condition: (case.defect(chunk, c)[0].bound,),
            {axis.name: axis.end(side)},
        )  # fmt: skip
        largest = max(largest, float(values.max()))
    return largest


def surrounded(case: Case, space: list[Coordinate], data: list) -> tuple[bool, float]:
    """Whether all coordinates are periodic, and what is missed on others' walls.

    **Arguments:** `data`, programs that must be periodic where a coordinate is.
    """
    periodic, wall = True, 0.0
    for axis in space:
        if case.is_periodic(axis.name):
            case.seam(axis.name, data)
        else:
            periodic, wall = False, max(wall, missed(case, axis))
    reached(case, wall)
    return periodic, wall


def reached(case: Case, wall: float) -> None:
    """Notes what the network is on the walls."""
    exactly = "the network is periodic or equals the data, exactly"
    nearly = f"the network is periodic or within {wall!r} of the data, on every leaf"
    case.passed("walls", nearly if wall else exactly)

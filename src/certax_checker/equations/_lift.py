"""The linear lift of what a network misses on the walls: `docs/theory/lift.md`."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from flint import arb

from ..kernel._algebra import ONE, Algebra, enclose
from ..kernel._documents import Coordinate, Problem
from ..kernel._leaves import sweep
from ..kernel._models import UP, Array
from ..kernel._program import Input, Operation, Program
from ._case import Case


class Lift(NamedTuple):
    """What was subtracted: bounds of |network - data| on each wall, by leaf of `walls`.

    Its absolute value is at most linear between those on the walls.
    """

    misses: dict[str, Array]
    length: arb

    @property
    def together(self) -> float:
        """A bound of both walls' misses, added, at any time."""
        return float(sum(self.misses.values(), np.zeros(1)).max()) * UP

    @property
    def integral(self) -> arb:
        """A bound of the integral over the coordinate, at any time."""
        return arb(self.together) * self.length / 2

    @property
    def mean_square(self) -> arb:
        """A bound of the root of the integral of its square, at any time."""
        one, two = (arb(float(misses.max())) for misses in self.misses.values())
        return ((one * one + one * two + two * two) * self.length / 3).sqrt()

    @property
    def supremum(self) -> float:
        """A bound at every point."""
        return max(float(misses.max()) for misses in self.misses.values())

    @property
    def detail(self) -> str:
        """The hypothesis on the walls, in words."""
        return (
            f"the network misses the data there by at most {self.together!r} on both "
            "together; the linear lift of this is subtracted and added to the bound"
        )


def lift_alone(case: Case, space: list[Coordinate]) -> Lift | None:
    """The lift of the one space coordinate; there may be more where none is lifted."""
    if "walls" not in case.trees:
        return None
    one = "only the walls of a single space coordinate are lifted"
    case.require(len(space) == 1, "walls", one)
    return lift(case, space[0])


def lift(case: Case, axis: Coordinate) -> Lift | None:
    """Puts the lifted network in the network's place, and says what was subtracted.

    Nothing happens without a tree `walls`. The lift is linear in the coordinate and
    equals network - data on both walls, so the lifted network equals the data there.

    **Raises:** `Refusal` where the tree is given and not needed, or data are missing.
    """
    if "walls" not in case.trees:
        return None
    sides = case.sides(axis.name)
    both = set(sides) == {"lower", "upper"}
    case.require(both, "walls", f"{axis.name} has no Dirichlet data on both ends")
    exact = all(case.matches(condition, side) for side, condition in sides.items())
    reason = "a tree `walls` is given, but the network equals the data on the walls"
    case.require(not exact, "walls", reason)
    others = [name for name in case.names if name != axis.name]
    found = {}
    for side, condition in sides.items():
        (misses,) = sweep(
            case.subject, case.trees["walls"], others,
            lambda chunk, c=condition: (case.defect(chunk, c)[0].bound,),
            {axis.name: axis.end(side)},
        )  # fmt: skip
        found[side] = misses
    data = {side: condition.values for side, condition in sides.items()}
    network = _lifted(case.subject.network, case.problem, case.algebra, axis, data)
    case.subject = case.subject._replace(network=network)
    return Lift(found, enclose(axis.length))


def _lifted(network: Program, problem: Problem, algebra: Algebra, axis: Coordinate,
            data: Mapping[str, Program]) -> Program:  # fmt: skip
    """network - sum over both walls of (network there - data there) * weight.

    The weight of the upper wall is (x - lower) / length, that of the lower wall
    (upper - x) / length.
    """
    parts = [(network, {}), *((network, {axis.name: axis.end(s)}) for s in data)]
    parts += [(program, {}) for program in data.values()]
    inputs: list[Input] = []
    starts = []
    for program, at in parts:
        starts.append(len(inputs))
        inputs += [
            Input(entry.name, "constant", value=at[entry.name])
            if entry.kind == "coordinate" and entry.name in at
            else entry
            for entry in program.inputs
        ]
    x, lower, upper, scale = range(len(inputs), len(inputs) + 4)
    inputs.append(Input(axis.name, "coordinate"))
    numbers = (axis.lower, axis.upper, algebra.divide(ONE, axis.length))
    inputs += [Input("", "constant", value=number) for number in numbers]
    operations: list[Operation] = []
    outputs: list[dict[str, int]] = []
    for (program, _), start in zip(parts, starts, strict=True):
        count, shift = len(program.inputs), len(inputs) + len(operations)
        places = [start + i for i in range(count)]
        places += [shift + i for i in range(len(program.operations))]
        operations += [
            Operation(o.name, tuple(places[i] for i in o.arguments), o.extra)
            for o in program.operations
        ]
        outputs.append({name: places[i] for name, i in program.outputs.items()})

    def apply(name: str, *arguments: int) -> int:
        operations.append(Operation(name, arguments))
        return len(inputs) + len(operations) - 1

    weights = [
        apply("mul", apply("sub", upper, x) if side == "lower" else
              apply("sub", x, lower), scale)
        for side in data
    ]  # fmt: skip
    made = {}
    for field in problem.fields:
        made[field] = outputs[0][field]
        for weight, there, given in zip(
            weights, outputs[1 : 1 + len(data)], outputs[1 + len(data) :], strict=True
        ):
            missed = apply("sub", there[field], given[field])
            made[field] = apply("sub", made[field], apply("mul", missed, weight))
    last = {i: n for n, o in enumerate(operations) for i in o.arguments}
    return Program(tuple(inputs), tuple(operations), made, last)

"""The linear lift of what a net misses on two opposite walls: `docs/theory/lift.md`.

The checker makes the same program from the certificate's own files; here it serves to
find trees.
"""

from .._core import Input, Program, input_name
from .._core._builder import Builder
from ..problems import Problem
from ._boundary import meets
from ._hypotheses import Hypothesis, checked

lifting = ("l1-contraction", "energy", "wave", "wave-supremum")
"""Theorems that take the lift."""


def missed_walls(theorem: str, problem: Problem, fields: Program) -> str | None:
    """The one space coordinate, if the theorem takes a lift and û needs one there."""
    space = [n for n in problem.domain.names if n != problem.time]
    if theorem not in lifting or len(space) != 1:
        return None
    sides = _data(problem, space[0])
    conditions = [c for c in problem.conditions if c.coordinate == space[0]]
    if set(sides) != {"lower", "upper"} or any(
        c.kind != "dirichlet" for c in conditions
    ):
        return None
    exact = all(
        meets(fields, problem, condition, side)
        for condition in conditions
        for side in ("lower", "upper")
        if condition.side in (side, "both")
    )
    return None if exact else space[0]


def lift_of(hypothesis: Hypothesis, coordinate: str) -> Hypothesis:
    """The hypothesis on the walls, which û − ℓ fulfils by construction."""
    if hypothesis.name != "walls":
        return hypothesis
    detail = f"the net misses the data at the ends of {coordinate}; the linear lift of "
    return checked("walls", detail + "this is subtracted and added to the bound")


def without_lift(fields: Program, problem: Problem, coordinate: str) -> Program:
    """v = û − ℓ, where ℓ is linear in the coordinate and v equals the data on its
    walls.
    """
    builder = Builder()
    own = _spliced(builder, fields, {})
    misses = _misses(builder, fields, problem, coordinate)
    index = problem.domain.names.index(coordinate)
    lower, upper = problem.domain.lower[index], problem.domain.upper[index]
    x = builder.input(Input(coordinate, "coordinate"))
    length = builder.input(_number(f"({upper}) - ({lower})"))
    away = {
        "lower": [builder.input(_number(upper)), x],
        "upper": [x, builder.input(_number(lower))],
    }
    outputs = {}
    for field in problem.fields:
        value = own[field]
        for side, missed in misses.items():
            weight = builder.emit("div", [builder.emit("sub", away[side]), length])
            part = builder.emit("mul", [missed[field], weight])
            value = builder.emit("sub", [value, part])
        outputs[field] = value
    return builder.build(outputs)


def network_of_walls(fields: Program, problem: Problem, coordinate: str) -> Program:
    """What û misses on both walls: outputs `lower.u`, `upper.u` for a field u."""
    builder = Builder()
    misses = _misses(builder, fields, problem, coordinate)
    return builder.build(
        {f"{side}.{f}": handle for side, m in misses.items() for f, handle in m.items()}
    )


def _data(problem: Problem, coordinate: str) -> dict[str, Program]:
    """The Dirichlet data by side."""
    return {
        side: c.values
        for c in problem.conditions
        if c.kind == "dirichlet" and c.coordinate == coordinate
        for side in ("lower", "upper")
        if c.side in (side, "both") and c.values is not None
    }


def _misses(
    builder: Builder, fields: Program, problem: Problem, coordinate: str
) -> dict[str, dict[str, int]]:
    """û − data by side and field."""
    index = problem.domain.names.index(coordinate)
    ends = {"lower": problem.domain.lower[index], "upper": problem.domain.upper[index]}
    found = {}
    for side, data in _data(problem, coordinate).items():
        there = _spliced(builder, fields, {coordinate: _number(ends[side])})
        given = _spliced(builder, data, {})
        found[side] = {
            f: builder.emit("sub", [there[f], given[f]]) for f in problem.fields
        }
    return found


def _number(text: str) -> Input:
    return Input(input_name("literal", text), "constant", value=text)


def _spliced(
    builder: Builder, program: Program, at: dict[str, Input]
) -> dict[str, int]:
    """A program's outputs inside of another, with inputs replaced by name."""
    handles = [builder.input(at.get(item.name, item)) for item in program.inputs]
    for op, arguments, extra in program.ops:
        args = [handles[a] for a in arguments]
        if op == "broadcast":
            handles.append(builder.broadcast(args[0], (extra or 1,)))
        else:
            handles.append(builder.emit(op, args, extra))
    return {name: handles[i] for name, i in program.outputs.items()}

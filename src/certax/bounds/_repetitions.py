"""Finds equal blocks of stages that follow each other, such as the layers of a net."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from .._core import Program

Code = tuple[tuple[str, tuple[int, ...], int | None], ...]
Role = Literal["made", "carried", "changing", "fixed"]
_longest_period = 12
# Sums of stored numbers are the same wherever they are formed; products may be fused.
_sums = frozenset("add sub neg index stack broadcast".split())


class Stage(NamedTuple):
    """Some operations: the values they are given, and those that others need.

    Within `code` the values are numbered anew, so that stages that look alike have
    equal codes; `wanted` are the numbers there of `kept`.
    """

    given: tuple[int, ...]
    code: Code
    wanted: tuple[int, ...]
    kept: tuple[int, ...]


class Block(NamedTuple):
    """One of several equal groups of stages.

    - `roles`: for each value that a stage is given, stage by stage, what it is.
    - `carried`: what it is given by the block before it, or has from elsewhere if it
        is the first; `handed_on`: what it gives to the next one.
    - `changing`: weights that the other blocks have others for.
    - `fixed`: what all blocks are given.
    """

    stages: tuple[Stage, ...]
    roles: tuple[Role, ...]
    carried: tuple[int, ...]
    changing: tuple[int, ...]
    fixed: tuple[int, ...]
    handed_on: tuple[int, ...]


class _Pattern(NamedTuple):
    """How a block follows from the one before it: the roles of the values given to it,
    and where among the values made there those are that it hands on.
    """

    roles: tuple[Role, ...]
    sources: tuple[int, ...]

    def given_as(self, role: Role, group: tuple[Stage, ...]) -> tuple[int, ...]:
        pairs = zip(_given(group), self.roles, strict=True)
        return tuple(i for i, r in pairs if r == role)


def gathered(
    program: Program, stages: Sequence[Stage]
) -> list[Stage | tuple[Block, ...]]:
    """The stages in order, with those that repeat gathered into equal blocks."""
    parts: list[Stage | tuple[Block, ...]] = []
    position = 0
    while position < len(stages):
        rest = stages[position:]
        periods = range(1, min(_longest_period, len(rest) // 2) + 1)
        found = max(
            (_repeated(program, rest, p) for p in periods), key=_size, default=()
        )
        parts.append(found or rest[0])
        position += _size(found) or 1
    return parts


def _size(blocks: tuple[Block, ...]) -> int:
    return sum(len(block.stages) for block in blocks)


def _repeated(
    program: Program, stages: Sequence[Stage], period: int
) -> tuple[Block, ...]:
    """As many equal blocks of `period` stages from the first on as there are."""
    groups = [
        tuple(stages[i : i + period])
        for i in range(0, len(stages) - period + 1, period)
    ]
    pattern = _pattern(program, groups[0], groups[1])
    if pattern is None or "changing" not in pattern.roles:
        return ()
    if not _stores_arguments(groups[0]):
        return ()
    count = 2
    while count < len(groups) and pattern == _pattern(
        program, groups[count - 1], groups[count]
    ):
        count += 1
    # The last ones may have values that are needed elsewhere.
    while count >= 2 and not _is_closed(program, groups[:count], pattern, stages):
        count -= 1
    if count < 2:
        return ()
    return tuple(_block(group, pattern) for group in groups[:count])


def _block(group: tuple[Stage, ...], pattern: _Pattern) -> Block:
    made = _made(group)
    return Block(
        group,
        pattern.roles,
        pattern.given_as("carried", group),
        pattern.given_as("changing", group),
        pattern.given_as("fixed", group),
        tuple(made[i] for i in pattern.sources),
    )


def _given(group: tuple[Stage, ...]) -> list[int]:
    return [i for stage in group for i in stage.given]


def _made(group: tuple[Stage, ...]) -> list[int]:
    return [i for stage in group for i in stage.kept]


def _pattern(
    program: Program, one: tuple[Stage, ...], two: tuple[Stage, ...]
) -> _Pattern | None:
    """How the second group follows from the first; `None` if it is another one."""
    if [(s.code, s.wanted) for s in one] != [(s.code, s.wanted) for s in two]:
        return None
    made_one, made_two = _made(one), _made(two)
    roles: list[Role] = []
    sources: list[int] = []
    for a, b in zip(_given(one), _given(two), strict=True):
        if a in made_one:
            if b not in made_two or made_one.index(a) != made_two.index(b):
                return None
            roles.append("made")
        elif b in made_one:
            roles.append("carried")
            sources.append(made_one.index(b))
        elif a == b:
            roles.append("fixed")
        else:
            shape = _weight_shape(program, a)
            if shape is None or shape != _weight_shape(program, b):
                return None
            roles.append("changing")
    return _Pattern(tuple(roles), tuple(sources))


def _weight_shape(program: Program, index: int) -> tuple[int, ...] | None:
    if index >= len(program.inputs) or program.inputs[index].kind != "weight":
        return None
    return program.inputs[index].shape


def _stores_arguments(group: tuple[Stage, ...]) -> bool:
    """Whether every function in the group sees its argument as one number.

    So it does if that is carried, or a sum of products of matrices, which are stored.
    """
    stored = set(_given(group)) - set(_made(group))
    for stage in group:
        known = {place: i in stored for place, i in enumerate(stage.given)}
        for place, (op, arguments, _) in enumerate(stage.code, len(stage.given)):
            summed = all(known[a] for a in arguments)
            known[place] = op == "matvec" or (op in _sums and summed)
            if op not in _sums | {"matvec", "mul", "dot", "sum"} and not summed:
                return False
        stored |= {i for i, w in zip(stage.kept, stage.wanted, strict=True) if known[w]}
    return True


def _is_closed(
    program: Program,
    groups: Sequence[tuple[Stage, ...]],
    pattern: _Pattern,
    stages: Sequence[Stage],
) -> bool:
    """Whether what a group has made is given only to itself and the next, and after
    the last one only what that hands on.
    """
    total = sum(len(group) for group in groups)
    later = {i for stage in stages[total:] for i in stage.given}
    later |= set(program.outputs.values())
    for k, group in enumerate(groups):
        far = {i for other in groups[k + 2 :] for i in _given(other)} | later
        made = _made(group)
        if k == len(groups) - 1:
            far -= {made[i] for i in pattern.sources}
        if far & set(made):
            return False
    return True

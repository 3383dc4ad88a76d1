"""Programs on jets in several compiled stages.

One compiled function for a whole program would take long to compile: XLA forms a value
again in every kernel that reads it, and compiles equal layers one by one. Here every
nonlinear operation is a stage, and so is what lies between two of them; equal blocks
of stages, such as the layers of a net, run as one scan. What passes from stage to stage
is stored, one value for all its readers.
"""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

import jax
import jax.numpy as jnp

from .._core import Program
from ._interpreter import elementary, kinks, operate
from ._jets import Jet, JetSpace
from ._repetitions import Block, Code, Stage, gathered

_nonlinear = elementary | {"mul", "div", "ipow", "dot", *kinks}


def evaluate_in_stages(
    program: Program, inputs: Sequence[Any], jets: JetSpace, boxes: int
) -> dict[str, Jet]:
    """The outputs of a program from its prepared inputs; see `_interpreter.prepare`."""
    values: dict[int, Any] = dict(enumerate(inputs))
    for part in _parts(program):
        if isinstance(part, Stage):
            _run(part, values, jets, boxes)
        else:
            _repeat(part, values, jets, boxes)
    return {name: values[index] for name, index in program.outputs.items()}


def _run(stage: Stage, values: dict[int, Any], jets: JetSpace, boxes: int) -> None:
    given = [values[i] for i in stage.given]
    found = _operations(given, stage.code, stage.wanted, jets, boxes)
    values |= dict(zip(stage.kept, found, strict=True))


@partial(jax.jit, static_argnames=("code", "wanted", "jets", "boxes"))
def _operations(
    given: list[Any], code: Code, wanted: tuple[int, ...], jets: JetSpace, boxes: int
) -> list[Any]:
    values = list(given)
    for op, arguments, extra in code:
        args = [values[a] for a in arguments]
        values.append(operate(op, args, extra, jets, boxes))
    return [values[i] for i in wanted]


def _repeat(
    blocks: tuple[Block, ...], values: dict[int, Any], jets: JetSpace, boxes: int
) -> None:
    """Equal blocks as one scan, but for the first ones if they know more zeros."""
    for skipped, block in enumerate(blocks):
        carry = [values[i] for i in block.carried]
        rows = [[values[i] for i in b.changing] for b in blocks[skipped:]]
        fixed = [values[i] for i in block.fixed]
        found = _scanned(carry, rows, fixed, block, jets, boxes)
        if found is not None:
            values |= dict(zip(blocks[-1].handed_on, found, strict=True))
            return
        for stage in block.stages:
            _run(stage, values, jets, boxes)


@partial(jax.jit, static_argnames=("block", "jets", "boxes"))
def _scanned(
    carry: list[Any],
    rows: list[list[Any]],
    fixed: list[Any],
    block: Block,
    jets: JetSpace,
    boxes: int,
) -> list[Any] | None:
    """What the last block hands on; `None` where that differs in kind from the first
    one's carry.
    """

    def body(carry: list[Any], changing: list[Any]) -> tuple[list[Any], None]:
        # One value can have two roles in the first block, so roles come before names.
        sources = {"carried": iter(carry), "changing": iter(changing)}
        sources["fixed"] = iter(fixed)
        roles = iter(block.roles)
        made: dict[int, Any] = {}
        for stage in block.stages:
            given = [
                made[i] if role == "made" else next(sources[role])
                for i, role in zip(stage.given, roles, strict=False)
            ]
            found = _operations(given, stage.code, stage.wanted, jets, boxes)
            made |= dict(zip(stage.kept, found, strict=True))
        return [made[i] for i in block.handed_on], None

    if not _alike(carry, jax.eval_shape(body, carry, rows[0])[0]):
        return None
    stacked = jax.tree.map(lambda *each: jnp.stack(each), *rows)
    return jax.lax.scan(body, carry, stacked)[0]


def _alike(one: Any, other: Any) -> bool:
    shapes = [[(x.shape, x.dtype) for x in jax.tree.leaves(t)] for t in (one, other)]
    same = jax.tree.structure(one) == jax.tree.structure(other)
    return same and shapes[0] == shapes[1]


@lru_cache(maxsize=64)
def _parts(program: Program) -> list[Stage | tuple[Block, ...]]:
    cuts = [0]
    for i, (op, _, _) in enumerate(program.ops):
        if op in _nonlinear:
            cuts += [i, i + 1]
    cuts.append(len(program.ops))
    ends = zip(cuts, cuts[1:], strict=False)
    stages = [_stage(program, start, stop) for start, stop in ends if start < stop]
    return gathered(program, stages)


def _stage(program: Program, start: int, stop: int) -> Stage:
    first, ops = len(program.inputs), program.ops
    made = range(first + start, first + stop)
    asked = {a for _, arguments, _ in ops[start:stop] for a in arguments}
    later = {a for _, arguments, _ in ops[stop:] for a in arguments}
    given = tuple(sorted(asked - set(made)))
    kept = tuple(i for i in made if i in later or i in program.outputs.values())
    place = {old: new for new, old in enumerate([*given, *made])}
    code = tuple(
        (op, tuple(place[a] for a in arguments), extra)
        for op, arguments, extra in ops[start:stop]
    )
    return Stage(given, code, tuple(place[i] for i in kept), kept)

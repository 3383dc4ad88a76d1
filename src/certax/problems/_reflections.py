"""Reflections that leave a problem as it is, found by trying them at random."""

from collections.abc import Mapping, Sequence
from itertools import product

import jax
import numpy as np

from .._core import Box, Program, TracedCondition, evaluate
from ._problem import Problem
from ._solution import constants_of

_samples, _slack = 16, 1e-9
_most_fields = 4

Signs = tuple[int, ...]


def reflections(problem: Problem) -> Mapping[str, Signs]:
    """The coordinates of a box about whose middle a problem is its own mirror image,
    with the sign, for each field, that it then changes by.

    If u solves the equations and meets the conditions, so does ±u(a + b - x): equations
    and data are compared at random points with random values for all derivatives, up
    to the sign of each equation. A solution that is alone is then even or odd; others
    need not be.
    """
    if not isinstance(problem.domain, Box) or problem.regions or problem.unknowns:
        return {}
    if len(problem.fields) > _most_fields:
        return {}
    found = {}
    with jax.enable_x64(True):
        for name in problem.domain.names:
            for signs in product((1, -1), repeat=len(problem.fields)):
                if name != problem.time and _is_mirror(problem, name, signs):
                    found[name] = signs
                    break
    return found


def _is_mirror(problem: Problem, name: str, signs: Signs) -> bool:
    if not _alike(problem, problem.residual, problem.residual, name, signs):
        return False
    return all(_has_image(problem, c, name, signs) for c in problem.conditions)


def _has_image(
    problem: Problem, condition: TracedCondition, name: str, signs: Signs
) -> bool:
    """Whether a condition and its mirror image both hold."""
    if condition.piece or condition.side == "inside":
        return False
    if condition.coordinate != name:
        given = condition.program
        return given is None or _alike(problem, given, given, name, signs)
    if condition.program is None:
        axis = problem.domain.names.index(name)
        ends = problem.domain.lower_floats[axis], problem.domain.upper_floats[axis]
        # Sines and cosines count from zero, which must be the middle or a seam.
        turns = 2.0 * sum(ends) / (ends[1] - ends[0])
        return abs(turns / 2.0 - round(turns / 2.0)) < _slack
    others = [
        c
        for c in problem.conditions
        if c.coordinate == name and c.kind == condition.kind
    ]
    return all(
        any(
            other in image.sides
            and image.program is not None
            and _alike(problem, condition.program, image.program, name, signs)
            for image in others
        )
        for other in ("upper" if s == "lower" else "lower" for s in condition.sides)
    )


def _alike(
    problem: Problem, one: Program, two: Program, name: str, signs: Signs
) -> bool:
    """Whether `two` says at the mirror image what `one` says: values with the signs of
    their fields, equations up to a sign.
    """
    generator = np.random.default_rng(0)
    domain, axis = problem.domain, problem.domain.names.index(name)
    points = domain.physical(generator.uniform(size=(_samples, domain.dimension)))
    images = points.copy()
    images[:, axis] = domain.lower_floats[axis] + domain.upper_floats[axis]
    images[:, axis] -= points[:, axis]
    jets = {
        (i.field, i.orders): generator.normal(size=_samples)
        for program in (one, two)
        for i in program.of_kind("derivative")
    }
    sign = dict(zip(problem.fields, signs, strict=True))
    turned = {
        (f, orders): sign[f] * (-1) ** orders[axis] * v
        for (f, orders), v in jets.items()
    }
    here = _values(one, domain.names, points, jets)
    there = _values(two, domain.names, images, turned)
    if here.keys() != there.keys():
        return False
    for output, value in here.items():
        allowed = (sign[output],) if output in sign else (1, -1)
        size = np.abs(value).max()
        gaps = [np.abs(there[output] - s * value).max() for s in allowed]
        if not min(gaps) <= _slack * size:
            return False
    return True


def _values(
    program: Program,
    names: Sequence[str],
    points: np.ndarray,
    jets: Mapping[tuple[str, tuple[int, ...]], np.ndarray],
) -> dict[str, np.ndarray]:
    inputs = dict(constants_of(program))
    inputs |= {i.name: jets[i.field, i.orders] for i in program.of_kind("derivative")}
    columns = dict(zip(names, points.T, strict=True))
    inputs |= {i.name: columns[i.name] for i in program.of_kind("coordinate")}
    found = evaluate(program, inputs)
    return {n: np.broadcast_to(np.asarray(v), _samples) for n, v in found.items()}

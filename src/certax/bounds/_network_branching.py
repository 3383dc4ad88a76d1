"""Trees for claims about a net, found with linear relaxations."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np

from .._core import AbstractShape, Program
from ._linear_bounds import known_numbers
from ._linear_branching import Branched, Budget, Objective, branch
from ._linear_programs import LinearProgram, gradient_sizes, linear_program

Report = Callable[[int, float, float], None] | None


def branched_range(
    fields: Program,
    weights: Mapping[str, np.ndarray],
    domain: AbstractShape,
    field: str,
    budget: Budget,
    report: Report = None,
) -> Branched:
    """A tree on which the range of a field is as tight as the budget asks."""
    objective = _objective(linear_program(fields, [field]), weights, domain)
    low, high = objective.sampled()
    middle = 0.5 * low + 0.5 * high
    return branch(objective.about(middle), budget, "coordinates", report)


def branched_lipschitz(
    fields: Program,
    weights: Mapping[str, np.ndarray],
    domain: AbstractShape,
    names: Sequence[str],
    norm: Literal["l2", "linf"],
    budget: Budget,
    report: Report = None,
) -> Branched:
    """A tree on which a Lipschitz constant is, or for `l2` its square."""
    program = gradient_sizes(linear_program(fields, names), norm)
    return branch(_objective(program, weights, domain), budget, "coordinates", report)


def _objective(
    program: LinearProgram, weights: Mapping[str, np.ndarray], domain: AbstractShape
) -> Objective:
    names = [i.name for i in program.inputs if i.kind == "coordinate"]
    axes = tuple(domain.names.index(name) for name in names)
    return Objective(
        program,
        known_numbers(program, weights),
        domain.lower_floats[list(axes)],
        domain.upper_floats[list(axes)],
        axes=axes,
        dimension=domain.dimension,
    )

"""What is enclosed on a tree: the residual over the domain, or the initial defect."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from .._core import Input, Program
from ..bounds import Quantity
from ..problems import Problem


def residual_quantity(
    problem: Problem, fields: Program, weights: Mapping[str, np.ndarray]
) -> Quantity:
    """The residual over the whole domain."""
    domain = problem.domain
    ends = zip(domain.lower, domain.upper, strict=True)
    return Quantity(
        fields, problem.residual, dict(zip(domain.names, ends, strict=True)), weights
    )


def initial_quantity(
    problem: Problem, fields: Program, weights: Mapping[str, np.ndarray]
) -> Quantity:
    """û at the initial time minus the initial data, over the other coordinates."""
    domain = problem.domain
    condition = next(c for c in problem.conditions if c.kind == "initial")
    axis = domain.names.index(condition.coordinate)
    start = Input(condition.coordinate, "constant", value=domain.lower[axis])
    frozen = tuple(start if i.name == start.name else i for i in fields.inputs)
    ends = {
        name: (domain.lower[i], domain.upper[i])
        for i, name in enumerate(domain.names)
        if i != axis
    }
    assert condition.values is not None
    defect = _difference(problem.fields, condition.values, len(ends))
    return Quantity(replace(fields, inputs=frozen), defect, ends, weights)


def walls_quantity(
    problem: Problem,
    misses: Program,
    coordinate: str,
    weights: Mapping[str, np.ndarray],
) -> Quantity:
    """What û misses on both walls, outputs of `misses`, over the other coordinates."""
    domain = problem.domain
    ends = {
        name: (domain.lower[i], domain.upper[i])
        for i, name in enumerate(domain.names)
        if name != coordinate
    }
    orders = (0,) * len(ends)
    inputs = tuple(
        Input(n, "derivative", field=n, orders=orders) for n in misses.outputs
    )
    outputs = {str(i): i for i in range(len(inputs))}
    return Quantity(misses, Program(inputs, (), outputs), ends, weights)


def _difference(fields: tuple[str, ...], data: Program, dimension: int) -> Program:
    """The program of field − data for each field."""
    orders = (0,) * dimension
    unknowns = tuple(
        Input(f"{f}", "derivative", field=f, orders=orders) for f in fields
    )
    count = len(unknowns)
    ops = [
        (op, tuple(a + count for a in arguments), extra)
        for op, arguments, extra in data.ops
    ]
    outputs = {}
    for i, name in enumerate(fields):
        outputs[str(i)] = count + len(data.inputs) + len(ops)
        ops.append(("sub", (i, data.outputs[name] + count), None))
    return Program(unknowns + data.inputs, tuple(ops), outputs)

"""A sampled guess of how much an error may grow: to leave hopeless searches out."""

from dataclasses import replace

import numpy as np

from .._core import Input, Program
from ..problems import Solution

_times, _points, _step = 33, 256, "1e-4"
_largest_exponent = 30.0


def growth_exponent(solution: Solution) -> float:
    """∫ max_x (−∂r/∂u) dt at û, sampled: an error may grow by e to this power.

    It decides what is tried and is never part of a bound.
    """
    problem = solution.problem
    domain = problem.domain
    assert problem.time is not None
    time = domain.names.index(problem.time)
    unit = np.random.default_rng(0).random((_times, _points, domain.dimension))
    unit[..., time] = ((np.arange(_times) + 0.5) / _times)[:, None]
    points = domain.physical(unit.reshape(-1, domain.dimension))
    up, down = (
        replace(solution, network=_shifted(solution.network, step)).residual(points)
        for step in (_step, "-" + _step)
    )
    slopes = (up - down)[:, 0].reshape(_times, _points) / (2 * float(_step))
    length = float(domain.upper_floats[time] - domain.lower_floats[time])
    return float(np.mean(np.max(-slopes, axis=1))) * length


def _shifted(network: Program, step: str) -> Program:
    """The fields with a constant added; their derivatives stay what they are."""
    first = len(network.inputs)
    ops = [
        (op, tuple(a + (a >= first) for a in arguments), extra)
        for op, arguments, extra in network.ops
    ]
    outputs = {}
    for name, index in network.outputs.items():
        outputs[name] = first + 1 + len(ops)
        ops.append(("add", (index + (index >= first), first), None))
    shift = Input("outlook.shift", "constant", value=step)
    return Program((*network.inputs, shift), tuple(ops), outputs)


def unpromising(exponent: float) -> str:
    """Why a bound that such a growth enters is not worth a search; empty if it is."""
    if exponent <= _largest_exponent:
        return ""
    return (
        f"not tried: an error could grow by a factor of e^{exponent:.0f} "
        "(sampled), so its bound would say nothing"
    )

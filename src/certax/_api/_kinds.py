"""Which kind of problem it is, of those that recipes tell apart."""

from typing import Literal

import jax
import jax.numpy as jnp
import numpy as np

from .._core import TracedCondition, _normal_form as nf, evaluate, to_float
from ..nn import Ansatz, program_of, weights_of
from ..problems import Problem
from ._characteristics import mean_speeds

Kind = Literal[
    "ordinary",
    "two-point",
    "steady",
    "steady system",
    "corner",
    "hole",
    "evolution",
    "nonlinear evolution",
    "convection",
    "wave",
    "nonlinear wave",
    "dispersive",
    "many coordinates",
    "many coordinates, nonlinear",
]

# So often is a value carried around, before a net needs characteristics to follow it.
_turns = 3.0
_many = 4


def kind_of(problem: Problem) -> Kind:
    """The first that fits: of reentrant corners, small round holes, one coordinate,
    four or more, no time, a second derivative in time, convection many times around a
    circle, odd leading derivatives in space; and whether the equations are linear.
    """
    domain = problem.domain
    if len(domain.reentrant_corners):
        return "corner"
    if domain.holes:
        return "hole"
    if domain.dimension == 1:
        forward = problem.condition("initial", domain.names[0]) is not None
        return "ordinary" if forward else "two-point"
    linear = is_linear(problem)
    if domain.dimension >= _many:
        return "many coordinates" if linear else "many coordinates, nonlinear"
    if problem.time is None:
        return "steady system" if problem.equations > 1 else "steady"
    if _order_in_time(problem) > 1:
        return "wave" if linear else "nonlinear wave"
    if _is_carried_around(problem):
        return "convection"
    if _leading_order(problem) % 2 == 1 and _leading_order(problem) > 1:
        return "dispersive"
    return "evolution" if linear else "nonlinear evolution"


def is_linear(problem: Problem) -> bool:
    """Whether no field is multiplied by a field, as far as normal forms can tell."""
    for form in nf.interpret(problem.residual, {}).values():
        assert isinstance(form, nf.Form)
        try:
            monomials = nf.split(form)
        except ValueError:
            return False
        if any(sum(power for _, power in m) > 1 for m in monomials):
            return False
    return True


def _order_in_time(problem: Problem) -> int:
    assert problem.time is not None
    axis = problem.domain.names.index(problem.time)
    return max((o[axis] for o in _orders(problem)), default=0)


def _leading_order(problem: Problem) -> int:
    """The highest order of a derivative in space alone."""
    assert problem.time is not None
    axis = problem.domain.names.index(problem.time)
    return max((sum(o) for o in _orders(problem) if o[axis] == 0), default=0)


def _orders(problem: Problem) -> list[tuple[int, ...]]:
    return [i.orders for i in problem.residual.of_kind("derivative")]


def _is_carried_around(problem: Problem) -> bool:
    """Whether the data go around a circle more than three times, and what a
    Lagrangian net needs: one initial condition for all fields, with formulas that
    repeat on the line, and no other data.
    """
    time, names = problem.time, problem.domain.names
    starts = [c for c in problem.conditions if c.values is not None]
    seams = [c.coordinate for c in problem.conditions if c.kind == "periodic"]
    if len(starts) != 1 or starts[0].kind != "initial" or time is None:
        return False
    if set(starts[0].fields) != set(problem.fields) or len(seams) != len(names) - 1:
        return False
    with jax.enable_x64(True):
        key = jax.random.key(0)
        plain = Ansatz(
            problem.domain, problem.fields, problem.conditions, 1, 1, key=key
        )
        program = program_of(plain, names, problem.fields)
        speeds = mean_speeds(problem, program, weights_of(plain))
        lengths = problem.domain.upper_floats - problem.domain.lower_floats
        duration = lengths[names.index(time)]
        spaces = [i for i, name in enumerate(names) if name != time]
        turns = np.abs(speeds) * duration / lengths[spaces]
        return bool(turns.max() > _turns) and all(
            _repeats(problem, starts[0], names[i]) for i in spaces
        )


def _repeats(problem: Problem, start: TracedCondition, name: str) -> bool:
    """Whether initial data are the same a period further on, at sampled points."""
    domain, values = problem.domain, start.values
    assert values is not None
    constants = {
        i.name: jnp.asarray(to_float(i.value)) for i in values.of_kind("constant")
    }
    units = np.random.default_rng(0).uniform(size=(64, domain.dimension))
    points = domain.physical(units)
    axis = domain.names.index(name)
    shift = np.zeros(domain.dimension)
    shift[axis] = domain.upper_floats[axis] - domain.lower_floats[axis]

    def at(point):
        known = constants | {n: point[i] for i, n in enumerate(domain.names)}
        found = evaluate(values, {i.name: known[i.name] for i in values.inputs})
        return jnp.stack([jnp.asarray(v) for v in found.values()])

    here, there = (jax.vmap(at)(jnp.asarray(p)) for p in (points, points + shift))
    size = float(jnp.abs(here).max())
    return bool(jnp.abs(here - there).max() <= 1e-9 * size)

"""Hypotheses as data, and the checks that several theorems share."""

from dataclasses import dataclass
from typing import Literal

from .._core import Program, TracedCondition, _normal_form as nf
from ..problems import Problem
from ._boundary import is_periodic, meets
from ._velocity import moves

Status = Literal["checked", "cited", "assumed", "failed"]


@dataclass(frozen=True)
class Hypothesis:
    """One hypothesis of a theorem and what became of it."""

    name: str
    status: Status
    detail: str


def checked(name: str, detail: str) -> Hypothesis:
    return Hypothesis(name, "checked", detail)


def cited(name: str, detail: str) -> Hypothesis:
    return Hypothesis(name, "cited", detail)


def assumed(name: str, detail: str) -> Hypothesis:
    return Hypothesis(name, "assumed", detail)


def failed(name: str, detail: str) -> Hypothesis:
    return Hypothesis(name, "failed", detail)


def smooth(fields: Program) -> Hypothesis:
    if any(op == "max0" for op, _, _ in fields.ops):
        return failed(
            "smooth", "the net has a kink (max0), so it has no residual there"
        )
    return checked("smooth", "every operation of the net is smooth")


def time(problem: Problem) -> Hypothesis:
    name = problem.time
    if name is None:
        return failed("time", "there is no initial condition")
    return checked("time", f"the initial condition stands at the lower end of {name}")


def near_wall(
    fields: Program, problem: Problem, name: str, sides: tuple[str, ...]
) -> Hypothesis:
    """There are data on the given ends of a coordinate, which û may miss a little, or
    û is periodic.
    """
    exact = wall(fields, problem, name, sides)
    if exact.status == "checked" or problem.condition("periodic", name) is not None:
        return exact
    if set(sides) - set(_by_side(problem, name)):
        return exact
    return checked(
        "walls", f"what the net misses at the ends of {name} is bounded on the leaves"
    )


def _by_side(problem: Problem, name: str) -> dict[str, TracedCondition]:
    return {
        side: c
        for c in problem.conditions
        if c.kind == "dirichlet" and c.coordinate == name
        for side in (("lower", "upper") if c.side == "both" else (c.side,))
    }


def wall(
    fields: Program, problem: Problem, name: str, sides: tuple[str, ...]
) -> Hypothesis:
    """û agrees with the data on the given ends of a coordinate, exactly."""
    if problem.condition("periodic", name) is not None:
        return seam(fields, problem, name)
    by_side = _by_side(problem, name)
    for side in sides:
        if side not in by_side:
            return failed("walls", f"there are no data at the {side} end of {name}")
        if not meets(fields, problem, by_side[side], side):
            return failed(
                "walls",
                f"the net does not agree exactly with the data at the {side} end of "
                f"{name}",
            )
    return checked("walls", f"the net equals the data exactly at the ends of {name}")


def seam(fields: Program, problem: Problem, name: str) -> Hypothesis:
    if not is_periodic(fields, problem, name):
        return failed(
            "walls",
            f"the net is not periodic in {name} as a function on the real line: its "
            "value or a derivative jumps at the seam (a corner there would add a "
            "measure to the residual that no pointwise bound sees)",
        )
    return checked("walls", f"the net is periodic in {name} with all its derivatives")


def periodic_data(problem: Problem, name: str) -> Hypothesis:
    """Initial data and equation are periodic functions on the real line."""
    given = [c.values for c in problem.conditions if c.kind in ("initial", "velocity")]
    if not all(v is not None and is_periodic(v, problem, name) for v in given):
        return failed(
            "data",
            f"the initial data are not a smooth periodic function of {name}: they have "
            "a corner or a jump at the seam",
        )
    if not is_periodic(problem.residual, problem, name):
        return failed("data", f"the equation's coefficients are not periodic in {name}")
    return checked("data", f"the data are smooth and periodic in {name}")


def continuous_data(problem: Problem, name: str) -> Hypothesis:
    """Initial data that agree at both ends of a coordinate, in a periodic equation."""
    initial = next(c.values for c in problem.conditions if c.kind == "initial")
    index = problem.domain.names.index(name)
    ends = (problem.domain.lower[index], problem.domain.upper[index])
    assert initial is not None
    first, second = (nf.interpret(initial, {name: nf.constant(e)}) for e in ends)
    if any(v is None for v in first.values()) or first != second:
        return failed("data", f"the initial data jump at the seam of {name}")
    if not is_periodic(problem.residual, problem, name):
        return failed("data", f"the equation's coefficients are not periodic in {name}")
    return checked("data", f"the data agree at both ends of {name}")


def initial_is_exact(fields: Program, problem: Problem) -> bool:
    """Whether û equals the initial data exactly, so no initial tree is needed."""
    if any(c.kind == "velocity" for c in problem.conditions):
        return moves(fields, problem)
    condition = next(c for c in problem.conditions if c.kind == "initial")
    return meets(fields, problem, condition, "lower")


def initial_defect(fields: Program, problem: Problem) -> Hypothesis:
    if initial_is_exact(fields, problem):
        return checked("initial defect", "zero by substitution in the program")
    return checked("initial defect", "enclosed on the tree of the initial face")


def forms_of(problem: Problem) -> list[nf.Form]:
    """The normal form of every equation."""
    return [f for f in nf.interpret(problem.residual, {}).values() if f is not None]  # pyright: ignore

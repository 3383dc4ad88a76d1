"""How a residual's tree is refined, by families of theorems."""

from dataclasses import replace

from ...bounds import Refinement
from ...problems import Problem
from ._base import AbstractTheorem


class AbstractSupremumSearch(AbstractTheorem):
    """One that needs the residual's supremum over the domain."""

    def refinement(
        self, problem: Problem, slabs: int, degree: int, tolerance: float
    ) -> Refinement:
        cuts = even_cuts(problem.domain.dimension, 8)
        return Refinement("supremum", tolerance, degree, cuts)


class AbstractSlabSearch(AbstractTheorem):
    """One that needs the residual's supremum over each slab of time."""

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        return {"slabs": slabs}

    def refinement(
        self, problem: Problem, slabs: int, degree: int, tolerance: float
    ) -> Refinement:
        return slab_refinement(problem, slabs, degree, tolerance)


class AbstractMeanSquareSearch(AbstractTheorem):
    """One that needs the residual's mean square over each slab of time."""

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        return {"slabs": slabs}

    def refinement(
        self, problem: Problem, slabs: int, degree: int, tolerance: float
    ) -> Refinement:
        return mean_square_refinement(problem, slabs, degree, tolerance)


def slab_refinement(
    problem: Problem, slabs: int, degree: int, tolerance: float
) -> Refinement:
    """Tight suprema over each slab of time."""
    dimension = problem.domain.dimension
    time = problem.domain.names.index(problem.time or "")
    in_time = max(1, slabs.bit_length() - 1)
    cuts = tuple(
        in_time if i == time else even_cuts(dimension, 8)[0] for i in range(dimension)
    )
    return Refinement("slabs", tolerance, degree, cuts, slabs=slabs, time=time)


def mean_square_refinement(
    problem: Problem, slabs: int, degree: int, tolerance: float
) -> Refinement:
    """A tight integral, with no leaf in two slabs: the checker charges it to both."""
    made = slab_refinement(problem, slabs, degree, tolerance)
    return replace(made, goal="mean")


def even_cuts(dimension: int, total: int) -> tuple[int, ...]:
    """The same number of cuts for each axis, about `total` in sum."""
    return (max(1, round(total / dimension)),) * dimension

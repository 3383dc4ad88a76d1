from typing import ClassVar

from ..._core import Program
from ...problems import Problem
from .. import _hypotheses as hyp
from .._equations import NoMatch, positive
from .._hamiltonians import hamiltonian
from .._hypotheses import Hypothesis
from ._searches import AbstractSlabSearch, AbstractSupremumSearch


class HamiltonJacobi(AbstractSlabSearch):
    """sup |û − u| by slabs for u_t + c u + H(x, t, Du) − a·D²u = 0, where u is a
    viscosity solution and H need only be continuous: û itself is the test function.

    Hypotheses, all checked but the last: the equation, time, walls, smoothness of the
    net, initial defect, data; cited or assumed: a viscosity solution exists and attains
    the data. The proof is in `docs/theory/hamilton-jacobi.md`.

    ??? cite

        ```bibtex
        @article{crandall1992users,
          author={Crandall, M. G. and Ishii, H. and Lions, P.-L.},
          title={User's guide to viscosity solutions of second order partial
          differential equations}, journal={Bull. Amer. Math. Soc.}, volume={27},
          year={1992}}
        ```
    """

    name: ClassVar[str] = "hamilton-jacobi"
    norm: ClassVar[str] = "Linf"

    def match(self, problem: Problem) -> None:
        if problem.domain.dimension < 2 or problem.time is None:
            raise NoMatch("it needs space coordinates and an initial condition")
        hamiltonian(problem)

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        initial = [hyp.time(problem), hyp.initial_defect(fields, problem)]
        return [*initial, *_shared(problem, fields)]


class StationaryHamiltonJacobi(AbstractSupremumSearch):
    """sup |û − u| ≤ sup |r| / c for c u + H(x, Du) − a·D²u = 0 with c > 0, where u is a
    viscosity solution and H need only be continuous.

    Hypotheses and proof as of [`HamiltonJacobi`][].
    """

    name: ClassVar[str] = "stationary-hamilton-jacobi"
    norm: ClassVar[str] = "Linf"

    def match(self, problem: Problem) -> None:
        if problem.time is not None:
            raise NoMatch("it has an initial condition")
        if not positive(hamiltonian(problem).rate):
            raise NoMatch("the constant in front of u is not positive")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        return _shared(problem, fields)

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        return {}


def _shared(problem: Problem, fields: Program) -> list[Hypothesis]:
    spaces = [n for n in problem.domain.names if n != problem.time]
    around = [problem.condition("periodic", name) is not None for name in spaces]
    found = [hyp.checked("equation", "H(x, t, Du) is continuous")]
    found += [hyp.near_wall(fields, problem, n, ("lower", "upper")) for n in spaces]
    found.append(hyp.smooth(fields))
    for name, periodic in zip(spaces, around, strict=True):
        if not periodic:
            found.append(hyp.checked("data", f"data agree exactly, walls of {name}"))
        elif problem.time is not None:
            found.append(hyp.periodic_data(problem, name))
    if all(around) and hamiltonian(problem).separate:
        found.append(hyp.cited("solution", "a viscosity solution on the torus exists"))
    else:
        attains = "a viscosity solution that attains the data is assumed to exist"
        found.append(hyp.assumed("solution", attains))
    return found

"""What a theorem is to the finder: a matcher, hypotheses, and how to search."""

import abc

import equinox as eqx

from ..._core import Program
from ...bounds import Refinement
from ...problems import Problem, Solution
from .._hypotheses import Hypothesis


class AbstractTheorem(eqx.Module):
    """A theorem that turns bounds of the residual into bounds of the error.

    The finder only has to find a good tree; the bound is the checker's.
    """

    name: eqx.AbstractClassVar[str]
    norm: eqx.AbstractClassVar[str]

    @abc.abstractmethod
    def match(self, problem: Problem) -> None:
        """**Raises:** `NoMatch` if the equation is not of the theorem's kind."""

    @abc.abstractmethod
    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        """All hypotheses with what became of them, for a problem that matches."""

    @abc.abstractmethod
    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        """The parameters to begin with."""

    def discouraged(self, solution: Solution) -> str:
        """Why it is not worth a search among other theorems; empty if it is."""
        return ""

    @abc.abstractmethod
    def refinement(
        self, problem: Problem, slabs: int, degree: int, tolerance: float
    ) -> Refinement:
        """How the residual's tree is to be refined."""

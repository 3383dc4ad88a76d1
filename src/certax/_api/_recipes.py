"""Which recipe and which budget a kind of problem gets."""

from .._core import _normal_form as nf
from ..problems import Problem


def is_sharp(problem: Problem) -> bool:
    """Whether layers and fronts are to be expected: nonlinear evolution in space."""
    if problem.time is None or problem.domain.dimension == 1:
        return False
    for form in nf.interpret(problem.residual, {}).values():
        assert isinstance(form, nf.Form)
        try:
            monomials = nf.split(form)
        except ValueError:
            return True
        if any(sum(power for _, power in m) > 1 for m in monomials):
            return True
    return False


def default_budget(problem: Problem) -> float:
    """Seconds for everything, if the user names none."""
    return 180.0 if is_sharp(problem) else 60.0

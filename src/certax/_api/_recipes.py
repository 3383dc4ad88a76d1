"""Which recipe and which budget a kind of problem gets."""

from .._core import _normal_form as nf
from ..problems import Problem
from ..training import (
    Adam,
    LevenbergMarquardt,
    Phase,
    Recipe,
    ResidualAdaptiveSampler,
)


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


def recipe_for(problem: Problem) -> Recipe:
    """Levenberg-Marquardt; where layers form, after Adam and on points that follow the
    residual.
    """
    if is_sharp(problem):
        sampler = ResidualAdaptiveSampler()
        return Recipe(
            "sharp",
            (
                Phase("adam", Adam(decay_steps=1000), 1000, 3000, sampler, 500, 100),
                Phase("lm", LevenbergMarquardt(), None, 3000, sampler, 50, 10),
            ),
            (20, 20, 20),
        )
    points = 400 if problem.domain.dimension == 1 else 1000
    return Recipe(
        "smooth",
        (Phase("lm", LevenbergMarquardt(), None, points, report_every=10),),
        (20,) if problem.domain.dimension == 1 else (20, 20),
    )


def default_budget(problem: Problem) -> float:
    """Seconds for everything, if the user names none."""
    return 180.0 if is_sharp(problem) else 60.0

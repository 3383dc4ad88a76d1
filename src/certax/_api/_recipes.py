"""Which recipe and which budget a kind of problem gets."""

import math
from dataclasses import replace

from .._core import CertaxError, TrainingSettings, _normal_form as nf
from ..problems import Problem
from ..training import (
    Net,
    Phase,
    PseudoTime,
    Recipe,
    ResidualLoss,
    sharp_recipe,
    smooth_recipe,
    with_balancing,
    with_optimizer,
)

_pseudo_steps = 50


def is_sharp(problem: Problem) -> bool:
    """Whether layers, fronts or corners are to be expected: nonlinear evolution in
    space, and angles larger than π.
    """
    if len(problem.domain.reentrant_corners):
        return True
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


def recipe_of(problem: Problem, settings: TrainingSettings) -> Recipe:
    """The recipe of the problem's kind, with what the settings change."""
    dimension = problem.domain.dimension
    points, steps = settings.points, settings.adam_steps or 0
    if is_sharp(problem):
        if points is None:
            return sharp_recipe(adam_steps=steps)
        return sharp_recipe(points=points, adam_steps=steps)
    # On the whole interval at once, least squares can jump to another equilibrium of an
    # ordinary differential equation and stay there: half of all random nets do.
    forward = problem.condition("initial", problem.domain.names[0]) is not None
    march = 100 if dimension == 1 and forward else 0
    return smooth_recipe(dimension, points=points, adam_steps=steps, march_steps=march)


def evolving(recipe: Recipe, fields: ResidualLoss) -> Recipe:
    """The recipe with pseudo-time steps before its last phase."""
    *before, last = recipe.phases
    phase = Phase(
        "pseudo-time",
        PseudoTime(fields),
        _pseudo_steps,
        last.points,
        sampler=last.sampler,
        report_every=10,
    )
    return replace(recipe, phases=(*before, phase, last))


def check_steady(problem: Problem) -> None:
    """**Raises:** `CertaxError` for what has no pseudo-time."""
    reason = ""
    if any(c.kind in ("initial", "terminal") for c in problem.conditions):
        reason = "it has a time of its own"
    elif problem.equations != len(problem.fields):
        reason = "it has not one equation for each field"
    elif problem.unknowns:
        reason = "its unknown coefficients do not evolve"
    if reason:
        raise CertaxError(
            f"The problem {problem.name!r} has no pseudo-time: {reason}.",
            value=problem.name,
            remedy="Leave training.pseudo_time out.",
        )


def correcting(recipe: Recipe) -> Recipe:
    """The recipe of a correction: nothing is found anew, so its last phase alone, on
    twice the points, since what is left has shorter waves.
    """
    last = recipe.phases[-1]
    return replace(recipe, phases=(replace(last, points=2 * last.points),))


def fitted_recipe(
    recipe: Recipe,
    shapes: tuple[tuple[int, ...], ...],
    equations: int,
    settings: TrainingSettings,
) -> Recipe:
    """The recipe with the optimizer and the balancing that the settings name.

    **Arguments:**

    - `shapes`: of the arrays that are trained.
    - `equations`: their number.
    """
    weights = sum(math.prod(shape) for shape in shapes)
    if settings.optimizer is not None:
        net = Net(shapes, weights, equations)
        recipe = with_optimizer(recipe, settings.optimizer, net)
    if settings.balancing is not None:
        recipe = with_balancing(recipe, settings.balancing)
    return recipe


def default_budget(problem: Problem) -> float:
    """Seconds for everything, if the user names none."""
    return 180.0 if is_sharp(problem) else 60.0

"""Which recipe and which budget a kind of problem gets."""

import math

from .._core import TrainingSettings, _normal_form as nf
from ..problems import Problem
from ..training import (
    Net,
    Recipe,
    sharp_recipe,
    smooth_recipe,
    with_balancing,
    with_optimizer,
)


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

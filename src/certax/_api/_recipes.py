"""Which recipe and which budget a kind of problem gets."""

import math
from dataclasses import dataclass, replace
from typing import Any

from .._core import CertaxError, Configuration, TrainingSettings
from ..problems import Problem, reflections
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
from ._initial import depths
from ._kinds import Kind, kind_of

_pseudo_steps = 50


@dataclass(frozen=True)
class Method:
    """What a problem is solved with.

    - `kind`: of the problem.
    - `configuration`: that of the user, completed by the choice for this kind.
    - `recipe`: of its first stage.
    """

    kind: Kind
    configuration: Configuration
    recipe: Recipe

    def as_json(self) -> dict[str, Any]:
        """What the run's record says of it."""
        network, training = self.configuration.network, self.configuration.training
        phases = [
            {
                "name": phase.name,
                "steps": phase.steps,
                "points": phase.points,
                "redraw_every": phase.redraw_every,
            }
            for phase in self.recipe.phases
        ]
        return {
            "kind": self.kind,
            "name": self.recipe.name,
            "network": network.model_dump(
                include={"kind", "width", "depth", "symmetric"}
            ),
            "stages": training.stages,
            "windows": training.windows,
            "phases": phases,
        }


@dataclass(frozen=True)
class _Choice:
    """What measurement prefers for a kind, see `python -m benchmarks recipes`.

    - `sharp`: whether points are redrawn where the residual is large.
    - `points`, `widths`: if not those of the recipe.
    - `patience`: steps without progress of the residual, if not the recipe's.
    - `network`: the kind of net.
    - `symmetric`: whether mirrors of the problem are built into it.
    """

    sharp: bool = False
    points: int | None = None
    widths: tuple[int, ...] | None = None
    patience: int | None = None
    network: str = "mlp"
    symmetric: bool = False


_choices: dict[Kind, _Choice] = {
    "ordinary": _Choice(),
    "two-point": _Choice(),
    "steady": _Choice(),
    "steady system": _Choice(),
    # Where convex corners and the equation disagree, the residual on fresh points stays
    # as it is while the error falls.
    "corner": _Choice(points=2000, widths=(20, 20), patience=1500),
    "hole": _Choice(sharp=True, points=4000, widths=(24, 24)),
    "evolution": _Choice(),
    "nonlinear evolution": _Choice(sharp=True),
    "convection": _Choice(network="lagrangian"),
    "wave": _Choice(),
    "nonlinear wave": _Choice(sharp=True),
    "dispersive": _Choice(sharp=True),
    "many coordinates": _Choice(points=2000, widths=(24, 24), symmetric=True),
    "many coordinates, nonlinear": _Choice(sharp=True, symmetric=True),
}


def method_of(
    problem: Problem, configuration: Configuration, measured: bool = False
) -> Method:
    """The choice for the problem's kind, where the configuration says nothing.

    **Arguments:**

    - `measured`: whether there are measured data, which need not have the mirrors of
      the equations.

    One stage is chosen for all: a second one lowers errors and raises proved bounds.
    """
    kind = kind_of(problem)
    choice, training = _choices[kind], configuration.training
    recipe = _recipe(problem, choice, training)
    network = configuration.network
    plain = network.form == "direct" and network.kind is None
    fitting = plain and training.hard and training.windows == 1
    net = network.kind or (choice.network if fitting else "mlp")
    stages = training.stages or 1
    symmetric = network.symmetric
    if symmetric is None:
        plainly = choice.symmetric and network.form == "direct" and not measured
        symmetric = plainly and net != "lagrangian" and bool(reflections(problem))
    chosen = {
        "kind": net,
        "symmetric": symmetric,
        "width": network.width or recipe.widths[0],
        "depth": network.depth or depths.get(net, len(recipe.widths)),
    }
    completed = configuration.model_copy(
        update={
            "network": network.model_copy(update=chosen),
            "training": training.model_copy(
                update={"stages": stages, "recipe": recipe.name}
            ),
        }
    )
    return Method(kind, completed, recipe)


def _recipe(problem: Problem, choice: _Choice, settings: TrainingSettings) -> Recipe:
    dimension = problem.domain.dimension
    points, steps = settings.points or choice.points, settings.adam_steps or 0
    sharp = choice.sharp if settings.recipe is None else settings.recipe == "sharp"
    if sharp:
        recipe = sharp_recipe(points=points, adam_steps=steps)
    else:
        # On the whole interval at once, least squares can jump to another equilibrium
        # of an ordinary differential equation and stay there: half of all random nets
        # do.
        forward = problem.condition("initial", problem.domain.names[0]) is not None
        march = 100 if dimension == 1 and forward else 0
        recipe = smooth_recipe(
            dimension, points=points, adam_steps=steps, march_steps=march
        )
    patience = choice.patience or recipe.convergence.patience
    return replace(
        recipe,
        widths=choice.widths or recipe.widths,
        convergence=replace(recipe.convergence, patience=patience),
    )


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
    kind = kind_of(problem)
    return 180.0 if _choices[kind].sharp or kind == "corner" else 60.0

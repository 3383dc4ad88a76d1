"""The optimizers and balancings that settings can name."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from ._balancing import (
    AbstractBalancing,
    GradientNormBalancing,
    KernelTraceBalancing,
    RelativeBalancing,
)
from ._levenberg_marquardt import LevenbergMarquardt, gauss_newton
from ._natural_gradient import NaturalGradient
from ._optax import Shapes, adam, lbfgs, soap
from ._optimizer import AbstractOptimizer
from ._recipes import Phase, Recipe
from ._saddle_free_newton import SaddleFreeNewton
from ._sampling import GrowingSampler
from ._self_scaled_broyden import SelfScaledBroyden


class Net(NamedTuple):
    """What the choice of an optimizer depends on.

    - `shapes`: of the weights in their order; `weights`: how many there are.
    - `terms`: of the residual.
    """

    shapes: Shapes
    weights: int
    terms: int


class _Choice(NamedTuple):
    """`pace`: how many of its steps stand for one of Levenberg-Marquardt."""

    make: Callable[[Net, Phase], AbstractOptimizer]
    pace: int = 1


_decay_steps, _final_ratio = 20_000, 0.01


def _natural_gradient(net: Net, phase: Phase) -> NaturalGradient:
    fewer_rows = phase.points * net.terms < net.weights
    return NaturalGradient("dual" if fewer_rows else "primal")


named_optimizers: dict[str, _Choice] = {
    "adam": _Choice(
        lambda net, phase: adam(decay_steps=_decay_steps, final_ratio=_final_ratio),
        20,
    ),
    "soap": _Choice(
        lambda net, phase: soap(
            net.shapes, decay_steps=_decay_steps, final_ratio=_final_ratio
        ),
        20,
    ),
    "lbfgs": _Choice(lambda net, phase: lbfgs(), 10),
    "broyden": _Choice(lambda net, phase: SelfScaledBroyden(), 10),
    "levenberg-marquardt": _Choice(lambda net, phase: LevenbergMarquardt()),
    "gauss-newton": _Choice(lambda net, phase: gauss_newton()),
    "natural-gradient": _Choice(_natural_gradient),
    "saddle-free": _Choice(lambda net, phase: SaddleFreeNewton()),
}

named_balancings: dict[str, AbstractBalancing] = {
    "gradient-norm": GradientNormBalancing(),
    "ntk": KernelTraceBalancing(),
    "relobralo": RelativeBalancing(),
}


def with_optimizer(recipe: Recipe, name: str, net: Net) -> Recipe:
    """The recipe with another optimizer in every phase but one named `"adam"`.

    Optimizers with cheaper steps get more of them between draws of the points and
    between records, and more patience.
    """
    make, pace = named_optimizers[name]

    def changed(phase: Phase) -> Phase:
        if phase.name == "adam":
            return phase
        sampler = phase.sampler
        if isinstance(sampler, GrowingSampler):
            sampler = replace(sampler, steps=pace * sampler.steps)
        return replace(
            phase,
            name=name if phase.steps is None else phase.name,
            optimizer=make(net, phase),
            steps=None if phase.steps is None else pace * phase.steps,
            sampler=sampler,
            redraw_every=phase.redraw_every and pace * phase.redraw_every,
            report_every=pace * phase.report_every,
        )

    convergence = recipe.convergence
    if convergence.patience is not None:
        convergence = replace(convergence, patience=pace * convergence.patience)
    phases = tuple(changed(phase) for phase in recipe.phases)
    return replace(recipe, phases=phases, convergence=convergence)


def with_balancing(recipe: Recipe, name: str) -> Recipe:
    """The recipe with its terms balanced."""
    return replace(recipe, balancing=named_balancings[name])

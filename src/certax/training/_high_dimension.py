"""Training in any number of dimensions, in memory that grows linearly with it."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax

from certax._core import CertaxError
from certax.nn import MLP
from certax.problems import HighDimensionalProblem

from ._interrupts import interrupt_flag
from ._memory import available_memory
from ._outcomes import Outcome
from ._progress import Progress
from ._stochastic_taylor import coordinate_directions, sign_directions
from ._vector_fields import Network, residuals


@dataclass(frozen=True)
class StochasticRecipe:
    """Adam on fresh points and fresh directions in every step.

    **Arguments:**

    - `points`, `directions`: drawn in every step.
    - `estimator`: `"coordinates"` or `"signs"`.
    - `unbiased`: the loss is the mean of r'r'' for two residuals with half of the
      directions each, whose mean is the squared residual; otherwise it is the mean of
      r^2, which the estimate's variance makes larger.
    - `learning_rate`: at the start; it halves every `half_life` steps.
    """

    width: int = 128
    depth: int = 4
    activation: str = "tanh"
    points: int = 100
    directions: int = 16
    estimator: Literal["coordinates", "signs"] = "coordinates"
    unbiased: bool = True
    learning_rate: float = 1e-3
    half_life: int = 2000

    def draw(self, key, dimension: int):
        """The directions of a step in independent groups: one, or two halves for the
        unbiased loss. No group has more than there are coordinates.
        """
        groups = 2 if self.unbiased and self.directions > 1 else 1
        number = self.directions // groups
        keys = jax.random.split(key, groups)
        if self.estimator == "signs":
            return [sign_directions(k, number, dimension) for k in keys]
        number = min(number, dimension)
        return [coordinate_directions(k, number, dimension) for k in keys]


# How much of the random last layer is left beside the constant that a net starts from.
_kept = 0.1


class StochasticState(NamedTuple):
    """The net's layers in float32, Adam's state, and the number of steps done."""

    net: Any
    inner: optax.OptState
    step: jax.Array


class StochasticResult(NamedTuple):
    """`constant` is the best constant N, where training started."""

    net: MLP
    steps: int
    outcome: Outcome
    seconds_per_step: float
    constant: float


def network_of(problem: HighDimensionalProblem, net: MLP) -> Network:
    """N as a function of the point."""

    def network(x, *time):
        inputs = jnp.concatenate(
            [problem.cloud.input_scale * x, *(t[None] for t in time)]
        )
        return problem.size * net(inputs)[0]

    return network


def fresh_net(
    problem: HighDimensionalProblem,
    recipe: StochasticRecipe,
    seed: int,
    constant: float,
) -> Any:
    """Random weights in float32, around a constant N."""
    inputs = problem.dimension + int(problem.cloud.has_time)
    with jax.enable_x64(True):
        key = jax.random.key(seed)
        net = MLP(inputs, 1, recipe.width, recipe.depth, recipe.activation, key=key)
        net = jax.tree.map(lambda w: w.astype(jnp.float32), net)
    last = lambda net: (net.layers[-1].weight, net.layers[-1].bias)
    weight, bias = last(net)
    start = (_kept * weight, bias + np.float32(constant / problem.size))
    return eqx.tree_at(last, net, start)


def best_constant(
    problem: HighDimensionalProblem, recipe: StochasticRecipe, seed: int
) -> float:
    """The constant N that leaves the smallest residual, by ten Gauss-Newton steps.

    Data + factor times a constant needs no training, so it is where training starts
    and what its result has to beat. A constant has no trace to estimate.
    """
    key = jax.random.key(seed)
    points = problem.cloud.sample(key, recipe.points, jnp.float32)
    directions = jnp.zeros((1, problem.dimension), jnp.float32)

    # Points are arguments: the compiler would fold constants, one by one.
    @jax.jit
    def step(constant, points, directions):
        of = lambda c: residuals(problem, lambda *_: c, points, directions)
        values, slopes = jax.jvp(of, (constant,), (jnp.ones_like(constant),))
        # Scaled, or the squares of float32 overflow in many dimensions.
        scale = jnp.max(jnp.abs(slopes))
        values, slopes = values / scale, slopes / scale
        return constant - (slopes @ values) / (slopes @ slopes)

    constant = jnp.zeros((), jnp.float32)
    for _ in range(10):
        constant = step(constant, points, directions)
    found = float(constant)
    return found if math.isfinite(found) else 0.0


def train_stochastic(
    problem: HighDimensionalProblem,
    recipe: StochasticRecipe = StochasticRecipe(),
    *,
    seed: int = 0,
    max_steps: int | None = None,
    deadline: float | None = None,
    report: Callable[[Progress, MLP], None] | None = None,
    report_every: float = 5.0,
) -> StochasticResult:
    """Trains a net on a high-dimensional problem.

    **Arguments:**

    - `max_steps`, `deadline` (by `time.monotonic()`): what ends it; one is needed.
    - `report`: called at the start, about every `report_every` seconds, and at the end.

    **Returns:** the net, in float32.

    **Raises:** `CertaxError` where nothing would end the run, or there is not enough
    memory for it.
    """
    if max_steps is None and deadline is None:
        raise CertaxError(
            "Nothing would stop the training.",
            remedy="Give max_steps or a deadline.",
        )
    check_size(problem, recipe)
    with jax.enable_x64(False):
        constant = best_constant(problem, recipe, seed)
        net = fresh_net(problem, recipe, seed, constant)
        state = StochasticState(net, _adam(recipe).init(net), jnp.zeros((), jnp.int32))
        advance = step_function(problem, recipe, seed)
        found = _loop(state, advance, max_steps, deadline, report, report_every)
    return found._replace(constant=constant)


def step_function(problem: HighDimensionalProblem, recipe: StochasticRecipe, seed: int):
    """The compiled step: from a state to the next one and the loss."""
    adam = _adam(recipe)

    def loss(net, key):
        of_points, of_directions = jax.random.split(key)
        points = problem.cloud.sample(of_points, recipe.points, jnp.float32)
        network = network_of(problem, net)
        # Halves of one draw without replacement would be correlated.
        found = [
            residuals(problem, network, points, directions)
            for directions in recipe.draw(of_directions, problem.dimension)
        ]
        return jnp.mean(found[0] * found[-1])

    def step(state: StochasticState):
        # Folding the number in makes a step the same, however often the run stopped.
        key = jax.random.fold_in(jax.random.key(seed + 1), state.step)
        value, gradient = jax.value_and_grad(loss)(state.net, key)
        change, inner = adam.update(gradient, state.inner)
        net = eqx.apply_updates(state.net, change)
        return StochasticState(net, inner, state.step + 1), value

    return jax.jit(step, donate_argnums=0)


def _adam(recipe: StochasticRecipe) -> optax.GradientTransformation:
    schedule = optax.exponential_decay(recipe.learning_rate, recipe.half_life, 0.5)
    return optax.adam(schedule)


def _loop(
    state, advance, max_steps, deadline, report, report_every
) -> StochasticResult:
    began = reported = time.monotonic()
    compiled = began
    losses: list[float] = []

    def tell(state, losses):
        value = float(np.mean(losses)) if losses else math.nan
        # The unbiased loss may be negative by chance.
        rms = math.sqrt(max(value, 0.0)) if losses else math.nan
        step, seconds = int(state.step), time.monotonic() - began
        if report is not None:
            report(Progress(step, "adam", seconds, value, rms, math.nan, ""), state.net)

    outcome = None
    with interrupt_flag() as interrupted:
        while outcome is None:
            if max_steps is not None and int(state.step) >= max_steps:
                outcome = Outcome.MAX_STEPS
            elif interrupted:
                outcome = Outcome.INTERRUPTED
            elif deadline is not None and time.monotonic() >= deadline:
                outcome = Outcome.BUDGET
            else:
                state, value = advance(state)
                losses.append(float(value))
                if int(state.step) == 1:
                    compiled = time.monotonic()
                if not math.isfinite(losses[-1]):
                    outcome = Outcome.FAILED
                elif time.monotonic() - reported >= report_every:
                    tell(state, losses)
                    reported, losses = time.monotonic(), []
    if losses or int(state.step) == 0:
        tell(state, losses)
    steps = int(state.step)
    each = (time.monotonic() - compiled) / max(1, steps - 1)
    return StochasticResult(state.net, steps, outcome, each, math.nan)


def step_memory(problem: HighDimensionalProblem, recipe: StochasticRecipe) -> int:
    """Bytes of arguments and temporaries of the compiled step; nothing is run."""

    def start():
        net = fresh_net(problem, recipe, 0, 0.0)
        return StochasticState(net, _adam(recipe).init(net), jnp.zeros((), jnp.int32))

    state = jax.eval_shape(start)
    with jax.enable_x64(False):
        compiled = step_function(problem, recipe, 0).lower(state).compile()
    found: Any = compiled.memory_analysis()
    return found.temp_size_in_bytes + found.argument_size_in_bytes


def predicted_memory(problem: HighDimensionalProblem, recipe: StochasticRecipe) -> int:
    """Bytes that a step takes, about: weights, gradient and Adam's two means, and about
    twelve vectors a point and direction in float32.
    """
    weights = problem.dimension * recipe.width + recipe.depth * recipe.width**2
    vectors = 12 * recipe.points + 4 * recipe.directions
    return 4 * (6 * weights + vectors * problem.dimension)


def check_size(problem: HighDimensionalProblem, recipe: StochasticRecipe) -> None:
    """**Raises:** `CertaxError` for a problem that does not fit into memory."""
    needed, there = predicted_memory(problem, recipe), available_memory()
    if there is not None and needed > there:
        raise CertaxError(
            f"{problem.dimension} dimensions with {recipe.points} points and width "
            f"{recipe.width} need about {needed / 2**30:.1f} GiB; {there / 2**30:.1f} "
            "GiB are free.",
            value=problem.dimension,
            remedy="Take fewer points with training.points or a smaller network.width.",
            kind="environment",
        )

"""Training in any number of dimensions, in memory that grows linearly with it."""

import math
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

from ._memory import available_memory
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


def step_function(problem: HighDimensionalProblem, recipe: StochasticRecipe, seed: int):
    """The compiled step: from a state to the next one and the loss."""
    adam = optimizer_of(recipe)

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


def optimizer_of(recipe: StochasticRecipe) -> optax.GradientTransformation:
    schedule = optax.exponential_decay(recipe.learning_rate, recipe.half_life, 0.5)
    return optax.adam(schedule)


def initial_state(
    problem: HighDimensionalProblem,
    recipe: StochasticRecipe,
    seed: int,
    constant: float,
) -> StochasticState:
    """The state before the first step, around a constant N."""
    net = fresh_net(problem, recipe, seed, constant)
    return StochasticState(
        net, optimizer_of(recipe).init(net), jnp.zeros((), jnp.int32)
    )


def step_memory(problem: HighDimensionalProblem, recipe: StochasticRecipe) -> int:
    """Bytes of arguments and temporaries of the compiled step; nothing is run."""
    state = jax.eval_shape(lambda: initial_state(problem, recipe, 0, 0.0))
    with jax.enable_x64(False):
        compiled = step_function(problem, recipe, 0).lower(state).compile()
    found: Any = compiled.memory_analysis()
    return found.temp_size_in_bytes + found.argument_size_in_bytes


def predicted_memory(problem: HighDimensionalProblem, recipe: StochasticRecipe) -> int:
    """Bytes that a run with checkpoints takes beside program and compiler, about.

    In float32: weights, gradient and Adam's two means, before and after a step, two
    copies of what a checkpoint holds of them, and 26 vectors a point: so many that the
    peak from 10,000 to 100,000 dimensions, 17 kB a dimension, is not above it.
    """
    weights = problem.dimension * recipe.width + recipe.depth * recipe.width**2
    vectors = 26 * recipe.points + 4 * recipe.directions
    return 4 * (13 * weights + vectors * problem.dimension)


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

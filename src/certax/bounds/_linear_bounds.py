"""Linear bounds of functions of many numbers, as a transformation."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.core import Tracer

from .._core import CertaxError, Program
from ._enclose import Interval, Traced, traced
from ._leaves import ball
from ._line_functions import Plain, Proved
from ._linear_programs import LinearProgram, linear_program, with_transposed
from ._linear_relaxation import Balls, Boxes, Relaxation
from ._lines import Choice

most_inputs = 4096
_rate = 0.1


def linear_bounds(
    function: Callable[..., Any], *, steps: int = 20
) -> Callable[[Any], Any]:
    """The transformation that bounds a function by affine ones, backward.

    The result maps a box to intervals that hold all values there, proved: what a net's
    output is, is followed back to the coordinates, and each activation lies between
    two lines whose slopes are chosen so that the bound is sharp. Made for ReLU nets and
    for many inputs; for smooth functions of few inputs [`certax.bounds.enclose`][] is
    sharper.

    **Arguments:**

    - `function`: as for `enclose`, but of up to 4096 numbers.
    - `steps`: of gradient descent in the slopes; with none each has its usual value.

    **Returns:** a function of a box, as `enclose` does; it computes with NumPy, so it
    is not for `jit` and `vmap`.

    **Raises:** `CertaxError` as `enclose` does, and where the box is traced.

    ??? cite

        ```bibtex
        @inproceedings{zhang2018efficient, title={Efficient Neural Network Robustness
          Certification with General Activation Functions}, author={Zhang, Huan and
          Weng, Tsui-Wei and Chen, Pin-Yu and Hsieh, Cho-Jui and Daniel, Luca},
          booktitle={Advances in Neural Information Processing Systems}, year={2018}}
        @inproceedings{xu2021fast, title={Fast and Complete: Enabling Complete Neural
          Network Verification with Rapid and Massively Parallel Incomplete Verifiers},
          author={Xu, Kaidi and Zhang, Huan and Wang, Shiqi and Wang, Yihan and Jana,
          Suman and Lin, Xue and Hsieh, Cho-Jui}, booktitle={International Conference
          on Learning Representations}, year={2021}}
        ```

    !!! example

        ```python
        matrix = np.random.default_rng(0).normal(size=(20, 20))
        net = lambda v: jnp.sum(jax.nn.relu(matrix @ v))
        bounds = linear_bounds(net)(Interval(-np.ones(20), np.ones(20)))
        ```
    """

    def bounded(box: Any) -> Any:
        task = concrete(function, box)
        names = [str(i) for i in range(len(task.program.outputs))]
        program = linear_program(task.program, names)
        known = known_numbers(task.program, task.weights)
        low, high = bounds_of_outputs(program, known, task.lower, task.upper, steps)
        return task.rebuild_numpy(
            [Interval(a, b) for a, b in zip(low, high, strict=True)]
        )

    return bounded


def concrete(function: Callable[..., Any], box: Any) -> "Concrete":
    """A function as a program on a box of numbers.

    **Raises:** `CertaxError` if the box or what the function captures is traced.
    """
    with jax.enable_x64(True):
        task = traced(function, box, most_inputs)
        arrays = [task.lower, task.upper, task.weights]
        if any(isinstance(a, Tracer) for a in jax.tree.leaves(arrays)):
            raise CertaxError(
                "Linear bounds are computed with numbers, but here they are traced.",
                remedy="Call this outside of jit and vmap, or use enclose there.",
            )
        return Concrete(task)


class Concrete:
    """A traced function whose arrays are NumPy's."""

    def __init__(self, task: Traced):
        self.program, self._rebuild = task.program, task.rebuild
        self.lower, self.upper = np.asarray(task.lower), np.asarray(task.upper)
        self.weights = {n: np.asarray(w) for n, w in task.weights.items()}

    def rebuild_numpy(self, values: list[Any]) -> Any:
        """The function's result of NumPy arrays."""
        with jax.enable_x64(True):
            return jax.tree.map(np.asarray, self._rebuild(values))


def known_numbers(
    program: Program | LinearProgram, weights: Mapping[str, np.ndarray]
) -> dict[str, Balls]:
    """Constants and weights, and those of a program of gradients."""
    found = {}
    for name, w in with_transposed(weights, program.inputs).items():
        array = np.asarray(w, np.float64)
        found[name] = Balls(array, np.zeros_like(array))
    for item in program.inputs:
        if item.kind == "constant":
            found[item.name] = Balls(*ball(item.value))
    return found


def bounds_of_outputs(
    program: LinearProgram,
    known: Mapping[str, Balls],
    lower: np.ndarray,
    upper: np.ndarray,
    steps: int,
) -> tuple[np.ndarray, np.ndarray]:
    """The ends of all outputs on one box, rounded outward.

    Slopes are optimized for every end of every output by themselves.
    """
    with np.errstate(all="ignore"):
        relaxation = Relaxation(
            program, known, Boxes(lower[None], upper[None]), Proved()
        )
        ends = [proved_ends(relaxation)]
        if steps:
            slopes = chosen_slopes(relaxation, steps)
            ends.append(proved_ends(relaxation.with_choices(slopes, Proved())))
    low = np.max(np.concatenate([e[0] for e in ends]), axis=0)
    high = np.min(np.concatenate([e[1] for e in ends]), axis=0)
    return low, high


def ends_of_outputs(
    program: LinearProgram, known: Mapping[str, Balls], boxes: Boxes
) -> tuple[np.ndarray, np.ndarray]:
    """The ends of all outputs on each box, shape `(boxes, outputs)`."""
    with np.errstate(all="ignore"):
        relaxation = Relaxation(program, known, boxes, Proved())
        return proved_ends(relaxation)


def proved_ends(relaxation: Relaxation) -> tuple[np.ndarray, np.ndarray]:
    """The ends of the outputs of a relaxation; of nothing, from infinity down."""
    lows, highs = [], []
    for i in relaxation.program.outputs:
        found = relaxation.below(i, np.array([[[1.0], [-1.0]]]))
        low = np.fmax(relaxation.low[i][:, 0], found[:, 0])
        high = np.fmin(relaxation.high[i][:, 0], -found[:, 1])
        low, high = np.broadcast_arrays(low, high, relaxation.defined)[:2]
        known = relaxation.defined & ~np.isnan(low) & ~np.isnan(high)
        low, high = np.where(known, low, -np.inf), np.where(known, high, np.inf)
        lows.append(np.where(relaxation.empty, np.inf, low))
        highs.append(np.where(relaxation.empty, -np.inf, high))
    return np.stack(lows, axis=1), np.stack(highs, axis=1)


def chosen_slopes(relaxation: Relaxation, steps: int) -> dict[int, Choice]:
    """Slopes for 2 n boxes that are one, optimized for the lower ends of n outputs and
    then for their upper ends, by projected gradient descent.
    """
    program = relaxation.program
    ends = (relaxation.low, relaxation.high, relaxation.matrices)
    rest = {
        n: pair
        for n, pair in relaxation.lines.items()
        if program.ops[n - len(program.inputs)][0] == "mul"
    }
    with jax.enable_x64(True):
        state = jax.tree.map(jnp.asarray, (*ends, rest, relaxation.planes))
        found = _optimized(program, state, _usual_slopes(relaxation), steps)
        return jax.tree.map(np.asarray, found)


def _usual_slopes(relaxation: Relaxation) -> dict[int, Choice]:
    """The slopes that are taken without optimization, for each end of each output."""
    program, found = relaxation.program, {}
    count = 2 * len(program.outputs)
    repeat = lambda e: jnp.asarray(np.repeat(e, count, axis=0))
    for number in relaxation.lines:
        op, args, _ = program.ops[number - len(program.inputs)]
        if op == "mul":
            continue
        low, high = relaxation.low[args[0]], relaxation.high[args[0]]
        crosses = (low < 0.0) & (high > 0.0)
        below, above = (np.where(crosses, 0.0, 0.5) for _ in range(2))
        if op == "max0":
            below = np.where(high > -low, 1.0, 0.0)
        found[number] = Choice(repeat(below), repeat(above))
    return found


@partial(jax.jit, static_argnames=("program", "steps"))
def _optimized(program: LinearProgram, state: Any, start: Any, steps: int) -> Any:
    outputs = len(program.outputs)
    relaxation = Relaxation.restored(program, *state)

    def loss(choices):
        sharper, total = relaxation.with_choices(choices, Plain()), 0.0
        for place, i in enumerate(program.outputs):
            found = sharper.below(i, jnp.array([[[1.0], [-1.0]]]))
            total = total - found[place, 0] - found[outputs + place, 1]
        return total

    optimizer = optax.adam(optax.cosine_decay_schedule(_rate, steps, 0.1))

    def step(carry, _):
        choices, memory, best, least = carry
        value, gradient = jax.value_and_grad(loss)(choices)
        gradient = jax.tree.map(jnp.nan_to_num, gradient)
        better = value < least
        best = jax.tree.map(lambda a, b: jnp.where(better, a, b), choices, best)
        least = jnp.where(better, value, least)
        updates, memory = optimizer.update(gradient, memory)
        moved = optax.apply_updates(choices, updates)
        choices = jax.tree.map(lambda c: jnp.clip(c, 0.0, 1.0), moved)
        return (choices, memory, best, least), None

    carry = start, optimizer.init(start), start, jnp.inf
    (_, _, best, _), _ = jax.lax.scan(step, carry, length=steps)
    return best

"""The range of a function over a box, as tight as is asked for, by bisection."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import jax
import numpy as np
from jax.core import Tracer

from .._core import CertaxError, Program, expression
from ._bisection import Refinement, refine
from ._enclose import Interval, arguments_of, enclose, traced
from ._linear_bounds import known_numbers, most_inputs
from ._linear_branching import Budget, Objective, branch
from ._linear_programs import linear_program
from ._network_quantities import range_quantity

_degrees = {1: 7, 2: 5, 3: 3, 4: 2, 5: 2}


def bracket(
    function: Callable[..., Any],
    box: Any,
    *,
    derivative: Sequence[int] | None = None,
    tolerance: float = 1e-3,
    degree: int | None = None,
    seconds: float = float("inf"),
    method: str | None = None,
) -> Interval:
    """The range of one number over a box up to a tolerance, by bisection.

    The interval holds every value on the box, proved. Bisection stops when each half of
    it is at most `tolerance` times too long, as far as samples show, or when the time
    is over; then the interval is wider, and as true.

    **Arguments:**

    - `function`, `box`, `derivative`, `degree`: as for [`certax.bounds.enclose`][], but
      with one number returned, a box whose sides have a length, and arrays that are
      known.
    - `tolerance`: relative to half the length of the range.
    - `seconds`: the budget of the bisection.
    - `method`: `"taylor"` for Taylor models, `"linear"` for backward linear relaxation
      ([`certax.bounds.linear_bounds`][]), which has no derivatives; by default the
      latter for functions with kinks and for more than five inputs.

    **Returns:** an [`certax.bounds.Interval`][] of two numbers.

    **Raises:** `CertaxError` as `enclose` does.

    !!! example

        ```python
        bracket(lambda x: x * jnp.sin(9 * x), [(0.0, 2.0)], tolerance=1e-6)
        ```
    """
    if method not in (None, "taylor", "linear"):
        raise CertaxError(
            f"There is no method {method!r}.",
            value=method,
            remedy="Choose taylor or linear.",
        )
    with jax.enable_x64(True):
        arguments = arguments_of(box, most_inputs)
        task = traced(function, box, most_inputs)
        if any(
            isinstance(a, Tracer)
            for a in jax.tree.leaves([task.lower, task.upper, task.weights])
        ):
            raise CertaxError(
                "Bisection decides by numbers, but here they are traced.",
                remedy="Call bracket outside of jit and vmap, or use enclose there.",
            )
        lower, upper = np.asarray(task.lower), np.asarray(task.upper)
        weights = {n: np.asarray(w) for n, w in task.weights.items()}
    dimension = len(task.coordinates)
    if len(task.program.outputs) != 1:
        raise CertaxError(
            f"The function returns {len(task.program.outputs)} numbers, not one.",
            value=len(task.program.outputs),
            remedy="Ask for one at a time.",
        )
    if not np.all((lower < upper) & np.isfinite(lower) & np.isfinite(upper)):
        raise CertaxError(
            "A side of the box has no length, or no end.",
            remedy="Use enclose, which needs no bisection.",
        )
    order = tuple(int(n) for n in derivative or (0,) * dimension)
    kinks = any(op == "max0" for op, _, _ in task.program.ops)
    if method is None:
        plain = not any(order)
        method = "linear" if plain and (kinks or dimension > 5) else "taylor"
    if method == "linear":
        if any(order):
            raise CertaxError(
                "Linear bounds are of the function, not of a derivative.",
                value=str(order),
                remedy="Leave out derivative, or choose the method taylor.",
            )
        return _linear(task.program, weights, lower, upper, tolerance, seconds)
    with jax.enable_x64(True):
        arguments = arguments_of(box)
    fields = Program(
        task.program.inputs, task.program.ops, {"u": task.program.outputs["0"]}
    )
    pairs = zip(task.coordinates, lower.tolist(), upper.tolist(), strict=True)
    ends = {name: (expression(a), expression(b)) for name, a, b in pairs}
    quantity, middle = range_quantity(fields, weights, ends, "u", order)
    refinement = Refinement(
        "supremum",
        tolerance,
        degree or _degrees[dimension],
        (1,) * dimension,
        seconds=seconds,
    )
    corner = enclose(function)([Interval(i.lower, i.lower) for i in arguments])
    if not all(np.isfinite(end) for end in jax.tree.leaves(corner)):
        return Interval(np.array(-np.inf), np.array(np.inf))
    radius = float(refine(quantity, refinement).bounds.supremum.max())
    return Interval(*_outward(middle, radius))


def _linear(
    program: Program,
    weights: dict[str, np.ndarray],
    lower: np.ndarray,
    upper: np.ndarray,
    tolerance: float,
    seconds: float,
) -> Interval:
    """By backward linear relaxation and branch and bound."""
    made = linear_program(program, ["0"])
    objective = Objective(made, known_numbers(made, weights), lower, upper)
    low, high = objective.sampled()
    middle = 0.5 * low + 0.5 * high
    found = branch(objective.about(middle), Budget(tolerance, seconds=seconds))
    return Interval(np.array(found.low), np.array(found.high))


def _outward(middle: Fraction, radius: float) -> tuple[np.ndarray, np.ndarray]:
    """Floats that enclose middle ± radius."""
    if not np.isfinite(radius):
        return np.array(-np.inf), np.array(np.inf)
    low, high = middle - Fraction(radius), middle + Fraction(radius)
    down, up = float(low), float(high)
    return (
        np.array(np.nextafter(down, -np.inf) if Fraction(down) > low else down),
        np.array(np.nextafter(up, np.inf) if Fraction(up) < high else up),
    )

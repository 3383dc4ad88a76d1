"""Local Lipschitz constants and monotonicity, from enclosed first derivatives."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from .._core import CertaxError
from . import _taylor_models as tm
from ._enclose import Interval, arguments_of, interval_of, jets_of, released, traced
from ._linear_bounds import concrete, known_numbers, most_inputs
from ._linear_branching import Budget, Objective, branch
from ._linear_programs import gradient_sizes, linear_program


def lipschitz(
    function: Callable[..., Any],
    *,
    norm: str = "l2",
    degree: int | None = None,
    pieces: int = 1,
    method: str | None = None,
    seconds: float = 1.0,
) -> Callable[[Any], Any]:
    """The transformation that bounds how fast a function changes on a box.

    The result maps a box to a number L with |f(p) - f(q)| <= L |p - q| for all p and q
    in the box, proved and rounded upward; infinity where nothing is proved. ReLU and
    other kinks are allowed.

    **Arguments:**

    - `function`: as for [`certax.bounds.enclose`][]; all its numbers together are one
      vector.
    - `norm`: `"l2"` for Euclidean lengths (of the Jacobian, the Frobenius norm), or
      `"linf"` for largest absolute entries (the largest sum of a row), on both sides.
    - `degree`, `pieces`: as for `enclose`.
    - `method`: `"taylor"` for Taylor models, or `"linear"` for backward linear
      relaxation with branch and bound, outside of `jit` and `vmap`; by default the
      latter for more than five inputs.
    - `seconds`: the budget of branch and bound.

    **Raises:** `CertaxError` for another norm or method, and as `enclose` does.

    !!! example

        ```python
        constant = lipschitz(jnp.tanh)([(1.0, 2.0)])  # 1 - tanh(1)^2
        ```
    """
    if norm not in ("l2", "linf"):
        raise CertaxError(
            f"There is no norm {norm!r} for Lipschitz constants.",
            value=norm,
            remedy="Choose l2 or linf.",
        )

    if method not in (None, "taylor", "linear"):
        raise CertaxError(
            f"There is no method {method!r}.",
            value=method,
            remedy="Choose taylor or linear.",
        )

    def bounded(box: Any) -> Any:
        with jax.enable_x64(True):
            size = sum(i.lower.size for i in arguments_of(box, most_inputs))
        if method == "linear" or (method is None and size > 5):
            return _linear(function, box, norm, seconds)
        with jax.enable_x64(True):
            rows = _jacobian(function, box, degree, pieces)
            sizes = jnp.stack([jnp.stack([_magnitude(i) for i in r]) for r in rows])
            if norm == "linf":
                sums = jnp.sum(sizes, axis=1)
                return released(jnp.max(_enlarged(sums, sizes.shape[1])))
            # Of equal size, so that no square overflows or is flushed to zero.
            largest = jnp.max(sizes)
            scale = jnp.where((largest > 1e-200) & (largest < jnp.inf), largest, 1.0)
            total = jnp.sum((sizes / scale) ** 2) + tm.tiny
            length = scale * jnp.sqrt(_enlarged(total, sizes.size))
            length = jnp.where(largest < jnp.inf, _enlarged(length, 4), jnp.inf)
            return released(length)

    return bounded


def _linear(function: Callable[..., Any], box: Any, norm: str, seconds: float) -> Any:
    """By backward linear relaxation of the chain rule, cutting neurons."""
    task = concrete(function, box)
    names = [str(i) for i in range(len(task.program.outputs))]
    program = gradient_sizes(linear_program(task.program, names), norm)
    known = known_numbers(program, task.weights)
    objective = Objective(program, known, task.lower, task.upper)
    branching = "neurons" if len(task.lower) > 2 else "coordinates"
    budget = Budget(tolerance=1e-2, seconds=seconds)
    bound = max(branch(objective, budget, branching).bound, 0.0)
    # NumPy's root is rounded to nearest.
    root = np.nextafter(np.sqrt(bound), np.inf)
    return np.array(root if norm == "l2" else bound)


def _enlarged(value: Array, count: int) -> Array:
    """Upward by what `count` roundings, and a few more, can have taken away."""
    return value * (1.0 + (4.0 * count + 32.0) * tm.u) + tm.tiny


def monotone(
    function: Callable[..., Any], *, degree: int | None = None, pieces: int = 1
) -> Callable[[Any], Any]:
    """The transformation that tells in which arguments a function is monotone on a box.

    The result maps a box to one vector of signs for each number that `function`
    returns, in its structure: 1 where the function is proved not to decrease in that
    entry of the arguments, -1 where it is proved not to increase, 0 where neither is.

    **Arguments:** as for [`certax.bounds.lipschitz`][].

    !!! example

        ```python
        monotone(lambda x, y: x - jnp.exp(y))([(0.0, 1.0), (0.0, 1.0)])  # [1., -1.]
        ```
    """

    def signs(box: Any) -> Any:
        with jax.enable_x64(True):
            task = traced(function, box)
            rows = [
                jnp.stack([_sign(i) for i in row])
                for row in _jacobian(function, box, degree, pieces)
            ]
            return released(task.rebuild(rows))

    return signs


def _magnitude(slope: Interval) -> Array:
    return jnp.maximum(jnp.abs(slope.lower), jnp.abs(slope.upper))


def _sign(slope: Interval) -> Array:
    rising = jnp.where(slope.lower >= 0.0, 1.0, 0.0)
    return jnp.where(slope.upper <= 0.0, rising - 1.0, rising)


def _jacobian(
    function: Callable[..., Any], box: Any, degree: int | None, pieces: int
) -> list[list[Interval]]:
    """Generalized derivatives of every output by every entry of the arguments."""
    task = traced(function, box)
    dimension = len(task.coordinates)
    units = [tuple(int(i == j) for i in range(dimension)) for j in range(dimension)]
    outputs, jets = jets_of(task, units, degree, pieces, slopes=True)
    return [[interval_of(jet, unit, jets) for unit in units] for jet in outputs]

"""The statement of a problem whose point is one vector."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from ..._core import CertaxError, canonical, sha256
from ._clouds import AbstractCloud

_format = "certax-high-dimensional-problem/1"
Function = Callable[..., Array]
Root = Callable[[Array, Array], Array]


@dataclass(frozen=True)
class Lift:
    """Data that are built in: û = `data` + `factor` N.

    All four are functions of the point. `data_trace` and `factor_trace` are tr(A D²) of
    the first two in closed form: what is known exactly need not be estimated.
    """

    data: Function
    factor: Function
    data_trace: Function
    factor_trace: Function


@dataclass(frozen=True)
class KnownSolution:
    """What a net is compared with.

    **Attributes:**

    - `values`: from points, x of shape `(n, d)` and t of `(n,)` if there is time, to
      the solution's values, in NumPy's float64.
    - `method`: how they are computed.
    - `accuracy`: the measured distance from an independent method.
    """

    values: Callable[..., np.ndarray] = field(repr=False)
    method: str
    accuracy: float


@dataclass(frozen=True, eq=False)
class HighDimensionalProblem:
    """A second-order equation in any number of dimensions.

    **Arguments:**

    - `name`, `equation`: in words; the residual is a function and is not printed.
    - `cloud`: the domain and the law of its points, `cx.UnitBall` or `cx.Paths`.
    - `residual`: a function `(u, x)` or `(u, x, t)` that vanishes for the solution. u
      has `value`, `laplacian`, `gradient`, `t` and `along(v)`, the derivative along a
      vector; with a `root`, `trace` in place of `laplacian`. The residual must be
      linear in `laplacian` or `trace`, which is estimated.
    - `lift`: boundary or terminal data, [`certax.problems.Lift`][].
    - `root`: `(x, v) -> A(x)^(1/2) v`, a symmetric matrix; `trace` is tr(A D²u).
    - `size`: of the net's answer N, roughly.
    - `known`: the solution, if it is known.

    !!! example

        ```python
        lift = Lift(
            data=lambda x: 0.0,
            factor=lambda x: 1 - x @ x,
            data_trace=lambda x: 0.0,
            factor_trace=lambda x: -2.0 * x.size,
        )
        torsion = cx.HighDimensionalProblem(
            name="torsion",
            equation="Laplace u + 1 = 0, u = 0 on the sphere",
            cloud=cx.UnitBall(1000),
            residual=lambda u, x: u.laplacian + 1,
            lift=lift,
        )
        ```
    """

    name: str
    equation: str
    cloud: AbstractCloud
    residual: Function
    lift: Lift
    root: Root | None = None
    size: float = 1.0
    known: KnownSolution | None = None

    def __post_init__(self):
        if not self.size > 0:
            raise CertaxError(
                f"The size of the answer is {self.size}.",
                value=self.size,
                remedy="Give a positive number.",
            )

    @property
    def dimension(self) -> int:
        return self.cloud.dimension

    def as_json(self) -> dict[str, Any]:
        return {
            "format": _format,
            "name": self.name,
            "dimension": self.dimension,
            "equation": self.equation,
            "domain": self.cloud.in_words(),
        }

    def text(self) -> str:
        """The content of `problem.json`: words, from which nothing can be certified."""
        return canonical(self.as_json())

    @property
    def sha256(self) -> str:
        return sha256(self.text())

    @staticmethod
    def equation_in(text: str) -> str | None:
        """The equation that a `problem.json` has in words; `None` in another kind."""
        try:
            data = json.loads(text)
            known = data["format"] == _format and isinstance(data["equation"], str)
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        return data["equation"] if known else None


def radial_trace(profile: Callable[[Array], Array], x: Array) -> Array:
    """The Laplacian of `profile(|x|²)`: 4 s profile''(s) + 2 d profile'(s)."""
    import jax

    s = x @ x
    slope = jax.grad(profile)
    return 4 * s * jax.grad(slope)(s) + 2 * x.size * slope(s)


def terminal(data: Function, data_trace: Function, duration: float) -> Lift:
    """û = data(x) + (T - t) N: equal to the data at t = T."""
    return Lift(
        data=lambda x, t: data(x),
        factor=lambda x, t: duration - t,
        data_trace=lambda x, t: data_trace(x),
        factor_trace=lambda x, t: jnp.zeros_like(t),
    )

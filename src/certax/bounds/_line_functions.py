"""Elementary functions with their slopes, proved in NumPy or plain in JAX."""

import abc
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from scipy import special

from ._activations import activation

u = 2.0**-53
tiny = 1e-290


class Expanded(NamedTuple):
    """f(x) and f'(x), and bounds of their errors."""

    value: Any
    error: Any
    slope: Any
    slope_error: Any


class AbstractArithmetic(abc.ABC):
    """What linear relaxations are computed in.

    **Attributes:**

    - `xp`: NumPy or `jax.numpy`.
    """

    xp: Any
    special: Any

    @abc.abstractmethod
    def expand(self, op: str, power: int, x: Any) -> Expanded:
        """An elementary function, or the power `ipow`, at `x`, with proved errors."""

    @abc.abstractmethod
    def repeat(self, step: Callable[[Any], Any], count: int, start: Any) -> Any:
        """Applies `step` so many times."""

    def plain(self, op: str, power: int, x: Any) -> tuple[Any, Any]:
        """The same without proof, f(x) and f'(x): for places, not for bounds."""
        xp = self.xp
        match op:
            case "tanh":
                value = xp.tanh(x)
                return value, 1.0 - value * value
            case "logistic":
                value = self.special.expit(x)
                return value, value * (1.0 - value)
            case "softplus":
                return xp.logaddexp(x, 0.0), self.special.expit(x)
            case "erf":
                return self.special.erf(x), 2.0 / np.sqrt(np.pi) * xp.exp(-x * x)
            case "exp":
                return xp.exp(x), xp.exp(x)
            case "log":
                return xp.log(x), 1.0 / x
            case "sqrt":
                return xp.sqrt(x), 0.5 / xp.sqrt(x)
            case "reciprocal":
                return 1.0 / x, -1.0 / (x * x)
            case "ipow":
                return x**power, power * x ** (power - 1)
            case "sin" | "cos":
                value, slope = xp.sin(x), xp.cos(x)
                return (value, slope) if op == "sin" else (slope, -value)
            case "sinpi" | "cospi":
                value, slope = self.plain(op[:3], 1, np.pi * x)
                return value, np.pi * slope
        raise NotImplementedError(op)


class Proved(AbstractArithmetic):
    """NumPy, in IEEE arithmetic to nearest; elementary functions by our enclosures."""

    xp = np
    special = special

    def expand(self, op: str, power: int, x: np.ndarray) -> Expanded:
        if op == "ipow":
            slope = np.ones_like(x)
            for _ in range(power - 1):
                slope = slope * x
            value, slope = slope * x, power * slope
            errors = (4.0 * power * u * np.abs(v) + tiny for v in (value, slope))
            return Expanded(value, next(errors), slope, next(errors))
        # Of few sizes, since each is compiled.
        size = max(256, 1 << (x.size - 1).bit_length())
        padded = np.full(size, 1.0)
        padded[: x.size] = x.ravel()
        with jax.enable_x64(True):
            found = [np.asarray(a) for a in _compiled(op)(padded)]
        return Expanded(*(a[: x.size].reshape(x.shape) for a in found))

    def repeat(self, step: Callable[[Any], Any], count: int, start: Any) -> Any:
        for _ in range(count):
            start = step(start)
        return start


@lru_cache
def _compiled(op: str) -> Any:
    coefficients = activation(op).coefficients

    @jax.jit
    def expanded(x):
        (value, error), (slope, slope_error) = coefficients(x, 1)
        return value, error, slope, slope_error

    return expanded


class Plain(AbstractArithmetic):
    """JAX without proved errors, for gradients."""

    xp = jnp
    special = jax.scipy.special

    def expand(self, op: str, power: int, x: Any) -> Expanded:
        value, slope = self.plain(op, power, x)
        return Expanded(value, 0.0, slope, 0.0)

    def repeat(self, step: Callable[[Any], Any], count: int, start: Any) -> Any:
        body = lambda _, carry: step(carry)
        return jax.lax.stop_gradient(jax.lax.fori_loop(0, count, body, start))

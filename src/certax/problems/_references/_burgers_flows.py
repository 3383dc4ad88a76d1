"""Burgers' equations with solutions in closed form, in one to three dimensions."""

import functools
import math
from dataclasses import replace

import numpy as np

from ._axes import check_axes
from ._reference import Reference

_unit = (0.0, 1.0)
_method = (
    "Closed form; measured against Chebyshev collocation in space with the "
    "Runge-Kutta method DOP853 in time."
)


def burgers_inviscid() -> Reference:
    """u_t + u u_x = 0, u(x, 0) = x, on [0, 1] x [0, 1]: u = x / (1 + t)."""

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("burgers-inviscid", axes, x=_unit, t=_unit)
        x, t = axes
        return (np.divide.outer(x, 1 + t),)

    return Reference("burgers-inviscid", _method, 2e-13, evaluate)


def burgers_front() -> Reference:
    """u_t + u u_x = u_xx / 10 on [0, 1] x [0, 1]: u = 1 - tanh(5 (x - t))."""

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("burgers-front", axes, x=_unit, t=_unit)
        return (1 - np.tanh(5 * np.subtract.outer(*axes)),)

    method = _method.replace("Runge-Kutta method DOP853", "method LSODA")
    return Reference("burgers-front", method, 5e-11, evaluate)


def burgers_blow_up() -> Reference:
    """u_t + u u_x = 0 on [-1, 1] x [-1/10, 9/10]: u = x / (t - 1)."""

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("burgers-blow-up", axes, x=(-1.0, 1.0), t=(-0.1, 0.9))
        x, t = axes
        return (np.divide.outer(x, t - 1),)

    return Reference("burgers-blow-up", _method, 1e-11, evaluate)


def burgers_2d() -> Reference:
    """u_t + (u . grad) u = 0 on [0, 1]^2 x [0, 1/2].

    u = (x + y - 2 x t) / (1 - 2 t^2), v = (x - y - 2 y t) / (1 - 2 t^2).
    """
    return _linear_in_space("burgers-2d", 0.0, 0.5, 2e-12)


def burgers_2d_blow_up() -> Reference:
    """The same on [0, 1]^2 x [3/5 - 1 / sqrt(2), 3/5]."""
    start = math.nextafter(0.6 - math.sqrt(0.5), -1)
    return _linear_in_space("burgers-2d-blow-up", start, 0.6, 5e-12)


def _linear_in_space(name: str, start: float, end: float, accuracy: float) -> Reference:
    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes(name, axes, x=_unit, y=_unit, t=(start, end))
        x, y, t = np.meshgrid(*axes, indexing="ij", sparse=True)
        scale = 1 / (1 - 2 * t**2)
        return (x + y - 2 * x * t) * scale, (x - y - 2 * y * t) * scale

    return Reference(name, _method, accuracy, evaluate)


def burgers_2d_viscous() -> Reference:
    """u_t + (u . grad) u = Laplace(u) / 10 on [0, 1]^2 x [0, 1].

    u = -grad(phi) / (5 phi), phi = 1 + x + exp(-t / 5) sin x sin y.
    """
    return _cole_hopf("burgers-2d-viscous", ("x", "y"), 1e-12)


def burgers_3d() -> Reference:
    """u_t + (u . grad) u = Laplace(u) / 10 on [0, 1]^3 x [0, 1].

    u = -grad(phi) / (5 phi), phi = 1 + x + exp(-3 t / 10) sin x sin y sin z.
    """
    return _cole_hopf("burgers-3d", ("x", "y", "z"), 2e-11)


def burgers_3d_as_published() -> Reference:
    """What is called the exact solution: phi = 1 + x + exp(-t) sin x sin y sin z."""
    coordinates = "x", "y", "z"
    claimed = _cole_hopf("burgers-3d-as-published", coordinates, 2e-2, rate=10)
    method = (
        "What is called the exact solution, which is none; measured against Chebyshev "
        "collocation of the published equations and data with the Runge-Kutta method "
        "DOP853 in time."
    )
    return replace(claimed, method=method)


def _cole_hopf(
    name: str, coordinates: tuple[str, ...], accuracy: float, rate: int | None = None
) -> Reference:
    """The waves decay like exp(-rate t / 10)."""
    rate = len(coordinates) if rate is None else rate

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes(name, axes, **{c: _unit for c in coordinates}, t=_unit)
        *space, t = np.meshgrid(*axes, indexing="ij", sparse=True)
        decay = np.exp(-rate * t / 10)
        sines = [np.sin(x) for x in space]
        phi = 1 + space[0] + functools.reduce(np.multiply, sines, decay)
        fields = []
        for i, x in enumerate(space):
            others = sines[:i] + sines[i + 1 :]
            slope = functools.reduce(np.multiply, others, decay * np.cos(x))
            fields.append(-(slope + (1 if i == 0 else 0)) / (5 * phi))
        return tuple(fields)

    return Reference(name, _method, accuracy, evaluate)

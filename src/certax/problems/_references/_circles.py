"""Equations on a circle by Fourier series: no closed form is known."""

import math

import numpy as np

from ._fourier import PeriodicEvolution, Torus, Waves
from ._fourier_reference import fourier_reference
from ._reference import Reference

_circle = 2 * math.pi


def kuramoto_sivashinsky() -> Reference:
    """u_t + 25/4 u u_x + 25/64 u_xx + 25/16384 u_xxxx = 0, u(x, 0) = cos x (1 + sin x).

    On [0, 2 pi] x [0, 1], periodic in x.
    """

    def nonlinear(torus: Torus, c: np.ndarray) -> np.ndarray:
        (k,) = torus.waves
        return -25j / 8 * k * torus.coefficients(torus.values(c) ** 2)

    solution = PeriodicEvolution(
        lower=(0.0,),
        upper=(_circle,),
        points=(512,),
        end=1.0,
        steps=8000,
        stride=16,
        start=lambda x: (np.cos(x) * (1 + np.sin(x)),),
        linear=lambda waves: 25 / 64 * waves[0] ** 2 - 25 / 16384 * waves[0] ** 4,
        nonlinear=nonlinear,
    )
    return fourier_reference("kuramoto-sivashinsky", solution, 5e-6)


def kdv() -> Reference:
    """u_t + u u_x + 0.022^2 u_xxx = 0, u(x, 0) = cos(pi x), periodic in x.

    On [-1, 1] x [0, 1].
    """

    def nonlinear(torus: Torus, c: np.ndarray) -> np.ndarray:
        (k,) = torus.waves
        return -0.5j * k * torus.coefficients(torus.values(c) ** 2)

    solution = PeriodicEvolution(
        lower=(-1.0,),
        upper=(1.0,),
        points=(512,),
        end=1.0,
        steps=6000,
        stride=12,
        start=lambda x: (np.cos(np.pi * x),),
        linear=lambda waves: 1j * 0.022**2 * waves[0] ** 3,
        nonlinear=nonlinear,
    )
    return fourier_reference("kdv", solution, 3e-8)


def sine_gordon() -> Reference:
    """u_tt - u_xx + sin(u) = 0, u(x, 0) = 2 cos x, u_t(x, 0) = 0, periodic in x.

    On [0, 2 pi] x [0, 2]. The method has u and u_t for fields.
    """

    def nonlinear(torus: Torus, c: np.ndarray) -> np.ndarray:
        (k,) = torus.waves
        force = torus.coefficients(np.sin(torus.values(c[:1])))[0]
        return np.stack([c[1], -(k**2) * c[0] - force])

    solution = PeriodicEvolution(
        lower=(0.0,),
        upper=(_circle,),
        points=(64,),
        end=2.0,
        steps=1000,
        stride=4,
        start=lambda x: (2 * np.cos(x), np.zeros_like(x)),
        linear=lambda waves: np.zeros((2, waves[0].size)),
        nonlinear=nonlinear,
    )
    return fourier_reference("sine-gordon", solution, 3e-11, fields=lambda u, _: (u,))


def wildfire() -> Reference:
    """T_t = T_xx / 10 + 4 Y exp(-1/T) - T / 10, Y_t = -2 Y exp(-1/T), periodic in x.

    T(x, 0) = 1 - cos(x) / 2 and Y(x, 0) = 1, on [0, 2 pi] x [0, 2]. The fields are
    log(T) and Y.
    """

    def linear(waves: Waves) -> np.ndarray:
        k = waves[0]
        return np.stack([-(k**2) / 10 - 0.1, np.zeros_like(k)])

    def nonlinear(torus: Torus, c: np.ndarray) -> np.ndarray:
        temperature, fuel = torus.values(c)
        burning = torus.coefficients(fuel * np.exp(-1 / temperature))
        return np.stack([4 * burning, -2 * burning])

    solution = PeriodicEvolution(
        lower=(0.0,),
        upper=(_circle,),
        points=(64,),
        end=2.0,
        steps=1000,
        stride=4,
        start=lambda x: (1 - np.cos(x) / 2, np.ones_like(x)),
        linear=linear,
        nonlinear=nonlinear,
    )
    return fourier_reference("wildfire", solution, 3e-12, fields=_log_temperature)


def _log_temperature(temperature: np.ndarray, fuel: np.ndarray):
    return np.log(temperature), fuel

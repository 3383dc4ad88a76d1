"""Equations on a torus of two dimensions by Fourier series."""

import math

import numpy as np

from ._fourier import PeriodicEvolution, Torus, Waves
from ._fourier_reference import fourier_reference
from ._reference import Reference
from ._sinpi import cospi, sinpi

_circle = 2 * math.pi


def gray_scott() -> Reference:
    """u_t = Laplace(u) / 5 + 40 (1 - u) - 1000 u v^2 and
    v_t = Laplace(v) / 10 - 100 v + 1000 u v^2, periodic on [-1, 1]^2, t in [0, 1/5].

    v starts as exp(20 (cos(pi (x - a)) + cos(pi (y - b)) - 2) / pi^2), (a, b) =
    (1/20, 1/50), and 1 - u as its mirror image.
    """

    def start(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return 1 - _bump(x + 0.05, y + 0.02, 20.0), _bump(x - 0.05, y - 0.02, 20.0)

    def linear(waves: Waves) -> np.ndarray:
        square = waves[0] ** 2 + waves[1] ** 2
        return np.stack([-square / 5 - 40, -square / 10 - 100])

    def nonlinear(torus: Torus, c: np.ndarray) -> np.ndarray:
        u, v = torus.values(c)
        reaction = torus.coefficients(1000 * u * v**2)
        rate = np.stack([-reaction, reaction])
        rate[0, 0, 0] += 40
        return rate

    solution = PeriodicEvolution(
        lower=(-1.0, -1.0),
        upper=(1.0, 1.0),
        points=(128, 128),
        end=0.2,
        steps=800,
        stride=10,
        start=start,
        linear=linear,
        nonlinear=nonlinear,
    )
    return fourier_reference("gray-scott", solution, 2e-7)


def ginzburg_landau() -> Reference:
    """A_t = Laplace(A) / 250 + 10 A - 10 (1 + 1.5i) A |A|^2, periodic on [-1, 1]^2.

    For t in [0, 1/2], A = p + iq from 10 (sin(pi y) + i sin(pi x)) / pi times
    exp(50 (cos(pi x) + cos(pi y) - 2) / pi^2).
    """

    def start(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        bump = 10 / np.pi * _bump(x, y, 50.0)
        return sinpi(y) * bump, sinpi(x) * bump

    def linear(waves: Waves) -> np.ndarray:
        growth = 10 - (waves[0] ** 2 + waves[1] ** 2) / 250
        return np.stack([growth, growth])

    def nonlinear(torus: Torus, c: np.ndarray) -> np.ndarray:
        p, q = torus.values(c)
        scale = -10 * (p**2 + q**2)
        turned = np.stack([scale * (p - 1.5 * q), scale * (q + 1.5 * p)])
        return torus.coefficients(turned)

    solution = PeriodicEvolution(
        lower=(-1.0, -1.0),
        upper=(1.0, 1.0),
        points=(224, 224),
        end=0.5,
        steps=150,
        stride=5,
        start=start,
        linear=linear,
        nonlinear=nonlinear,
    )
    return fourier_reference("ginzburg-landau", solution, 3e-6)


def allen_cahn_2d() -> Reference:
    """u_t = Laplace(u) / 20 + u - u^3, periodic on [0, 2 pi]^2, t in [0, 2].

    u(x, y, 0) = (sin x + sin y + cos x cos y) / 2.
    """
    solution = PeriodicEvolution(
        lower=(0.0, 0.0),
        upper=(_circle, _circle),
        points=(64, 64),
        end=2.0,
        steps=200,
        stride=5,
        start=lambda x, y: ((np.sin(x) + np.sin(y) + np.cos(x) * np.cos(y)) / 2,),
        linear=lambda waves: 1 - (waves[0] ** 2 + waves[1] ** 2) / 20,
        nonlinear=lambda torus, c: torus.coefficients(-(torus.values(c) ** 3)),
    )
    return fourier_reference("allen-cahn-2d", solution, 5e-9)


def semilinear_heat() -> Reference:
    """u_t = Laplace(u) + (1 - u^2) / (1 + u^2), periodic on [0, 2 pi]^2, t in [0, 1].

    u(x, y, 0) = (sin x + cos y) / 2.
    """

    def nonlinear(torus: Torus, c: np.ndarray) -> np.ndarray:
        square = torus.values(c) ** 2
        return torus.coefficients((1 - square) / (1 + square))

    solution = PeriodicEvolution(
        lower=(0.0, 0.0),
        upper=(_circle, _circle),
        points=(48, 48),
        end=1.0,
        steps=200,
        stride=5,
        start=lambda x, y: ((np.sin(x) + np.cos(y)) / 2,),
        linear=lambda waves: -(waves[0] ** 2 + waves[1] ** 2),
        nonlinear=nonlinear,
    )
    return fourier_reference("semilinear-heat", solution, 2e-10)


def _bump(x: np.ndarray, y: np.ndarray, scale: float) -> np.ndarray:
    return np.exp((cospi(x) + cospi(y) - 2) * scale / np.pi**2)

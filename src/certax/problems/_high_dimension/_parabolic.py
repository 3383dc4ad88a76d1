"""Terminal-value problems in all of space."""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from ._clouds import Paths
from ._radial import RadialSolution
from ._statement import (
    HighDimensionalProblem,
    KnownSolution,
    Lift,
    radial_trace,
    terminal,
)


def _radial_terminal(profile: Callable[[Array], Array], duration: float) -> Lift:
    return terminal(
        lambda x: profile(x @ x), lambda x: radial_trace(profile, x), duration
    )


def _semilinear(
    name: str, words: str, reaction: Callable, dimension: int
) -> HighDimensionalProblem:
    """u_t + Laplace u + F(u) = 0, u = 1 / (2 + 2 |x|² / 5) at t = 0.3."""
    duration = 0.3
    known = None
    # Beyond, the nodes no longer resolve the layer of width 1 / d.
    if dimension <= 10_000:
        array = lambda u: np.asarray(reaction(u, np))
        known = RadialSolution(dimension, array, duration, nodes=256).known(2e-9)
    return HighDimensionalProblem(
        name=name,
        equation=f"u_t + Laplace u + {words} = 0, u = 1 / (2 + 2 |x|^2 / 5) at t = 0.3",
        cloud=Paths(dimension, duration),
        residual=lambda u, x, t: u.t + u.laplacian + reaction(u.value, jnp),
        lift=_radial_terminal(lambda s: 1 / (2 + 0.4 * s), duration),
        size=1.0,
        known=known,
    )


def allen_cahn_terminal(dimension: int) -> HighDimensionalProblem:
    """Allen-Cahn backward from smooth terminal data."""
    return _semilinear(
        "allen-cahn-terminal", "u - u^3", lambda u, _: u - u**3, dimension
    )


def sine_gordon_terminal(dimension: int) -> HighDimensionalProblem:
    """Sine-Gordon's reaction with diffusion, backward from smooth terminal data."""
    return _semilinear(
        "sine-gordon-terminal", "sin u", lambda u, numpy: numpy.sin(u), dimension
    )


def semilinear_heat_terminal(dimension: int) -> HighDimensionalProblem:
    """A semilinear heat equation backward from smooth terminal data."""
    return _semilinear(
        "semilinear-heat-terminal",
        "(1 - u^2) / (1 + u^2)",
        lambda u, _: (1 - u**2) / (1 + u**2),
        dimension,
    )


def hamilton_jacobi_bellman(dimension: int) -> HighDimensionalProblem:
    """A Hamilton-Jacobi-Bellman equation with a logarithmic final cost."""
    duration = 1.0
    return HighDimensionalProblem(
        name="hamilton-jacobi-bellman",
        equation="u_t + Laplace u - |grad u|^2 = 0, u = log((1 + |x|^2) / 2) at t = 1",
        cloud=Paths(dimension, duration),
        residual=lambda u, x, t: u.t + u.laplacian - u.gradient @ u.gradient,
        lift=_radial_terminal(lambda s: jnp.log((1 + s) / 2), duration),
        known=KnownSolution(
            lambda x, t: cole_hopf(x, duration - np.asarray(t)),
            "Cole-Hopf: the mean of 2 / (1 + |x + sqrt(2 (T - t)) W|^2) as an integral "
            "over one variable, by Gauss-Legendre; measured against Monte Carlo.",
            1e-10,
        ),
    )


def cole_hopf(x: np.ndarray, remaining: np.ndarray) -> np.ndarray:
    """-log E[2 / (1 + Q)] with Q = |x + sqrt(2 τ) W|².

    As 1 / (1 + Q) is the integral over l > 0 of exp(-l (1 + Q)), and Q has a known
    Laplace transform, E[1 / (1 + Q)] is the integral of

        exp(-l - l |x|² / (1 + 4 τ l)) (1 + 4 τ l)^(-d / 2).

    It is computed in log l around the largest value of the integrand.
    """
    dimension = x.shape[1]
    squares = np.einsum("nd,nd->n", x, x)[:, None]
    spread = 4 * np.asarray(remaining)[:, None]

    def exponent(log):
        rate = np.exp(log)
        growth = 1 + spread * rate
        half = dimension / 2 * np.log(growth)
        return log - rate - rate * squares / growth - half

    coarse = np.linspace(-40.0, 10.0, 2001)
    found = exponent(coarse[None])
    top = found.max(axis=1, keepdims=True)
    matters = found > top - 40
    lower = coarse[np.argmax(matters, axis=1)][:, None] - 0.1
    upper = coarse[2000 - np.argmax(matters[:, ::-1], axis=1)][:, None] + 0.1
    nodes, weights = np.polynomial.legendre.leggauss(200)
    log = (lower + upper) / 2 + (upper - lower) / 2 * nodes
    values = np.exp(exponent(log) - top)
    mean = (upper - lower)[:, 0] / 2 * (values @ weights)
    return -(np.log(2) + top[:, 0] + np.log(mean))


def black_scholes_basket(dimension: int) -> HighDimensionalProblem:
    """Black-Scholes for a claim on the squares of d uncorrelated assets."""
    volatility, interest, duration = 0.4, 0.05, 1.0

    def position(z, t):
        drift = (interest - volatility**2 / 2) * t
        return jnp.exp(drift + volatility * jnp.sqrt(t) * z)

    def values(x, t):
        growth = np.exp((interest + volatility**2) * (duration - np.asarray(t)))
        return growth * np.einsum("nd,nd->n", x, x)

    return HighDimensionalProblem(
        name="black-scholes-basket",
        equation="u_t + (0.4^2 / 2) sum x_i^2 u_ii + 0.05 (x . grad u - u) = 0, "
        "u = |x|^2 at t = 1",
        cloud=Paths(
            dimension,
            duration,
            position,
            "x the assets' geometric Brownian motions from 1 with drift 0.05",
        ),
        residual=lambda u, x, t: u.t + u.trace + interest * (u.along(x) - u.value),
        lift=terminal(lambda x: x @ x, lambda x: volatility**2 * (x @ x), duration),
        root=lambda x, v: volatility / 2**0.5 * x * v,
        size=float(dimension),
        known=KnownSolution(
            values, "Closed form: exp((0.05 + 0.4^2) (T - t)) |x|^2.", 1e-12 * dimension
        ),
    )

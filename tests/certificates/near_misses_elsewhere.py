"""Equations that almost fit a theorem without time, or without space."""

from collections.abc import Callable

import jax.numpy as jnp
from equations import (
    in_plane,
    in_time,
    ode,
)

from certax.problems import Problem

refused: dict[str, dict[str, tuple[Callable[[], Problem], str]]] = {
    "barrier": {
        "both signs": (lambda: in_plane(lambda u: u.xx - u.yy), "both signs"),
        "one direction only": (
            lambda: in_plane(lambda u: u.xx - 1),
            "not a second derivative in every coordinate",
        ),
        "a drift": (lambda: in_plane(lambda u: u.xx + u.yy + u.x), "the derivative"),
        "a mixed derivative": (
            lambda: in_plane(lambda u: u.xx + u.yy + u.xy),
            "the derivative",
        ),
        "coefficients that vary": (
            lambda: in_plane(lambda u, x: (1 + x) * u.xx + u.yy),
            "both signs",
        ),
        "a term in u": (lambda: in_plane(lambda u: u.xx + u.yy - u), "order zero"),
        "time": (lambda: in_time(lambda u: u.t - u.xx), "an initial condition"),
    },
    "certified-barrier": {
        "a square": (lambda: in_plane(lambda u: u.xx + u.yy + u**2), "not linear"),
        "an exponential": (
            lambda: in_plane(lambda u: u.xx + u.yy + jnp.exp(u)),
            "the unknown occurs inside exp",
        ),
        "a drift that depends on u": (
            lambda: in_plane(lambda u: u.xx + u.yy + u * u.x),
            "depends on u",
        ),
        "fourth order": (lambda: in_plane(lambda u: u.xxxx + u.yy), "the derivative"),
        "first order": (lambda: in_plane(lambda u: u.x + u.y), "no second derivative"),
        "time": (lambda: in_time(lambda u: u.t - u.xx), "an initial condition"),
    },
    "semilinear-barrier": {
        "a linear equation": (lambda: in_plane(lambda u: u.xx + u.yy), "it is linear"),
        "a gradient squared": (
            lambda: in_plane(lambda u: u.laplacian() + u.x**2),
            "no function of x alone in front",
        ),
        "diffusion that depends on u": (
            lambda: in_plane(lambda u: (1 + u**2) * u.xx + u.yy),
            "no function of x alone in front",
        ),
        "a derivative inside a function": (
            lambda: in_plane(lambda u: u.laplacian() + jnp.sin(u.x)),
            "no function of x alone in front",
        ),
        "one direction only": (
            lambda: in_plane(lambda u: u.xx - u**2),
            "not a second derivative in every coordinate",
        ),
        "time": (lambda: in_time(lambda u: u.t - u.xx + u**2), "initial condition"),
    },
    "elliptic-energy": {
        "a drift": (lambda: in_plane(lambda u: u.xx + u.yy + u.x), "the derivative"),
        "both signs": (lambda: in_plane(lambda u: u.xx - u.yy), "of one sign"),
        "a square": (lambda: in_plane(lambda u: u.laplacian() + u**2), "not linear"),
        "time": (lambda: in_time(lambda u: u.t - u.xx), "an initial condition"),
    },
    "newton-kantorovich": {
        "a linear equation": (lambda: in_plane(lambda u: u.laplacian()), "is linear"),
        "degree four": (
            lambda: in_plane(lambda u: u.laplacian() + u**4),
            "higher degree than three",
        ),
        "an exponential": (
            lambda: in_plane(lambda u: u.laplacian() + jnp.exp(u)),
            "the unknown occurs inside exp",
        ),
    },
    "newton-kantorovich-supremum": {
        "a plane": (
            lambda: in_plane(lambda u: u.laplacian() + u**2),
            "more than one coordinate",
        ),
    },
    "comparison-ode": {
        "a system": (lambda: ode(lambda a, b: (a.t - b, b.t + a), (0, 0)), "a system"),
        "coefficient two": (
            lambda: ode(lambda u: 2 * u.t - u),
            "coefficient of a derivative is not one",
        ),
        "space": (lambda: in_time(lambda u: u.t - u.xx), "one coordinate"),
    },
    "ode-tube": {
        "coefficient two": (
            lambda: ode(lambda u: 2 * u.t - u),
            "coefficient of a derivative is not one",
        ),
        "a coefficient that depends on u": (
            lambda: ode(lambda u: (1 + u**2) * u.t - u),
            "coefficient of a derivative is not one",
        ),
        "two derivatives in one equation": (
            lambda: ode(lambda a, b: (a.t + b.t, b.t - a), (0, 0)),
            "not solved for one first derivative",
        ),
        "an algebraic equation": (
            lambda: ode(lambda a, b: (a.t + b, b - a), (0, 0)),
            "not solved for one first derivative",
        ),
        "one derivative twice": (
            lambda: ode(lambda a, b: (a.t + b, a.t - a), (0, 0)),
            "some field's derivative does not occur",
        ),
        "a derivative squared": (
            lambda: ode(lambda u: u.t**2 - u),
            "coefficient of a derivative is not one",
        ),
        "too few equations": (
            lambda: ode(lambda a, b: a.t + b, (0, 0)),
            "not as many equations as fields",
        ),
        "space": (lambda: in_time(lambda u: u.t - u.xx), "one coordinate"),
    },
}

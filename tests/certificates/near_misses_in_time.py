"""Equations that almost fit a theorem for the maximum, or L1 norm, of an error."""

from collections.abc import Callable

import jax.numpy as jnp
from equations import (
    in_plane,
    in_time,
    seam,
    walls,
    zero,
)

import certax as cx
from certax.problems import Problem

refused: dict[str, dict[str, tuple[Callable[[], Problem], str]]] = {
    "l1-contraction": {
        "coefficient two at u_t": (
            lambda: in_time(lambda u, nu: 2 * u.t + u * u.x - nu * u.xx),
            "coefficient of the time derivative is not one",
        ),
        "the other sign": (
            lambda: in_time(lambda u, nu: -(u.t + u * u.x - nu * u.xx)),
            "coefficient of the time derivative is not one",
        ),
        "u at u_t": (
            lambda: in_time(lambda u, nu: (1 + u) * u.t - nu * u.xx),
            r"coefficient of the derivative \(0, 1\) depends on u",
        ),
        "negative viscosity": (
            lambda: in_time(lambda u, nu: u.t + u * u.x + nu * u.xx),
            "viscosity is not a positive constant",
        ),
        "no viscosity": (
            lambda: in_time(lambda u: u.t + u * u.x, zero, seam),
            "viscosity is not a positive constant",
        ),
        "a viscosity that is zero in disguise": (
            lambda: in_time(
                lambda u, a: u.t + u * u.x - (a**2 - 2) * u.xx, a="sqrt(2)"
            ),
            "viscosity is not a positive constant",
        ),
        "viscosity that varies": (
            lambda: in_time(lambda u, x: u.t - (2 + x) * u.xx),
            "viscosity is not a positive constant",
        ),
        "viscosity that depends on u": (
            lambda: in_time(lambda u: u.t - (1 + u**2) * u.xx),
            "depends on u",
        ),
        "a flux that depends on x": (
            lambda: in_time(lambda u, x, nu: u.t + x * u.x - nu * u.xx),
            "flux depends on x or t",
        ),
        "a flux that depends on t": (
            lambda: in_time(lambda u, t, nu: u.t + t * u * u.x - nu * u.xx),
            "flux depends on x or t",
        ),
        "a reaction": (
            lambda: in_time(lambda u, nu: u.t + u * u.x - nu * u.xx + u),
            "a term of order zero",
        ),
        "a mixed derivative": (
            lambda: in_time(lambda u, nu: u.t - nu * u.xx + u.xt),
            "has the derivatives",
        ),
        "a third derivative": (
            lambda: in_time(lambda u, nu: u.t - nu * u.xx + u.xxx),
            "has the derivatives",
        ),
        "a product of derivatives": (
            lambda: in_time(lambda u, nu: u.t - nu * u.xx + u.x**2),
            "not linear in the derivatives",
        ),
        "a flux that is no polynomial": (
            lambda: in_time(lambda u, nu: u.t + jnp.sin(u) * u.x - nu * u.xx),
            "the unknown occurs inside sin",
        ),
        "a second field": (
            lambda: Problem(
                domain=cx.Box(x=(0, 1), t=(0, 1)),
                residual=lambda u, v: (u.t - u.xx, v.t - v.xx),
                conditions=(cx.Initial((0, 0)), cx.Dirichlet("x", (0, 0))),
            ),
            "a system",
        ),
        "a second equation": (
            lambda: in_time(lambda u, nu: (u.t - nu * u.xx, u.x)),
            "a system",
        ),
        "no time": (lambda: in_plane(lambda u: -u.xx - u.yy), "an initial condition"),
    },
    "oleinik": {
        "a forcing": (
            lambda: in_time(lambda u, x, nu: u.t + u * u.x - nu * u.xx - 1e-9 * x),
            "a forcing",
        ),
        "a linear flux": (
            lambda: in_time(lambda u, nu: u.t + u.x - nu * u.xx),
            "flux is linear",
        ),
        "a flux with an inflection": (
            lambda: in_time(lambda u, nu: u.t + u**2 * u.x - nu * u.xx),
            "not proved convex",
        ),
        "a concave flux": (
            lambda: in_time(lambda u, nu: u.t - u * u.x - nu * u.xx),
            "not convex",
        ),
        "a reaction": (
            lambda: in_time(lambda u, nu: u.t + u * u.x - nu * u.xx + u),
            "a term of order zero",
        ),
        "no viscosity": (
            lambda: in_time(lambda u: u.t + u * u.x, zero, seam),
            "viscosity is not a positive constant",
        ),
    },
    "maximum-principle": {
        "coefficient two at u_t": (
            lambda: in_time(lambda u: 2 * u.t - u.xx),
            "coefficient of the time derivative is not one",
        ),
        "negative diffusion": (
            lambda: in_time(lambda u: u.t + u.xx),
            "diffusion coefficient is not a positive constant",
        ),
        "no diffusion": (lambda: in_time(lambda u: u.t + u.x), "no diffusion"),
        "diffusion that varies": (
            lambda: in_time(lambda u, x: u.t - (2 + x) * u.xx),
            "diffusion coefficient is not a positive constant",
        ),
        "diffusion that depends on u": (
            lambda: in_time(lambda u, nu: u.t - (1 + u**2) * u.xx),
            r"coefficient of the derivative \(2, 0\) depends on u",
        ),
        "u in front of u_t": (
            lambda: in_time(lambda u, nu: (1 + u) * u.t - u.xx),
            r"coefficient of the derivative \(0, 1\) depends on u",
        ),
        "a drift that is no polynomial": (
            lambda: in_time(lambda u: u.t - u.xx + jnp.sin(u) * u.x),
            "the unknown occurs inside sin",
        ),
        "a third derivative": (
            lambda: in_time(lambda u: u.t - u.xx + u.xxx),
            "has the derivative",
        ),
        "a reaction that is no polynomial": (
            lambda: in_time(lambda u: u.t - u.xx + jnp.exp(u)),
            "the unknown occurs inside exp",
        ),
        "a mixed derivative in space": (
            lambda: Problem(
                domain=cx.Box(x=(0, 1), y=(0, 1), t=(0, 1)),
                residual=lambda u: u.t - u.laplacian() + u.xy,
                conditions=(zero, walls, cx.Dirichlet("y", 0)),
            ),
            "has the derivative",
        ),
        "a mixed derivative in time": (
            lambda: in_time(lambda u: u.t - u.xx + u.xt),
            "higher or mixed derivative in time",
        ),
        "no time derivative": (
            lambda: in_time(lambda u: -u.xx),
            "no time derivative",
        ),
        "a gradient squared": (
            lambda: in_time(lambda u: u.t - u.xx + u.x**2),
            "not linear in the derivatives",
        ),
    },
    "hamilton-jacobi": {
        "coefficient two at u_t": (
            lambda: in_time(lambda u: 2 * u.t + u.x**2),
            "coefficient of the time derivative is not one",
        ),
        "the other sign": (
            lambda: in_time(lambda u: -u.t - u.x**2 + u.xx),
            "coefficient of the time derivative is not one",
        ),
        "negative diffusion": (
            lambda: in_time(lambda u: u.t + u.x**2 + u.xx),
            "diffusion coefficient is not a positive constant",
        ),
        "u in the flux": (
            lambda: in_time(lambda u: u.t + u * u.x + u.x**2),
            "u itself stands elsewhere",
        ),
        "a function of u": (
            lambda: in_time(lambda u: u.t + u.x**2 + jnp.exp(u)),
            "u itself stands elsewhere",
        ),
        "u_t in the Hamiltonian": (
            lambda: in_time(lambda u: u.t + jnp.tanh(u.t * u.x)),
            r"\(0, 1\) stands elsewhere",
        ),
        "a mixed derivative": (
            lambda: in_time(lambda u: u.t + u.x**2 + u.xt),
            "has the derivative",
        ),
        "a root that may vanish": (
            lambda: in_time(lambda u: u.t + jnp.sqrt(u.x**2), zero, seam),
            "may vanish",
        ),
        "a quotient by a slope": (
            lambda: in_time(lambda u: u.t + 1 / u.x, zero, seam),
            "may vanish",
        ),
        "a linear equation": (
            lambda: in_time(lambda u: u.t + 2 * u.x - u.xx),
            "linear in the gradient",
        ),
        "no time": (lambda: in_plane(lambda u: u + u.x**2), "an initial condition"),
    },
    "stationary-hamilton-jacobi": {
        "no discount": (
            lambda: in_plane(lambda u: u.x**2 + u.y**2 - 1),
            "in front of u is not positive",
        ),
        "a negative discount": (
            lambda: in_plane(lambda u: -u + u.x**2),
            "in front of u is not positive",
        ),
        "the other sign": (
            lambda: in_plane(lambda u: -u - u.x**2 + u.laplacian()),
            "diffusion coefficient is not a positive constant",
        ),
        "time": (lambda: in_time(lambda u: u.t + u.x**2), "an initial condition"),
    },
    "transport": {
        "coefficient two at u_t": (
            lambda: in_time(lambda u: 2 * u.t + u.x, zero, seam),
            "coefficient of the time derivative is not one",
        ),
        "a speed that varies": (
            lambda: in_time(lambda u, x: u.t + x * u.x, zero, seam),
            "first derivatives, constant in front",
        ),
        "a speed that depends on u": (
            lambda: in_time(lambda u: u.t + u * u.x, zero, seam),
            "depends on u",
        ),
        "diffusion": (
            lambda: in_time(lambda u, nu: u.t + u.x - nu * u.xx),
            "first derivatives",
        ),
        "no movement": (lambda: in_time(lambda u: u.t + u), "transports nothing"),
        "no time derivative": (
            lambda: Problem(
                domain=cx.Box(x=(0, 1), y=(0, 1), t=(0, 1)),
                residual=lambda u: u.x + u.y,
                conditions=(zero, cx.Periodic("x"), cx.Periodic("y")),
                complete=False,
            ),
            "no time derivative",
        ),
        "a reaction": (
            lambda: in_time(lambda u: u.t + u.x + u**2, zero, seam),
            "not a constant times u",
        ),
        "decay that varies": (
            lambda: in_time(lambda u, x: u.t + u.x + x * u, zero, seam),
            "not a constant times u",
        ),
    },
}

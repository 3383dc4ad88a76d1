"""Equations that almost fit a theorem for an error in energy."""

from collections.abc import Callable

import jax.numpy as jnp
from equations import (
    flow,
    in_time,
    quantum,
    seam,
    vorticity,
    walls,
    waving,
)

import certax as cx
from certax.problems import Problem

refused: dict[str, dict[str, tuple[Callable[[], Problem], str]]] = {
    "energy": {
        "coefficient two at u_t": (
            lambda: in_time(lambda u, nu: 2 * u.t + u * u.x - nu * u.xx),
            "coefficient of the time derivative is not one",
        ),
        "a cubic flux": (
            lambda: in_time(lambda u, nu: u.t + u**2 * u.x - nu * u.xx),
            "flux is not quadratic",
        ),
        "a flux that depends on x": (
            lambda: in_time(lambda u, x, nu: u.t + x * u * u.x - nu * u.xx),
            "flux is not quadratic",
        ),
        "diffusion that varies": (
            lambda: in_time(lambda u, x: u.t - (2 + x) * u.xx),
            "diffusion coefficient is not a positive constant",
        ),
        "negative viscosity": (
            lambda: in_time(lambda u, nu: u.t + u * u.x + nu * u.xx),
            "diffusion coefficient is not a positive constant",
        ),
        "a quadratic reaction": (
            lambda: in_time(lambda u: u.t - u.xx + u**2),
            "cubic coefficient is not positive",
        ),
        "a reaction of degree five": (
            lambda: in_time(lambda u: u.t - u.xx + u**5),
            "higher degree than three",
        ),
        "a third derivative": (
            lambda: in_time(lambda u, nu: u.t - nu * u.xx + u.xxx),
            "has the derivative",
        ),
        "a mixed derivative in time": (
            lambda: in_time(lambda u: u.t - u.xx + u.xt),
            "higher or mixed derivative in time",
        ),
        "an equation in t alone": (
            lambda: in_time(lambda u: u.t + u),
            "no derivative in space",
        ),
    },
    "wave": {
        "coefficient two": (lambda: waving(lambda u: 2 * u.tt - u.xx), "is not one"),
        "an elliptic sign": (lambda: waving(lambda u: u.tt + u.xx), "no constant < 0"),
        "a speed that varies": (
            lambda: waving(lambda u, x: u.tt - (2 + x) * u.xx),
            "no constant < 0",
        ),
        "a speed that depends on u": (
            lambda: waving(lambda u: u.tt - (1 + u**2) * u.xx),
            "neither linear nor of bounded slope",
        ),
        "a cubic term": (
            lambda: waving(lambda u: u.tt - u.xx + u**3),
            "neither linear nor of bounded slope",
        ),
        "a term that grows": (
            lambda: waving(lambda u: u.tt - u.xx + jnp.exp(u)),
            "neither linear nor of bounded slope",
        ),
        "a sine of a square": (
            lambda: waving(lambda u: u.tt - u.xx + jnp.sin(u**2)),
            "neither linear nor of bounded slope",
        ),
        "a sine of a slope": (
            lambda: waving(lambda u: u.tt - u.xx + jnp.sin(u.x)),
            "not a constant times",
        ),
        "a sine in front of a sine": (
            lambda: waving(lambda u, x: u.tt - u.xx + jnp.sin(x) * jnp.sin(u)),
            "not a constant times",
        ),
        "a mass that varies": (
            lambda: waving(lambda u, x: u.tt - u.xx + x * u),
            "mass is not a constant",
        ),
        "friction": (
            lambda: waving(lambda u: u.tt - u.xx + u.t),
            "it has the derivative",
        ),
        "first order in time": (
            lambda: in_time(lambda u: u.t - u.xx),
            "an initial velocity",
        ),
    },
    "wave-supremum": {
        "a circle": (lambda: waving(lambda u: u.tt - u.xx + u, seam), "a circle"),
        "a membrane": (
            lambda: Problem(
                domain=cx.Box(x=(0, 1), y=(0, 1), t=(0, 1)),
                residual=lambda u: u.tt - u.laplacian(),
                conditions=(cx.Initial(0, velocity=0), walls, cx.Dirichlet("y", 0)),
            ),
            "more than one space coordinate",
        ),
        "a cubic term": (lambda: waving(lambda u: u.tt - u.xx + u**3), "bounded slope"),
    },
    "schrodinger": {
        "no dispersion": (
            lambda: quantum(lambda p, q: (-q.t + p, p.t + q), cx.Periodic("x")),
            "or zero",
        ),
        "a rotation without a Laplacian": (
            lambda: quantum(lambda p, q: (-q.t + p.xx, p.t - q.xx)),
            "not real and imaginary part",
        ),
        "an imaginary potential": (
            lambda: quantum(lambda p, q: (-q.t + p.xx + q, p.t + q.xx - p)),
            "no Schroedinger equation has",
        ),
        "two potentials": (
            lambda: quantum(lambda p, q: (-q.t + p.xx + p, p.t + q.xx)),
            "not real and imaginary part",
        ),
        "half a cubic": (
            lambda: quantum(lambda p, q: (-q.t + p.xx + p**3, p.t + q.xx + q**3)),
            "not a real constant times",
        ),
        "a cubic that varies": (
            lambda: quantum(
                lambda p, q, x: (
                    -q.t + p.xx + x * (p**2 + q**2) * p,
                    p.t + q.xx + x * (p**2 + q**2) * q,
                )
            ),
            "not a real constant times",
        ),
        "a cubic with a potential": (
            lambda: quantum(
                lambda p, q: (
                    -q.t + p.xx + (p**2 + q**2 - 1) * p,
                    p.t + q.xx + (p**2 + q**2 - 1) * q,
                )
            ),
            "a potential or a second dimension",
        ),
        "a cubic with a source": (
            lambda: quantum(
                lambda p, q: (
                    -q.t + p.xx + (p**2 + q**2) * p - 1,
                    p.t + q.xx + (p**2 + q**2) * q,
                )
            ),
            "a forcing",
        ),
        "coefficient two": (
            lambda: quantum(lambda p, q: (-q.t + p.xx, 2 * p.t + q.xx)),
            "in time is not 1",
        ),
        "one field": (lambda: in_time(lambda u: u.t - u.xx), "not two fields"),
        "a quintic term": (
            lambda: quantum(lambda p, q: (-q.t + p.xx + p**5, p.t + q.xx + q**5)),
            "no Schroedinger equation has",
        ),
    },
    "navier-stokes": {
        "no viscosity": (
            lambda: flow(lambda u: vorticity(u, 0)),
            "viscosity is not a positive constant",
        ),
        "friction": (
            lambda: flow(lambda u, nu: vorticity(u, nu) + u.xx + u.yy),
            "not the vorticity equation",
        ),
        "a beta plane": (
            lambda: flow(lambda u, nu: vorticity(u, nu) + u.x),
            "not the vorticity equation",
        ),
        "coefficient two in front of the velocity": (
            lambda: flow(lambda u, nu: vorticity(u, nu) + u.y * u.xxx),
            "with coefficient one",
        ),
        "an anisotropic plate": (
            lambda: flow(lambda u, nu: vorticity(u, nu) - u.xxyy),
            "not the vorticity equation",
        ),
        "walls": (
            lambda: flow(vorticity, cx.Dirichlet("x", 0), cx.Periodic("y")),
            "not periodic in both",
        ),
        "one space coordinate": (
            lambda: in_time(lambda u, nu: u.t - nu * u.xx),
            "two space coordinates",
        ),
    },
}

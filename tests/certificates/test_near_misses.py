"""No theorem accepts an equation that is almost its own, and each says why."""

from collections.abc import Callable

import jax.numpy as jnp
import pytest
from equations import (
    flow,
    in_plane,
    in_time,
    ode,
    quantum,
    seam,
    vorticity,
    walls,
    waving,
    zero,
)

import certax as cx
from certax.certificates import matching
from certax.certificates._certify import theorems
from certax.certificates._equations import NoMatch
from certax.problems import Problem

by_name = {theorem.name: theorem for theorem in theorems}
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


@pytest.mark.parametrize(
    ("theorem", "case"), [(t, c) for t, cases in refused.items() for c in cases]
)
def test_a_theorem_refuses(theorem, case):
    make, words = refused[theorem][case]
    _, reasons = matching(make())
    assert theorem in reasons
    with pytest.raises(NoMatch, match=words):
        by_name[theorem].match(make())

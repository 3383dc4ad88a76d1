"""Each theorem recognizes its equation however it is written."""

from collections.abc import Callable

import jax.numpy as jnp
import pytest
from equations import (
    flow,
    in_plane,
    in_time,
    ode,
    on_line,
    quantum,
    seam,
    vorticity,
    walls,
    waving,
    zero,
)
from helpers import ansatz_of, closed_form, solution_of

import certax as cx
from certax.certificates import certify_solution, matching
from certax.certificates._certify import Search, theorems
from certax.problems import Problem, names, zoo_entry

by_name = {theorem.name: theorem for theorem in theorems}
accepted: dict[str, dict[str, Callable[[], Problem]]] = {
    "l1-contraction": {
        "Burgers": lambda: in_time(lambda u, nu: u.t + u * u.x - nu * u.xx),
        "reordered": lambda: in_time(lambda nu, u: -nu * u.xx + u.x * u + u.t),
        "scaled sides": lambda: in_time(
            lambda u, nu: (2 * u.t + 2 * u * u.x - 2 * nu * u.xx) / 2
        ),
        "scaled by a constant": lambda: in_time(
            lambda u, nu: nu * (u.t / nu + u * u.x / nu - u.xx)
        ),
        "a literal viscosity": lambda: in_time(lambda u: u.t + u * u.x - 0.01 * u.xx),
        "a quotient": lambda: in_time(lambda u, pe: u.t - u.xx / pe, pe=100),
        "a cubic flux": lambda: in_time(
            lambda u, nu: u.t + 3 * u**2 * u.x - u.x - nu * u.xx
        ),
        "a flux to be expanded": lambda: in_time(
            lambda u, nu: u.t + (u - 1) * (u + 1) * u.x - nu * u.xx
        ),
        "a source": lambda: in_time(
            lambda u, x, t, nu: u.t + u * u.x - nu * u.xx - jnp.exp(x) * jnp.sin(t)
        ),
        "the heat equation": lambda: in_time(lambda u, nu: u.t - nu * u.xx),
        "periodic": lambda: in_time(
            lambda u, nu: u.t + u * u.x - nu * u.xx, zero, seam
        ),
        "what cancels": lambda: in_time(
            lambda u, x, nu: u.t + (u + x) * u.x - nu * u.xx - x * u.x
        ),
    },
    "oleinik": {
        "Burgers": lambda: in_time(lambda u, nu: u.t + u * u.x - nu * u.xx),
        "any odd power": lambda: in_time(
            lambda u, nu: u.t + (3 * u**5 + u**3 / 2) * u.x - nu * u.xx
        ),
        "a moving frame": lambda: in_time(
            lambda u, nu: u.t + (u - 2) * u.x - nu * u.xx, zero, seam
        ),
        "a forcing that cancels": lambda: in_time(
            lambda u, x, nu: u.t + u * u.x - nu * u.xx + x - x
        ),
    },
    "maximum-principle": {
        "heat": lambda: in_time(lambda u: u.t - u.xx / 4),
        "written with a Laplacian": lambda: in_time(lambda u: u.t - 2 * u.laplacian()),
        "a drift that varies": lambda: in_time(
            lambda u, x, t, nu: u.t + jnp.sin(x * t) * u.x - nu * u.xx
        ),
        "a linear reaction that varies": lambda: in_time(
            lambda u, x, nu: u.t - nu * u.xx + x * u
        ),
        "Allen-Cahn": lambda: in_time(lambda u, nu: u.t - nu * u.xx - 5 * (u - u**3)),
        "Allen-Cahn factored": lambda: in_time(
            lambda u, nu: u.t - nu * u.xx + 5 * u * (u - 1) * (u + 1)
        ),
        "a cubic with a square": lambda: in_time(
            lambda u, nu: u.t - nu * u.xx + u * (u - 1) * (u - 0.3)
        ),
        "a reaction of any degree": lambda: in_time(
            lambda u, x, nu: u.t - nu * u.xx + x * u**2 - 3 * u**7
        ),
        "Fisher": lambda: in_time(lambda u, nu: u.t - nu * u.xx - u * (1 - u)),
        "a drift that depends on u": lambda: in_time(
            lambda u, x, nu: u.t + (u - x) ** 2 * u.x - nu * u.xx
        ),
        "a source": lambda: in_time(lambda u, x, nu: u.t - nu * u.xx - jnp.cos(x)),
        "two space dimensions": lambda: Problem(
            domain=cx.Box(x=(0, 1), y=(0, 1), t=(0, 1)),
            residual=lambda u: u.t - u.laplacian(),
            conditions=(zero, walls, cx.Dirichlet("y", 0)),
        ),
        "time comes first": lambda: Problem(
            domain=cx.Box(t=(0, 1), x=(0, 1)),
            residual=lambda u: u.t - u.xx,
            conditions=(zero, walls),
        ),
    },
    "hamilton-jacobi": {
        "a gradient squared": lambda: in_time(lambda u: u.t + u.x**2 - u.xx),
        "of first order": lambda: in_time(lambda u: u.t + u.x**2, zero, seam),
        "any function of the gradient": lambda: in_time(
            lambda u, x, t: u.t + jnp.exp(x * t) * jnp.sin(u.x) - jnp.tanh(u.x),
            zero,
            seam,
        ),
        "a length": lambda: in_time(lambda u: u.t + jnp.sqrt(1 + u.x**2), zero, seam),
        "a maximum over controls": lambda: in_time(
            lambda u, x: u.t + jnp.maximum(u.x - x, -2 * u.x), zero, walls
        ),
        "with discount": lambda: in_time(lambda u: u.t + 3 * u + u.x**4, zero, seam),
        "speeds that vary": lambda: in_time(lambda u, x: u.t + x * u.x, zero, walls),
        "two space dimensions": lambda: Problem(
            domain=cx.Box(x=(0, 1), y=(0, 1), t=(0, 1)),
            residual=lambda u: u.t + u.x * u.y - u.laplacian(),
            conditions=(zero, walls, cx.Dirichlet("y", 0)),
        ),
    },
    "stationary-hamilton-jacobi": {
        "a gradient squared": lambda: in_plane(lambda u: u + u.x**2 + u.y**2 - 1),
        "viscous": lambda: in_plane(lambda u: 2 * u + u.x * u.y - u.laplacian()),
        "a maximum over controls": lambda: in_plane(
            lambda u, x: u / 3 + jnp.maximum(u.x, u.y + x)
        ),
    },
    "transport": {
        "to the right": lambda: in_time(lambda u: u.t + u.x, zero, seam),
        "to the left": lambda: in_time(lambda u: u.t - 2 * u.x, zero, seam),
        "with decay": lambda: in_time(
            lambda u, k: u.t + u.x + k * u, zero, seam, k="1/3"
        ),
        "with a source": lambda: in_time(
            lambda u, x: u.t + u.x - cx.sinpi(x), zero, seam
        ),
        "an irrational speed": lambda: in_time(
            lambda u, a: a * u.x + u.t, zero, seam, a="sqrt(2)-1"
        ),
        "an inflow": lambda: in_time(
            lambda u: u.t + u.x, zero, cx.Dirichlet("x", 0, "lower")
        ),
    },
    "barrier": {
        "Poisson": lambda: in_plane(lambda u: -u.xx - u.yy - 1),
        "with the other sign": lambda: in_plane(lambda u, x: u.laplacian() + x),
        "anisotropic": lambda: in_plane(lambda u, a: a * u.xx + 3 * u.yy, a="pi/4"),
        "scaled": lambda: in_plane(lambda u, x, y: (u.xx + u.yy) / -7 - x * y),
    },
    "energy": {
        "Burgers": lambda: in_time(lambda u, nu: u.t + u * u.x - nu * u.xx),
        "without viscosity": lambda: in_time(lambda u: u.t + 3 * u * u.x, zero, seam),
        "a drift that varies": lambda: in_time(
            lambda u, x, nu: u.t + (u + jnp.sin(x)) * u.x - nu * u.xx + x * u
        ),
        "a convex flux to be expanded": lambda: in_time(
            lambda u, nu: u.t + (2 * u - 1) * u.x - nu * u.xx
        ),
        "Allen-Cahn": lambda: in_time(lambda u, nu: u.t - nu * u.xx - 5 * (u - u**3)),
        "two space dimensions": lambda: Problem(
            domain=cx.Box(x=(0, 1), y=(0, 1), t=(0, 1)),
            residual=lambda u: u.t + u * (u.x + u.y) - u.laplacian(),
            conditions=(zero, walls, cx.Dirichlet("y", 0)),
        ),
    },
    "wave": {
        "a string": lambda: waving(lambda u: u.tt - 4 * u.xx),
        "Klein-Gordon on a circle": lambda: waving(lambda u: u.tt - u.xx + u, seam),
        "a mass of the other sign": lambda: waving(lambda u: u.tt - u.xx - 3 * u),
        "sine-Gordon": lambda: waving(lambda u: u.tt - u.xx + jnp.sin(u), seam),
        "a slope that is bounded": lambda: waving(
            lambda u, x, nu: u.tt - u.xx + nu * jnp.tanh(2 * u + x) - jnp.exp(x)
        ),
        "a membrane": lambda: Problem(
            domain=cx.Box(x=(0, 1), y=(0, 1), t=(0, 1)),
            residual=lambda u: u.tt - u.laplacian(),
            conditions=(cx.Initial(0, velocity=0), walls, cx.Dirichlet("y", 0)),
        ),
    },
    "wave-supremum": {
        "a string": lambda: waving(lambda u: u.tt - 4 * u.xx + jnp.tanh(u)),
    },
    "schrodinger": {
        "free": lambda: quantum(lambda p, q: (p.xx - q.t, q.xx + p.t)),
        "in the other order, with other signs": lambda: quantum(
            lambda p, q: (-p.t - q.xx / 2, q.t - p.xx / 2)
        ),
        "a potential": lambda: quantum(
            lambda p, q, x: (-q.t + p.xx + x**2 * p, p.t + q.xx + x**2 * q)
        ),
        "cubic": lambda: quantum(
            lambda p, q: (
                -q.t + p.xx + (p**2 + q**2) * p,
                p.t + q.xx + (p**2 + q**2) * q,
            ),
            seam,
        ),
        "defocusing, expanded": lambda: quantum(
            lambda p, q: (
                -q.t + p.xx - p**3 - p * q**2,
                p.t + q.xx - q**3 - q * p**2,
            )
        ),
        "a source": lambda: quantum(
            lambda p, q, x: (-q.t + p.xx - x, p.t + q.xx + jnp.exp(x))
        ),
    },
    "certified-barrier": {
        "Poisson": lambda: in_plane(lambda u: -u.xx - u.yy - 1),
        "coefficients that vary": lambda: in_plane(
            lambda u, x: (1 + x) * u.xx + u.yy + jnp.sin(x) * u.x
        ),
        "a mixed derivative": lambda: in_plane(lambda u: u.xx + u.yy + u.xy),
        "a term in u of any sign": lambda: in_plane(
            lambda u, x: -u.laplacian() - 3 * x * u
        ),
        "one direction only": lambda: in_plane(lambda u: u.xx - 1),
    },
    "semilinear-barrier": {
        "a cubic": lambda: in_plane(lambda u: -u.laplacian() + u**3 - 1),
        "an exponential": lambda: in_plane(lambda u: u.laplacian() + jnp.exp(u)),
        "a drift": lambda: in_plane(lambda u, x: -u.laplacian() + x * u.x + u**2),
        "a sine that varies": lambda: in_plane(
            lambda u, x: -u.laplacian() + jnp.sin(x * u)
        ),
    },
    "elliptic-energy": {
        "Poisson": lambda: in_plane(lambda u: -u.xx - u.yy - 1),
        "a term in u": lambda: in_plane(lambda u, x: u.laplacian() + x * u),
    },
    "elliptic-gradient": {
        "anisotropic": lambda: in_plane(lambda u, a: a * u.xx + 3 * u.yy, a="pi/4"),
    },
    "newton-kantorovich": {
        "a square": lambda: in_plane(lambda u: -u.laplacian() - u**2),
        "a cubic that varies": lambda: in_plane(
            lambda u, x: -u.laplacian() + x * u**3 - u
        ),
    },
    "newton-kantorovich-supremum": {
        "on a line": lambda: on_line(lambda u: -u.xx - u**2),
    },
    "navier-stokes": {
        "the vorticity equation": lambda: flow(vorticity),
        "with the other sign": lambda: flow(lambda u, nu: -vorticity(u, nu)),
        "turning the other way": lambda: flow(
            lambda u, nu: (
                (u.xxt + u.yyt)
                - u.y * (u.xxx + u.xyy)
                + u.x * (u.xxy + u.yyy)
                - nu * (u.xxxx + 2 * u.xxyy + u.yyyy)
            )
        ),
        "forced": lambda: flow(lambda u, nu, y: vorticity(u, nu) - jnp.sin(y)),
    },
    "comparison-ode": {
        "logistic": lambda: ode(lambda u: u.t - u * (1 - u)),
        "any function": lambda: ode(lambda u, t: u.t - jnp.sin(u * t) + jnp.exp(u)),
    },
    "ode-tube": {
        "logistic": lambda: ode(lambda u: u.t - u * (1 - u)),
        "any function": lambda: ode(lambda u, t: u.t - jnp.sin(u * t) + jnp.exp(u)),
        "a system in any order": lambda: ode(
            lambda a, b: (b.t + a**3, a.t - b), (0, 1)
        ),
        "scaled": lambda: ode(lambda u, k: (k * u.t - k * u) / k, k="pi"),
    },
}


@pytest.mark.parametrize(
    ("theorem", "case"), [(t, c) for t, cases in accepted.items() for c in cases]
)
def test_a_theorem_recognizes(theorem, case):
    by_name[theorem].match(accepted[theorem][case]())


without_theorem = {
    *("benjamin-bona-mahony", "black-scholes", "burgers-2d", "burgers-2d-blow-up"),
    *("burgers-2d-viscous", "burgers-3d", "ginzburg-landau", "gray-scott"),
    *("hypergeometric", "kdv", "kdv-one-soliton", "kdv-three-solitons"),
    *("kdv-two-solitons", "kovasznay", "kuramoto-sivashinsky", "michel-accretion"),
    *("murnaghan-wave", "nonlinear-diffusion", "semilinear-heat", "taylor-green"),
    *("two-color-soliton", "wildfire", "poisson-disk", "poisson-annulus"),
    *("poisson-l-shape", "heat-disk", "stokes", "cavity", "eikonal"),
}


@pytest.mark.parametrize("name", names)
def test_problems_of_the_zoo_have_a_theorem_where_one_applies(name):
    found, reasons = matching(zoo_entry(name).problem)
    assert bool(found) == (name not in without_theorem)
    assert len(found) + len(reasons) == len(theorems)


def test_what_no_theorem_fits_is_not_applicable_and_shows_the_normal_form():
    problem = in_time(lambda u, nu: u.t + u * u.x + nu * u.xx)
    solution = closed_form(problem, lambda x, t, pi: 0 * x)
    found = certify_solution(solution, Search())
    assert found.verdict == "not applicable" and not found.bound and not found.proved
    assert (
        problem.equation_text() in found.reason
        and "the viscosity is not a positive" in found.reason
    )
    assert "ode-tube: it needs one coordinate" in found.reason


def test_a_theorem_can_be_forced_and_must_exist():
    problem = zoo_entry("heat").problem
    solution = solution_of(problem, ansatz_of(problem))
    found = certify_solution(solution, Search(), theorem="barrier")
    assert found.verdict == "not applicable" and found.theorem == "barrier"
    with pytest.raises(cx.CertaxError, match="no theorem 'magic'.*l1-contraction"):
        certify_solution(solution, Search(), theorem="magic")

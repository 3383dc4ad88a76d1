"""Hamilton-Jacobi equations, from a closed form with a known error to a certificate."""

import jax.numpy as jnp
import pytest
from helpers import closed_form

import certax as cx
from certax.certificates import certify_solution
from certax.certificates._certify import Search
from certax.problems import Problem, Solution, zoo_entry

quick = Search(tolerance=0.5, slabs=8, degree=4, seconds=5.0)


def valley(eps: float) -> Solution:
    """Error ε t cos πx of the problem of the zoo."""

    def solution(x, t, pi, eps):
        wave = jnp.exp(-(pi**2) * t / 10) * cx.cospi(x)
        return -jnp.log(2 + wave) / 5 + eps * t * cx.cospi(x)

    return closed_form(zoo_entry("hamilton-jacobi").problem, solution, eps=eps)


def controlled(eps: float) -> Solution:
    """Error ε sin πx of u + max(u_x, 2 u_x) = f with the solution cos πx, by a maximum
    over two controls.
    """
    problem = Problem(
        domain=cx.Box(x=(-1, 1)),
        residual=lambda u, x, c: (
            u
            + jnp.maximum(u.x, 2 * u.x)
            - cx.cospi(x)
            - jnp.maximum(-c * cx.sinpi(x), -2 * c * cx.sinpi(x))
        ),
        constants={"c": "pi"},
        conditions=(cx.Periodic("x"),),
    )
    return closed_form(
        problem, lambda x, pi, eps: cx.cospi(x) + eps * cx.sinpi(x), eps=eps
    )


@pytest.mark.parametrize("eps", [1e-2, 1e-5])
def test_the_error_of_the_problem_of_the_zoo_is_bounded(eps):
    found = certify_solution(valley(eps), quick)
    assert found.theorem == "hamilton-jacobi" and found.proved
    assert eps <= float(found.bound) <= 12 * eps
    curve = [float(c) for c in found.curve]
    assert all(c >= eps * (k + 1) / 8 for k, c in enumerate(curve))


@pytest.mark.parametrize("eps", [1e-1, 1e-3])
def test_a_maximum_over_controls_is_enclosed(eps):
    found = certify_solution(controlled(eps), quick)
    assert found.theorem == "stationary-hamilton-jacobi" and found.proved
    assert eps <= float(found.bound) <= 12 * eps


def test_a_net_with_corners_is_named():
    """u_t + |u_x| = 0, û = |x| − t: residual zero almost everywhere, error t."""
    problem = Problem(
        domain=cx.Box(x=(-1, 1), t=(0, 1)),
        residual=lambda u: u.t + jnp.maximum(u.x, -u.x),
        conditions=(
            cx.Initial(lambda x: jnp.maximum(x, -x)),
            cx.Dirichlet("x", lambda t: 1 - t),
        ),
    )
    corner = closed_form(problem, lambda x, t, pi: jnp.maximum(x, -x) - t)
    found = certify_solution(corner, quick, theorem="hamilton-jacobi")
    assert found.verdict == "not applicable" and "kink" in found.reason

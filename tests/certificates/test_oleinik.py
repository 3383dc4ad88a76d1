"""From an L1 bound to one of the maximum, by the finder and the checker together."""

from dataclasses import replace

import jax.numpy as jnp
import pytest
from helpers import burgers, closed_form

import certax as cx
from certax.certificates import certify_solution
from certax.certificates._certify import Search, matching
from certax.certificates._theorems import Oleinik
from certax.problems import Problem, Solution

quick = Search(tolerance=0.5, slabs=8, degree=3, seconds=20.0)


def layer(eps: float) -> Solution:
    """Error ε t (1 − x²) of a solution by Cole and Hopf."""
    problem = burgers(
        constants={"nu": "1/10", "c": "pi"},
        conditions=(
            cx.Initial(lambda x, nu, c: 2 * nu * c * cx.sinpi(x) / (2 + cx.cospi(x))),
            cx.Dirichlet("x", 0),
        ),
    )

    def solution(x, t, pi, eps):
        decay = jnp.exp(-(pi**2) * t / 10)
        exact = pi * decay * cx.sinpi(x) / (2 + decay * cx.cospi(x)) / 5
        return exact + eps * t * (1 - x**2)

    return closed_form(problem, solution, eps=eps)


@pytest.mark.parametrize("eps", [1e-2, 1e-5])
def test_the_maximum_is_bounded_and_of_the_order_of_the_root(eps):
    main = certify_solution(layer(eps), quick)
    found = {c.theorem: c for c in (main, *main.others)}
    peak, mean = found["oleinik"], found["l1-contraction"]
    assert peak.norm == "Linf" and peak.proved
    assert eps <= float(peak.bound) <= 20 * eps**0.5
    curve = [float(c) for c in peak.curve]
    assert all(c >= eps * (k + 1) / 8 for k, c in enumerate(curve))
    assert max(curve) == float(peak.bound)
    assert mean.proved and float(mean.bound) >= eps * 4 / 3
    # Both theorems speak about the same tree.
    trees = {n: c for n, c in peak.files.items() if n.endswith(".tree")}
    assert trees and trees.items() <= mean.files.items()
    # Without a steep layer the maximum principle is linear in the residual, and wins.
    assert main.theorem == "maximum-principle" and main.norm == "Linf"
    assert eps <= float(main.bound) < float(peak.bound)


def test_a_layer_that_lets_errors_grow_is_left_to_the_other_theorems():
    """A net as steep as 200 in a layer: e^200 is no factor to search for."""
    steep = closed_form(
        burgers(), lambda x, t, pi: -cx.sinpi(x) + t * x * (1 - x**2) * -200
    )
    main = certify_solution(steep, replace(quick, seconds=0.1))
    (left,) = [c for c in main.others if c.theorem == "maximum-principle"]
    assert left.verdict == "inconclusive" and "not tried" in left.reason
    proved = {c.theorem for c in (main, *main.others) if c.bound}
    assert {"oleinik", "l1-contraction"} <= proved


@pytest.mark.parametrize("value", [1, lambda t: 1 + t])
def test_walls_that_are_not_zero_are_named(value):
    problem = burgers(conditions=(cx.Initial(1), cx.Dirichlet("x", value)))
    (wall,) = [
        h
        for h in Oleinik().hypotheses(problem, layer(0.1).network)
        if "not zero" in h.detail
    ]
    assert wall.status == "failed" and wall.name == "walls"


def test_a_flux_that_is_not_even_needs_the_circle():
    def residual(u, nu):
        return u.t + (1 + u) * u.x - nu * u.xx

    problem = burgers(residual=residual)
    found = Oleinik().hypotheses(problem, layer(0.1).network)
    assert any("not even" in h.detail and h.status == "failed" for h in found)


def test_finder_and_checker_refuse_the_same_equations():
    fluxes = {
        "forced": lambda u, nu: u.t + u * u.x - nu * u.xx - 1,
        "even power": lambda u, nu: u.t + u**2 * u.x - nu * u.xx,
        "concave": lambda u, nu: u.t - u * u.x - nu * u.xx,
        "linear": lambda u, nu: u.t + u.x - nu * u.xx,
    }
    for residual in fluxes.values():
        problem: Problem = burgers(residual=residual)
        names = [t.name for t in matching(problem)[0]]
        assert "l1-contraction" in names and "oleinik" not in names

"""Coordinates that no derivative and no condition touches: a certificate holds for
every value of such a parameter, or there is none.
"""

import numpy as np
import pytest
from helpers import closed_form

import certax as cx
from certax.certificates import matching

box = cx.Box(x=(0, 1), t=(0, 1), a=(1, 2))


def transported(velocity):
    """u_t + c u_x = 0 with data that depend on the parameter a."""
    return cx.Problem(
        domain=box,
        residual=lambda u, a: u.t + velocity(a) * u.x,
        conditions=(
            cx.Initial(lambda x, a: a * x),
            cx.Dirichlet("x", lambda t, a: -a * velocity(a) * t, "lower"),
        ),
    )


def test_a_bound_of_the_maximum_holds_for_every_parameter():
    problem = transported(lambda a: 1)
    solution = closed_form(
        problem, lambda x, t, a, pi, w: a * (x - t) + w * a * x * t, w=1e-3
    )
    certificate = cx.certify(solution)
    assert certificate.claim == "solution" and certificate.theorem == "transport"
    assert certificate.proved and "a in [1, 2]" in str(certificate)
    # The error is w a x t: at a = 1 half as large as at a = 2.
    assert 2e-3 <= float(certificate.bound) <= 5e-3


@pytest.mark.parametrize(
    "problem",
    [
        transported(lambda a: a),
        cx.Problem(
            domain=box,
            residual=lambda u, a: u.t - a * u.xx,
            conditions=(cx.Initial(lambda x: cx.sinpi(x)), cx.Dirichlet("x", 0)),
        ),
        cx.Problem(
            domain=cx.Box(x=(0, 1), a=(1, 2)),
            residual=lambda u, a: a * u.xx + 1,
            conditions=(cx.Dirichlet("x", 0),),
        ),
        cx.Problem(
            domain=cx.Box(t=(0, 1), a=(1, 2)),
            residual=lambda y, a: y.t + a * y,
            conditions=(cx.Initial(1),),
        ),
    ],
)
def test_where_no_theorem_covers_a_parameter_only_the_residual_is_certified(problem):
    def almost(*coordinates):
        *_, w = coordinates
        return w * coordinates[0]

    solution = closed_form(problem, almost, w=1.0)
    found = cx.certify(solution, claim="solution", boxes=200)
    assert not found.proved and not any(c.proved for c in found.others)
    residual = cx.certify(solution, claim="residual", boxes=2000)
    assert residual.proved
    points = problem.domain.physical(
        np.random.default_rng(0).random((500, problem.domain.dimension))
    )
    sampled = np.max(np.abs(solution.residual(points)))
    assert sampled <= float(residual.bound) <= 1.5 * sampled + 1e-12


def test_means_over_the_parameter_are_none_in_space_alone():
    """A theorem that integrates over space would integrate over the parameter too."""
    found = {theorem.norm for theorem in matching(transported(lambda a: 1))[0]}
    problem = transported(lambda a: 1)
    solution = closed_form(problem, lambda x, t, a, pi, w: a * (x - t) + w, w=0.0)
    for theorem in matching(problem)[0]:
        if theorem.norm != "Linf":
            forced = cx.certify(solution, theorem=theorem.name, boxes=100)
            assert not forced.proved
    assert "Linf" in found

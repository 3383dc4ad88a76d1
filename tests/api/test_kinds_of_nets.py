"""Solve, certify and verify with nets whose weights are formulas, and with two
branches.
"""

import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax.certificates import run_checker
from certax.problems import Problem, zoo_entry


def solved(problem, steps, **settings):
    network = {"width": 6, "depth": 1} | settings
    configuration = cx.Configuration(network=cx.NetworkSettings(**network))
    return cx.solve(problem, configuration=configuration, max_steps=steps)


def confirmed(solution, folder, **options):
    """The certificate, confirmed by the checker from the files alone."""
    certificate = cx.certify(solution, out=folder, **options)
    code, answer = run_checker("verify", folder / certificate.file, "--json")
    assert code == 0 and answer["accepted"]
    return certificate


def test_a_folded_net_is_solved_certified_and_verified(tmp_path):
    entry = zoo_entry("logistic")
    solution = solved(entry.problem, 150, kind="sandwich", scale=8.0)
    certificate = confirmed(solution, tmp_path / "run")
    assert certificate.proved and certificate.claim == "solution"
    t = np.linspace(0, 10, 501)
    error = np.abs(solution(t=t) - entry.reference.evaluate(t)[0]).max()
    assert error <= float(certificate.bound) < 0.1


def test_fast_transport_is_proved_with_two_branches(tmp_path):
    problem = Problem(
        name="fast",
        domain=cx.Box(x=(0, "2*pi"), t=(0, 1)),
        residual=lambda u: u.t + 80 * u.x,
        conditions=(cx.Initial(lambda x: jnp.sin(x)), cx.Periodic("x")),
    )
    solution = solved(problem, 20, kind="lagrangian", width=4)
    x, t = np.meshgrid(np.linspace(0, 6.2, 40), np.linspace(0, 1, 41))
    error = np.abs(solution(x=x, t=t) - np.sin(x - 80 * t)).max()
    assert error < 1e-3
    certificate = confirmed(solution, tmp_path / "run", boxes=500, slabs=2, degree=3)
    walls = [h for h in certificate.hypotheses if h.name == "walls"]
    assert walls and walls[0].status == "checked"
    assert certificate.bound == "" or error <= float(certificate.bound)


def test_settings_that_do_not_go_together_are_refused_before_training():
    with pytest.raises(cx.CertaxError, match="network.features has no meaning"):
        solved(zoo_entry("logistic").problem, 1, kind="modified-mlp", features=3)

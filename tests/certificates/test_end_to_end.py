"""From a function with a known error to a certificate: true, sharp, or refused."""

from functools import lru_cache

import jax.numpy as jnp
import numpy as np
import pytest
from equations import flow, vorticity
from helpers import ansatz_of, closed_form, solution_of

import certax as cx
from certax.certificates import (
    Certificate,
    certify_residual,
    certify_solution,
    read_weights,
    run_checker,
    weights_file,
)
from certax.certificates._certify import Search
from certax.problems import Problem, Solution, zoo_entry

quick = Search(tolerance=0.5, slabs=8, degree=3, seconds=20.0)


def heat(eps: float) -> Solution:
    """Error ε t x (1 − x)."""
    return closed_form(
        zoo_entry("heat").problem,
        lambda x, t, pi, eps: (
            cx.sinpi(x) * jnp.exp(-(pi**2) * t / 4) + eps * t * x * (1 - x)
        ),
        eps=eps,
    )


def rarefaction(eps: float) -> Solution:
    """Error ε t x (1 − x) of x / (1 + t), a solution of the Burgers equation."""
    problem = Problem(
        domain=cx.Box(x=(0, 1), t=(0, 1)),
        residual=lambda u, nu: u.t + u * u.x - nu * u.xx,
        constants={"nu": "0.1"},
        conditions=(
            cx.Initial(lambda x: x),
            cx.Dirichlet("x", 0, "lower"),
            cx.Dirichlet("x", lambda t: 1 / (1 + t), "upper"),
        ),
    )
    return closed_form(
        problem,
        lambda x, t, pi, eps: x / (1 + t) + eps * t * x * (1 - x),
        eps=eps,
    )


def wave(eps: float) -> Solution:
    """Error ε t cos πx."""
    problem = Problem(
        domain=cx.Box(x=(-1, 1), t=(0, 1)),
        residual=lambda u: u.t + u.x,
        conditions=(cx.Initial(lambda x: cx.sinpi(x)), cx.Periodic("x")),
    )
    return closed_form(
        problem,
        lambda x, t, pi, eps: cx.sinpi(x - t) + eps * t * cx.cospi(x),
        eps=eps,
    )


def arch(eps: float) -> Solution:
    """Error ε x (1 − x), for which the barrier is sharp."""
    return closed_form(
        zoo_entry("poisson-1d").problem,
        lambda x, pi, eps: cx.sinpi(x) + eps * x * (1 - x),
        eps=eps,
    )


def cubic(eps: float) -> Solution:
    """Error ε x (1 − x) of sin πx, for −u″ + u³ = f."""
    problem = Problem(
        domain=cx.Box(x=(0, 1)),
        residual=lambda u, x, pi: -u.xx + u**3 - pi**2 * cx.sinpi(x) - cx.sinpi(x) ** 3,
        constants={"pi": "pi"},
        conditions=(cx.Dirichlet("x", 0),),
    )
    return closed_form(
        problem, lambda x, pi, eps: cx.sinpi(x) + eps * x * (1 - x), eps=eps
    )


def decay(eps: float) -> Solution:
    """Error ε t."""
    problem = Problem(
        domain=cx.Box(t=(0, 1)),
        residual=lambda y: y.t + y,
        conditions=(cx.Initial(1),),
    )
    return closed_form(problem, lambda t, pi, eps: jnp.exp(-t) + eps * t, eps=eps)


def string(eps: float) -> Solution:
    """Error ε t² x (1 − x) of a string at rest."""
    problem = Problem(
        domain=cx.Box(x=(0, 1), t=(0, 1)),
        residual=lambda u: u.tt - u.xx,
        conditions=(cx.Initial(0, velocity=0), cx.Dirichlet("x", 0)),
    )
    return closed_form(problem, lambda x, t, pi, eps: eps * t**2 * x * (1 - x), eps=eps)


def beat(eps: float) -> Solution:
    """Error ε t in the real part of two plane waves."""
    return closed_form(
        zoo_entry("schrodinger").problem,
        lambda x, t, pi, eps: (
            (jnp.cos(x - t / 2) + jnp.cos(2 * x - 2 * t)) / 2 + eps * t
        ),
        lambda x, t, pi, eps: (jnp.sin(x - t / 2) + jnp.sin(2 * x - 2 * t)) / 2,
        eps=eps,
    )


# The true error in the theorem's norm, for ε = 1.
cases = {
    "maximum-principle": (heat, "Linf", 1 / 4),
    "l1-contraction": (rarefaction, "L1", 1 / 6),
    "transport": (wave, "Linf", 1.0),
    "energy": (heat, "L2", 1 / np.sqrt(30)),
    "barrier": (arch, "Linf", 1 / 4),
    "schrodinger": (beat, "L2", np.sqrt(2 * np.pi)),
    "wave-supremum": (string, "Linf", 1 / 4),
    "wave": (string, "L2", 1 / np.sqrt(30)),
    "certified-barrier": (arch, "Linf", 1 / 4),
    "semilinear-barrier": (cubic, "Linf", 1 / 4),
    "elliptic-energy": (arch, "L2", 30**-0.5),
    "elliptic-gradient": (arch, "H1", 3**-0.5),
    "newton-kantorovich": (cubic, "H1", 3**-0.5),
    "newton-kantorovich-supremum": (cubic, "Linf", 1 / 4),
    "ode-tube": (decay, "Linf", 1.0),
    "comparison-ode": (decay, "Linf", 1.0),
}


@lru_cache
def certified(theorem: str, eps: float) -> Certificate:
    make, _, _ = cases[theorem]
    return certify_solution(make(eps), quick, theorem=theorem)


@pytest.mark.parametrize("theorem", cases)
def test_the_bound_is_at_least_the_true_error_and_not_far_above(theorem):
    _, norm, error = cases[theorem]
    found = certified(theorem, 1e-2)
    assert found.verdict == "proved" and found.proved and found.theorem == theorem
    assert found.norm == norm and found.claim == "solution"
    assert 1e-2 * error <= float(found.bound) <= 1e-2 * error * 8
    assert float.fromhex(found.bound_hex) <= float(found.bound)
    assert str(found) == found.statement and found.bound in found.statement
    assert all(h.status in ("checked", "cited") for h in found.hypotheses)


@pytest.mark.parametrize("theorem", cases)
def test_the_bound_shrinks_with_the_error(theorem):
    """The theorems are linear in the residual, up to the search's tolerance."""
    large, small = certified(theorem, 1e-2), certified(theorem, 1e-4)
    assert float(small.bound) <= float(large.bound) / 30
    assert float(small.bound) >= 1e-4 * cases[theorem][2]


@pytest.mark.parametrize("theorem", ["maximum-principle", "l1-contraction", "energy"])
def test_the_curve_grows_from_slab_to_slab(theorem):
    found = certified(theorem, 1e-2)
    curve = [float(c) for c in found.curve]
    assert len(curve) == quick.slabs and curve == sorted(curve)
    assert curve[-1] == float(found.bound) and curve[0] < curve[-1] / 2
    # The true error at the end of slab k is proportional to its time.
    _, _, error = cases[theorem]
    for k, bound in enumerate(curve):
        assert bound >= 1e-2 * error * (k + 1) / quick.slabs


def test_weights_keep_their_shapes_in_the_file():
    """NumPy's ascontiguousarray makes a vector of a scalar; the checker refuses it."""
    weights = {"a": np.array(0.5), "b": np.ones(1), "c": np.ones((3, 2)).T}
    again = read_weights(weights_file(weights))
    assert {n: w.shape for n, w in again.items()} == {"a": (), "b": (1,), "c": (2, 3)}
    assert all(np.array_equal(again[n], w) for n, w in weights.items())
    with pytest.raises(cx.CertaxError, match="weights file cannot be read"):
        read_weights(b"nonsense")


def test_a_saved_certificate_is_accepted_by_the_checker(tmp_path):
    solution = arch(1e-2)
    found = certified("barrier", 1e-2)
    (tmp_path / "problem.json").write_text(solution.problem.text())
    (tmp_path / "network.json").write_text(solution.network.text())
    (tmp_path / "weights.safetensors").write_bytes(weights_file(solution.weights))
    found.save(tmp_path)
    code, answer = run_checker("verify", tmp_path / found.file, "--json")
    assert code == 0 and answer["accepted"]
    assert answer["statement"] == found.statement
    worse = weights_file(arch(2e-2).weights)
    (tmp_path / "weights.safetensors").write_bytes(worse)
    code, answer = run_checker("verify", tmp_path / found.file, "--json")
    assert code == 1 and not answer["accepted"] and answer["reason"]


def test_a_net_with_random_weights_is_certified_as_bad_as_it_is():
    problem = zoo_entry("poisson-1d").problem
    solution = solution_of(problem, ansatz_of(problem))
    found = certify_solution(solution, quick)
    x = np.linspace(0, 1, 500)
    error = np.abs(solution(x=x) - np.sin(np.pi * x)).max()
    assert found.proved and float(found.bound) >= error > 0.01


def test_an_initial_defect_is_enclosed_and_added():
    problem = zoo_entry("heat").problem
    shifted = closed_form(
        problem,
        lambda x, t, pi: (
            cx.sinpi(x) * jnp.exp(-(pi**2) * t / 4) + 1e-2 * x * (1 - x) * jnp.exp(-t)
        ),
    )
    found = certify_solution(shifted, quick, theorem="l1-contraction")
    assert found.proved and float(found.bound) >= 1e-2 / 6
    assert "certificate-initial.tree" in found.files


def test_a_solution_that_does_not_exist_is_never_certified():
    """y′ = y², y(0) = 1 blows up at t = 1."""
    problem = Problem(
        domain=cx.Box(t=(0, 2)),
        residual=lambda y: y.t - y**2,
        conditions=(cx.Initial(1),),
    )
    solution = closed_form(problem, lambda t, pi: 1 + t)
    found = certify_solution(solution, quick)
    assert found.verdict == "inconclusive" and not found.bound and found.reason
    assert str(found).startswith("inconclusive: ")


@pytest.mark.parametrize(
    ("norm", "value"), [("Linf", 2), ("L1", 2), ("L2", 2), ("L5", 2)]
)
def test_residual_claims_hold_in_every_norm(norm, value):
    """The residual of sin πx + ε x (1 − x) is the constant 2 ε, on an interval of 1."""
    found = certify_residual(arch(1e-2), norm, quick)
    assert found.proved and found.claim == "residual" and found.norm == norm
    assert found.theorem == "" and found.curve == ()
    assert 1e-2 * value <= float(found.bound) <= 1e-2 * value * 1.6


def test_residual_claims_on_slabs_need_time():
    with pytest.raises(cx.CertaxError, match="no slabs of time"):
        certify_residual(arch(0.1), "L2", quick, slabs=4)


def test_residual_claims_need_a_known_norm():
    with pytest.raises(cx.CertaxError, match="no norm 'sup'.*Linf, or L1, L2"):
        certify_residual(arch(0.1), "sup", quick)


def test_a_summary_holds_what_the_certificate_says():
    found = certified("barrier", 1e-2)
    summary = found.as_summary()
    assert summary["bound"] == found.bound and summary["verdict"] == "proved"
    assert summary["file"] == "certificate.json" and summary["leaves"] >= 1
    assert {"name", "status", "detail"} == set(summary["hypotheses"][0])
    failed = Certificate("solution", "", "", "not applicable", reason="because")
    assert str(failed) == "not applicable: because"
    assert failed.as_summary()["bound"] is None and not failed.proved


def test_a_velocity_that_is_wrong_is_enclosed_and_added():
    """The tree of the initial face serves the velocity and the slopes as well."""
    solution = string(1e-2)
    moving = closed_form(
        solution.problem, lambda x, t, pi: 1e-2 * jnp.sin(t) * cx.sinpi(x)
    )
    found = certify_solution(moving, quick)
    assert found.theorem.startswith("wave")
    assert any(name.endswith("-initial.tree") for name in found.files)
    size = 1e-2 * np.sin(1)
    least = {"wave": size / np.sqrt(2), "wave-supremum": size}
    for certificate in (found, *found.others):
        assert certificate.proved
        assert float(certificate.bound) >= least[certificate.theorem]


def test_nets_with_built_in_velocities_start_without_error():
    problem = zoo_entry("wave").problem
    found = certify_solution(solution_of(problem, ansatz_of(problem)), quick)
    assert found.proved and "certificate-initial.tree" not in found.files
    details = {h.name: h.detail for h in found.hypotheses}
    assert details["initial defect"].startswith("zero by substitution")


def test_a_flow_with_a_known_error_is_bounded():
    """ε t sin 2x is wrong by 2 ε t ‖cos 2x‖ in velocity."""
    solution = closed_form(
        flow(vorticity),
        lambda x, y, t, pi, eps: (
            jnp.exp(-t / 5) * jnp.sin(x) * jnp.sin(y) + eps * t * jnp.sin(2 * x)
        ),
        eps=1e-2,
    )
    search = Search(tolerance=1.0, slabs=2, degree=2, seconds=20.0)
    found = certify_solution(solution, search)
    error = 1e-2 * np.sqrt(2) * np.pi
    assert found.proved and found.norm == "H1" and found.theorem == "navier-stokes"
    assert error <= float(found.bound) <= 8 * error

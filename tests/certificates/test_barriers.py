"""Corrections and barriers that are solved for: sharp where possible, never false."""

import json

import jax.numpy as jnp
import numpy as np
import pytest
from helpers import closed_form

import certax as cx
from certax.certificates import certify_solution, run_checker
from certax.certificates._certify import Search
from certax.certificates._chebyshev import Polynomials, nodes, write_program
from certax.certificates._defects import NoBarrier, prepare
from certax.problems import Problem, Solution

quick = Search(tolerance=0.5, seconds=300.0)
square = cx.Box(x=(-1, 1), y=(0, "pi/4"))


@pytest.mark.parametrize("dimension", [1, 2, 3])
@pytest.mark.parametrize("vanishing", [False, True])
def test_programs_of_polynomials_have_their_values(dimension, vanishing):
    ends = {"x": (-1, 2), "y": (0, "pi/4"), "z": ("1/3", 1)}
    names = list(ends)[:dimension]
    domain = cx.Box(**{n: ends[n] for n in names})
    polynomials = Polynomials(domain, 4, vanishing)
    rng = np.random.default_rng(dimension)
    coefficients = rng.normal(size=5**dimension)
    program, weights = write_program({"u": (polynomials, coefficients)}, domain)
    problem = Problem(
        domain=domain,
        residual=lambda u: u.laplacian(),
        conditions=tuple(cx.Dirichlet(n, 0) for n in names),
    )
    solution = Solution(problem, program, weights, {})
    points = nodes(domain, 5)
    at = dict(zip(names, points.T, strict=True))
    zero = (0,) * dimension
    for order in (zero, (*zero[:-1], 2)):
        found = solution.evaluate(at, order)["u"]
        wanted = polynomials.values(points, order) @ coefficients
        assert np.allclose(found, wanted, rtol=1e-9, atol=1e-9)
    if vanishing:
        edge = dict(at) | {"x": domain.upper_floats[0] + 0 * points[:, 0]}
        assert np.abs(solution(**edge)).max() < 1e-14


def transported(eps: float) -> Solution:
    """−(2 + x) u_xx − u_yy + ½ u_xy + 5 y u_x − 3 u = f, an oscillating error."""

    def exact(x, y):
        return cx.cospi(x / 2) * jnp.sin(4 * y)

    problem = Problem(
        domain=square,
        residual=lambda u, x, y, pi: (
            -(2 + x) * u.xx - u.yy + u.xy / 2 + 5 * y * u.x - 3 * u
            - (2 + x) * pi**2 / 4 * exact(x, y) - 16 * exact(x, y)
            + pi * cx.sinpi(x / 2) * jnp.cos(4 * y)
            + 5 * y * pi / 2 * cx.sinpi(x / 2) * jnp.sin(4 * y)
            + 3 * exact(x, y)
        ),
        constants={"pi": "pi"},
        conditions=(cx.Dirichlet("x", 0), cx.Dirichlet("y", 0)),
    )  # fmt: skip
    return closed_form(
        problem,
        lambda x, y, pi, eps: exact(x, y) * (1 + eps * cx.sinpi(2 * x) * (1 + y)),
        eps=eps,
    )


def test_the_bound_is_near_the_error_where_the_residual_oscillates():
    solution = transported(1e-4)
    x, y = np.meshgrid(np.linspace(-1, 1, 401), np.linspace(0, np.pi / 4, 201))
    error = np.abs(solution(x=x, y=y) - np.cos(np.pi * x / 2) * np.sin(4 * y)).max()
    found = certify_solution(solution, Search())
    assert found.theorem == "certified-barrier" and found.proved
    assert error * (1 - 1e-9) <= float(found.bound) <= 1.3 * error


def test_walls_may_be_missed():
    """û misses the data by ε cos x, which is an error inside too."""
    problem = Problem(
        domain=cx.Box(x=(0, 1)),
        residual=lambda u: -u.xx + u,
        conditions=(cx.Dirichlet("x", 0),),
    )
    solution = closed_form(problem, lambda x, pi, eps: eps * jnp.cos(x), eps=1e-3)
    found = certify_solution(solution, quick, theorem="certified-barrier")
    assert found.proved and 1e-3 <= float(found.bound) <= 1.2e-3


def test_there_is_no_barrier_beyond_the_first_eigenvalue():
    problem = Problem(
        domain=cx.Box(x=(0, 1)),
        residual=lambda u: -u.xx - 12 * u,
        conditions=(cx.Dirichlet("x", 0),),
    )
    solution = closed_form(problem, lambda x, pi, eps: eps * x * (1 - x), eps=1e-3)
    with pytest.raises(NoBarrier, match="no positive function was found"):
        prepare(solution)
    found = certify_solution(solution, quick)
    assert found.verdict == "inconclusive" and not found.bound and found.reason


@pytest.fixture(scope="module")
def positive_solution() -> Solution:
    """The positive solution of −u″ + 60 (u³ − u) = 0 with zero data, to 10 digits."""
    domain = cx.Box(x=(0, 1))
    problem = Problem(
        domain=domain,
        residual=lambda u: -u.xx + 60 * (u**3 - u),
        conditions=(cx.Dirichlet("x", 0),),
    )
    polynomials = Polynomials(domain, 60, True)
    points = nodes(domain, 90)
    value, bend = (polynomials.values(points, (k,)) for k in (0, 2))
    start = np.tanh(5 * points[:, 0]) * np.tanh(5 * (1 - points[:, 0]))
    c = np.linalg.lstsq(value, start, rcond=None)[0]
    for _ in range(12):
        u = value @ c
        residual = -bend @ c + 60 * (u**3 - u)
        slope = -bend + (60 * (3 * u**2 - 1))[:, None] * value
        c = c - np.linalg.lstsq(slope, residual, rcond=None)[0]
    assert 0.95 < (value @ c).max() < 1
    program, weights = write_program({"u": (polynomials, c)}, domain)
    return Solution(problem, program, weights, {})


def test_other_solutions_are_not_denied(positive_solution, tmp_path):
    """0 and −u₁ solve the equation too: only a narrow tube is unique."""
    # Without a budget of seconds: what is proved must not depend on the machine.
    found = certify_solution(positive_solution, Search(), theorem="semilinear-barrier")
    assert found.bound and float(found.bound) < 1e-5
    assert "nothing is said" in found.statement and "u is a solution" in found.statement
    claim = json.loads(found.files["certificate.json"])
    assert float(claim["parameters"]["tube"]) <= 0.1
    forged = json.loads(json.dumps(claim).replace("within 1e-1 of", "within 1 of"))
    for tube in ("everywhere", "1"):
        forged["parameters"]["tube"] = tube
        (tmp_path / "problem.json").write_text(positive_solution.problem.text())
        (tmp_path / "network.json").write_text(positive_solution.network.text())
        from certax.certificates import weights_file

        weights = weights_file(positive_solution.weights)
        (tmp_path / "weights.safetensors").write_bytes(weights)
        found.save(tmp_path)
        (tmp_path / "forged.json").write_text(json.dumps(forged))
        code, answer = run_checker("verify", tmp_path / "forged.json", "--json")
        assert code == 1 and not answer["accepted"]
        assert "operator of the barrier" in answer["reason"]


def test_a_saved_certificate_with_a_barrier_is_accepted(tmp_path):
    from certax.certificates import weights_file

    problem = Problem(
        domain=cx.Box(x=(0, 1)),
        residual=lambda u, x: -u.xx + x * u,
        conditions=(cx.Dirichlet("x", 0),),
    )
    solution = closed_form(problem, lambda x, pi, eps: eps * cx.sinpi(x), eps=1e-3)
    found = certify_solution(solution, quick)
    names = set(found.files)
    assert {
        "certificate.barrier.json",
        "certificate.barrier.safetensors",
    } < names
    (tmp_path / "problem.json").write_text(solution.problem.text())
    (tmp_path / "network.json").write_text(solution.network.text())
    (tmp_path / "weights.safetensors").write_bytes(weights_file(solution.weights))
    found.save(tmp_path)
    code, answer = run_checker("verify", tmp_path / found.file, "--json")
    assert code == 0 and answer["statement"] == found.statement

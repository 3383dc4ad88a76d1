"""The verbs, end to end on small problems."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax._api import run
from certax._core import Configuration
from certax.nn import Ansatz, program_of, weights_of
from certax.problems import zoo_entry

small = Configuration.model_validate({"network": {"width": 12, "depth": 2}})


@pytest.fixture(scope="module")
def logistic():
    return cx.solve(zoo_entry("logistic").problem, configuration=small, max_steps=200)


def test_a_solution_is_a_function_of_the_coordinates(logistic):
    assert logistic(t=0.0) == 0.1
    t = np.linspace(0, 10, 11)
    exact = zoo_entry("logistic").reference.evaluate(t)[0]
    assert np.max(np.abs(logistic(t=t) - exact)) < 1e-2
    slope = (logistic(t=3.0 + 1e-6) - logistic(t=3.0 - 1e-6)) / 2e-6
    assert abs(logistic.u.t(t=3.0) - slope) < 1e-6


def test_the_proved_bound_is_at_least_the_error(logistic):
    certificate = cx.certify(logistic)
    assert certificate.proved and certificate.claim == "solution"
    t = np.linspace(0, 10, 2001)
    exact = zoo_entry("logistic").reference.evaluate(t)[0]
    assert float(certificate.bound) >= np.max(np.abs(logistic(t=t) - exact))
    assert "for every t in [0, 10]" in str(certificate)


@pytest.mark.parametrize("seed", range(3))
def test_no_seed_falls_for_the_other_equilibrium(seed):
    found = cx.solve(
        zoo_entry("logistic").problem, configuration=small, max_steps=150, seed=seed
    )
    assert abs(found(t=10.0) - 0.99959157) < 1e-5


def test_the_bound_shrinks_as_the_net_improves(logistic):
    better = cx.solve(zoo_entry("logistic").problem, configuration=small, max_steps=400)
    assert float(cx.certify(better).bound) < float(cx.certify(logistic).bound)


@pytest.mark.parametrize("norm", ["Linf", "L1", "L2"])
def test_residual_claims_exceed_what_is_sampled(logistic, norm):
    certificate = cx.certify(logistic, claim="residual", norm=norm)
    t = np.linspace(0, 10, 100_001)
    r = np.abs(logistic.residual(t[:, None])[:, 0])
    sampled = {
        "Linf": r.max(),
        "L1": np.trapezoid(r, t),
        "L2": np.sqrt(np.trapezoid(r**2, t)),
    }[norm]
    assert sampled * (1 - 1e-9) <= float(certificate.bound) <= 1.3 * sampled


def test_an_equation_without_a_theorem_gets_a_residual_bound_and_says_so():
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1), t=(0, 1)),
        residual=lambda u: u.t - u.xx + jnp.sin(u),
        conditions=(cx.Initial(lambda x: cx.sinpi(x)), cx.Dirichlet("x", 0)),
    )
    solution = cx.solve(problem, configuration=small, max_steps=3)
    forced = cx.certify(solution, claim="solution")
    assert forced.verdict == "not applicable"
    assert "occurs inside sin" in forced.reason
    default = cx.certify(solution, relative_target=4)
    assert default.claim == "residual" and default.proved
    assert default.file == "certificate.json"


def test_a_net_that_keeps_the_corner_of_allen_cahn_is_refused():
    problem = zoo_entry("allen-cahn").problem
    with jax.enable_x64(True):
        plain = Ansatz(
            problem.domain,
            problem.fields,
            problem.conditions,
            width=8,
            depth=2,
            key=jax.random.key(0),
        )
        program = program_of(plain, problem.domain.names, problem.fields)
        weights = {n: np.asarray(w) for n, w in weights_of(plain).items()}
    solution = cx.Solution(problem, program, weights, {})
    certificate = cx.certify(solution, claim="solution")
    assert certificate.verdict == "not applicable"
    assert "seam" in certificate.reason and "not periodic in x" in certificate.reason


def test_soft_walls_are_part_of_the_bound():
    soft = Configuration.model_validate(
        {"network": {"width": 12, "depth": 2}, "training": {"hard": False}}
    )
    solution = cx.solve(zoo_entry("heat").problem, configuration=soft, max_steps=20)
    certificate = cx.certify(solution, theorem="maximum-principle", relative_target=4)
    assert certificate.proved
    missed = np.abs(solution(x=np.zeros(99), t=np.linspace(0, 1, 99))).max()
    assert float(certificate.bound) >= missed > 0
    # The lift makes up for it in integral norms.
    assert cx.certify(solution, theorem="l1-contraction", relative_target=4).proved


def test_a_soft_initial_condition_is_enclosed_and_counted():
    decay = cx.Problem(
        domain=cx.Box(t=(0, 1)), residual=lambda u: u.t + u, conditions=(cx.Initial(1),)
    )
    soft = Configuration.model_validate(
        {"network": {"width": 6, "depth": 1}, "training": {"hard": False}}
    )
    solution = cx.solve(decay, configuration=soft, max_steps=60)
    certificate = cx.certify(solution, claim="solution")
    assert certificate.proved
    error = np.max(
        np.abs(solution(t=np.linspace(0, 1, 99)) - np.exp(-np.linspace(0, 1, 99)))
    )
    assert float(certificate.bound) >= error >= abs(solution(t=0.0) - 1.0) > 0
    start = next(h for h in certificate.hypotheses if h.name == "initial defect")
    assert start.status == "checked" and "zero by substitution" not in start.detail


def test_unknown_claims_norms_and_theorems_are_named(logistic):
    for options, text in (
        ({"claim": "truth"}, "no claim 'truth'"),
        ({"claim": "residual", "norm": "L17"}, "no norm 'L17'"),
        ({"theorem": "fermat"}, "no theorem 'fermat'"),
        ({"evaluation": "float16"}, "no evaluation 'float16'"),
        ({"evaluation": "float32", "claim": "residual"}, "and no derivatives"),
        ({"evaluation": "float32", "claim": "lipschitz"}, "and no derivatives"),
        (
            {"evaluation": "float64", "claim": "range", "derivative": "t"},
            "and no derivatives",
        ),
    ):
        with pytest.raises(cx.CertaxError, match=text):
            cx.certify(logistic, **options)


def test_a_run_folder_can_be_loaded_certified_and_verified(tmp_path):
    folder = tmp_path / "run"
    problem = zoo_entry("logistic").problem
    summary = run(
        problem,
        name="logistic",
        configuration=small,
        seed=0,
        out=folder,
        max_steps=200,
    )
    names = {p.name for p in folder.iterdir()}
    assert names >= {
        "config.json",
        "problem.json",
        "network.json",
        "weights.safetensors",
        "metrics.jsonl",
        "checkpoint",
        "certificate.json",
        "certificate.tree",
        "solution.nc",
        "summary.json",
        "report.html",
    }
    assert summary.certificates[0].verdict == "proved"
    loaded = cx.load(folder)
    assert loaded.problem == problem
    again = cx.certify(loaded, out=folder)
    assert again.bound == str(
        json.loads((folder / "certificate.json").read_text())["bound"]
    )
    done = subprocess.run(
        [sys.executable, "-m", "certax_checker", "verify", folder / "certificate.json"],
        capture_output=True,
    )
    assert done.returncode == 0


_killed = """
import sys
from pathlib import Path
import certax as cx
from certax._core import Configuration
from certax.nn import Ansatz, program_of, weights_of
from certax.problems import zoo_entry
small = Configuration.model_validate({"network": {"width": 8, "depth": 1}})
cx.solve(zoo_entry("logistic").problem, configuration=small, max_steps=1200,
         out=Path(sys.argv[1]), resume="--resume" in sys.argv)
"""


def test_a_killed_run_resumes_to_the_same_weights_bit_for_bit(tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    command = [sys.executable, "-c", _killed]
    subprocess.run([*command, str(whole)], check=True)
    process = subprocess.Popen([*command, str(cut)])
    checkpoint = cut / "checkpoint" / "state.safetensors"
    while not checkpoint.exists() and process.poll() is None:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    subprocess.run([*command, str(cut), "--resume"], check=True)
    first, second = (
        (folder / "weights.safetensors").read_bytes() for folder in (whole, cut)
    )
    assert first == second
    steps = [json.loads(line)["step"] for line in _lines(cut)]
    assert steps == sorted(set(steps))
    assert set(steps) >= {json.loads(line)["step"] for line in _lines(whole)}


def _lines(folder: Path) -> list[str]:
    return (folder / "metrics.jsonl").read_text().splitlines()


def test_a_nan_in_training_fails_with_the_last_good_weights():
    problem = cx.Problem(
        domain=cx.Box(t=(0, 1)),
        residual=lambda u: u.t - jnp.sqrt(u - 2.0),
        conditions=(cx.Initial(1),),
    )
    with pytest.raises(cx.CertaxError, match="NaN or infinite") as error:
        cx.solve(problem, configuration=small, max_steps=5)
    assert error.value.exit_code == 4


def test_importing_certax_changes_no_global_setting():
    program = "import jax; before = jax.config.jax_enable_x64; import certax; "
    program += "certax.solve; assert jax.config.jax_enable_x64 == before"
    subprocess.run([sys.executable, "-c", program], check=True)

"""Corrections of what a net leaves, and windows in time."""

import json
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax import _api
from certax._api._stages import dominant_frequencies
from certax._core import Configuration
from certax.nn import Windows
from certax.problems import zoo_entry


def _settings(**training) -> Configuration:
    return Configuration.model_validate(
        {"network": {"width": 8, "depth": 2}, "training": training}
    )


def _rms(solution: cx.Solution) -> float:
    domain = solution.problem.domain
    unit = np.random.default_rng(7).random((2000, domain.dimension))
    return float(np.sqrt(np.mean(solution.residual(domain.physical(unit)) ** 2)))


def test_a_second_stage_lowers_the_residual_tenfold_and_is_certified(tmp_path):
    """With a net of the same size, and the checker takes the sum as one net."""
    problem = zoo_entry("poisson-1d").problem
    one = cx.solve(problem, configuration=_settings(stages=1), max_steps=100)
    two = cx.solve(problem, configuration=_settings(stages=2), max_steps=200)
    assert two.details["steps"] == 200
    assert _rms(two) < 0.1 * _rms(one)
    names = {n.split(".")[0] for n in two.weights}
    assert names == {"first", "second", "size"}
    for name, weight in one.weights.items():
        assert np.array_equal(two.weights[f"first.{name}"], weight)
    certificate = cx.certify(two, out=tmp_path)
    assert certificate.verdict == "proved"
    verify = [sys.executable, "-m", "certax_checker", "verify"]
    done = subprocess.run([*verify, tmp_path / "certificate.json"], capture_output=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kept", [1, 2])
def test_a_resumed_stage_ends_with_the_same_weights_bit_for_bit(tmp_path, kept):
    """Whether the second stage had begun or not."""
    problem = zoo_entry("logistic").problem
    settings, weights = _settings(stages=2), []
    for name in ("whole", "cut"):
        folder = tmp_path / name
        cx.solve(problem, configuration=settings, max_steps=40, out=folder)
    files = sorted((tmp_path / "cut" / "checkpoint").iterdir())
    assert [f.name for f in files] == ["state-1.safetensors", "state.safetensors"]
    if kept == 1:
        files[0].unlink()
    cx.solve(*(problem,), configuration=settings, max_steps=40, out=folder, resume=True)
    for name in ("whole", "cut"):
        weights.append((tmp_path / name / "weights.safetensors").read_bytes())
        weights.append((tmp_path / name / "network.json").read_bytes())
    assert weights[0] == weights[2] and weights[1] == weights[3]


def test_the_dominant_frequency_is_found_although_the_ends_differ():
    x = np.linspace(0, 1, 256)[:, None, None]
    y = np.linspace(0, 1, 64)[None, :, None]
    wave = np.sin(2 * np.pi * 11.3 * x + 0.3) * np.cos(2 * np.pi * 4.2 * y)
    assert dominant_frequencies(wave) == pytest.approx([11.3, 4.2], abs=0.8)
    assert dominant_frequencies(np.zeros((8, 8, 2))) == [0.5, 0.5]


def _growth() -> cx.Problem:
    return cx.Problem(
        domain=cx.Box(t=(0, 2)),
        residual=lambda u: u.t - u * (1 - u),
        conditions=(cx.Initial("0.1"),),
        name="growth",
    )


def test_every_hand_over_is_certified_and_its_error_is_the_start_of_the_rest(tmp_path):
    """Bounds up to a window's end are the checker's, as that of the whole is."""
    summary = _api.run(
        _growth(),
        name="growth",
        configuration=_settings(windows=2),
        seed=0,
        out=tmp_path / "run",
        max_steps=300,
    )
    whole = summary.certificates[0]
    assert whole.verdict == "proved" and whole.theorem
    inner = json.loads((tmp_path / "run/window-1/problem.json").read_text())
    assert cx.Problem.from_text(json.dumps(inner)).domain.upper_floats == [1.0]
    assert len(cx.load(tmp_path / "run/window-1").weights) == 6
    assert len(cx.load(tmp_path / "run").weights) == 12
    verify = [sys.executable, "-m", "certax_checker", "verify"]
    for folder in ("run/window-1", "run"):
        path = tmp_path / folder / "certificate.json"
        done = subprocess.run([*verify, path], capture_output=True)
        assert done.returncode == 0, done.stderr
    # Hand-overs are smooth: û misses the solution nowhere by more than is proved.
    t = np.linspace(0, 2, 400)
    exact = 0.1 * np.exp(t) / (0.9 + 0.1 * np.exp(t))
    error = np.abs(cx.load(tmp_path / "run")(t=t) - exact).max()
    assert error <= float(whole.bound) < 1e-3


def test_a_window_that_was_not_solved_stops_the_march(tmp_path):
    settings = _settings(windows=3)
    with pytest.raises(cx.CertaxError, match="window 1 of 3 was not solved") as error:
        cx.solve(zoo_entry("pendulum").problem, configuration=settings, max_steps=3)
    assert error.value.exit_code == 4 and "training.windows" in str(error.value)


@pytest.mark.parametrize(
    "change, problem, message",
    [
        ({"windows": 2}, "poisson-1d", "follow one another from initial data"),
        ({"windows": 2, "kind": "lagrangian"}, "burgers", "have no time windows"),
    ],
)
def test_what_has_no_windows_is_refused_before_training(change, problem, message):
    kind = change.pop("kind", "mlp")
    settings = Configuration.model_validate(
        {"network": {"width": 4, "depth": 1, "kind": kind}, "training": change}
    )
    with pytest.raises(cx.CertaxError, match=message):
        cx.solve(zoo_entry(problem).problem, configuration=settings, max_steps=1)


def test_windows_agree_with_one_formula_and_do_not_see_what_is_far():
    """Before the last hand-over the nets after it change nothing."""
    with jax.enable_x64(True):
        net = [lambda x, c=c: jnp.stack([jnp.sin(c * x[0])]) for c in (1.0, 2.0, 3.0)]
        before, after = Windows(tuple(net[:2]), 3, 0), Windows(tuple(net), 3, 0)
        early, late = jnp.array([0.1]), jnp.array([0.4])
        assert jnp.array_equal(before(early), after(early))
        assert jnp.allclose(after(late), jnp.sin(3.0 * (3.0 * 1.4 - 5.0)), rtol=1e-15)
    low, high = after.part()
    assert low < 2 / 3 and high == 1.0 and before.part()[1] == pytest.approx(2 / 3)


def test_pseudo_time_is_for_steady_problems(tmp_path):
    settings = _settings(pseudo_time=True, points=100)
    with pytest.raises(cx.CertaxError, match="it has a time of its own"):
        cx.solve(zoo_entry("logistic").problem, configuration=settings, max_steps=1)
    phases: list[str] = []
    solution = cx.solve(
        zoo_entry("bratu").problem,
        configuration=settings,
        max_steps=51,
        out=tmp_path / "run",
        progress=lambda event: phases.append(event.phase),
    )
    assert set(phases) == {"pseudo-time", "levenberg-marquardt"}
    assert _rms(solution) < 1e-2
    cx.solve(
        zoo_entry("bratu").problem,
        configuration=settings,
        max_steps=53,
        out=tmp_path / "run",
        resume=True,
    )

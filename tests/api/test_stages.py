"""Corrections of what a net leaves, and windows in time."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import certax as cx
from certax._api._stages import dominant_frequencies
from certax._core import Configuration
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
    one = cx.solve(problem, configuration=_settings(), max_steps=100)
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
    cx.solve(
        *(problem,), configuration=settings, max_steps=40, out=folder, resume=True
    )
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

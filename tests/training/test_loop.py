"""One loop: how it ends, what it says, and that it can be continued bit for bit."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from small_problems import decay, initial_weights, sees_nothing

from certax import CertaxError
from certax.training import (
    CheckpointError,
    Convergence,
    LevenbergMarquardt,
    Outcome,
    Phase,
    Recipe,
    ResidualAdaptiveSampler,
    SelfScaledBroyden,
    adam,
    train,
)

RECIPE = Recipe(
    "test",
    (
        Phase("adam", adam(decay_steps=12), 12, 48, redraw_every=5, report_every=5),
        Phase(
            "quasi-newton",
            SelfScaledBroyden(),
            11,
            48,
            sampler=ResidualAdaptiveSampler(),
            redraw_every=4,
            report_every=5,
        ),
        Phase("least-squares", LevenbergMarquardt(), None, 48, report_every=2),
    ),
    widths=(8,),
    chunk_size=16,
    fresh_points=48,
)


def _train(steps: int | None = 40, recipe: Recipe = RECIPE, residual=decay, **keywords):
    weights = initial_weights()
    return train(
        residual, weights, 1, recipe=recipe, seed=0, max_steps=steps, **keywords
    )


def test_records_follow_the_recipe():
    seen = []
    result = _train(30, callback=lambda progress, weights: seen.append(progress))
    assert [(record.step, record.phase) for record in seen] == [
        *[(0, "adam"), (5, "adam"), (10, "adam"), (12, "adam")],
        *[(17, "quasi-newton"), (22, "quasi-newton"), (23, "quasi-newton")],
        *[(step, "least-squares") for step in (25, 27, 29, 30)],
    ]
    assert result.outcome is Outcome.MAX_STEPS and result.steps == 30
    assert result.progress == seen[-1]
    assert all(np.isclose(r.residual_rms**2, r.loss) for r in seen)
    assert result.progress.fresh_residual_rms < 0.1 * seen[0].fresh_residual_rms
    assert [r.wall_seconds for r in seen] == sorted(r.wall_seconds for r in seen)
    assert result.weights.dtype == np.float64


def test_the_fresh_residual_is_not_the_trained_one():
    # One point can be fitted; the equation is not solved elsewhere.
    phase = Phase("one", LevenbergMarquardt(), 20, 1)
    result = _train(20, replace(RECIPE, phases=(phase,)))
    assert result.progress.residual_rms < 1e-6
    assert result.progress.fresh_residual_rms > 1e-3


def test_runs_repeat_bit_for_bit():
    assert _train().weights.tobytes() == _train().weights.tobytes()


@pytest.mark.parametrize("pause", [3, 12, 15, 23, 31])
def test_a_resumed_run_is_the_run(tmp_path, pause):
    path = tmp_path / "state.safetensors"
    _train(pause, checkpoint=path)
    resumed = _train(40, checkpoint=path, resume=True)
    assert resumed.weights.tobytes() == _train(40).weights.tobytes()
    again = _train(40, checkpoint=path, resume=True)
    assert again.steps == 40 and again.weights.tobytes() == resumed.weights.tobytes()
    assert again.progress.wall_seconds > resumed.progress.wall_seconds


def test_resume_without_a_file_begins(tmp_path):
    result = _train(5, checkpoint=tmp_path / "none.safetensors", resume=True)
    assert result.steps == 5


def test_a_checkpoint_of_another_run_is_refused(tmp_path):
    path = tmp_path / "state.safetensors"
    _train(3, checkpoint=path)
    other = replace(RECIPE, chunk_size=20)
    with pytest.raises(CheckpointError, match="another recipe, seed, size of the net"):
        _train(5, other, checkpoint=path, resume=True)


_KILLED = """
import sys, time
sys.path[:0] = {paths!r}
from test_loop import _train
slow = lambda record, weights: (print(record.step, flush=True), time.sleep(0.2))
_train(40, checkpoint={path!r}, checkpoint_seconds=0.0, callback=slow)
"""


def test_a_killed_run_continues_bit_for_bit(tmp_path):
    path = tmp_path / "state.safetensors"
    code = _KILLED.format(paths=[str(Path(__file__).parent)], path=str(path))
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 17:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    seen = []
    resumed = _train(
        40,
        checkpoint=path,
        resume=True,
        callback=lambda progress, weights: seen.append(progress),
    )
    assert 12 < seen[0].step < 40
    assert resumed.weights.tobytes() == _train(40).weights.tobytes()


def test_a_budget_only_chooses_the_step():
    deadline = time.monotonic() + 1.5
    endless = _train(None, deadline=deadline)
    assert endless.outcome is Outcome.BUDGET or endless.outcome is Outcome.CONVERGED
    assert endless.weights.tobytes() == _train(endless.steps).weights.tobytes()
    late = _train(None, deadline=time.monotonic())
    assert late.outcome is Outcome.BUDGET and late.steps == 0
    assert np.array_equal(late.weights, initial_weights())


def test_convergence_by_target_and_by_patience(tmp_path):
    target = replace(RECIPE, convergence=Convergence(residual_rms=1e-4))
    result = _train(None, target)
    assert result.outcome is Outcome.CONVERGED
    assert result.progress.fresh_residual_rms <= 1e-4
    impatient = replace(RECIPE, convergence=Convergence(patience=4, improvement=0.01))
    path = tmp_path / "state.safetensors"
    result = _train(None, impatient, checkpoint=path)
    assert result.outcome is Outcome.CONVERGED and result.steps >= 27
    again = _train(None, impatient, checkpoint=path, resume=True)
    assert again.outcome is Outcome.CONVERGED and again.steps == result.steps


def test_a_stalled_last_phase_has_converged():
    phases = (Phase("least-squares", LevenbergMarquardt(), None, 10, redraw_every=50),)
    flat = lambda weights, points: 0 * points + weights[0] - 1
    result = _train(1000, replace(RECIPE, phases=phases), flat)
    assert result.outcome is Outcome.CONVERGED and result.steps < 100
    assert "No step lowers the loss" in result.progress.note


def test_all_phases_over_is_max_steps():
    result = _train(None, replace(RECIPE, phases=RECIPE.phases[:2]))
    assert result.outcome is Outcome.MAX_STEPS and result.steps == 23


def test_not_a_number_keeps_the_last_good_weights(tmp_path):
    path = tmp_path / "state.safetensors"
    recipe = replace(RECIPE, phases=RECIPE.phases[:1])
    weights = np.zeros(2)
    result = train(
        sees_nothing, weights, 1, recipe=recipe, seed=0, max_steps=9, checkpoint=path
    )
    assert result.outcome is Outcome.FAILED
    assert np.isfinite(result.weights).all()
    assert "NaN" in result.outcome.sentence
    assert not path.exists()


def test_a_loss_that_starts_as_nan_fails_at_once():
    result = _train(5, residual=lambda w, x: decay(w, x) * jnp.nan)
    assert result.outcome is Outcome.FAILED and result.steps == 0
    assert np.array_equal(result.weights, initial_weights())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_stops_after_a_whole_step(tmp_path, number):
    path = tmp_path / "state.safetensors"

    def interrupt(record, weights):
        if record.step == 17:
            signal.raise_signal(number)

    former = signal.getsignal(number)
    result = _train(40, callback=interrupt, checkpoint=path)
    assert result.outcome is Outcome.INTERRUPTED and result.steps == 17
    assert signal.getsignal(number) == former
    resumed = _train(40, checkpoint=path, resume=True)
    assert resumed.weights.tobytes() == _train(40).weights.tobytes()


def test_runs_outside_the_main_thread():
    results = []
    thread = threading.Thread(target=lambda: results.append(_train(3)))
    thread.start()
    thread.join()
    assert results[0].weights.tobytes() == _train(3).weights.tobytes()


def test_unusable_arguments_are_refused(tmp_path):
    with pytest.raises(CertaxError, match="Nothing would stop recipe 'test'"):
        _train(None)
    with pytest.raises(CertaxError, match="resume=True needs the checkpoint"):
        _train(3, resume=True)
    with pytest.raises(CertaxError, match="weights must be a vector"):
        train(decay, np.zeros((2, 2)), 1, recipe=RECIPE, seed=0, max_steps=1)
    with pytest.raises(CertaxError, match="steps of phase 'x' must be positive"):
        Phase("x", adam(), 0, 10)
    with pytest.raises(
        CertaxError, match="'least-squares' of recipe 'test' never ends"
    ):
        replace(RECIPE, phases=RECIPE.phases[::-1])
    with pytest.raises(CertaxError, match="needs at least one phase"):
        replace(RECIPE, phases=())

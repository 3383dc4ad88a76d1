"""What cannot be solved is refused before anything is lost, and leaves nothing."""

import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax._api import run
from certax._core import Configuration
from certax.cli import main
from certax.problems import zoo_entry
from certax.reports import read_summary

bar = {"domain": cx.Box(x=(0, 1)), "conditions": (cx.Dirichlet("x", 0),)}


def settings(**training) -> Configuration:
    return Configuration.model_validate({"training": training})


@pytest.mark.parametrize(
    ("training", "words", "kind"),
    [
        ({"windows": 2}, "from initial data, and the problem has none", "input"),
        ({"points": 10**8}, "GiB of memory for .* are available", "environment"),
        ({"balancing": "ntk"}, "nothing to balance", "input"),
    ],
)
def test_a_refused_run_is_not_in_the_way_of_the_next(tmp_path, training, words, kind):
    problem, folder = zoo_entry("poisson-1d").problem, tmp_path / "runs" / "first"
    with pytest.raises(cx.CertaxError, match=words) as caught:
        cx.solve(problem, configuration=settings(**training), out=folder, max_steps=1)
    assert caught.value.kind == kind and not folder.exists()


def test_the_name_of_a_problem_is_no_problem(tmp_path):
    with pytest.raises(cx.CertaxError, match="'heat' is no certax.Problem") as caught:
        cx.solve("heat", out=tmp_path / "run")  # type: ignore[arg-type]
    assert "zoo_entry" in caught.value.remedy and not (tmp_path / "run").exists()


def test_force_deletes_no_run_for_settings_that_make_none(tmp_path):
    problem = zoo_entry("poisson-1d").problem
    cx.solve(problem, out=tmp_path, max_steps=1)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()}
    with pytest.raises(cx.CertaxError, match="Time windows"):
        run(
            problem,
            name="poisson-1d",
            configuration=settings(windows=2),
            seed=0,
            out=tmp_path,
            force=True,
            max_steps=1,
        )
    after = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()}
    assert before == after and "weights.safetensors" in after


@pytest.mark.parametrize(
    "residual", [lambda u, x: u.xx + jnp.log(x - 2), lambda u: u.xx / 0]
)
def test_an_equation_that_is_nowhere_finite_is_no_failure_of_training(residual):
    problem = cx.Problem(residual=residual, **bar)
    with pytest.raises(cx.CertaxError, match="before the first step") as caught:
        cx.solve(problem, max_steps=5)
    assert caught.value.kind == "training" and "logarithm" in caught.value.remedy


def test_a_name_with_spaces_is_the_name_of_a_run(tmp_path):
    name = "Poisson's equation, <b>second</b> attempt"
    problem = cx.Problem(residual=lambda u: u.xx + 2, name=name, **bar)
    found = run(
        problem,
        name=name,
        configuration=Configuration(),
        seed=0,
        out=tmp_path,
        certify=False,
        max_steps=3,
    )
    assert read_summary(tmp_path).problem == found.problem == name
    page = (tmp_path / "report.html").read_text()
    assert "<b>second" not in page and "&lt;b&gt;second" in page
    x = np.array([0.5])
    assert cx.load(tmp_path)(x=x).shape == (1,)


@pytest.mark.parametrize(
    "settings",
    [
        ("network.symmetric=true",),
        ("network.kind=lagrangian",),
        ("network.form=stream-function",),
        ("training.optimizer=saddle-free", "network.width=300"),
        ("training.points=1000000000",),
    ],
)
def test_a_run_that_is_refused_leaves_the_one_it_was_to_replace(tmp_path, settings):
    """A former run is lost only to one that begins."""
    folder = tmp_path / "run"
    solve = ["solve", "pendulum", "--max-steps", "1", "--no-certify", "--quiet"]
    assert main([*solve, "--out", str(folder)]) == 0
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    changes = [word for setting in settings for word in ("--set", setting)]
    assert main([*solve, "--out", str(folder), "--force", *changes]) in (2, 3)
    after = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    assert after == before

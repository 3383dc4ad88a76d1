"""Coefficients found from measured data, and what can then be proved."""

import json

import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax._api import run
from certax._api._inverse import (
    data_terms,
    smooth_terms,
    starting_values,
    unknown_values,
)
from certax._core import Configuration
from certax.cli import main
from certax.reports._run import read_run

small = Configuration.model_validate(
    {"network": {"width": 8, "depth": 1}, "training": {"points": 100}}
)
decay = cx.Problem(
    name="decay",
    domain=cx.Box(t=(0, 1)),
    residual=lambda y, k: y.t + k * y,
    conditions=(cx.Initial(1),),
    unknowns={"k": "1/2"},
)
t = np.linspace(0, 1, 30)
measured = cx.Data({"t": t}, {"y": np.exp(-1.5 * t)})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "decay"
    summary = run(
        decay, name="decay", configuration=small, seed=0, out=path, data=measured,
        max_steps=60,
    )  # fmt: skip
    return path, summary


def test_the_coefficient_is_found(folder):
    path, summary = folder
    solution = cx.load(path)
    assert abs(solution.unknowns["k"] - 1.5) < 1e-4
    assert summary.unknowns == solution.unknowns
    assert cx.Data.read(path / "data.csv", decay).text() == measured.text()
    assert list(json.loads((path / "unknowns.json").read_text())) == ["k"]
    assert "k, found" in (path / "report.html").read_text()


def test_nothing_is_claimed_for_the_open_problem(folder):
    path, summary = folder
    assert [c.verdict for c in summary.certificates] == ["not applicable"] * 2
    for claim in ("solution", "residual"):
        found = cx.certify(cx.load(path), claim=claim)
        assert found.verdict == "not applicable"
        assert "identified()" in found.reason


def test_the_identified_problem_has_its_certificate_beside(folder):
    path, _ = folder
    inner = read_run(path / "identified")
    assert inner.main is not None and inner.main.proved
    assert inner.main.claim == "solution" and not inner.summary.unknowns
    forward = cx.load(path).identified()
    assert cx.load(path / "identified").problem == forward.problem
    k = cx.load(path).unknowns["k"]
    error = np.max(np.abs(forward(t=t) - np.exp(-k * t)))
    assert error <= float(inner.main.bound or "inf") < 1e-2
    assert main(["verify", str(path / "identified" / "certificate.json"), "-q"]) == 0


def test_other_data_do_not_resume_a_run(folder):
    other = cx.Data({"t": t}, {"y": np.exp(-2 * t)})
    with pytest.raises(cx.CertaxError, match="made with other measured data"):
        cx.solve(
            decay, data=other, configuration=small, out=folder[0], resume=True,
            max_steps=61,
        )  # fmt: skip


def test_data_are_refused_before_anything_is_written(tmp_path):
    late = cx.Data({"t": t + 1}, {"y": t})
    for solve in (
        lambda: cx.solve(decay, data=late, out=tmp_path / "a", max_steps=1),
        lambda: run(
            decay, name="b", configuration=small, seed=0, out=tmp_path / "a",
            data=late, max_steps=1,
        ),
    ):  # fmt: skip
        with pytest.raises(cx.CertaxError, match="outside of"):
            solve()
    assert not (tmp_path / "a").exists()


def test_a_data_file_that_is_none_ends_the_command_with_one_line(tmp_path, capsys):
    (tmp_path / "decay.py").write_text(
        "import certax as cx\n"
        "p = cx.Problem(domain=cx.Box(t=(0, 1)), residual=lambda y, k: y.t + k * y,\n"
        "    conditions=(cx.Initial(1),), unknowns={'k': 1})\n"
    )
    (tmp_path / "data.csv").write_text("t,y\n0,1\n5,2\n")
    arguments = ["solve", f"{tmp_path / 'decay.py'}:p", "--data"]
    out = ["--out", str(tmp_path / "run")]
    assert main([*arguments, str(tmp_path / "data.csv"), *out]) == 2
    assert "has t = 5, outside of [0, 1]" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_an_unknown_begins_where_it_is_told_to():
    problem = cx.Problem(
        domain=cx.Box(t=(0, 1)),
        residual=lambda y, a, b, c: y.t + a * y + b * y**2 + c,
        conditions=(cx.Initial(1),),
        unknowns={"a": "-1e-3", "b": 0, "c": 40},
    )
    start = starting_values(problem)
    assert np.max(np.abs(start)) <= 1
    assert unknown_values(problem, start) == {"a": -1e-3, "b": 0.0, "c": 40.0}


@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize("count", [1, 7, 511, 513, 1500])
def test_even_points_see_all_data_alike(count):
    """With û = 0 the mean square is that of the data, in their own deviation."""
    import jax

    from certax._core import Input, trace

    zero = trace(
        lambda t, w: [w * t], [Input("t", "coordinate"), Input("w", "weight")], ["y"],
        "zero",
    )  # fmt: skip
    rng = np.random.default_rng(0)
    values = rng.normal(size=count) + 3
    data = cx.Data({"t": rng.random(count)}, {"y": values})
    terms = jax.jit(jax.vmap(data_terms(decay, zero, data), in_axes=(None, 0)))
    columns = -(-count // 512)
    rows = -(-count // columns)
    unit = (np.arange(rows)[:, None] + 0.5) / rows
    found = np.asarray(terms({"w": 0.0}, unit))
    mean = np.mean(np.sum(found**2, axis=1))
    scale = np.std(values) or np.abs(values).max()
    wanted = np.mean((values / scale) ** 2) * 0.01
    assert mean == pytest.approx(wanted, rel=1e-12 if count % columns == 0 else 1e-2)


def _two_fields() -> tuple[cx.Problem, cx.Data]:
    problem = cx.Problem(
        domain=cx.Box(x=(0, 2)),
        residual=lambda u, k: k * u.x - 1,
        conditions=(cx.Dirichlet("x", (0, 1), side="lower"),),
    )
    return problem, cx.Data({"x": [0.5, 1.0]}, {"u": [0.5, 1.0]})


@pytest.mark.usefixtures("x64")
def test_only_what_is_not_measured_is_smoothed():
    """By its slope over the length of the domain."""
    from certax._core import Input, trace

    problem, data = _two_fields()
    inputs = [Input("x", "coordinate"), Input("w", "weight")]
    net = trace(lambda x, w: [7 * w * x, w * x], inputs, ["u", "k"], "lines")
    terms = smooth_terms(problem, net, data, 1e-2)
    found = np.asarray(terms({"w": 3.0}, jnp.array([[0.4], [1.0]])))
    assert found == pytest.approx(np.full((2, 1), 1e-2 * 2 * 3.0))


def test_smoothing_needs_a_field_that_is_not_measured():
    problem, data = _two_fields()
    settings = cx.Configuration.model_validate({"training": {"smoothness": 1e-3}})
    both = cx.Data(data.points, {"u": [0.5, 1.0], "k": [1.0, 1.0]})
    for given in (None, both):
        with pytest.raises(cx.CertaxError, match="no field beside the measured"):
            cx.solve(problem, data=given, configuration=settings, max_steps=1)

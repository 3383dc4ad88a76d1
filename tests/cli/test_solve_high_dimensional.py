"""certax solve in many dimensions, from the command line to the folder."""

import json

import pytest

from certax.cli import main
from certax.reports import Summary, read_solution


def solve(capsys, *arguments):
    code = main(["solve", *arguments, "--json", "--quiet"])
    return code, json.loads(capsys.readouterr().out)


def test_a_run_and_its_folder(capsys, tmp_path):
    folder = tmp_path / "run"
    code, reply = solve(
        capsys, "sine-gordon-ball", "--set", "problem.d=20", "--max-steps", "3",
        "--set", "network.width=8", "--set", "network.depth=1",
        "--set", "training.points=10", "--out", str(folder),
    )  # fmt: skip
    assert code == 0 and reply["ok"]
    summary = Summary.model_validate_json((folder / "summary.json").read_bytes())
    (entry,) = summary.certificates
    assert entry.verdict == "not applicable" and entry.bound is None
    assert "20 dimensions" in entry.reason
    assert summary.steps == 3 and summary.baselines.constant is not None
    assert summary.verdict is not None and summary.verdict.status != "trustworthy"
    error = summary.relative_l2["u"]
    assert error is not None and 0 < error < 1
    assert not (folder / "certificate.json").exists()
    assert main(["certify", str(folder)]) == 2
    page = (folder / "report.html").read_text()
    assert "20 dimensions" in page and "certax certify ." not in page
    assert (
        "a constant for the net" in page and "Computed u against the reference" in page
    )
    (folder / "report.html").unlink()
    assert main(["report", str(folder)]) == 0
    assert "Computed u against" in (folder / "report.html").read_text()
    assert main(["solve", "sine-gordon-ball", "--out", str(folder)]) == 2


def test_a_resumed_run_is_the_run_that_was_never_stopped(capsys, tmp_path):
    def run(folder, steps, *more):
        return solve(
            capsys, "semilinear-heat-terminal", "--set", "problem.d=5",
            "--set", "network.width=4", "--set", "network.depth=1",
            "--set", "training.points=6", "--max-steps", steps, "--out",
            str(tmp_path / folder), *more,
        )  # fmt: skip

    code, reply = run("whole", "6")
    assert code == 0
    run("cut", "2")
    code, resumed = run("cut", "6", "--resume")
    assert code == 0 and resumed["summary"]["steps"] == 6
    folders = [tmp_path / name for name in ("whole", "cut")]
    weights = [(folder / "weights.safetensors").read_bytes() for folder in folders]
    assert weights[0] == weights[1]
    points = [read_solution(folder / "solution.nc") for folder in folders]
    assert points[0].identical(points[1])
    assert resumed["summary"]["relative_l2"] == reply["summary"]["relative_l2"]
    lines = (tmp_path / "cut" / "metrics.jsonl").read_text().splitlines()
    steps = [json.loads(line)["step"] for line in lines]
    assert steps == sorted(set(steps)) and steps[-1] == 6
    code, other = run("cut", "6", "--resume", "--seed", "1")
    assert code == 2 and "another seed" in other["error"]["message"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--set", "problem.d=1"),
        ("--set", "problem.d=many"),
        ("--set", "problem.nu=1"),
        ("--set", "training.optimizer=lbfgs"),
        ("--set", "network.kind=sandwich"),
        ("--set", "training.windows=2"),
        ("--data", "measured.csv"),
    ],
)
def test_what_has_no_meaning_is_refused(capsys, tmp_path, arguments):
    folder = tmp_path / "run"
    code, reply = solve(capsys, "allen-cahn-ball", "--out", str(folder), *arguments)
    assert code == 2 and reply["error"]["remedy"]
    assert not folder.exists()


def test_there_is_no_proof(capsys, tmp_path):
    code, _ = solve(
        capsys, "black-scholes-basket", "--set", "problem.d=5", "--max-steps", "1",
        "--set", "network.width=4", "--set", "network.depth=1",
        "--set", "training.points=4", "--require-proof", "--out", str(tmp_path / "r"),
    )  # fmt: skip
    assert code == 1


def test_a_problem_in_a_file(capsys, tmp_path, monkeypatch):
    (tmp_path / "torsion.py").write_text(
        """
import certax as cx
from certax.problems import Lift
torsion = cx.HighDimensionalProblem(
    name="torsion", equation="Laplace u + 1 = 0", cloud=cx.UnitBall(7),
    residual=lambda u, x: u.laplacian + 1,
    lift=Lift(lambda x: 0.0 * x[0], lambda x: 1 - x @ x,
              lambda x: 0.0 * x[0], lambda x: -2.0 * x.size),
)
"""
    )
    monkeypatch.chdir(tmp_path)
    code, reply = solve(
        capsys, "torsion.py:torsion", "--max-steps", "1", "--out", "run",
        "--set", "network.width=4", "--set", "training.points=4",
    )  # fmt: skip
    assert code == 0
    assert reply["summary"]["relative_l2"] == {"u": None}

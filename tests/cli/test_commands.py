"""The commands other than solve, and what all of them share."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cli_fakes import with_verdict

import certax
from certax.cli import main
from certax.cli._reply import exit_codes
from certax.cli._schema import all_schema_names, own_schema_names
from certax.cli._schema_models import (
    CertifyReply,
    DoctorReply,
    ErrorReply,
    ProblemFile,
    ProblemReply,
    ProblemsReply,
    VerifyReply,
    models,
    schema_text,
)
from certax.cli._self_test import check_the_checker
from certax.problems import names, zoo_entry

SOURCES = Path(certax.__file__).parent
COMMANDS = (
    ("solve",), ("certify",), ("verify",), ("report",), ("problems",),
    ("problems", "show"), ("doctor",), ("schema",), (),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_lists_the_exit_codes(run, command):
    ended = run(*command, "--help")
    assert ended.exit_code == 0
    text = " ".join(ended.out.split())
    assert all(f"{code} {meaning}" in text for code, meaning in exit_codes.items())
    assert not command or ("--json" in text and "--quiet" in text)


def test_usage_errors(run):
    assert run().exit_code == 2
    ended = run("solv", "--json")
    assert ended.exit_code == 2 and ended.json["error"]["kind"] == "usage"
    assert "'solve'" in ended.json["error"]["message"]


def test_version(run):
    ended = run("--version")
    assert ended.exit_code == 0 and ended.out.startswith("certax ")


def test_python_runs_it_as_a_module():
    command = [sys.executable, "-m", "certax", "--version"]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 0 and ended.stdout.startswith("certax ")


def test_help_is_fast_because_it_imports_nothing_heavy():
    code = (
        "import sys, types\n"
        "package = types.ModuleType('certax')\n"
        f"package.__path__ = [{str(SOURCES)!r}]\n"
        "sys.modules['certax'] = package\n"
        "from certax.cli import main\n"
        "code = main(['solve', '--help'])\n"
        "heavy = {'jax', 'numpy', 'xarray'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else code)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_certify(api, run, tmp_path):
    ended = run("certify", "RUN", "--claim", "residual", "--target", "1e-3", "--json")
    reply = CertifyReply.model_validate_json(ended.out)
    assert ended.exit_code == 0 and reply.certificates[0].verdict == "proved"
    (_, loaded), (_, options) = api.calls
    assert loaded["folder"] == options["out"] == Path("RUN")
    assert options["claim"] == "residual" and options["target"] == 1e-3
    assert options["evaluation"] == "real"
    assert options["theorem"] is None and options["budget"] is None
    assert options["workers"] is None and options["dask"] is None
    assert options["boxes"] == 2**24 and options["resume"] is False


def test_certify_says_what_else_it_tried(api, run):
    (entry,) = api.outcome["certificates"]
    square = entry | {"theorem": "energy", "norm": "L2", "bound": "3e-3"}
    failed = {"verdict": "inconclusive", "bound": None, "bound_hex": None}
    vague = entry | failed | {"theorem": "oleinik", "norm": "Linf", "reason": "no"}
    entry |= {"others": [square, vague], "unfit": {"barrier": "it has time"}}
    said = run("certify", "RUN").out
    assert "also tried: energy (L2 norm): proved, at most 3e-3" in said
    assert "also tried: oleinik (Linf norm): inconclusive, no" in said
    assert "not for this equation: barrier" in said
    ended = run("certify", "RUN", "--json")
    reply = CertifyReply.model_validate_json(ended.out)
    assert [c.theorem for c in reply.certificates][1:] == ["energy", "oleinik"]
    assert reply.certificates[0].unfit == {"barrier": "it has time"}
    # The strongest certificate decides; the others do not take it back.
    assert ended.exit_code == 0


@pytest.mark.parametrize(
    ("verdict", "options", "code"),
    [
        ("proved", (), 0),
        ("refuted", (), 1),
        ("inconclusive", (), 1),
        ("proved under assumptions", (), 1),
        ("proved under assumptions", ("--accept-assumptions",), 0),
    ],
)
def test_certify_exit_codes(api, run, verdict, options, code):
    api.outcome = with_verdict(verdict)
    ended = run("certify", "RUN", *options)
    assert ended.exit_code == code
    proved = verdict.startswith("proved")
    assert ended.out.startswith("Proved: " if proved else f"{verdict}, on the solution")


@pytest.mark.parametrize(
    "arguments",
    [
        ("RUN", "--claim", "everything"),
        ("RUN", "--evaluation", "float16"),
        ("RUN", "--target", "-1"),
        ("RUN", "--relative-target", "nan"),
        ("RUN", "--budget", "0"),
        ("RUN", "--target", "1", "--relative-target", "2"),
        (),
    ],
)
def test_certify_refuses(api, run, arguments):
    ended = run("certify", *arguments, "--json")
    assert ended.exit_code == 2 and api.calls == []
    ErrorReply.model_validate_json(ended.out)


def test_report(api, run):
    ended = run("report", "RUN", "--json")
    assert ended.exit_code == 0 and ended.json["report"] == "RUN/report.html"


def test_problems(run):
    reply = ProblemsReply.model_validate_json(run("problems", "--json").out)
    # After those on boxes and shapes come those of any dimension.
    assert [p.name for p in reply.problems][: len(names)] == list(names)
    assert {"sine-gordon-ball"} <= {p.name for p in reply.problems[len(names) :]}
    found = {p.name: p for p in reply.problems}
    assert found["burgers"].sha256 == zoo_entry("burgers").problem.sha256
    fitting = ["maximum-principle", "oleinik", "l1-contraction", "energy"]
    assert found["burgers"].theorems == fitting
    text = run("problems").out
    assert all(name in text for name in names)


def test_show(run):
    reply = ProblemReply.model_validate_json(
        run("problems", "show", "burgers", "--json").out
    )
    assert reply.source is None and reply.constants == {"nu": "0.01/pi"}
    assert len(reply.conditions) == 2
    source = run("problems", "show", "burgers", "--source")
    assert source.out == zoo_entry("burgers").source
    ended = run("problems", "show", "burger")
    assert ended.exit_code == 2 and "'burgers'" in ended.error


@pytest.mark.parametrize(
    ("name", "condition", "block"),
    [
        ("heat", "at both ends of x", "░"),
        ("logistic", "u = 1/10 at the lower end of t", "▃"),
        ("pendulum", "theta = 1 at the lower end of t", "█"),
        ("poisson-3d", "at both ends of z", "█"),
        ("advection", "periodic in x", "█"),
    ],
)
def test_pictures(run, name, condition, block):
    ended = run("problems", "show", name)
    assert ended.exit_code == 0
    assert condition in ended.out and block in ended.out


def test_show_survives_a_terminal_without_block_characters(monkeypatch):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["problems", "show", "logistic"]) == 0
    assert b"?" in out.buffer.getvalue()


def test_doctor(run):
    ended = run("doctor", "--json")
    reply = DoctorReply.model_validate_json(ended.out)
    checks = {check.name: check for check in reply.checks}
    assert checks["float64"].ok and checks["jax"].ok
    assert reply.ok == all(check.ok for check in reply.checks)
    assert ended.exit_code == (0 if reply.ok else 3)


def test_doctor_reports_what_breaks(run, monkeypatch):
    def broken(folder):
        raise RuntimeError("no such thing")

    monkeypatch.setattr("certax.cli._self_test.check_the_checker", broken)
    ended = run("doctor")
    assert ended.exit_code == 3
    assert re.search(r"PROBLEM +checker +RuntimeError: no such thing", ended.out)


@pytest.mark.parametrize("name", models)
def test_committed_schemas_are_current(name):
    committed = SOURCES / "cli" / "schemas" / f"{name}.json"
    assert committed.read_text() == schema_text(name), (
        "run python -m certax.cli._schema_models"
    )


def test_schema(run):
    assert set(own_schema_names()) == set(models)
    assert run("schema").out.split() == all_schema_names()
    for name in own_schema_names():
        assert json.loads(run("schema", name).out)["$schema"]
    ended = run("schema", "problm", "--json")
    assert ended.exit_code == 2 and "'problem'" in ended.json["error"]["remedy"]


@pytest.mark.parametrize("name", names)
def test_problem_files_fit_their_schema(name):
    ProblemFile.model_validate_json(zoo_entry(name).problem.text())


ANSWER = {
    "accepted": True,
    "statement": "the residual is at most 1",
    "bound": {"decimal": "1", "hex": "0x1p+0"},
    "norm": "Linf",
    "verdict": "proved",
    "leaves": 1,
    "seconds": 0.1,
    "checker_version": "1",
    "hashes": {"problem": "0" * 64},
    "reason": "",
    "where": "",
    "hypotheses": [{"name": "smooth", "status": "checked", "detail": "no max0"}],
    "theorem": "",
    "claim": "residual",
    "interval": [],
}


@pytest.fixture
def checker(monkeypatch, tmp_path):
    """Puts a small program in the checker's place; it answers as it is told."""
    package = tmp_path / "stand_in" / "certax_checker"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.delitem(sys.modules, "certax_checker", raising=False)
    # Ahead of an installed checker, which the real start would prefer.
    from certax import _checker_process

    first = _checker_process._start.replace("path.append(", "path.insert(0, ")
    monkeypatch.setattr(_checker_process, "_start", first)

    def answer(exit_code: int, printed: str, error: str = "") -> Path:
        (package / "__main__.py").write_text(
            "import json, os, sys\n"
            "from pathlib import Path\n"
            "seen = {'arguments': sys.argv[1:], 'environment': dict(os.environ)}\n"
            "if '--problem' in sys.argv:\n"
            "    file = sys.argv[sys.argv.index('--problem') + 1]\n"
            "    seen['problem'] = Path(file).read_text()\n"
            f"Path({str(tmp_path / 'seen.json')!r}).write_text(json.dumps(seen))\n"
            f"print({printed!r})\nprint({error!r}, file=sys.stderr)\n"
            f"sys.exit({exit_code})\n"
        )
        return tmp_path / "seen.json"

    return answer


def test_verify_accepted(checker, run, monkeypatch):
    monkeypatch.setenv("PYTHONSTARTUP", "evil.py")
    monkeypatch.setenv("XLA_FLAGS", "--none")
    seen = checker(0, json.dumps(ANSWER))
    ended = run("verify", "c.json", "--problem", "heat", "--sha256", "ab", "--json")
    reply = VerifyReply.model_validate_json(ended.out)
    assert ended.exit_code == 0 and reply.accepted and reply.ok
    facts = json.loads(seen.read_text())
    assert facts["arguments"][:3] == ["verify", "c.json", "--json"]
    assert facts["arguments"][-2:] == ["--sha256", "ab"]
    assert facts["problem"] == zoo_entry("heat").problem.text()
    assert not {"PYTHONSTARTUP", "XLA_FLAGS", "PYTHONPATH"} & set(facts["environment"])
    text = run("verify", "c.json").out
    assert "the residual is at most 1" in text and "ACCEPTED" in text
    assert "checked" in text and "smooth: no max0" in text


def test_verify_rejected(checker, run):
    rejected = ANSWER | {
        "accepted": False,
        "reason": "The hash differs",
        "where": "tree",
    }
    checker(1, json.dumps(rejected))
    ended = run("verify", "c.json", "--json")
    assert ended.exit_code == 1 and ended.json["accepted"] is False
    assert not ended.json["ok"] and "error" not in ended.json
    ended = run("verify", "c.json")
    assert ended.exit_code == 1
    assert "REJECTED: The hash differs (tree)" in ended.out
    assert ANSWER["statement"] not in ended.out


@pytest.mark.parametrize(
    ("exit_code", "printed", "code"),
    [
        (2, json.dumps(ANSWER | {"accepted": False, "reason": "There is no file"}), 2),
        (3, json.dumps(ANSWER | {"accepted": False, "reason": "Wrong rounding"}), 3),
        (2, "", 2),
        (0, "", 3),
        (0, "not json", 3),
        (0, json.dumps(ANSWER | {"accepted": False}), 3),
        (0, json.dumps(ANSWER | {"accepted": 1}), 3),
        (1, json.dumps(ANSWER), 3),
        (1, "", 3),
        (77, json.dumps(ANSWER), 3),
        (-9, json.dumps(ANSWER), 3),
    ],
)
def test_verify_trusts_no_odd_answer(checker, run, exit_code, printed, code):
    if exit_code < 0:
        checker(0, printed)
        main_file = Path(sys.path[0]) / "certax_checker" / "__main__.py"
        main_file.write_text("import os\nos.kill(os.getpid(), 9)\n")
    else:
        checker(exit_code, printed, "Traceback\nSomeError: it broke")
    ended = run("verify", "c.json", "--json")
    assert ended.exit_code == code and not ended.json["ok"]
    assert ended.json["error"]["message"]


@pytest.mark.parametrize(
    ("exit_code", "bound", "accepted", "mentions"),
    [
        (0, "0.5", True, "does not reject a forged certificate"),
        (0, "1", True, "derives 1 where 0.5 is right"),
        (1, "0.5", False, "derives nothing"),
        (0, "0.5", False, "derives nothing"),
    ],
)
def test_self_test_finds_a_bad_checker(
    checker, tmp_path, exit_code, bound, accepted, mentions
):
    answer = {"accepted": accepted, "bound": {"decimal": bound, "hex": "0x1p-1"}}
    checker(exit_code, json.dumps(ANSWER | answer | {"curve": []}))
    folder = tmp_path / "empty"
    folder.mkdir()
    assert mentions in check_the_checker(folder)


def test_self_test_passes_with_the_checker(tmp_path):
    assert check_the_checker(tmp_path) == ""

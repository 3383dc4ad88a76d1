import json
import time
from pathlib import Path

import pytest
from cli_fakes import summary, with_verdict

from certax._core import CertaxError
from certax.cli._schema_models import ErrorReply, SolveReply

PROBLEM = """
import certax as cx
from beside import rate
print("hello from the user's file")
growth = cx.Problem(
    name="growth", domain=cx.Box(t=(0, 1)), constants={"rate": rate},
    residual=lambda u, rate: u.t - rate * u, conditions=(cx.Initial(1),),
)
number = 3
"""


@pytest.fixture
def user_file(api, tmp_path):
    (tmp_path / "beside.py").write_text("rate = 2\n")
    (tmp_path / "user_growth.py").write_text(PROBLEM)
    return "user_growth.py"


def test_default_call(api, run):
    ended = run("solve", "logistic")
    assert ended.exit_code == 0
    name, options = api.calls[0]
    assert name == "run"
    assert options["out"] == Path("runs/logistic-seed0")
    assert options["name"] == "logistic"
    assert options["certify"] is True and options["budget"] is None
    assert "proved" in ended.out and "measured, not proved" in ended.out


def test_options_reach_the_api(api, run):
    before = time.monotonic()
    ended = run(
        "solve", "logistic", "--out", "here", "--seed", 7, "--budget", 60,
        "--max-steps", 9, "--resume", "--no-certify",
        "--set", "network.width=40",
    )  # fmt: skip
    assert ended.exit_code == 0
    options = api.calls[0][1]
    assert options["out"] == Path("here") and options["seed"] == 7
    assert options["budget"] == 60 and options["max_steps"] == 9
    assert options["started"] < before
    assert options["resume"] and not options["force"] and not options["certify"]
    assert options["configuration"].network.width == 40


def test_constants_are_exact(api, run):
    assert run("solve", "burgers", "--set", "problem.nu=0.001").exit_code == 0
    inputs = api.calls[0][1]["problem"].residual.inputs
    assert {i.name: i.value for i in inputs}["nu"] == "0.001"


def test_json_is_one_object_and_progress_stays_on_standard_error(api, run, user_file):
    ended = run("solve", f"{user_file}:growth", "--json")
    reply = SolveReply.model_validate_json(ended.out)
    assert reply.ok and reply.exit_code == 0 and reply.command == "solve"
    assert reply.run == "runs/growth-seed0"
    assert "hello from the user's file" in ended.error
    assert "training" in ended.error and "step 100" in ended.error


def test_quiet_has_no_progress(api, run):
    ended = run("solve", "logistic", "--quiet")
    assert ended.error == ""
    assert api.calls[0][1]["progress"] is None


def test_statement_of_the_checker_is_printed(api, run, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    statement = {"statement": "as the checker says it"}
    (folder / "certificate.json").write_text(json.dumps(statement))
    ended = run("solve", "logistic", "--out", folder)
    assert ended.out.startswith("as the checker says it\n")


@pytest.mark.parametrize("status", ["trustworthy", "plausible", "doubtful", "failed"])
def test_the_verdict_is_printed_with_its_remedy_and_changes_no_exit_code(
    api, run, status
):
    item = {"what": "stall", "value": 0.9, "threshold": 0.5, "says": status}
    item |= {"sentence": "Nothing improved.", "remedy": "Do this."}
    verdict = {"status": status, "evidence": [item], "remedies": ["Do this."]}
    api.outcome = summary(verdict=verdict)
    ended = run("solve", "logistic")
    assert ended.exit_code == 0
    assert f"verdict: {status}\nNothing improved.\n" in ended.out
    assert ("remedy: Do this." in ended.out) == (status in ("doubtful", "failed"))
    reply = SolveReply.model_validate_json(run("solve", "logistic", "--json").out)
    assert reply.summary.verdict.status == status


@pytest.mark.parametrize(
    ("verdict", "options", "code"),
    [
        ("inconclusive", (), 0),
        ("refuted", (), 0),
        ("proved", ("--require-proof",), 0),
        ("inconclusive", ("--require-proof",), 1),
        ("proved under assumptions", ("--require-proof",), 1),
        ("proved under assumptions", ("--require-proof", "--accept-assumptions"), 0),
        ("not applicable", ("--require-proof", "--accept-assumptions"), 1),
    ],
)
def test_exit_codes_of_verdicts(api, run, verdict, options, code):
    api.outcome = with_verdict(verdict)
    assert run("solve", "logistic", *options).exit_code == code


def test_no_certificate_is_no_proof(api, run):
    api.outcome = summary(certificates=[])
    assert run("solve", "logistic").exit_code == 0
    assert run("solve", "logistic", "--require-proof").exit_code == 1


@pytest.mark.parametrize(
    ("stopped_by", "code", "kind"),
    [("failed", 4, "training"), ("interrupted", 130, "interrupted")],
)
def test_stopped_early(api, run, stopped_by, code, kind):
    api.outcome = summary(stopped_by=stopped_by, certificates=[])
    ended = run("solve", "logistic", "--json", "--require-proof")
    reply = SolveReply.model_validate_json(ended.out)
    assert ended.exit_code == reply.exit_code == code
    assert reply.error is not None and reply.error.kind == kind
    ended = run("solve", "logistic", "--quiet")
    assert ended.out == "" and len(ended.error.splitlines()) == 1


def test_a_loss_that_never_was_finite_speaks_of_the_equation(api, run):
    api.outcome = summary(stopped_by="failed", steps=0, certificates=[])
    ended = run("solve", "logistic", "--quiet")
    assert ended.exit_code == 4 and "before the first step" in ended.error
    assert "divide by zero" in ended.error and "last good" not in ended.error


@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [
        (
            CertaxError("No.", value=1, remedy="Do.", kind="environment"),
            3,
            "environment",
        ),
        (CertaxError("No.", kind="training"), 4, "training"),
        (MemoryError(), 3, "environment"),
        (RuntimeError("RESOURCE_EXHAUSTED: out of memory"), 3, "environment"),
        (OSError(28, "No space left on device"), 3, "environment"),
        (ModuleNotFoundError("No module named 'x'", name="x"), 3, "environment"),
        (ImportError("cannot import name", name="certax._core"), 3, "internal"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (ZeroDivisionError("division by zero"), 3, "internal"),
    ],
)
def test_errors_become_one_line_and_one_object(api, run, error, code, kind):
    api.outcome = error
    ended = run("solve", "logistic", "--json", "--quiet")
    reply = ErrorReply.model_validate_json(ended.out)
    assert ended.exit_code == reply.exit_code == code
    assert reply.error.kind == kind and not reply.ok
    ended = run("solve", "logistic", "--quiet")
    assert ended.exit_code == code and ended.out == ""
    assert ended.error.splitlines()[-1].startswith("certax: ")
    assert ("Traceback" in ended.error) == (kind == "internal")


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        (("logistik",), "Did you mean 'logistic'?"),
        (("nothing_like_it",), "certax problems"),
        (("missing.py:growth",), "missing.py"),
        (("user_growth.py",), "user_growth.py:OBJECT"),
        (("user_growth.py:grwth",), "Its problems are: growth"),
        (("user_growth.py:number",), "of type int"),
        (("logistic", "--seed", "-1"), "--seed"),
        (("logistic", "--seed", "one"), "--seed"),
        (("logistic", "--max-steps", "0"), "--max-steps"),
        (("logistic", "--budget", "0"), "--budget"),
        (("logistic", "--budget", "nan"), "--budget"),
        (("logistic", "--budget", "inf"), "--budget"),
        (("logistic", "--force", "--resume"), "--force / --resume"),
        (("logistic", "--no-certify", "--require-proof"), "--require-proof"),
        (("logistic", "--set", "network.widht=4"), "'network.width'"),
        (("logistic", "--set", "netwrk.width=4"), "'network'"),
        (("logistic", "--set", "network.width"), "network.width=40"),
        (("logistic", "--set", "network.width=-3"), "network.width"),
        (("burgers", "--set", "problem.mu=1"), "It has nu"),
        (("burgers", "--set", "problem.nu=1//2"), "not an exact number"),
        (("logistic", "--config", "missing.toml"), "missing.toml"),
        (("logistic", "--colour"), "--colour"),
        (("logistic", "heat"), "heat"),
        ((), "NAME|FILE.py:OBJECT"),
    ],
)
def test_unusable_input(api, run, user_file, arguments, mentions):
    ended = run("solve", *arguments)
    assert ended.exit_code == 2
    assert mentions in ended.error
    ended = run("solve", *arguments, "--json")
    reply = ErrorReply.model_validate_json(ended.out)
    assert ended.exit_code == reply.exit_code == 2
    assert mentions in f"{reply.error.message} {reply.error.remedy}"
    assert api.calls == []


@pytest.mark.parametrize(
    ("content", "line", "mentions"),
    [
        ("import certax as cx\nx = undefined\n", 2, "NameError"),
        ("import certax as cx\n\ndef f(:\n", 3, "SyntaxError"),
        ("import nonexistent_package\n", 1, "nonexistent_package"),
        ("raise SystemExit(0)\n", 1, "SystemExit"),
        (
            "import certax as cx\n\np = cx.Problem(\n"
            "    cx.Box(t=(1, 0)), lambda u: u.t, ())\n",
            4,
            "has no length",
        ),
    ],
)
def test_failing_files_name_line_and_error(api, run, tmp_path, content, line, mentions):
    (tmp_path / "user_failing.py").write_text(content)
    ended = run("solve", "user_failing.py:p")
    assert ended.exit_code == 2
    assert f"user_failing.py failed in line {line}: " in ended.error
    assert mentions in ended.error and len(ended.error.splitlines()) == 1


def test_file_without_cache_goes_on(api, run, monkeypatch):
    def refuse():
        raise CertaxError("The cache folder is not yours.", kind="environment")

    monkeypatch.setattr(
        "certax._core._compilation_cache.enable_compilation_cache", refuse
    )
    ended = run("solve", "logistic")
    assert ended.exit_code == 0 and "The cache folder is not yours." in ended.error

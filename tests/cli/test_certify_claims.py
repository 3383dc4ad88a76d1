"""`certax certify --claim range` and `lipschitz`, on a folder, and what verify says."""

import jax.numpy as jnp
import pytest
from helpers import burgers, closed_form

from certax._api._verbs import save
from certax._core import Configuration, RunFolder
from certax.cli._schema_models import CertifyReply, ErrorReply, VerifyReply


@pytest.fixture
def folder(tmp_path):
    """A run whose net is a x t (1 - |x|), with a = 2."""
    solution = closed_form(
        burgers(), lambda x, t, pi, a: a * x * t * (1 - jnp.abs(x)), a=2.0
    )
    path = tmp_path / "run"
    sha256 = solution.problem.sha256
    RunFolder.create(
        path,
        name="burgers",
        seed=0,
        problem_sha256=sha256,
        configuration=Configuration(),
    )
    save(solution, path)
    return path


def test_the_range_is_certified_and_verified(run, folder):
    """It is [-1/2, 1/2]."""
    ended = run("certify", folder, "--claim", "range", "--field", "u", "--json", "-q")
    reply = CertifyReply.model_validate_json(ended.out)
    (entry,) = reply.certificates
    assert ended.exit_code == 0 and entry.verdict == "proved"
    assert (entry.claim, entry.norm, entry.field) == ("range", "range", "u")
    low, high = map(float, entry.interval)
    assert -0.52 <= low <= -0.5 and 0.5 <= high <= 0.52
    ended = run("verify", folder / "certificate-range-u.json", "--json")
    verified = VerifyReply.model_validate_json(ended.out)
    assert ended.exit_code == 0 and verified.accepted
    assert verified.interval == list(entry.interval)
    assert f"{entry.interval[0]} <= u <= {entry.interval[1]}" in reply.statement


def test_the_lipschitz_constant_is_certified(run, folder):
    """The gradient is (2 t (1 - 2|x|), 2 x (1 - |x|)): at most 2, and 2 at x = 0."""
    ended = run(
        "certify", folder, "--claim", "lipschitz", "--norm", "linf", "--json", "-q",
        "--relative-target", "1.2",
    )  # fmt: skip
    (entry,) = CertifyReply.model_validate_json(ended.out).certificates
    assert ended.exit_code == 0 and 2.0 <= float(entry.bound) <= 2.8
    assert entry.norm == "linf" and entry.interval == ()


def test_a_derivative_at_a_kink_is_not_proved(run, folder):
    ended = run(
        "certify", folder, "--claim", "range", "--derivative", "x,x", "--json", "-q"
    )
    (entry,) = CertifyReply.model_validate_json(ended.out).certificates
    assert ended.exit_code == 1 and entry.verdict == "not applicable"
    assert "kink (max0), so u_xx does not exist" in entry.reason


@pytest.mark.parametrize(
    "options",
    [
        ("--claim", "range", "--field", "v"),
        ("--claim", "range", "--derivative", "y"),
        ("--claim", "lipschitz", "--norm", "L1"),
        ("--claim", "residual", "--field", "u"),
    ],
)
def test_unusable_options_are_refused_in_one_line(run, folder, options):
    ended = run("certify", folder, *options, "--json", "-q")
    reply = ErrorReply.model_validate_json(ended.out)
    assert ended.exit_code == 2 and reply.error.remedy

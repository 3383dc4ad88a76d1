"""Every verdict on a run that was made to deserve it."""

import json
from dataclasses import replace

import numpy as np
import pytest

import certax as cx
from certax._api import list_certificates, run
from certax._api._balance import balance
from certax._api._initial import initial_network
from certax._api._objective import parameters
from certax._api._saturation import saturated_shares, smallest_derivative
from certax._api._training_evidence import training_evidence
from certax._api._verbs import grid_of
from certax._api._verdict import bound_evidence, certified_bound, judge
from certax._core import (
    Configuration,
    Evidence,
    Input,
    NetworkSettings,
    Program,
    TrainingProgress,
    Verdict,
    verdict_from,
)
from certax.problems import zoo_entry

small = Configuration.model_validate({"network": {"width": 12, "depth": 2}})
memorizing = Configuration.model_validate(
    {"network": {"width": 20, "depth": 1}, "training": {"points": 20}}
)


def named(verdict: Verdict, what: str) -> Evidence:
    found = [e for e in verdict.evidence if e.what == what]
    assert found, [e.what for e in verdict.evidence]
    return found[0]


def logistic(program: Program) -> cx.Solution:
    return cx.Solution(zoo_entry("logistic").problem, program, {}, {"seed": 0})


def falling_to_the_wrong_equilibrium(rate: int) -> cx.Solution:
    """0.1 exp(−rate t): it meets y(0) = 0.1, and y = 0 solves y' = y (1 − y)."""
    inputs = (
        Input("t", "coordinate"),
        Input("tenth", "constant", "0.1"),
        Input("rate", "constant", str(-rate)),
    )
    ops = (("mul", (2, 0), None), ("exp", (3,), None), ("mul", (1, 4), None))
    return logistic(Program(inputs, ops, {"u": 5}))


def judged(solution: cx.Solution, **options) -> Verdict:
    grid = grid_of(solution.problem)
    return judge(solution, replace(grid, reference=None), (), "elsewhere", **options)


@pytest.fixture(scope="module")
def trained() -> cx.Solution:
    return cx.solve(zoo_entry("logistic").problem, configuration=small, max_steps=200)


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("verdict") / "run"
    summary = run(
        zoo_entry("logistic").problem,
        name="logistic",
        configuration=small,
        seed=0,
        out=folder,
        max_steps=200,
        certify=False,
    )
    return folder, summary


def test_a_good_run_is_plausible_and_with_a_proof_trustworthy(trained):
    verdict = trained.verdict
    assert verdict.status == "plausible"
    assert verdict is trained.verdict
    entry = {"claim": "solution", "verdict": "proved", "norm": "Linf", "bound": "3e-7"}
    again = judge(trained, grid_of(trained.problem), (), "max-steps", [entry])
    assert again.status == "trustworthy"
    assert again.reasons[0].what == certified_bound
    # The proved number is copied, not rounded.
    assert "at most 3e-7 in" in again.reasons[0].sentence


def test_a_large_bound_is_no_reason_to_trust(trained):
    entry = {"claim": "solution", "verdict": "proved", "norm": "Linf", "bound": "0.9"}
    (evidence,) = bound_evidence([entry], trained)
    assert evidence.says == "plausible"
    assert list(bound_evidence([entry | {"verdict": "inconclusive"}], trained)) == []
    assert list(bound_evidence([entry | {"claim": "residual"}], trained)) == []
    (good,) = bound_evidence([entry | {"bound": "1e-3"}], trained)
    assert good.says == "trustworthy"


def test_a_net_with_random_weights_is_not_believed(trained):
    random = np.random.default_rng(0).normal
    weights = {n: random(size=w.shape) for n, w in trained.weights.items()}
    assert judged(replace(trained, weights=weights)).status in ("doubtful", "failed")


def test_a_net_that_memorizes_its_points_is_told_while_it_does_and_at_the_end():
    inviscid = cx.Problem(
        domain=cx.Box(x=(-1, 1), t=(0, 1)),
        residual=lambda u: u.t + u * u.x,
        conditions=(cx.Initial(lambda x: -cx.sinpi(x)), cx.Dirichlet("x", 0)),
        complete=False,
    )
    warnings = []
    solution = cx.solve(
        inviscid,
        configuration=memorizing,
        max_steps=60,
        progress=lambda event: warnings.append(event.warning),
    )
    told = [w for w in warnings if w]
    assert told and "learning the points" in told[0]
    verdict = solution.verdict
    assert verdict.status in ("doubtful", "failed")
    fresh = named(verdict, "fresh points")
    assert fresh.says == "doubtful" and fresh.value > 5
    assert named(verdict, "overfitting while training").value == len(told)
    assert "more points" in verdict.remedies[0]


@pytest.mark.parametrize("rate", [1, 10**3, 10**8])
def test_the_wrong_equilibrium_is_failed_however_thin_the_layer(rate):
    solution = falling_to_the_wrong_equilibrium(rate)
    if rate > 10**6:
        # No point inside sees it: the residual there is as small as can be.
        t = np.linspace(0.01, 10, 4096)[:, None]
        assert np.abs(solution.residual(t)).max() < 1e-12
    verdict = judged(solution)
    assert verdict.status == "failed"
    assert named(verdict, "balance of the equation").says == "failed"


def test_the_right_solution_is_not_mistaken_for_a_failure():
    """y = 1 / (1 + 9 exp(−t)), which also ends at an equilibrium."""
    inputs = (
        Input("t", "coordinate"),
        Input("one", "constant", "1"),
        Input("nine", "constant", "9"),
    )
    ops = (
        ("neg", (0,), None),
        ("exp", (3,), None),
        ("mul", (2, 4), None),
        ("add", (1, 5), None),
        ("div", (1, 6), None),
    )
    assert judged(logistic(Program(inputs, ops, {"u": 7}))).status == "plausible"


def test_zero_is_failed_where_zero_data_allow_it():
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1)),
        residual=lambda u: u.xx + 20 * u * (1 - u),
        conditions=(cx.Dirichlet("x", 0),),
    )
    zero = Program((Input("zero", "constant", "0"),), (), {"u": 0})
    solution = cx.Solution(problem, zero, {}, {"seed": 0})
    assert balance(solution).residual == 0
    verdict = judged(solution)
    assert verdict.status == "failed"
    text = named(verdict, "residual against the mean of the answer").sentence
    assert "nothing was needed" in text


def test_saturated_units_are_named_with_their_layer(trained):
    names = [n for n in trained.weights if n.endswith("layers.1.bias")]
    weights = dict(trained.weights)
    weights[names[0]] = weights[names[0]] + 40.0
    broken = replace(trained, weights=weights)
    points = np.linspace(0, 10, 500)[:, None]
    shares = saturated_shares(broken, points)
    assert shares["network.layers.1"] == 1.0 and shares["network.layers.0"] < 1.0
    assert set(saturated_shares(trained, points).values()) == {0.0}
    evidence = named(judged(broken), "saturation of network.layers.1")
    assert evidence.says == "doubtful" and "network.layers.1" in evidence.sentence
    assert f"{smallest_derivative:g}" in evidence.sentence


def test_a_gate_that_shuts_is_not_saturated(trained):
    settings = NetworkSettings(width=4, depth=1, activation="swish")
    net = initial_network(trained.problem, settings, True, 0, (4,))
    weights, _ = parameters(trained.problem, net.program, net.parameters)
    gated = cx.Solution(trained.problem, net.program, weights, {})
    assert saturated_shares(gated, np.linspace(0, 10, 9)[:, None]) == {}


def test_soft_conditions_that_are_missed_count_against_it():
    soft = Configuration.model_validate(
        {"network": {"width": 8, "depth": 1}, "training": {"hard": False}}
    )
    decay = cx.Problem(
        domain=cx.Box(t=(0, 1)), residual=lambda u: u.t + u, conditions=(cx.Initial(1),)
    )
    solution = cx.solve(decay, configuration=soft, max_steps=120)
    assert solution.verdict.status == "plausible"
    # exp(-t) / 2 solves the equation as well as exp(-t) does.
    name = next(n for n in solution.weights if n.endswith("layers.1.weight"))
    bias = name.replace("weight", "bias")
    halved = {n: solution.weights[n] / 2 for n in (name, bias)}
    half = replace(solution, weights={**solution.weights, **halved})
    verdict = judged(half)
    assert named(verdict, "balance of the equation").says == "plausible"
    assert verdict.status == "failed" and "conditions" in verdict.reasons[0].what


def tilted(slope: str) -> cx.Solution:
    """x² − y² + slope x: harmonic, with the derivative `slope` at x = 0."""
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1), y=(0, 1)) - cx.Ball(("1/2", "1/2"), "1/10"),
        residual=lambda u: u.laplacian(),
        conditions=(cx.Neumann("part0.x.lower", 0),),
        complete=False,
    )
    inputs = (
        Input("x", "coordinate"),
        Input("y", "coordinate"),
        Input("slope", "constant", slope),
    )
    ops = (
        ("ipow", (0,), 2),
        ("ipow", (1,), 2),
        ("sub", (3, 4), None),
        ("mul", (0, 2), None),
        ("add", (5, 6), None),
    )
    return cx.Solution(problem, Program(inputs, ops, {"u": 7}), {}, {"seed": 0})


@pytest.mark.parametrize(
    ("slope", "says"), [("1/10000", "plausible"), ("1/10", "doubtful"), ("5", "failed")]
)
def test_a_derivative_that_should_vanish_on_a_piece_has_a_size_elsewhere(slope, says):
    """On the piece itself nothing but the error is left to compare it with."""
    found = named(judged(tilted(slope)), "conditions on the piece part0.x.lower")
    assert found.says == says


def records(trained, fresh) -> list[TrainingProgress]:
    pairs = zip(trained, fresh, strict=True)
    return [
        TrainingProgress(10 * k, "p", 0.0, a**2, a, b) for k, (a, b) in enumerate(pairs)
    ]


def said(history, stopped_by, balance=0.1) -> dict[str, str]:
    return {e.what: e.says for e in training_evidence(history, stopped_by, balance)}


def test_a_run_that_was_cut_short_says_so():
    falling = records(*[[0.7**k for k in range(30)]] * 2)
    assert said(falling, "budget")["still falling"] == "doubtful"
    assert said(falling, "budget", 1e-6)["still falling"] == "plausible"
    assert "still falling" not in said(falling, "converged")
    (unbegun,) = training_evidence(records([1.0], [1.0]), "budget", 1.0)
    assert unbegun.says == "failed" and "before its first step" in unbegun.sentence
    assert len(list(training_evidence(records([1.0], [1.0]), "budget", 1e-6))) > 1
    flat = records(*[[1.0] + [0.1] * 29] * 2)
    assert "still falling" not in said(flat, "budget")
    assert said(flat, "budget")["stall"] == "doubtful"
    assert said(flat, "budget", 1e-6)["stall"] == "plausible"
    assert "stall" not in said(falling, "budget")


def test_a_run_that_did_not_move_is_failed_and_one_that_broke_too():
    still = records(*[[1.0] * 30] * 2)
    assert said(still, "budget")["descent"] == "failed"
    assert said(records([1, 0.5], [1, 0.5]), "budget")["descent"] == "doubtful"
    assert said(records([1, 0.01], [1, 0.01]), "budget")["descent"] == "plausible"
    assert said([], "failed") == {"finite loss": "failed"}


@pytest.mark.parametrize(
    ("value", "says"), [(0.1, "doubtful"), (0.1001, "plausible"), (1e6, "doubtful")]
)
def test_unknowns_that_stood_still_or_ran_away_are_named(trained, value, says):
    inverse = cx.Problem(
        domain=cx.Box(t=(0, 1)),
        residual=lambda u, rate: u.t + rate * u,
        conditions=(cx.Initial(1),),
        unknowns={"rate": 0.1},
    )
    solution = replace(trained, problem=inverse, unknowns={"rate": value})
    assert named(judged(solution), "unknown rate").says == says


def test_the_worst_evidence_decides_unless_there_is_a_proof():
    good, bad, worst = (
        Evidence("e", 1.0, 1.0, says, f"{says}.", "" if says == "plausible" else says)
        for says in ("plausible", "doubtful", "failed")
    )
    proof = Evidence(certified_bound, 0.01, 0.05, "trustworthy", "Proved.")
    assert verdict_from([good]).status == "plausible"
    verdict = verdict_from([good, bad, worst])
    assert verdict.status == "failed" and verdict.remedies == ("failed", "doubtful")
    assert str(verdict).startswith("failed: failed.\nremedy: failed")
    assert verdict_from([good, worst, proof]).status == "trustworthy"
    assert verdict_from([]).status == "doubtful"
    assert Evidence("e", float("inf"), 1.0, "failed", "").value is None


def test_the_summary_holds_the_verdict_and_a_later_proof_changes_it(run_folder):
    folder, summary = run_folder
    assert summary.verdict.status == "plausible"
    content = json.loads((folder / "summary.json").read_text())
    assert content["verdict"]["evidence"][0]["sentence"]
    solution = cx.load(folder)
    assert solution.verdict is None
    certificate = cx.certify(solution, out=folder)
    list_certificates(solution, [certificate], None, folder)
    later = json.loads((folder / "summary.json").read_text())["verdict"]
    assert later["status"] == "trustworthy"
    assert len(later["evidence"]) == len(content["verdict"]["evidence"]) + 1

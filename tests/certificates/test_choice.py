"""All theorems that fit are tried; the strongest comes first and the rest are kept."""

from dataclasses import replace

import pytest
from helpers import closed_form
from test_end_to_end import heat, rarefaction

import certax as cx
from certax.certificates import (
    Certificate,
    _drafts as drafts,
    certify_solution,
    run_checker,
    weights_file,
)
from certax.certificates._certify import Search, matching, theorems
from certax.certificates._choice import strongest_first
from certax.problems import Problem, zoo_entry

quick = Search(tolerance=0.5, slabs=8, degree=3, seconds=20.0)


def found(theorem, norm, bound, verdict="proved"):
    return Certificate("solution", norm, theorem, verdict, bound=bound)


def order(*certificates):
    return [c.theorem for c in strongest_first(certificates, heat(1e-2))]


def test_the_smaller_bound_comes_first_within_a_norm():
    loose, tight = found("loose", "Linf", "2e-1"), found("tight", "Linf", "9e-2")
    assert order(loose, tight) == ["tight", "loose"]


def test_a_norm_of_means_must_be_a_hundred_times_sharper():
    """The net's norms are about 1, 0.7 and 0.64."""
    top = found("top", "Linf", "1e-2")
    square, mean = found("square", "L2", "3e-4"), found("mean", "L1", "4e-4")
    assert order(mean, square, top) == ["top", "square", "mean"]
    square, mean = replace(square, bound="4e-5"), replace(mean, bound="1e-5")
    assert order(top, square, mean) == ["mean", "square", "top"]


def test_a_bound_as_large_as_the_answer_comes_last():
    """The net's largest value is 1, so an error of at most 1.5 says nothing."""
    empty, mean = found("empty", "Linf", "1.5"), found("mean", "L1", "1e-3")
    assert order(empty, mean) == ["mean", "empty"]


def test_assumptions_come_after_proofs_and_failures_last():
    assumed = found("assumed", "Linf", "1e-3", "proved under assumptions")
    failed = found("failed", "Linf", "", "inconclusive")
    assert order(failed, assumed, found("proved", "L1", "1e-1")) == [
        "proved",
        "assumed",
        "failed",
    ]


def test_an_unknown_norm_stands_behind_the_known_ones():
    assert order(found("other", "H1", "1e-9"), found("mean", "L1", "1e-2")) == [
        "mean",
        "other",
    ]


def test_every_certificate_of_the_heat_equation_is_accepted_by_the_checker(tmp_path):
    solution = heat(1e-2)
    main = certify_solution(solution, quick)
    assert main.theorem == "maximum-principle" and main.file == "certificate.json"
    fitting, reasons = matching(solution.problem)
    tried = {c.theorem: c for c in (main, *main.others)}
    assert set(tried) == {t.name for t in fitting} and main.unfit == reasons
    assert set(tried) | set(main.unfit) == {t.name for t in theorems}
    assert all(c.bound or c.reason for c in tried.values())
    assert float(tried["l1-contraction"].bound) >= 1e-2 / 6
    (tmp_path / "problem.json").write_text(solution.problem.text())
    (tmp_path / "network.json").write_text(solution.network.text())
    (tmp_path / "weights.safetensors").write_bytes(weights_file(solution.weights))
    main.save(tmp_path)
    files = [c.file for c in tried.values() if c.bound]
    assert len(files) == len(set(files)) >= 2
    for file in files:
        code, answer = run_checker("verify", tmp_path / file, "--json")
        assert code == 0 and answer["accepted"], answer


def test_the_summary_says_what_does_not_fit():
    main = certify_solution(heat(1e-2), quick, theorem="maximum-principle")
    assert main.others == () and main.unfit == {}
    assert main.as_summary()["unfit"] == {}


def searched(monkeypatch, solution, search):
    """The refinements that were searched for."""
    seen, refine = [], drafts.refine

    def spy(quantity, refinement, *others):
        seen.append(refinement)
        return refine(quantity, refinement, *others)

    monkeypatch.setattr(drafts, "refine", spy)
    return certify_solution(solution, search), seen


@pytest.mark.parametrize("make", [heat, rarefaction])
def test_equal_searches_are_made_once_and_share_the_budget(monkeypatch, make):
    search = replace(quick, seconds=1.0)
    main, seen = searched(monkeypatch, make(1e-2), search)
    kinds = {replace(r, seconds=0.0) for r in seen}
    assert len(seen) == len(kinds) <= 1 + len(main.others)
    # What one search leaves over is the next one's.
    assert seen[0].seconds <= search.seconds / len(kinds)
    assert all(r.seconds <= search.seconds for r in seen)


def test_an_initial_tree_is_searched_within_the_share(monkeypatch):
    shifted = closed_form(
        zoo_entry("heat").problem, lambda x, t, pi: (1 + t) * x * (1 - x)
    )
    search = replace(quick, seconds=1.0)
    main, seen = searched(monkeypatch, shifted, search)
    assert main.bound
    first, second = seen[:2]
    assert first.seconds + second.seconds <= search.seconds + 1e-9


def test_where_nothing_fits_the_reasons_are_given():
    problem = Problem(
        domain=cx.Box(x=(0, 1), t=(0, 1)),
        residual=lambda u: u.t * u.x - u.xx,
        conditions=(cx.Initial(0), cx.Dirichlet("x", 0)),
    )
    nothing = certify_solution(closed_form(problem, lambda x, t, pi: x * t), quick)
    assert nothing.verdict == "not applicable" and not nothing.others
    assert "no theorem fits" in nothing.reason

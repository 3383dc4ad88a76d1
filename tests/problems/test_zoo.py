"""The zoo: every problem loads, says what it is, and can be copied."""

import inspect
import sys

import numpy as np
import pytest
from helpers import check_program, values_of

import certax as cx
from certax.problems import names, zoo, zoo_entry

equations = {
    "burgers": "u_t - 1/100 pi^-1 u_xx + u u_x = 0",
    "heat": "-1/4 u_xx + u_t = 0",
    "poisson": "-u_xx - u_yy - 2 sinpi(x) sinpi(y) pi^2 = 0",
    "poisson-1d": "-u_xx - sinpi(x) pi^2 = 0",
    "poisson-3d": "-u_xx - u_yy - u_zz - 3 sinpi(x) sinpi(y) sinpi(z) pi^2 = 0",
    "advection": "u_t + u_x = 0",
    "allen-cahn": "5 u^3 - 5 u - 1/10000 u_xx + u_t = 0",
    "allen-cahn-smooth": "5 u^3 - 5 u - 1/10000 u_xx + u_t = 0",
    "logistic": "-u + u^2 + u_t = 0",
    "pendulum": "-omega + theta_t = 0, omega_t + sin(theta) = 0",
}


def terms(text: str) -> list[list[str]]:
    """The terms of each equation, in no particular order."""
    return [
        sorted(side.replace("- ", "+ -").split(" + ")) for side in text.split(" = 0")
    ]


def test_the_zoo_is_complete():
    assert set(equations) == set(names) == set(zoo())


@pytest.mark.parametrize("name", names)
def test_an_entry_is_what_it_says(name):
    entry = zoo_entry(name)
    assert entry.problem.name == name
    assert entry.summary.endswith(".") and "  " not in entry.summary
    factors = [
        [sorted(term.split()) for term in equation]
        for equation in terms(entry.problem.equation_text())
    ]
    expected = [
        [sorted(term.split()) for term in equation]
        for equation in terms(equations[name])
    ]
    assert list(map(sorted, factors)) == list(map(sorted, expected))
    check_program(entry.problem.residual)
    for condition in entry.problem.conditions:
        if condition.values is not None:
            check_program(condition.values)


@pytest.mark.parametrize("name", names)
def test_the_source_runs_on_its_own(name, tmp_path, monkeypatch):
    entry = zoo_entry(name)
    assert entry.source.startswith('"""') and "import certax as cx" in entry.source
    (tmp_path / "copied_problem.py").write_text(entry.source)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "copied_problem", raising=False)
    import copied_problem  # pyright: ignore[reportMissingImports]

    assert inspect.getfile(copied_problem) == str(tmp_path / "copied_problem.py")
    assert copied_problem.problem == entry.problem
    assert copied_problem.problem.sha256 == entry.problem.sha256
    monkeypatch.delitem(sys.modules, "copied_problem")


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(cx.CertaxError, match="Did you mean 'burgers'") as caught:
        zoo_entry("burger")
    assert caught.value.value == "burger"
    with pytest.raises(cx.CertaxError, match="certax problems"):
        zoo_entry("zzzzzz")


@pytest.mark.parametrize("name", names)
def test_data_are_numbers_for_every_field(name):
    problem = zoo_entry(name).problem
    middle = problem.domain.physical(np.full(problem.domain.dimension, 0.5))
    point = dict(zip(problem.domain.names, middle, strict=True))
    for condition in problem.conditions:
        if condition.values is not None:
            found = values_of(condition.values, point)
            assert set(found) == set(problem.fields)
            assert np.all(np.isfinite(list(found.values())))

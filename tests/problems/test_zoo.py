"""The zoo: every problem loads, says what it is, and can be copied."""

import inspect
import sys

import numpy as np
import pytest
from helpers import check_program, values_of

import certax as cx
from certax.problems import names, zoo, zoo_entry

equations = {
    "burgers": "u_t + u*u_x - nu*u_xx = 0",
    "heat": "u_t - u_xx/4 = 0",
    "poisson": "-(u_xx + u_yy) - 2*pi^2*sinpi(x)*sinpi(y) = 0",
    "poisson-1d": "-u_xx - pi^2*sinpi(x) = 0",
    "poisson-3d": "-(u_xx + u_yy + u_zz) - 3*pi^2*sinpi(x)*sinpi(y)*sinpi(z) = 0",
    "poisson-disk": "-(u_xx + u_yy) - (3 + 4*x + x^2 + y^2)*exp(x) = 0",
    "poisson-annulus": "-(u_xx + u_yy) - 4 = 0",
    "poisson-l-shape": "-(u_xx + u_yy) - 1 = 0",
    "heat-disk": "u_t - (u_xx + u_yy) - (3 + x^2 + y^2)*exp(-t) = 0",
    "bratu": "-u_xx - exp(u) = 0",
    "advection": "u_t + u_x = 0",
    "allen-cahn": "u_t - diffusivity*u_xx - 5*(u - u^3) = 0",
    "allen-cahn-smooth": "u_t - diffusivity*u_xx - 5*(u - u^3) = 0",
    "hamilton-jacobi": "u_t + u_x^2/2 - u_xx/10 = 0",
    "wave": "u_tt - u_xx = 0",
    "klein-gordon": "u_tt - u_xx + u = 0",
    "schrodinger": "p_xx/2 - q_t = 0, q_xx/2 + p_t = 0",
    "nonlinear-schrodinger": "p_xx/2 - q_t + (p^2 + q^2)*p = 0, "
    "q_xx/2 + p_t + (p^2 + q^2)*q = 0",
    "logistic": "u_t - u*(1 - u) = 0",
    "pendulum": "theta_t - omega = 0, omega_t + sin(theta) = 0",
    "benjamin-bona-mahony": "u_t + u_x + 3*u^2*u_x - u_xxt = 0",
    "kdv": "u_t + u*u_x + delta^2*u_xxx = 0",
    "lorenz": "x_t - 10*(y - x) = 0, y_t - x*(28 - z) + y = 0, z_t - x*y + z*8/3 = 0",
    "murnaghan-wave": "u_tt - (1 + a*u_x)*u_xx = 0",
}


def test_the_zoo_is_complete():
    assert set(equations) <= set(names) == set(zoo()) and len(names) >= 40


@pytest.mark.parametrize("name", names)
def test_an_entry_is_what_it_says(name):
    entry = zoo_entry(name)
    assert entry.problem.name == name
    assert entry.summary.endswith(".") and "  " not in entry.summary
    if name in equations:
        assert entry.problem.equation_text() == equations[name]
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
            assert set(found) == set(condition.fields) <= set(problem.fields)
            assert np.all(np.isfinite(list(found.values())))

"""Fields that the equations know up to a constant are compared without it."""

import numpy as np
import pytest

import certax as cx
from certax._api._measure import baselines, floating_fields, measuring_grid
from certax.problems import Reference, zoo_entry


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("kovasznay", ("p",)),
        ("taylor-green", ("p",)),
        ("heat", ()),
        ("poisson", ()),
        ("wave", ()),
    ],
)
def test_pressures_float_and_what_has_data_or_a_value_does_not(name, fields):
    assert floating_fields(zoo_entry(name).problem) == fields


def poisson(condition):
    conditions = (condition, cx.Neumann("x", 0, side="upper"))
    residual = lambda u, x: u.xx + cx.cospi(x)
    return cx.Problem(cx.Box(x=(0, 1)), residual, conditions)


def test_a_constant_added_to_a_floating_field_is_no_error():
    problem = poisson(cx.Neumann("x", 0, side="lower"))
    assert floating_fields(problem) == ("u",)
    assert floating_fields(poisson(cx.Dirichlet("x", 0, side="lower"))) == ()
    exact = lambda x: (np.cos(np.pi * x) / np.pi**2,)
    grid = measuring_grid(problem, Reference("u", "closed form", 0.0, exact))
    (x,) = grid.axes
    moved = {"u": exact(x)[0] + 3.0}
    assert grid.relative_l2(moved)["u"] < 1e-13
    assert grid.largest_error(moved)["u"] < 1e-14
    # Its shape is what counts, and no constant is a good answer.
    bent = {"u": 1.01 * exact(x)[0] + 3.0}
    assert grid.relative_l2(bent)["u"] == pytest.approx(0.01, rel=1e-6)
    assert baselines(grid, problem)["mean"] == {"u": pytest.approx(1.0)}


def test_of_an_evolution_a_function_of_time_is_no_error():
    entry = zoo_entry("taylor-green")
    grid = measuring_grid(entry.problem, entry.reference)
    time = entry.problem.domain.names.index("t")
    shape = [1, 1, 1]
    shape[time] = -1
    drift = np.sin(7.0 * grid.axes[time]).reshape(shape)
    moved = {n: v + (drift if n == "p" else 0.0) for n, v in grid.reference.items()}
    assert grid.relative_l2(moved)["p"] < 1e-12
    wrong = {n: v + drift for n, v in grid.reference.items()}
    assert grid.relative_l2(wrong)["u"] > 0.1

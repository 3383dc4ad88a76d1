"""Solutions: values, derivatives, residuals and grids, in float64 NumPy."""

import jax.numpy as jnp
import numpy as np
import pytest
from helpers import ansatz_of, burgers, closed_form, solution_of

import certax as cx
from certax.problems import Problem, zoo_entry


@pytest.fixture
def heat():
    """sin(πx) exp(−π² t / 4): the solution of the zoo's heat equation."""
    problem = zoo_entry("heat").problem
    return closed_form(
        problem, lambda x, t, pi: cx.sinpi(x) * jnp.exp(-(pi**2) * t / 4)
    )


def exact(x, t, dx=0, dt=0):
    wave = [np.sin, np.cos, lambda a: -np.sin(a), lambda a: -np.cos(a), np.sin][dx]
    decay = (-(np.pi**2) / 4) ** dt * np.exp(-(np.pi**2) * t / 4)
    return np.pi**dx * wave(np.pi * x) * decay


def test_values_are_float64_and_have_the_shape_of_the_coordinates(heat):
    x, t = np.linspace(0, 1, 7), np.linspace(0, 1, 5)[:, None]
    found = heat(x=x, t=t)
    assert isinstance(found, np.ndarray) and found.dtype == np.float64
    assert found.shape == (5, 7) and np.allclose(found, exact(x, t), 0, 1e-15)
    assert heat(x=0.5, t=0).shape == () and heat(x=0.5, t=0) == 1
    assert heat(t=0.0, x=[0.5, 1]).shape == (2,)


@pytest.mark.parametrize(
    ("name", "dx", "dt"),
    [("x", 1, 0), ("t", 0, 1), ("xx", 2, 0), ("xt", 1, 1), ("tx", 1, 1),
     ("xxt", 2, 1), ("xxxx", 4, 0), ("tt", 0, 2)],
)  # fmt: skip
def test_derivatives_are_those_of_the_closed_form(heat, name, dx, dt):
    rng = np.random.default_rng(0)
    x, t = rng.uniform(size=(2, 20))
    found = getattr(heat.u, name)(x=x, t=t)
    assert found.shape == (20,) and found.dtype == np.float64
    assert np.allclose(found, exact(x, t, dx, dt), 1e-12, 1e-11)


def test_the_field_itself_is_a_function(heat):
    assert heat.u(x=0.25, t=0.5) == heat(x=0.25, t=0.5)


def test_the_residual_of_a_solution_vanishes_and_of_another_function_does_not(heat):
    points = np.random.default_rng(1).uniform(size=(50, 2))
    assert heat.residual(points).shape == (50, 1)
    assert np.abs(heat.residual(points)).max() < 1e-13
    frozen = closed_form(heat.problem, lambda x, t, pi: cx.sinpi(x))
    assert np.allclose(
        frozen.residual(points)[:, 0], np.pi**2 / 4 * np.sin(np.pi * points[:, 0])
    )


def test_long_lists_of_points_are_cut_and_put_together_again(heat):
    x = np.linspace(0, 1, 9001)
    assert np.allclose(heat(x=x, t=0.3), exact(x, 0.3), 0, 1e-15)


def test_systems_give_one_array_a_field():
    problem = zoo_entry("pendulum").problem
    found = closed_form(problem, lambda t, pi: jnp.cos(t), lambda t, pi: -jnp.sin(t))
    values = found(t=[0.0, 1.0])
    assert set(values) == {"theta", "omega"}
    assert np.allclose(values["omega"], -np.sin([0.0, 1.0]))
    assert np.allclose(found.theta.t(t=1.0), -np.sin(1.0))
    residual = found.residual(np.array([[1.0]]))
    assert residual.shape == (1, 2) and residual[0, 0] == pytest.approx(0, abs=1e-15)
    assert residual[0, 1] == pytest.approx(-np.cos(1.0) + np.sin(np.cos(1.0)))


def test_residuals_that_do_not_depend_on_x_have_a_value_at_every_point():
    problem = Problem(
        domain=cx.Box(t=(0, 1)),
        residual=lambda u: (u.t - 1, 0 * u + 2.0),
        conditions=(cx.Initial(0),),
    )
    found = closed_form(problem, lambda t, pi: t).residual(
        np.linspace(0, 1, 3)[:, None]
    )
    assert np.array_equal(found, [[0, 2], [0, 2], [0, 2]])


def test_an_xarray_dataset_has_the_coordinates_as_dimensions(heat):
    grid = {"x": np.linspace(0, 1, 4), "t": np.linspace(0, 1, 3)}
    data = heat.to_xarray(grid)
    assert data["u"].dims == ("x", "t") and data["u"].shape == (4, 3)
    assert float(data["u"].sel(x=1 / 3, t=0.5)) == pytest.approx(exact(1 / 3, 0.5))
    assert np.array_equal(data["t"], grid["t"])


@pytest.mark.parametrize("point", [{}, {"x": 0}, {"x": 0, "t": 0, "y": 0}, {"y": 0}])
def test_every_coordinate_is_asked_for_by_name(heat, point):
    with pytest.raises(cx.CertaxError, match="A solution over x, t was asked at"):
        heat(**point)


def test_unknown_fields_and_derivatives_are_attribute_errors(heat):
    for ask in (lambda: heat.v, lambda: heat.u.y, lambda: heat.u.xxxxx):
        with pytest.raises(AttributeError, match="has no"):
            ask()
    with pytest.raises(AttributeError, match="has no derivative"):
        heat.u.x.x  # noqa: B018


def test_a_net_is_evaluated_as_its_module(x64):
    problem = burgers()
    net = ansatz_of(problem, width=5, depth=2)
    solution = solution_of(problem, net)
    rng = np.random.default_rng(2)
    for x, t in rng.uniform(size=(5, 2)):
        (expected,) = net(jnp.asarray(x), jnp.asarray(t))
        assert solution(x=x, t=t) == pytest.approx(float(expected), rel=1e-13)
    step = 1e-5
    slope = (solution(x=0.3 + step, t=0.5) - solution(x=0.3 - step, t=0.5)) / (2 * step)
    assert solution.u.x(x=0.3, t=0.5) == pytest.approx(slope, rel=1e-8)

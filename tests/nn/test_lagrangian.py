"""Lagrangian nets: transport from the start on, data and seams exactly."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax._api._initial import initial_network
from certax._core import NetworkSettings
from certax.nn import Lagrangian, make_ansatz
from certax.problems import Problem, Solution

pytestmark = pytest.mark.usefixtures("x64", "strict_promotion")
settings = NetworkSettings(kind="lagrangian", width=4, depth=1)


def transport(speed, **changes) -> Problem:
    given = {
        "domain": cx.Box(x=(0, "2*pi"), t=(0, 1)),
        "residual": lambda u: u.t + speed * u.x,
        "conditions": (cx.Initial(lambda x: jnp.sin(x)), cx.Periodic("x")),
    }
    return Problem(**given | changes)


def lagrangian(problem, hard=True, seed=0):
    return make_ansatz(
        problem.domain,
        problem.fields,
        problem.conditions,
        4,
        1,
        hard=hard,
        kind="lagrangian",
        key=jax.random.key(seed),
    )


def carried_at_the_end(problem):
    """û(·, 1) of a fresh net as it is handed to training."""
    net = initial_network(problem, settings, True, 0, (4,))
    weights = net.stored(net.parameters)
    assert net.parameterization is None
    from certax._api._vectors import unflatten

    solution = Solution(problem, net.program, unflatten(weights, net.program), {})
    x = np.linspace(0.1, 6.0, 50)
    return x, solution(x=x, t=1.0)


@pytest.mark.parametrize("speed", [3, -80])
def test_a_fresh_net_carries_the_data_at_the_speed_of_the_equation(speed):
    x, found = carried_at_the_end(transport(speed))
    correlation = np.corrcoef(found, np.sin(x - speed))[0, 1]
    # What is left is the fresh state branch, which adds a smooth function of size one.
    assert correlation > 0.7
    wrong = np.corrcoef(found, np.sin(x - speed / 2))[0, 1]
    assert correlation > wrong + 0.1


def test_the_speed_is_found_for_any_sign_and_factor_of_the_equation():
    one = initial_network(transport(5), settings, True, 0, (4,))
    other = initial_network(
        transport(0, residual=lambda u: -2 * u.t - 10 * u.x), settings, True, 0, (4,)
    )
    assert np.allclose(one.parameters, other.parameters, 1e-12, 1e-12)
    still = initial_network(
        transport(0, residual=lambda u: u.t - u.xx), settings, True, 0, (4,)
    )
    assert not np.allclose(one.parameters, still.parameters)


def test_without_a_speed_the_state_is_where_it_is():
    net = lagrangian(transport(1))
    assert isinstance(net, Lagrangian)
    point = jnp.asarray(0.3), jnp.asarray(0.7)
    assert net.origin(*point) == point
    assert net(*point) == net.state(*point)
    moved = net.moving([2.0])
    assert float(moved.origin(*point)[0]) == pytest.approx(0.3 - 2.0 * 0.7)


@pytest.mark.parametrize("hard", [True, False])
def test_it_is_periodic_and_starts_where_it_is(hard):
    net = lagrangian(transport(1), hard).moving([7.0])
    at = lambda x, t: net(jnp.asarray(x), jnp.asarray(t))[0]  # noqa: E731
    for function in (at, jax.grad(at)):
        left, right = function(0.0, 0.6), function(2 * np.pi, 0.6)
        assert float(left) == pytest.approx(float(right), abs=1e-12)
    assert net.origin(jnp.asarray(1.0), jnp.asarray(0.0))[0] == 1.0


def test_at_walls_nothing_moves():
    problem = transport(
        1,
        domain=cx.Box(x=(0, 1), t=(0, 1)),
        residual=lambda u: u.t + u.x - u.xx,
        conditions=(cx.Initial(lambda x: cx.sinpi(x)), cx.Dirichlet("x", 0)),
    )
    net = lagrangian(problem).moving([9.0])
    for x in (0.0, 1.0):
        assert net.origin(jnp.asarray(x), jnp.asarray(0.5))[0] == x
    assert net.origin(jnp.asarray(0.5), jnp.asarray(0.5))[0] != 0.5

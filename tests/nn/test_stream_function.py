"""Stream functions: the divergence vanishes for every choice of the weights."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from helpers import check_program, values_of

import certax as cx
from certax._core import evaluate, to_float
from certax.bounds import enclose
from certax.nn import StreamFunction, fold, make_ansatz, program_of, weights_of
from certax.nn._layers import activations
from certax.problems import Problem

pytestmark = pytest.mark.usefixtures("x64", "strict_promotion")


def residual(u, v, p):
    return (
        u.t + u * u.x + v * u.y + p.x - u.xx - u.yy,
        v.t + u * v.x + v * v.y + p.y - v.xx - v.yy,
        u.x + v.y,
    )


def flow() -> Problem:
    return Problem(
        domain=cx.Box(x=(0, "2*pi"), y=(-1, 2), t=(0, 1)),
        residual=residual,
        conditions=(
            cx.Initial((0, 0, 0)),
            cx.Periodic("x"),
            cx.Dirichlet("y", (0, 0, 0)),
        ),
    )


def stream(activation="tanh", factorized=False, seed=0):
    problem = flow()
    return make_ansatz(
        problem.domain,
        problem.fields,
        problem.conditions,
        5,
        2,
        activation,
        hard=False,
        form="stream-function",
        factorized=factorized,
        key=jax.random.key(seed),
    )


@pytest.mark.parametrize("activation", activations)
def test_the_velocity_is_the_turned_gradient_of_the_first_output(activation, seed):
    net = stream(activation, seed=seed)
    assert isinstance(net, StreamFunction)
    psi = lambda *point: net.base(*point)[0]  # noqa: E731
    point = tuple(jnp.asarray(v) for v in (0.7, 1.3, 0.4))
    u, v, p = net(*point)
    psi_x, psi_y = jax.grad(psi, (0, 1))(*point)
    assert u == pytest.approx(float(psi_y), rel=1e-12)
    assert v == pytest.approx(-float(psi_x), rel=1e-12)
    assert p == net.base(*point)[1]


def test_the_program_is_divergence_free_to_rounding(seed):
    problem = flow()
    net = stream(factorized=True, seed=seed)
    program = program_of(net, problem.domain.names, problem.fields)
    check_program(program)
    weights = weights_of(net)
    point = {"x": 0.3, "y": 0.2, "t": 0.9}
    expected = [float(v) for v in net(*map(jnp.asarray, point.values()))]
    found = values_of(program, point | weights)
    assert np.allclose(list(found.values()), expected, 1e-12, 1e-14)

    constants = {
        i.name: jnp.asarray(to_float(i.value)) for i in program.of_kind("constant")
    }

    def velocity(x, y):
        given = {"x": x, "y": y, "t": jnp.asarray(0.4), **constants, **weights}
        values = evaluate(program, {i.name: given[i.name] for i in program.inputs})
        return values["u"], values["v"]

    xs, ys = np.random.default_rng(seed).uniform([[0], [-1]], [[6], [2]], (2, 40))
    (u_x, _), (_, v_y) = (
        jax.vmap(jax.jacfwd(velocity, axis))(jnp.asarray(xs), jnp.asarray(ys))
        for axis in (0, 1)
    )
    assert jnp.abs(u_x).max() > 1e-3
    assert jnp.abs(u_x + v_y).max() <= 1e-13 * (1 + jnp.abs(u_x).max())


def test_enclosures_hold_the_velocity(seed):
    net = fold(stream(seed=seed))
    function = lambda x, y: net(x, y, 0.5 * jnp.ones(()))[0]  # noqa: E731
    bounds = enclose(function)([(0.3, 0.4), (0.1, 0.2)])
    points = np.random.default_rng(seed).uniform([0.3, 0.1], [0.4, 0.2], (30, 2))
    values = jax.vmap(function)(*jnp.asarray(points).T)
    assert bounds.lower - 1e-12 <= values.min()
    assert values.max() <= bounds.upper + 1e-12
    assert bounds.upper - bounds.lower < 5 * (np.ptp(values) + 0.05)

"""Nets at reentrant corners see the maps that straighten them."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax.nn import (
    Ansatz,
    Corrected,
    StreamFunction,
    program_of,
    weights_of,
    with_waves,
)
from certax.problems import Solution, zoo_entry

problem = zoo_entry("poisson-l-shape").problem


@pytest.fixture
def ansatz():
    with jax.enable_x64(True):
        shape = problem.domain, problem.fields, problem.conditions
        yield Ansatz(*shape, 6, 2, key=jax.random.key(3))


def test_the_net_sees_the_coordinates_and_the_corner(ansatz):
    assert ansatz.inputs == 4 and ansatz.network.layers[0].weight.shape == (6, 4)
    seen = ansatz.features((jnp.asarray(-0.5), jnp.asarray(0.25)))
    z = complex(-0.5, 0.25) / np.sqrt(2.0)
    power = abs(z) ** (2 / 3) * np.exp(2j / 3 * np.angle(z))
    np.testing.assert_allclose(seen, [-0.5, 0.25, power.real, power.imag], rtol=1e-13)
    box = cx.Box(x=(0, 1), y=(0, 1))
    plain = Ansatz(box, ("u",), (), 6, 2, key=jax.random.key(3))
    assert plain.inputs == 2


def test_the_ansatz_grows_like_the_solution_at_the_corner(ansatz):
    """u / r^(2/3) tends to a number other than zero, and u is zero on both edges."""
    last = lambda a: a.network.layers[-1].bias
    ansatz = eqx.tree_at(last, ansatz, jnp.ones(1))
    r = np.array([1e-3, 1e-6, 1e-9])
    grown = [float(ansatz(*(jnp.asarray(v) for v in (-s, s)))[0]) for s in r]
    ratio = np.array(grown) / r ** (2 / 3)
    assert abs(ratio[2] - ratio[1]) < 1e-3 * abs(ratio[2]) and abs(ratio[2]) > 1e-3
    for edge in ((0.0, -0.3), (0.7, 0.0)):
        (value,) = ansatz(*(jnp.asarray(v) for v in edge))
        assert abs(float(value)) < 1e-16


def test_a_correction_has_the_corner_too(ansatz):
    second = with_waves(ansatz, (2.0, 3.0), 5, 2, key=jax.random.key(0))
    both = Corrected(ansatz, second, 0.1)
    program = program_of(both, problem.domain.names, problem.fields)
    solution = Solution(problem, program, weights_of(both), {})
    here = {"x": np.array([-0.5, 0.5]), "y": np.array([0.25, 0.5])}
    pairs = zip(here["x"], here["y"], strict=True)
    truth = [both(jnp.asarray(x), jnp.asarray(y))[0] for x, y in pairs]
    np.testing.assert_allclose(solution(**here), truth, rtol=1e-12)


def test_a_stream_function_is_of_the_coordinates_alone():
    """Its derivatives are written out for those."""
    with jax.enable_x64(True):
        key = jax.random.key(0)
        net = StreamFunction(problem.domain, ("u", "v"), (), 5, 2, key=key)
        assert net.base.inputs == 2
        at = jnp.asarray([-0.4, 0.3])
        slopes = jax.jacfwd(lambda p: jnp.stack(net(p[0], p[1])))(at)
        assert abs(float(slopes[0, 0] + slopes[1, 1])) < 1e-14

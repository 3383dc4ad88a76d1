"""Estimates of operators: unbiased, with the variances that are stated."""

import itertools
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from certax._core import CertaxError
from certax.training import (
    coordinate_directions,
    directional_derivative,
    operator_estimate,
    sign_directions,
    trace_estimate,
)

pytestmark = pytest.mark.usefixtures("x64")


def function(x):
    return jnp.sin(x[0] * x[1]) + jnp.exp(0.5 * x[2] - x[1]) * x[0] ** 3


point = np.array([0.7, -0.4, 0.3])


def hessian(root=None):
    found = np.asarray(jax.hessian(function)(jnp.asarray(point)))
    return found if root is None else root @ found @ root


@pytest.mark.parametrize("order", range(5))
def test_derivatives_along_a_line(order):
    direction = jnp.array([1.0, -2.0, 0.5])
    u = lambda x: jnp.exp(jnp.array([0.3, 0.2, -0.1]) @ x)
    rate = 0.3 - 0.4 - 0.05
    found = directional_derivative(u, jnp.asarray(point), direction, order)
    assert np.isclose(found, rate**order * u(jnp.asarray(point)), rtol=1e-13)


@pytest.mark.parametrize("order", [-1, 5])
def test_other_orders_are_refused(order):
    with pytest.raises(CertaxError, match="order"):
        directional_derivative(function, jnp.asarray(point), jnp.ones(3), order)


def all_signs():
    return jnp.array(list(itertools.product((-1.0, 1.0), repeat=3)))


def test_signs_are_unbiased_with_the_stated_variance():
    root = np.array([[1.0, 0.2, 0.0], [0.2, 0.5, 0.1], [0.0, 0.1, 2.0]])
    x = jnp.asarray(point)
    estimate = lambda v: trace_estimate(function, x, v[None], lambda w: root @ w)
    found = np.asarray(jax.vmap(estimate)(all_signs()))
    exact = hessian(root)
    off_diagonal = exact - np.diag(np.diag(exact))
    # All sign vectors are as likely, so these are expectation and variance.
    assert np.isclose(found.mean(), np.trace(exact), rtol=1e-12)
    assert np.isclose(found.var(), 2 * (off_diagonal**2).sum(), rtol=1e-12)


@pytest.mark.parametrize("number", [1, 2])
def test_coordinates_are_unbiased_with_the_stated_variance(number):
    x = jnp.asarray(point)
    choices = list(itertools.combinations(range(3), number))
    found = [
        float(trace_estimate(function, x, math.sqrt(3) * jnp.eye(3)[jnp.array(chosen)]))
        for chosen in choices
    ]
    diagonal = np.diag(hessian())
    variance = 9 / number * (1 - number / 3) * diagonal.var(ddof=1)
    assert np.isclose(np.mean(found), diagonal.sum(), rtol=1e-12)
    assert np.isclose(np.var(found), variance, rtol=1e-12)


def test_all_coordinates_are_exact(getkey):
    directions = coordinate_directions(getkey(), 3, 3, jnp.float64)
    found = trace_estimate(function, jnp.asarray(point), directions)
    assert np.isclose(found, np.trace(hessian()), rtol=1e-12)


def test_drawn_directions_have_unit_covariance(getkey):
    for draw in (sign_directions, coordinate_directions):
        keys = jax.random.split(getkey(), 20_000)
        v = jax.vmap(lambda k, draw=draw: draw(k, 2, 4, jnp.float64))(keys)
        covariance = np.asarray(jnp.einsum("nki,nkj->ij", v, v)) / (2 * len(keys))
        # Five standard deviations of an entry, at most sqrt(d / n) each.
        assert np.abs(covariance - np.eye(4)).max() < 5 * math.sqrt(4 / len(keys))


def test_coordinates_are_different(getkey):
    found = np.asarray(coordinate_directions(getkey(), 50, 60))
    assert (np.count_nonzero(found, axis=0) <= 1).all()
    with pytest.raises(CertaxError, match="cannot be drawn"):
        coordinate_directions(getkey(), 4, 3)


@pytest.mark.parametrize(
    "indices",
    [(0,), (0, 0), (0, 1), (0, 0, 1), (0, 1, 2), (0, 0, 1, 1), (0, 0, 0, 2)],
)
def test_signs_of_a_term_average_to_its_derivative(indices):
    x, order = jnp.asarray(point), len(indices)
    total = 0.0
    for signs in itertools.product((-1.0, 1.0), repeat=order):
        direction = jnp.zeros(3).at[jnp.array(indices)].add(jnp.array(signs))
        found = directional_derivative(function, x, direction, order)
        total += float(np.prod(signs) * found) / 2**order / math.factorial(order)
    exact = function
    for _ in range(order):
        exact = jax.jacfwd(exact)
    assert np.isclose(total, exact(x)[indices], rtol=1e-10, atol=1e-12)


def test_operators_are_unbiased(getkey):
    coefficients = jnp.array([2.0, -1.0, 0.5])
    indices = jnp.array([[0, 1, 1], [2, 2, 0], [0, 1, 2]])
    x = jnp.asarray(point)
    third = jax.jacfwd(jax.hessian(function))(x)
    exact = float(
        sum(c * third[tuple(i)] for c, i in zip(coefficients, indices, strict=True))
    )
    keys = jax.random.split(getkey(), 400)
    estimate = jax.jit(
        jax.vmap(
            lambda key: operator_estimate(
                function, x, coefficients, indices, number=100, key=key
            )
        )
    )
    found = np.asarray(estimate(keys))
    deviation = found.std() / math.sqrt(len(found))
    assert deviation < 0.2 * abs(exact)
    assert abs(found.mean() - exact) < 5 * deviation


def test_memory_grows_linearly():
    """Ten times the dimension takes at most ten times the memory; a Hessian would take
    a hundred times as much.
    """

    def temporary(dimension):
        u = lambda x: jnp.sum(jnp.sin(x) * jnp.roll(x, 1))

        def estimate(x, key):
            directions = sign_directions(key, 8, dimension, jnp.float64)
            return trace_estimate(u, x, directions)

        example = jnp.zeros(dimension), jax.random.key(0)
        analysis = jax.jit(estimate).lower(*example).compile().memory_analysis()
        return analysis.temp_size_in_bytes

    assert temporary(20_000) <= 10.5 * temporary(2_000)

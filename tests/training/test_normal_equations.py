"""Without a matrix the numbers are those with one, in memory that does not grow."""

import jax
import numpy as np
import pytest
from small_problems import initial_weights, two_terms

from certax.training import (
    Cholesky,
    ConjugateGradients,
    ResidualLoss,
    _terms,
    batch,
    sobol_points,
)


def _data(number, chunk_size=16):
    points = sobol_points(number, 2, seed=0, step=0)
    return batch(points, chunk_size=chunk_size)


def test_matrix_free_equations_are_the_dense_ones():
    loss, weights = ResidualLoss(two_terms), initial_weights()
    data = _data(70)._replace(balance=np.array([2.0, 0.3]))
    dense = Cholesky().at(loss, weights, data)
    free = ConjugateGradients(tolerance=1e-12).at(loss, weights, data)
    assert np.allclose(dense.gradient, free.gradient, atol=1e-13)
    assert np.isclose(dense.mean_diagonal, free.mean_diagonal, rtol=1e-12)
    direction = initial_weights(3)
    assert np.allclose(dense.product(direction), free.product(direction), atol=1e-12)
    bend = loss.second_derivative(weights, direction, data)
    assert np.allclose(dense.pull(bend), free.pull(bend), atol=1e-12)
    one, other = dense.solver(1e-3), free.solver(1e-3)
    assert one is not None and other is not None
    assert np.allclose(one(direction), other(direction), rtol=1e-6, atol=1e-9)


def test_indefinite_and_undamped_equations_are_not_solved():
    loss, weights, data = ResidualLoss(two_terms), initial_weights(), _data(4)
    assert ConjugateGradients().at(loss, weights, data).solver(0.0) is None
    assert Cholesky().at(loss, weights, data).solver(-10.0) is None


def test_the_hessian_is_that_of_the_loss():
    loss, weights = ResidualLoss(two_terms), initial_weights()
    data = _data(40)._replace(balance=np.array([2.0, 0.3]))
    found = loss.hessian(weights, data)
    step = 1e-6 * initial_weights(5)
    ends = [loss.value_and_gradient(weights + sign * step, data)[1] for sign in (1, -1)]
    assert np.allclose(found, found.T, atol=1e-12)
    assert np.allclose(found @ step, (ends[0] - ends[1]) / 2, rtol=1e-5, atol=1e-12)


@pytest.mark.parametrize(
    "function", ["value_and_gradient", "normal_product", "squared_jacobian"]
)
def test_memory_does_not_grow_with_the_points_nor_work_faster_than_they(function):
    loss, weights = ResidualLoss(two_terms), initial_weights()
    kernel = getattr(_terms, function)
    temporaries = []
    for number in (64, 2048):
        data = _data(number)
        first = (weights,) if function == "normal_product" else ()
        with jax.enable_x64(True):
            compiled = kernel.lower(loss.terms, *first, weights, *data, 0, 1).compile()
        temporaries.append(compiled.memory_analysis().temp_size_in_bytes)
    assert temporaries[1] == temporaries[0]
    # Work is one pass of the loop for each chunk.
    assert _data(2048).chunks == 32 * _data(64).chunks

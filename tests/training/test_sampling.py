"""Points depend on seed and step alone, and go where the residual is large."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from certax import CertaxError
from certax.training import (
    GrowingSampler,
    ResidualAdaptiveSampler,
    UniformSampler,
    fresh_points,
    sobol_points,
)


@given(
    number=st.integers(1, 300), dimension=st.integers(1, 4), seed=st.integers(0, 2**40)
)
def test_points_are_a_function_of_seed_and_step(number, dimension, seed):
    points = sobol_points(number, dimension, seed=seed, step=7)
    assert points.shape == (number, dimension)
    assert np.all((points >= 0) & (points <= 1))
    assert np.array_equal(points, sobol_points(number, dimension, seed=seed, step=7))
    assert not np.array_equal(
        points, sobol_points(number, dimension, seed=seed, step=8)
    )
    assert not np.array_equal(points, fresh_points(number, dimension, seed=seed))


def test_points_fill_the_cube_evenly():
    points = sobol_points(256, 2, seed=0, step=0)
    cells = np.floor(points * 16).astype(int) @ np.array([16, 1])
    assert np.array_equal(np.sort(cells), np.arange(256))


def test_no_points_are_refused():
    with pytest.raises(CertaxError, match="must be positive, but is 0"):
        sobol_points(0, 2, seed=0, step=0)


def _step(points):
    return np.where(points[:, 0] < 0.25, 9.0, 1.0)


def test_adaptive_points_follow_the_residual():
    # With p proportional to |r|/mean + k2 and mean 3, the quarter with r = 9 weighs
    # (3 + k2) / (1 + k2) times its area.
    for floor in (0.0, 1.0, 5.0):
        sampler = ResidualAdaptiveSampler(1.0, floor, pool_ratio=64)
        points = sampler.draw(1000, 1, _step, seed=0, step=5)
        expected = 0.25 * (3 + floor) / (1 + floor)
        assert abs(np.mean(points[:, 0] < 0.25) - expected) < 0.05
        assert len(np.unique(points)) == 1000


def test_adaptive_points_are_reproducible_and_move():
    sampler = ResidualAdaptiveSampler()
    points = sampler.draw(100, 2, _step, seed=3, step=5)
    assert np.array_equal(points, sampler.draw(100, 2, _step, seed=3, step=5))
    assert not np.array_equal(points, sampler.draw(100, 2, _step, seed=3, step=6))
    assert not np.array_equal(points, sampler.draw(100, 2, _step, seed=4, step=5))


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_a_useless_residual_gives_even_points(value):
    sampler = ResidualAdaptiveSampler()
    norms = lambda points: np.full(len(points), value)
    points = sampler.draw(64, 2, norms, seed=0, step=0)
    cells = np.floor(points * 8).astype(int) @ np.array([8, 1])
    assert np.array_equal(np.sort(cells), np.arange(64))


def test_uniform_points_ignore_the_residual():
    points = UniformSampler().draw(10, 2, _step, seed=0, step=1)
    assert np.array_equal(points, sobol_points(10, 2, seed=0, step=1))


def test_points_reach_further_along_the_first_coordinate_until_all_is_covered():
    sampler = GrowingSampler(steps=10, start=0.1)
    reach = [
        sampler.draw(256, 2, _step, seed=0, step=step).max(axis=0)
        for step in range(0, 13, 2)
    ]
    first, second = np.array(reach).T
    expected = np.minimum(1.0, 0.1 + 0.09 * np.arange(0, 13, 2))
    assert np.all(first <= expected) and np.all(first >= 0.95 * expected)
    assert np.all(second >= 0.95)

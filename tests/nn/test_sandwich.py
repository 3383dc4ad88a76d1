"""Sandwich nets: the bound holds for all parameters, and after folding."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from certax.bounds import lipschitz
from certax.nn import Sandwich, fold, parameters_of, with_parameters
from certax.nn._sandwich import cayley, monotone_activations

pytestmark = pytest.mark.usefixtures("x64", "strict_promotion")


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (3, 3), (3, 5), (5, 6)])
def test_the_cayley_transform_has_orthonormal_rows(shape, seed):
    free = 3.0 * jnp.asarray(np.random.default_rng(seed).normal(size=shape))
    rows = cayley(free)
    assert rows.shape == shape
    assert jnp.abs(rows @ rows.T - jnp.eye(shape[0])).max() < 1e-13


def wild(bound, activation, seed, depth=2):
    """A net with parameters far from those of a fresh one."""
    net = Sandwich(2, 2, 6, depth, activation, bound, key=jax.random.key(seed))
    rng = np.random.default_rng(seed)
    moved = {
        name: leaf + 2.0 * rng.normal(size=leaf.shape)
        for name, leaf in parameters_of(net).items()
    }
    return with_parameters(net, moved)


@pytest.mark.parametrize("activation", monotone_activations)
@pytest.mark.parametrize("bound", [0.5, 7.0])
def test_no_slope_is_above_the_bound(activation, bound, seed):
    for shift in range(5):
        net = fold(wild(bound, activation, seed + shift))
        points = 2.0 * np.random.default_rng(seed + shift).normal(size=(200, 2))
        slopes = jax.vmap(jax.jacfwd(net))(jnp.asarray(points))
        norms = np.linalg.norm(np.asarray(slopes), ord=2, axis=(1, 2))
        assert norms.max() <= bound * (1 + 1e-12)


def test_the_bound_is_nearly_attained(seed):
    """Otherwise a smaller constant would do, and the test above could not fail."""
    fresh = [
        fold(Sandwich(1, 1, 8, 1, "softplus", 2.0, key=jax.random.key(seed + i)))
        for i in range(8)
    ]
    xs = jnp.linspace(-30.0, 30.0, 101)
    slopes = [jax.vmap(jax.jacfwd(n))(xs[:, None]) for n in fresh]
    assert max(float(jnp.abs(s).max()) for s in slopes) > 0.2 * 2.0


def test_the_proved_constant_of_small_boxes_stays_below_the_bound(seed):
    net = fold(wild(3.0, "tanh", seed, depth=1))
    function = lambda x, t: net(jnp.stack([x, t]))[0]  # noqa: E731
    for x, t in np.random.default_rng(seed).uniform(-1.0, 1.0, (3, 2)):
        proved = lipschitz(function)([(x, x + 1e-3), (t, t + 1e-3)])
        slopes = jax.grad(function, (0, 1))(jnp.asarray(x), jnp.asarray(t))
        assert float(jnp.hypot(*slopes)) <= float(proved) <= 3.0 * 1.05

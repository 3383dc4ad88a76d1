"""Small round holes, and the inversions in their circles."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax._core import to_float
from certax.nn import Ansatz

hole = cx.Ball(("1/5", "1/4"), "1/20")
channel = cx.Box(x=(0, 2), y=(0, "1/2"))


def inverted(point):
    (found,) = (channel - hole).holes
    return jnp.stack(found.inverted((point[0], point[1]), lambda e: to_float(e)))


def test_the_inverse_has_length_one_on_the_circle_and_less_outside(x64):
    angles = np.linspace(0, 2 * np.pi, 9)
    rays = np.stack([np.cos(angles), np.sin(angles)], 1)
    center = np.array([0.2, 0.25])
    np.testing.assert_allclose(jax.vmap(inverted)(center + rays / 20), rays, atol=1e-14)
    for factor in (2.0, 7.0):
        far = jax.vmap(inverted)(center + factor * rays / 20)
        np.testing.assert_allclose(far, rays / factor, atol=1e-14)


def test_it_is_harmonic(x64):
    hessian = jax.hessian(inverted)(jnp.array([0.31, 0.17]))
    assert float(jnp.abs(hessian[:, 0, 0] + hessian[:, 1, 1]).max()) < 1e-9
    assert float(jnp.abs(hessian).max()) > 1


@pytest.mark.parametrize(
    "shape",
    [
        channel,
        channel - cx.Ball((1, "1/4"), "7/10"),
        cx.Box(x=(0, 1), y=(0, 1)) - cx.Ball(("1/2", "1/2"), "1/5"),
        cx.Ball((0, 0), 1),
    ],
)
def test_what_is_cut_or_large_is_no_small_hole(shape):
    assert shape.holes == ()


def test_every_hole_counts_and_time_changes_nothing():
    two = channel - hole - cx.Ball((1, "1/4"), "1/10")
    assert len(two.holes) == 2
    assert (two * cx.Box(t=(0, 1))).holes == two.holes


def test_nets_see_the_inverse(x64):
    key = jax.random.key(0)
    ansatz = Ansatz(channel - hole, ("u",), (), 4, 1, hard=False, key=key)
    point = jnp.array([0.31, 0.17])
    seen = ansatz.features(tuple(point))
    assert seen.shape == (ansatz.inputs,) == (4,)
    np.testing.assert_allclose(seen[2:], inverted(point), atol=1e-15)

"""Multilayer perceptrons: float64, Glorot, smooth activations, clear refusals."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from helpers import check_program, values_of

import certax as cx
from certax.nn import MLP, Linear, program_of, weights_of

activations = ("tanh", "sin", "softplus", "logistic", "swish")
pytestmark = pytest.mark.usefixtures("x64", "strict_promotion")


def test_a_layer_is_affine_and_starts_as_glorot_says(getkey):
    layer = Linear(30, 20, key=getkey())
    assert layer.weight.dtype == layer.bias.dtype == jnp.float64
    assert layer.weight.shape == (20, 30) and not layer.bias.any()
    limit = np.sqrt(6 / 50)
    assert jnp.abs(layer.weight).max() <= limit
    # The standard deviation of 600 uniform numbers, with eight of its own errors.
    assert float(layer.weight.std()) == pytest.approx(limit / np.sqrt(3), rel=0.15)
    x = jnp.linspace(-1.0, 1.0, 30)
    assert jnp.allclose(layer(x), np.asarray(layer.weight) @ np.asarray(x), 1e-14)


def test_keys_decide_the_weights(getkey):
    one, same, other = (MLP(2, 1, 4, 2, key=k) for k in _twice(getkey))
    assert jax.tree.all(jax.tree.map(lambda a, b: (a == b).all(), one, same))
    assert not (one.layers[0].weight == other.layers[0].weight).any()
    first, second = one.layers[1].weight, one.layers[0].weight
    assert first.shape == (4, 4) and second.shape == (4, 2)


def _twice(getkey):
    key = getkey()
    return key, key, getkey()


@pytest.mark.parametrize("activation", activations)
def test_the_program_of_a_net_computes_its_call(activation, getkey):
    net = MLP(1, 2, 3, 2, activation, key=getkey())
    wrapped = _OfOneCoordinate(net)
    program = program_of(wrapped, ["x"], ["u", "v"])
    check_program(program)
    weights = weights_of(wrapped)
    for x in (-1.3, 0.0, 0.7):
        expected = net(jnp.array([x]))
        found = values_of(program, {"x": x} | weights)
        assert found["u"] == pytest.approx(float(expected[0]), rel=1e-13)
        assert found["v"] == pytest.approx(float(expected[1]), rel=1e-13)
    assert "max0" not in {op for op, _, _ in program.ops}


class _OfOneCoordinate(MLP):
    """A net whose input is the coordinate itself."""

    def __init__(self, net):
        self.layers, self.activation = net.layers, net.activation

    def __call__(self, x):
        found = super().__call__(jnp.stack([x]))
        return found[0], found[1]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"activation": "relu"}, "no activation 'relu'.*tanh, sin, softplus"),
        ({"activation": "Tanh"}, "no activation 'Tanh'"),
        ({"width": 0}, "sizes of at least one, not width 0"),
        ({"depth": 0}, "depth 0"),
        ({"depth": -1}, "depth -1"),
    ],
)
def test_a_net_is_refused(settings, words, getkey):
    with pytest.raises(cx.CertaxError, match=words):
        MLP(2, 1, **({"width": 2, "depth": 1} | settings), key=getkey())

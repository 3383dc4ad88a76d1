"""Nets of the papers: how many numbers they have, shapes, gradients, their state."""

import equinox as eqx
import jax
import jax.numpy as jnp
import pytest

from certax.papers.architectures import (
    ResNet,
    TextTransformer,
    TiedAutoencoder,
    VariationalAutoencoder,
    Vgg,
    VisionTransformer,
    apply,
    build,
    parameter_count,
)


def _count(kind, *sizes, **settings):
    """Without drawing a single number."""
    return parameter_count(lambda key: build(kind, *sizes, key=key, **settings))


def test_published_sizes():
    # The facts name the number for ViT-tiny; the others follow from the layers.
    assert _count(VisionTransformer) == 5_526_346
    small = dict(width=384, heads=6)
    assert _count(VisionTransformer, **small) == 21_669_514
    assert _count(ResNet) == 11_173_962
    dense = lambda a, b: a * b + b
    assert _count(VariationalAutoencoder) == (
        dense(784, 50) + 5 * dense(50, 50) + dense(50, 784)
    )
    assert _count(TiedAutoencoder, (484, 100, 20)) == (
        484 * 100 + 100 * 20 + 100 + 20 + 100 + 484
    )


def test_nine_layers_of_vgg():
    net, _ = eqx.filter_eval_shape(lambda key: build(Vgg, key=key), jax.random.key(0))
    assert sum(map(len, net.stages)) + len(net.dense) == 9


tiny = {
    "resnet": (ResNet, (1, 4, (1, 1)), (1, 8, 8)),
    "vit": (VisionTransformer, (1, 4, 2, 8, 1, 2), (1, 8, 8)),
    "vgg": (Vgg, (1, 8, ((4,), (4,)), (8,)), (1, 8, 8)),
    "text": (TextTransformer, (9, 5, 8, 1, 2, 10), (5,)),
    "autoencoder": (TiedAutoencoder, ((64, 16, 12),), (1, 8, 8)),
    "vae": (VariationalAutoencoder, (64, 8, 3), (1, 8, 8)),
}


@pytest.mark.parametrize("name", tiny)
def test_shapes_and_gradients(name):
    kind, sizes, shape = tiny[name]
    net, state = build(kind, *sizes, key=jax.random.key(0))
    if name == "text":
        inputs = jax.random.randint(jax.random.key(1), (6, *shape), 0, 9)
    else:
        inputs = jax.random.uniform(jax.random.key(1), (6, *shape))

    @eqx.filter_jit
    @eqx.filter_value_and_grad(has_aux=True)
    def loss(net):
        outputs, after = apply(net, state, inputs, jax.random.key(2))
        total = sum(jnp.mean(out**2) for out in jax.tree.leaves(outputs))
        return total, (outputs, after)

    (value, (outputs, after)), gradient = loss(net)
    first = outputs[0] if name == "vae" else outputs
    assert first.shape == (6, 64 if "auto" in name or name == "vae" else 10)
    leaves = jax.tree.leaves(gradient)
    assert jnp.isfinite(value) and all(jnp.all(jnp.isfinite(g)) for g in leaves)
    # No array is forgotten; a class token or code that is not read would be.
    assert all(jnp.any(g != 0) for g in leaves if g.size > 8)
    assert {leaf.dtype for leaf in leaves} == {jnp.dtype("float32")}
    changed = jax.tree.leaves(after) and not eqx.tree_equal(state, after)
    assert bool(changed) == (name == "resnet")


def test_the_state_of_batch_normalization_is_explicit():
    net, state = build(ResNet, *tiny["resnet"][1], key=jax.random.key(0))
    inputs = 3 + jax.random.normal(jax.random.key(1), (16, 1, 8, 8))
    key = jax.random.key(2)
    run = eqx.filter_jit(apply)
    trained, after = run(net, state, inputs, key)
    again, _ = run(net, state, inputs, key)
    assert jnp.array_equal(trained, again)
    judge = eqx.nn.inference_mode(net)
    for _ in range(80):
        _, after = run(net, after, inputs, key)
    judged, same = run(judge, after, inputs, key)
    assert eqx.tree_equal(same, after)
    # With the statistics of these very images both modes agree.
    assert jnp.max(jnp.abs(judged - trained)) < 0.05 * jnp.max(jnp.abs(trained))
    # An example's outcome then does not depend on its companions.
    alone, _ = run(judge, after, inputs[:1], key)
    assert jnp.allclose(alone[0], judged[0], atol=1e-5)


def test_places_are_interpolated():
    """A table that is the same everywhere stays so on a finer grid."""
    kind, sizes, _ = tiny["vit"]
    coarse, state = build(kind, *sizes, key=jax.random.key(0))
    fine, _ = build(kind, *sizes[:2], 4, *sizes[3:], key=jax.random.key(0))
    images = jax.random.uniform(jax.random.key(1), (2, 1, 16, 16))
    run = eqx.filter_jit(apply)
    even = lambda net: eqx.tree_at(lambda n: n.places, net, jnp.ones_like(net.places))
    found, _ = run(even(coarse), state, images, jax.random.key(2))
    wanted, _ = run(even(fine), state, images, jax.random.key(2))
    assert found.shape == (2, 10)
    assert jnp.allclose(found, wanted, atol=1e-5)

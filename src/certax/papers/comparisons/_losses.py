"""Losses and scores of single examples."""

from typing import Any

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float


def cross_entropy(outputs: Any, inputs: Array, labels: Array) -> Float[Array, " n"]:
    return optax.softmax_cross_entropy_with_integer_labels(outputs, labels)


def correct(outputs: Any, inputs: Array, labels: Array) -> Float[Array, " n"]:
    """One where the class is right."""
    return (jnp.argmax(outputs, axis=-1) == labels).astype(jnp.float32)


def evidence_bound(outputs: Any, inputs: Array, labels: Array) -> Float[Array, " n"]:
    """Squared error over the pixels and the divergence of the code from a normal one:
    Σ(x̂ − x)² + ½ Σ(μ² + e^s − 1 − s).
    """
    pixels, mean, log_variance = outputs
    missed = jnp.sum((pixels - inputs.reshape(len(inputs), -1)) ** 2, axis=-1)
    divergence = mean**2 + jnp.exp(log_variance) - 1 - log_variance
    return missed + jnp.sum(divergence, axis=-1) / 2


def reconstruction(outputs: Any, inputs: Array, labels: Array) -> Float[Array, " n"]:
    """Half the squared error, of an autoencoder."""
    return jnp.sum((outputs - inputs.reshape(len(inputs), -1)) ** 2, axis=-1) / 2


def negative(losses):
    """A score from a loss."""
    return lambda outputs, inputs, labels: -losses(outputs, inputs, labels)


def flips_and_crops(images: Array, key: Any) -> Array:
    """Mirrors half of the images, and moves each by up to four pixels; the border is
    black. Without a key nothing is done.
    """
    if key is None:
        return images
    height, width = images.shape[2:]
    padded = jnp.pad(images, ((0, 0), (0, 0), (4, 4), (4, 4)))

    def one(image, key):
        a, b = jax.random.split(key)
        row, column = jax.random.randint(a, (2,), 0, 9)
        size = (len(image), height, width)
        cut = jax.lax.dynamic_slice(image, (0, row, column), size)
        return jnp.where(jax.random.bernoulli(b), cut[:, :, ::-1], cut)

    return jax.vmap(one)(padded, jax.random.split(key, len(images)))


def resized_crops(side: int):
    """Square images of another size from a random rectangle of 5 % to all of an image,
    with sides in a ratio from 3/4 to 4/3; where nothing is random, from all of it.
    """

    def prepare(images: Array, key: Any) -> Array:
        count, channels, height, width = images.shape
        shape = (channels, side, side)
        if key is None:
            return jax.image.resize(images, (count, *shape), "bilinear")

        def one(image, key):
            a, b, c = jax.random.split(key, 3)
            area = jax.random.uniform(a, (), jnp.float32, 0.05, 1.0)
            ratio = jnp.exp(jax.random.uniform(b, (), jnp.float32, -0.2877, 0.2877))
            part = jnp.minimum(jnp.sqrt(area * jnp.stack([1 / ratio, ratio])), 1)
            free = jax.random.uniform(c, (2,), jnp.float32)
            sides = jnp.array([height, width], jnp.float32)
            start = free * (1 - part) * sides
            scale = side / (part * sides)
            return jax.image.scale_and_translate(
                image, shape, (1, 2), scale, -start * scale, "bilinear"
            )

        return jax.vmap(one)(images, jax.random.split(key, count))

    return prepare

"""A variational autoencoder of dense layers."""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray


class VariationalAutoencoder(eqx.Module):
    """Two dense layers to the mean and the log variance of a code, and three back to
    the pixels, with leaky ReLU of slope 0.2; the sigmoid at the end.

    `pixels=784, hidden=50, code=50` is the one for Fashion-MNIST.

    ??? cite "Reference"

        ```bibtex
        @inproceedings{kingma2014auto,
            title={Auto-encoding variational {Bayes}},
            author={Kingma, Diederik P. and Welling, Max},
            booktitle={International Conference on Learning Representations},
            year={2014}}
        ```
    """

    inward: tuple[eqx.nn.Linear, ...]
    mean: eqx.nn.Linear
    log_variance: eqx.nn.Linear
    outward: tuple[eqx.nn.Linear, ...]

    def __init__(
        self, pixels: int = 784, hidden: int = 50, code: int = 50, *, key: PRNGKeyArray
    ):
        keys = iter(jax.random.split(key, 7))
        dense = lambda a, b: eqx.nn.Linear(a, b, key=next(keys))
        self.inward = (dense(pixels, hidden), dense(hidden, hidden))
        self.mean, self.log_variance = dense(hidden, code), dense(hidden, code)
        self.outward = (
            dense(code, hidden), dense(hidden, hidden), dense(hidden, pixels)
        )  # fmt: skip

    def __call__(
        self, x: Float[Array, "..."], state: eqx.nn.State, *, key: PRNGKeyArray
    ) -> tuple[tuple[Array, Array, Array], eqx.nn.State]:
        """The pixels again, flat, from a code drawn with the key; the mean and the log
        variance of the code; and the state.
        """
        value = x.ravel()
        for layer in self.inward:
            value = jax.nn.leaky_relu(layer(value), 0.2)
        mean, log_variance = self.mean(value), self.log_variance(value)
        noise = jax.random.normal(key, mean.shape, mean.dtype)
        value = mean + jnp.exp(log_variance / 2) * noise
        for layer in self.outward[:-1]:
            value = jax.nn.leaky_relu(layer(value), 0.2)
        pixels = jax.nn.sigmoid(self.outward[-1](value))
        return (pixels, mean, log_variance), state

"""Residual nets for small images."""

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from ._batches import batch_axis


class ConvNorm(eqx.Module):
    """A convolution without bias, and batch normalization."""

    convolution: eqx.nn.Conv2d
    norm: eqx.nn.BatchNorm

    def __init__(self, inputs: int, outputs: int, size: int, stride: int, *, key):
        self.convolution = eqx.nn.Conv2d(
            inputs, outputs, size, stride, padding=size // 2, use_bias=False, key=key
        )
        self.norm = eqx.nn.BatchNorm(outputs, batch_axis, momentum=0.9, mode="batch")

    def __call__(self, x, state):
        return self.norm(self.convolution(x), state)


class Block(eqx.Module):
    """Two convolutions, and a way around them."""

    first: ConvNorm
    second: ConvNorm
    around: ConvNorm | None

    def __init__(self, inputs: int, outputs: int, stride: int, *, key):
        a, b, c = jax.random.split(key, 3)
        self.first = ConvNorm(inputs, outputs, 3, stride, key=a)
        self.second = ConvNorm(outputs, outputs, 3, 1, key=b)
        same = stride == 1 and inputs == outputs
        self.around = None if same else ConvNorm(inputs, outputs, 1, stride, key=c)

    def __call__(self, x, state):
        hidden, state = self.first(x, state)
        hidden, state = self.second(jax.nn.relu(hidden), state)
        if self.around is not None:
            x, state = self.around(x, state)
        return jax.nn.relu(x + hidden), state


class ResNet(eqx.Module):
    """A residual net in its form for CIFAR: a first convolution of 3 x 3 with stride 1,
    then stages of blocks, each with twice the channels of the one before and half its
    size. `width=64, blocks=(2, 2, 2, 2)` is ResNet-18.

    **Arguments:**

    - `channels`: of the images.
    - `width`: channels of the first stage.
    - `blocks`: their number in each stage.

    ??? cite "Reference"

        ```bibtex
        @inproceedings{he2016deep,
            title={Deep residual learning for image recognition},
            author={He, Kaiming and Zhang, Xiangyu and Ren, Shaoqing and Sun, Jian},
            booktitle={Conference on Computer Vision and Pattern Recognition},
            year={2016}}
        ```
    """

    stem: ConvNorm
    blocks: tuple[Block, ...]
    head: eqx.nn.Linear

    def __init__(
        self,
        channels: int = 3,
        width: int = 64,
        blocks: Sequence[int] = (2, 2, 2, 2),
        classes: int = 10,
        *,
        key: PRNGKeyArray,
    ):
        first, last, *keys = jax.random.split(key, 2 + sum(blocks))
        self.stem = ConvNorm(channels, width, 3, 1, key=first)
        made, inputs = [], width
        for stage, count in enumerate(blocks):
            outputs = width * 2**stage
            for place in range(count):
                stride = 2 if stage > 0 and place == 0 else 1
                made.append(Block(inputs, outputs, stride, key=keys[len(made)]))
                inputs = outputs
        self.blocks = tuple(made)
        self.head = eqx.nn.Linear(inputs, classes, key=last)

    def __call__(
        self,
        x: Float[Array, "channels height width"],
        state: eqx.nn.State,
        *,
        key: PRNGKeyArray | None = None,
    ) -> tuple[Float[Array, " classes"], eqx.nn.State]:
        """The logits of an image, inside of [`apply`][], and the state."""
        x, state = self.stem(x, state)
        x = jax.nn.relu(x)
        for block in self.blocks:
            x, state = block(x, state)
        return self.head(jnp.mean(x, axis=(1, 2))), state

"""Convolutional nets in the manner of VGG."""

from collections.abc import Sequence

import equinox as eqx
import jax
from jaxtyping import Array, Float, PRNGKeyArray


class Vgg(eqx.Module):
    """Stages of convolutions of 3 x 3 with ReLU, each ended by the maximum over 2 x 2,
    and dense layers. The defaults have nine layers with weights, for images of 32 x 32.

    **Arguments:**

    - `channels`, `side`: of the images.
    - `stages`: the channels of the convolutions of each stage.
    - `hidden`: the widths of the dense layers before the last.

    ??? cite "Reference"

        ```bibtex
        @inproceedings{simonyan2015very,
            title={Very deep convolutional networks for large-scale image recognition},
            author={Simonyan, Karen and Zisserman, Andrew},
            booktitle={International Conference on Learning Representations},
            year={2015}}
        ```
    """

    stages: tuple[tuple[eqx.nn.Conv2d, ...], ...]
    dense: tuple[eqx.nn.Linear, ...]
    pool: eqx.nn.MaxPool2d

    def __init__(
        self,
        channels: int = 3,
        side: int = 32,
        stages: Sequence[Sequence[int]] = ((64, 64), (128, 128), (256, 256)),
        hidden: Sequence[int] = (512, 512),
        classes: int = 10,
        *,
        key: PRNGKeyArray,
    ):
        count = sum(map(len, stages)) + len(hidden) + 1
        keys = iter(jax.random.split(key, count))
        made = []
        for widths in stages:
            stage = []
            for width in widths:
                conv = eqx.nn.Conv2d(channels, width, 3, padding=1, key=next(keys))
                stage.append(conv)
                channels = width
            made.append(tuple(stage))
        self.stages = tuple(made)
        sizes = (channels * (side // 2 ** len(stages)) ** 2, *hidden, classes)
        pairs = zip(sizes[:-1], sizes[1:], strict=True)
        self.dense = tuple(eqx.nn.Linear(a, b, key=next(keys)) for a, b in pairs)
        self.pool = eqx.nn.MaxPool2d(2, 2)

    def __call__(
        self,
        x: Float[Array, "channels side side"],
        state: eqx.nn.State,
        *,
        key: PRNGKeyArray | None = None,
    ) -> tuple[Float[Array, " classes"], eqx.nn.State]:
        """The logits of an image."""
        for stage in self.stages:
            for convolution in stage:
                x = jax.nn.relu(convolution(x))
            x = self.pool(x)
        value = x.ravel()
        for layer in self.dense[:-1]:
            value = jax.nn.relu(layer(value))
        return self.dense[-1](value), state

"""Transformers for images and for sentences."""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, PRNGKeyArray


class Block(eqx.Module):
    """Attention and two dense layers, each after a normalization and around itself."""

    norms: tuple[eqx.nn.LayerNorm, eqx.nn.LayerNorm]
    attention: eqx.nn.MultiheadAttention
    wider: eqx.nn.Linear
    back: eqx.nn.Linear

    def __init__(self, width: int, heads: int, *, key: PRNGKeyArray):
        a, b, c = jax.random.split(key, 3)
        self.norms = (eqx.nn.LayerNorm(width), eqx.nn.LayerNorm(width))
        self.attention = eqx.nn.MultiheadAttention(
            heads,
            width,
            use_query_bias=True,
            use_key_bias=True,
            use_value_bias=True,
            use_output_bias=True,
            key=a,
        )
        self.wider = eqx.nn.Linear(width, 4 * width, key=b)
        self.back = eqx.nn.Linear(4 * width, width, key=c)

    def __call__(self, x: Float[Array, "tokens width"]) -> Float[Array, "tokens width"]:
        y = jax.vmap(self.norms[0])(x)
        x = x + self.attention(y, y, y)
        dense = lambda token: self.back(jax.nn.gelu(self.wider(self.norms[1](token))))
        return x + jax.vmap(dense)(x)


def _small_normal(key, shape):
    """Tables of tokens start near zero."""
    return 0.02 * jax.random.normal(key, shape)


class VisionTransformer(eqx.Module):
    """A vision transformer: patches, a token for the class, places that are learned.

    The defaults are ViT-tiny for 10 classes. Images with another number of patches than
    `grid` squared take the table of places by bilinear interpolation.

    **Arguments:**

    - `channels`: of the images; `patch`: the side of a patch in pixels.
    - `grid`: patches along a side for which there are places.
    - `width`, `depth`, `heads`: of the blocks.

    ??? cite "Reference"

        ```bibtex
        @inproceedings{dosovitskiy2021image,
            title={An image is worth 16x16 words: transformers for image recognition at
                   scale},
            author={Dosovitskiy, Alexey and others},
            booktitle={International Conference on Learning Representations},
            year={2021}}
        ```
    """

    patches: eqx.nn.Conv2d
    token: Float[Array, "1 width"]
    places: Float[Array, "places width"]
    blocks: tuple[Block, ...]
    norm: eqx.nn.LayerNorm
    head: eqx.nn.Linear
    grid: int = eqx.field(static=True)

    def __init__(
        self,
        channels: int = 3,
        patch: int = 16,
        grid: int = 14,
        width: int = 192,
        depth: int = 12,
        heads: int = 3,
        classes: int = 10,
        *,
        key: PRNGKeyArray,
    ):
        a, b, c, d, *keys = jax.random.split(key, 4 + depth)
        self.patches = eqx.nn.Conv2d(channels, width, patch, patch, key=a)
        self.token = _small_normal(b, (1, width))
        self.places = _small_normal(c, (grid**2 + 1, width))
        self.blocks = tuple(Block(width, heads, key=k) for k in keys)
        self.norm = eqx.nn.LayerNorm(width)
        self.head = eqx.nn.Linear(width, classes, key=d)
        self.grid = grid

    def __call__(
        self,
        x: Float[Array, "channels height width"],
        state: eqx.nn.State,
        *,
        key: PRNGKeyArray | None = None,
    ) -> tuple[Float[Array, " classes"], eqx.nn.State]:
        """The logits of an image."""
        seen = self.patches(x)
        width, *shape = seen.shape
        places = self.places[1:]
        if tuple(shape) != (self.grid, self.grid):
            table = places.reshape(self.grid, self.grid, width)
            resized = jax.image.resize(table, (*shape, width), "bilinear")
            places = resized.reshape(-1, width)
        image = seen.reshape(width, -1).T + places
        tokens = jnp.concatenate([self.token + self.places[:1], image])
        for block in self.blocks:
            tokens = block(tokens)
        return self.head(self.norm(tokens[0])), state


class TextTransformer(eqx.Module):
    """A transformer that reads a sentence of numbered words and names its class from
    the mean over the words.

    **Arguments:**

    - `words`: in the vocabulary; `length`: of a sentence.
    """

    words: Float[Array, "words width"]
    places: Float[Array, "length width"]
    blocks: tuple[Block, ...]
    norm: eqx.nn.LayerNorm
    head: eqx.nn.Linear

    def __init__(
        self,
        words: int,
        length: int,
        width: int,
        depth: int,
        heads: int,
        classes: int,
        *,
        key: PRNGKeyArray,
    ):
        a, b, c, *keys = jax.random.split(key, 3 + depth)
        self.words = _small_normal(a, (words, width))
        self.places = _small_normal(b, (length, width))
        self.blocks = tuple(Block(width, heads, key=k) for k in keys)
        self.norm = eqx.nn.LayerNorm(width)
        self.head = eqx.nn.Linear(width, classes, key=c)

    def __call__(
        self,
        x: Int[Array, " length"],
        state: eqx.nn.State,
        *,
        key: PRNGKeyArray | None = None,
    ) -> tuple[Float[Array, " classes"], eqx.nn.State]:
        """The logits of a sentence."""
        tokens = self.words[x] + self.places
        for block in self.blocks:
            tokens = block(tokens)
        return self.head(jnp.mean(jax.vmap(self.norm)(tokens), axis=0)), state

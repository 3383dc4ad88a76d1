"""Weights by name, and as one vector."""

import math
from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from .._core import Program


def flatten(weights: Mapping[str, np.ndarray], program: Program) -> np.ndarray:
    """All weights as one vector, in the order of the program's inputs."""
    return np.concatenate([weights[i.name].ravel() for i in program.of_kind("weight")])


def unflatten(vector: Any, program: Program) -> dict[str, Any]:
    """The inverse of `flatten`, for NumPy and JAX arrays."""
    return split_vector(vector, {i.name: i.shape for i in program.of_kind("weight")})


def split_vector(vector: Any, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    """A vector as arrays of these shapes, by name."""
    ends = np.cumsum([math.prod(shape) for shape in shapes.values()])[:-1].tolist()
    # One split has one transpose; slices would each cost a whole vector in a gradient.
    split = np.split if isinstance(vector, np.ndarray) else jnp.split
    parts = split(vector, ends)
    return {
        name: part.reshape(shape)
        for (name, shape), part in zip(shapes.items(), parts, strict=True)
    }

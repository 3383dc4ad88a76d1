"""Weights as the bytes of a safetensors file."""

import json
from typing import Any

import numpy as np

from .._core import CertaxError


def weights_file(weights: Any) -> bytes:
    """The content of `weights.safetensors`."""
    from safetensors.numpy import save

    # Not np.ascontiguousarray, which makes a vector of a scalar.
    return save({n: np.asarray(w, np.float64, order="C") for n, w in weights.items()})


def read_weights(content: bytes) -> dict[str, np.ndarray]:
    """**Raises:** `CertaxError` if the bytes are no safetensors file."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        return load(content)
    except (SafetensorError, ValueError, json.JSONDecodeError) as error:
        raise CertaxError(
            f"The weights file cannot be read: {error}.",
            remedy="It must be a safetensors file.",
        ) from None

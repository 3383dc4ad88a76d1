"""The optimizers that are compared, by their settings."""

import optax

from ... import training as ct
from ..comparisons import Method


def _delta_gclip(rate, threshold, floor):
    return ct.delta_gclip(rate, threshold, floor)


def _gclip(rate, threshold):
    return ct.gclip(rate, threshold)


def _sgd(rate):
    return optax.sgd(rate)


def _adam(rate, decay=0.0):
    # Weight decay as a part of the gradient.
    return optax.chain(optax.add_decayed_weights(decay), optax.adam(rate))


def _adamw(rate, decay):
    return optax.adamw(rate, weight_decay=decay)


words = {
    "delta-gclip": ("δ-GClip", _delta_gclip),
    "gclip": ("GClip: SGD, clipped by global norm", _gclip),
    "sgd": ("SGD", _sgd),
    "adam": ("Adam", _adam),
    "adamw": ("AdamW", _adamw),
}


def method(key: str, grid, *, decays: bool = True) -> Method:
    """One of `words` with the settings to try."""
    told, make = words[key]
    return Method(key, told, make, tuple(grid), decays)


def tuned(clipping, floor: float, sgd, adam, *, as_published: bool = False):
    """All methods with small grids.

    **Arguments:**

    - `clipping`: pairs η, γ for the clipped ones; `sgd`, `adam`: rates.
    - `as_published`: whether the rates of the others never fall.
    """
    pairs = [{"rate": eta, "threshold": gamma} for eta, gamma in clipping]
    falls = not as_published
    return (
        method("delta-gclip", [pair | {"floor": floor} for pair in pairs]),
        method("gclip", pairs),
        method("sgd", [{"rate": r} for r in sgd], decays=falls),
        method("adam", [{"rate": r} for r in adam], decays=falls),
        method("adamw", [{"rate": r, "decay": 1e-2} for r in adam], decays=falls),
    )

"""The optimizers that are compared, by their settings."""

import optax

from ... import training as ct
from ..comparisons import Method

_b2 = 0.999


def _adam(rate, b1, xi):
    return ct.analyzed_adam(rate, b1, _b2, xi)


def _rmsprop(rate, xi):
    return ct.analyzed_rmsprop(rate, _b2, xi)


def _nesterov(rate, momentum):
    return ct.nesterov(rate, momentum)


def _sgd(rate):
    return optax.sgd(rate)


def _optax_adam(rate):
    return optax.adam(rate)


def _adamw(rate):
    return optax.adamw(rate, weight_decay=1e-2)


def _clipped(rate):
    return optax.chain(optax.clip_by_global_norm(1.0), optax.sgd(rate))


def methods(rates, descent_rates) -> tuple[Method, ...]:
    """All, with a grid of rates for each.

    **Arguments:**

    - `rates`: for the adaptive ones; `descent_rates`: for the others.
    """

    def grid(values, **fixed):
        return tuple({"rate": rate} | fixed for rate in values)

    slow = [rate / 10 for rate in descent_rates]
    return (
        Method("adam-99", "Adam as analyzed, β₁ = 0.99", _adam,
               grid(rates, b1=0.99, xi=1e-8)),
        Method("adam-99-xi", "Adam as analyzed, β₁ = 0.99, larger ξ", _adam,
               grid(rates, b1=0.99, xi=1e-3)),
        Method("adam-90", "Adam as analyzed, β₁ = 0.9", _adam,
               grid(rates, b1=0.9, xi=1e-8)),
        Method("rmsprop", "RMSProp as analyzed", _rmsprop, grid(rates, xi=1e-8)),
        Method("nesterov-90", "Nesterov, momentum 0.9", _nesterov,
               grid(slow, momentum=0.9)),
        Method("nesterov-99", "Nesterov, momentum 0.99", _nesterov,
               grid([rate / 10 for rate in slow], momentum=0.99)),
        Method("sgd", "SGD", _sgd, grid(descent_rates)),
        Method("adam", "Adam of optax", _optax_adam, grid(rates)),
        Method("adamw", "AdamW", _adamw, grid(rates)),
        Method("clipped", "SGD, clipped by global norm", _clipped,
               grid(descent_rates)),
    )  # fmt: skip

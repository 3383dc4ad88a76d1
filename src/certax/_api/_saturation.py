"""Units of the hidden layers that no longer answer to their input."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import jax
import numpy as np

from .._core import Program, evaluate, to_float
from ..problems import Solution

# A unit whose derivative is nowhere larger passes less than a thousandth of the
# gradient on: training can hardly move what is in front of it.
smallest_derivative = 1e-3

_Slope = Callable[[np.ndarray], np.ndarray]
_slopes: dict[str, _Slope] = {
    "tanh": lambda z: 1.0 / np.cosh(np.clip(z, -300.0, 300.0)) ** 2,
    "logistic": lambda z: 0.25 / np.cosh(np.clip(0.5 * z, -300.0, 300.0)) ** 2,
    "softplus": lambda z: 0.5 * (1.0 + np.tanh(0.5 * z)),
    "max0": lambda z: (z > 0).astype(float),
}


def saturated_shares(solution: Solution, points: np.ndarray) -> dict[str, float]:
    """The share of units in each hidden layer whose derivative is below
    `smallest_derivative` at all points.

    **Arguments:**

    - `points`: shape `(n, d)`, of the domain.

    **Returns:** shares by the name of the layer's weights. Activations that do not
    saturate, such as sines, are left out.
    """
    network = solution.network
    layers = _layers(network)
    if not layers:
        return {}
    inner = replace(network, outputs={n: index for n, (_, index) in layers.items()})
    names = solution.problem.domain.names

    def at(weights, point):
        known = {i.name: to_float(i.value) for i in network.of_kind("constant")}
        coordinates = {n: point[k] for k, n in enumerate(names)}
        return evaluate(inner, {**known, **weights, **coordinates})

    with jax.enable_x64(True):
        weights = dict(solution.weights)
        found = jax.jit(jax.vmap(partial(at, weights)))(points)
    shares = {}
    for name, (op, _) in layers.items():
        slopes = _slopes[op](np.asarray(found[name]))
        shares[name] = float(np.mean(slopes.max(axis=0) < smallest_derivative))
    return shares


def _layers(network: Program) -> dict[str, tuple[str, int]]:
    """By the name of each hidden layer's weights, its activation and the index of the
    value in front of it.
    """
    first = len(network.inputs)
    gates = {a for op, arguments, _ in network.ops if op == "mul" for a in arguments}
    found = {}
    for place, (op, arguments, _) in enumerate(network.ops):
        weights = _weights_of(network, arguments[0]) if op in _slopes else ""
        # A logistic that is multiplied is a gate, as in swish, and free to be shut.
        if weights and not (op == "logistic" and first + place in gates):
            found[weights] = (op, arguments[0])
    return found


def _weights_of(network: Program, index: int) -> str:
    """The matrix that a vector of units comes from, through sums only; empty if none.

    The last name part is left out: `layers.0.weight` is `layers.0`.
    """
    first = len(network.inputs)
    while index >= first:
        op, arguments, _ = network.ops[index - first]
        if op == "matvec":
            name = network.inputs[arguments[0]].name if arguments[0] < first else ""
            return name.rpartition(".")[0] or name
        if op not in ("add", "sub"):
            return ""
        inner = [a for a in arguments if a >= first]
        if not inner:
            return ""
        index = inner[0]
    return ""

"""Norms of the residual over the domain, which are claims of their own."""

import numpy as np
from flint import arb

from ..equations._case import Case, Proof
from ..equations._means import mean_square_root
from ..kernel._errors import Malformed
from ..kernel._leaves import Chunk, sum_up, volume
from ..kernel._models import UP, Array
from ..kernel._values import above


def prove(case: Case, norm: str) -> Proof:
    """The largest absolute component, or an integral over all of them."""
    if norm not in ("Linf", "L1", "L2"):
        raise Malformed(f"{norm!r} is not a norm", "norm")

    def quantities(chunk: Chunk) -> tuple[Array, ...]:
        residuals = chunk.residuals()
        if norm == "Linf":
            bounds = [model.bound for model in residuals]
            return (np.maximum.reduce(np.broadcast_arrays(*bounds)),)
        means = [mean_square_root(model) for model in residuals]
        if norm == "L2":
            means = [mean * mean * UP for mean in means]
        return (np.add.reduce(np.broadcast_arrays(*means)) * UP,)

    (values,) = case.sweep(quantities)
    case.passed("defined", "every operation is defined on every leaf")
    what = {
        "Linf": "at every point of the domain each absolute component of the residual",
        "L1": "the integral over the domain of the sum of the absolute residuals",
        "L2": "the root of the integral over the domain of the squared residuals' sum",
    }[norm]
    bound = float(values.max())
    if norm != "Linf":
        box = arb(volume(case.subject, case.names))
        integral = box * arb(sum_up(values * case.trees["residual"].volumes))
        bound = above(integral if norm == "L1" else integral.sqrt())
    return Proof(bound, [], f"{what} is at most {{bound}}")

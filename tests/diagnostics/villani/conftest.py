"""Small losses with random rows, which need no tracing."""

import numpy as np
import pytest

from certax._core import multi_indices
from certax.diagnostics import ShallowLoss
from certax.diagnostics._villani._rows import Rows


def shallow(order, *, sigma="tanh", width=3, fields=1, inputs=2, trained="all", seed=0):
    """A loss of a random linear equation at four points."""
    generator = np.random.default_rng(seed)
    indices = tuple(multi_indices(inputs, order))
    rows = Rows(
        generator.standard_normal(4 * fields),
        generator.standard_normal((4 * fields, fields, len(indices))),
        np.repeat(generator.uniform(-1, 1, (4, inputs)), fields, axis=0),
        indices,
    )
    inner = generator.standard_normal((width, inputs + 1))
    return ShallowLoss(
        rows, 4, width, sigma, trained, inner if trained == "outer" else None
    )


@pytest.fixture(scope="session")
def random_loss():
    return shallow

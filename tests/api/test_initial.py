"""What training starts from: parameters, unknowns, and the weights they stand for."""

import jax.numpy as jnp
import numpy as np
import pytest
from helpers import burgers

from certax._api._initial import initial_network
from certax._core import NetworkSettings

pytestmark = pytest.mark.usefixtures("x64")


@pytest.mark.parametrize("kind", ["modified-mlp", "lagrangian"])
def test_unknowns_pass_through_a_parameterization(kind):
    """With factors or without, the stored vector ends with the unknowns."""
    problem = burgers(constants=None, unknowns={"nu": "0.1"})
    plain, factorized = (
        initial_network(
            problem, NetworkSettings(kind=kind, factorized=f), True, 0, (4,)
        )
        for f in (False, True)
    )
    assert plain.parameterization is None
    assert factorized.parameterization is not None
    assert plain.program.of_kind("weight") == factorized.program.of_kind("weight")
    assert factorized.parameters.size > plain.parameters.size
    moved = factorized.parameters.copy()
    moved[-1] = 7.0
    one, other = factorized.stored(factorized.parameters), factorized.stored(moved)
    assert one.shape == other.shape == plain.parameters.shape
    assert one[-1] == plain.parameters[-1] == 1.0 and other[-1] == 7.0
    assert np.array_equal(one[:-1], other[:-1])
    assert jnp.isfinite(one).all()

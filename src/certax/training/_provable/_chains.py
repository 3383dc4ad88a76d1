"""Parallel chains of a kernel."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from ..._core import CertaxError
from ._langevin import Kernel, LangevinState


class Chains(NamedTuple):
    """What the chains went through.

    - `positions`: each leaf begins with `(chains, draws)`.
    - `energies`: the potential there, of shape `(chains, draws)`.
    - `acceptance`: of each chain, the mean over all its steps, of shape `(chains,)`.
    - `states`: the last ones, to go on from.
    """

    positions: Any
    energies: jax.Array
    acceptance: jax.Array
    states: LangevinState


def sample_chains(
    kernel: Kernel,
    key: jax.Array,
    starts: Any,
    *,
    draws: int,
    thinning: int = 1,
    states: LangevinState | None = None,
) -> Chains:
    """Runs independent chains side by side with `jax.vmap`.

    **Arguments:**

    - `kernel`: any of this form, such as [`langevin`][].
    - `starts`: positions, each leaf with a leading axis of the chains.
    - `draws`: how many positions of each chain are kept.
    - `thinning`: steps between two that are kept.
    - `states`: of an earlier run, instead of `starts`.

    **Returns:** [`Chains`][], to be judged by [`split_r_hat`][] and
    [`effective_sample_size`][].

    !!! example

        ```python
        starts = jax.vmap(lambda k: gibbs_start(k, weights, 1.0, 0.13))(keys)
        chains = sample_chains(kernel, key, starts, draws=1000, thinning=10)
        ```
    """
    if min(draws, thinning) < 1:
        raise CertaxError(
            f"Chains were asked for {draws} draws with {thinning} steps between two.",
            value=min(draws, thinning),
            remedy="Give at least one of each.",
        )
    first = jax.vmap(kernel.init)(starts) if states is None else states
    chains = first.energy.shape[0]

    def one_step(states, key):
        return jax.vmap(kernel.step)(jax.random.split(key, chains), states)

    def one_draw(carry, key):
        states, accepted = carry

        def body(carry, key):
            states, accepted = carry
            states, info = one_step(states, key)
            return (states, accepted + info.acceptance_rate), None

        carry, _ = jax.lax.scan(
            body, (states, accepted), jax.random.split(key, thinning)
        )
        return carry, (carry[0].position, carry[0].energy)

    @jax.jit
    def run(states, key):
        start = states, jnp.zeros_like(states.energy)
        return jax.lax.scan(one_draw, start, jax.random.split(key, draws))

    (last, accepted), (positions, energies) = run(first, key)
    swapped = jax.tree.map(lambda leaf: jnp.swapaxes(leaf, 0, 1), positions)
    rate = accepted / (draws * thinning)
    return Chains(swapped, energies.T, rate, last)

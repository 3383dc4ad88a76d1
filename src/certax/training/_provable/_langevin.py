"""Langevin Monte Carlo in blackjax's form: plain, tamed and Metropolis-adjusted."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from ._arguments import Rate, check_positive, check_rate, rate_at, squared_norm
from ._regularized_sgd import regularized

Potential = Callable[[Any], jax.Array]


class Kernel(NamedTuple):
    """A Markov kernel: `init(position)` and `step(key, state)`, which hands back the
    next state and a [`LangevinInfo`][]. Both are pure.
    """

    init: Callable[[Any], "LangevinState"]
    step: Callable[[jax.Array, "LangevinState"], Any]


class LangevinState(NamedTuple):
    """`energy` and `gradient` are those of the potential at `position`; `count` are the
    steps so far.
    """

    position: Any
    energy: jax.Array
    gradient: Any
    count: jax.Array


class LangevinInfo(NamedTuple):
    """`acceptance_rate` is the probability with which the proposal was accepted, one
    without a Metropolis step; `is_accepted` is whether it was.
    """

    acceptance_rate: jax.Array
    is_accepted: jax.Array


def gibbs_potential(
    loss: Callable[..., jax.Array], temperature: float, regularization: float
) -> Callable[..., jax.Array]:
    """The potential V = (2/s) (L + λ/2 |W|²) of the Gibbs measure exp(−V).

    **Arguments:**

    - `loss`: L, a function of the weights.
    - `temperature`: s > 0.
    - `regularization`: λ > 0.
    """
    check_positive("temperature", temperature, "the Gibbs measure is exp(−(2/s) L̃)")
    total = regularized(loss, regularization)
    return lambda weights, *arguments: 2 / temperature * total(weights, *arguments)


def langevin(potential: Potential, step_size: Rate) -> Kernel:
    """Langevin Monte Carlo for exp(−V):  W ← W − h ∇V(W) + √(2h) ξ.

    For V with Hessians between −β and β, a log-Sobolev constant 1/α of exp(−V) and
    h ≤ α / (4β²), the relative entropy to exp(−V) falls as exp(−α h k) down to
    8 h D β² / α, D the number of weights. Regularized depth-two nets of bounded smooth
    activations have such constants at any size and for any data.

    **Arguments:**

    - `potential`: V, a function of any pytree of floating-point arrays.
    - `step_size`: h, or a schedule.

    **Returns:** a [`Kernel`][].

    !!! example

        ```python
        potential = gibbs_potential(loss, temperature=1.0, regularization=0.13)
        kernel = langevin(potential, step_size=3e-4)
        state = kernel.init(weights)
        state, info = jax.jit(kernel.step)(key, state)
        ```

    ??? cite "Reference"

        ```bibtex
        @article{kumar2025langevin,
            title={Langevin {M}onte-{C}arlo provably learns depth two neural nets at any
                   size and data},
            author={Kumar, Dibyakanti and Jha, Samyak and Mukherjee, Anirbit},
            journal={arXiv:2503.10428}, year={2025}}
        @inproceedings{vempala2019rapid,
            title={Rapid convergence of the unadjusted {L}angevin algorithm:
                   isoperimetry suffices},
            author={Vempala, Santosh and Wibisono, Andre},
            booktitle={Advances in Neural Information Processing Systems},
            year={2019}}
        ```
    """
    return _unadjusted(potential, step_size, lambda gradient, step: gradient)


def tamed_langevin(potential: Potential, step_size: Rate) -> Kernel:
    """Langevin Monte Carlo with the drift −h ∇V / (1 + h |∇V|), never longer than one.

    For potentials that grow faster than quadratically, as those of attention and of
    low-rank factors do: there plain steps of any fixed size diverge from far away.

    **Arguments:** as in [`langevin`][].

    ??? cite "Reference"

        ```bibtex
        @article{brosse2019tamed,
            title={The tamed unadjusted {L}angevin algorithm},
            author={Brosse, Nicolas and Durmus, Alain and Moulines, {\\'E}ric and
                    Sabanis, Sotirios},
            journal={Stochastic Processes and their Applications},
            volume={129}, year={2019}}
        ```
    """

    def tamed(gradient, step):
        factor = 1 / (1 + step * jnp.sqrt(squared_norm(gradient)))
        return jax.tree.map(lambda leaf: leaf * factor.astype(leaf.dtype), gradient)

    return _unadjusted(potential, step_size, tamed)


def metropolis_adjusted_langevin(potential: Potential, step_size: Rate) -> Kernel:
    """Langevin proposals, accepted so that exp(−V) is kept exactly for every step size.

    **Arguments:** as in [`langevin`][]; about 57 per cent of the proposals accepted is
    a good step size in many dimensions.

    ??? cite "Reference"

        ```bibtex
        @article{roberts1996exponential,
            title={Exponential convergence of {L}angevin distributions and their
                   discrete approximations},
            author={Roberts, Gareth O. and Tweedie, Richard L.},
            journal={Bernoulli}, volume={2}, year={1996}}
        ```
    """
    check_rate(step_size, "step size")

    def step(key: jax.Array, state: LangevinState):
        h = jnp.asarray(rate_at(step_size, state.count), state.energy.dtype)
        noise_key, accept_key = jax.random.split(key)
        moved = _moved(noise_key, state.position, state.gradient, h)
        energy, gradient = jax.value_and_grad(potential)(moved)
        forth = _missed(moved, state.position, state.gradient, h)
        back = _missed(state.position, moved, gradient, h)
        log_ratio = state.energy - energy + (forth - back) / (4 * h)
        # A proposal where V is not a number is where exp(−V) has no mass.
        rate = jnp.where(jnp.isnan(log_ratio), 0.0, jnp.exp(jnp.minimum(0, log_ratio)))
        accepted = jax.random.uniform(accept_key, (), rate.dtype) < rate
        proposal = LangevinState(moved, energy, gradient, state.count)
        kept = jax.tree.map(lambda a, b: jnp.where(accepted, a, b), proposal, state)
        return kept._replace(count=state.count + 1), LangevinInfo(rate, accepted)

    return Kernel(_init(potential), step)


def _unadjusted(potential: Potential, step_size: Rate, drift: Callable) -> Kernel:
    check_rate(step_size, "step size")

    def step(key: jax.Array, state: LangevinState):
        h = jnp.asarray(rate_at(step_size, state.count), state.energy.dtype)
        moved = _moved(key, state.position, drift(state.gradient, h), h)
        energy, gradient = jax.value_and_grad(potential)(moved)
        info = LangevinInfo(jnp.ones_like(energy), jnp.asarray(True))
        return LangevinState(moved, energy, gradient, state.count + 1), info

    return Kernel(_init(potential), step)


def _init(potential: Potential):
    def init(position: Any) -> LangevinState:
        energy, gradient = jax.value_and_grad(potential)(position)
        return LangevinState(position, energy, gradient, jnp.zeros((), jnp.int32))

    return init


def _moved(key: jax.Array, position: Any, drift: Any, h: Any) -> Any:
    """Each leaf minus h times its drift plus Gaussian noise of variance 2h."""
    leaves, structure = jax.tree.flatten(position)
    sizes = [leaf.size for leaf in leaves]
    kind = jnp.result_type(*leaves) if leaves else jnp.float32
    # One draw for all leaves is several times as fast as one for each.
    drawn = jax.random.normal(key, (sum(sizes),), kind)
    found, begin = [], 0
    for leaf, slope, size in zip(leaves, jax.tree.leaves(drift), sizes, strict=True):
        noise = drawn[begin : begin + size].reshape(leaf.shape).astype(leaf.dtype)
        width = jnp.asarray(h, leaf.dtype)
        found.append(leaf - width * slope + jnp.sqrt(2 * width) * noise)
        begin += size
    return jax.tree.unflatten(structure, found)


def _missed(target: Any, position: Any, gradient: Any, h: Any) -> jax.Array:
    """|target − position + h ∇V|², that of the noise which leads to the target."""
    return squared_norm(
        jax.tree.map(
            lambda to, at, slope: to - at + jnp.asarray(h, at.dtype) * slope,
            *(target, position, gradient),
        )
    )

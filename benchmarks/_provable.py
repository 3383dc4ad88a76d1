"""The algorithms whose convergence is a theorem: what a step of them costs."""

import time
from collections.abc import Callable
from statistics import median

from ._figure import Figure

parameters, rounds, steps = 10**6, 15, 20
_p, _d, _n, _chains = 10, 2, 100, 64


def optimizer_overhead() -> list[Figure]:
    """Seconds a step over those of optax's Adam on a million parameters of float32.

    Each figure is the median of ratios of runs next to each other in time, in an order
    that changes, because other programs use the machine.
    """
    import jax
    import jax.numpy as jnp
    import optax

    from certax import training as ct

    methods = {
        "regularized_sgd": ct.regularized_sgd(1e-3, 0.13),
        "tamed_gradient_descent": ct.tamed_gradient_descent(1e-3),
        "delta_gclip": ct.delta_gclip(1e-3, 1.0, 1e-3),
        "gclip": ct.gclip(1e-3, 1.0),
        "analyzed_rmsprop": ct.analyzed_rmsprop(1e-3, 0.9, 1e-6),
        "analyzed_adam": ct.analyzed_adam(1e-3, 0.9, 0.999, 1e-6),
        "deterministic_adam": ct.deterministic_adam(1.0, 10.0, 1.0),
        "nesterov": ct.nesterov(1e-3, 0.9),
    }
    key = jax.random.key(0)
    weights = {
        f"layer {k}": jax.random.normal(jax.random.fold_in(key, k), (250, 1000))
        for k in range(parameters // 250_000)
    }
    gradient = jax.tree.map(lambda w: 0.1 * w, weights)
    adam = _runner(optax.adam(1e-3), weights, gradient, jax, optax)
    figures = []
    for name, method in methods.items():
        ours = _runner(method, weights, gradient, jax, optax)
        pairs = [_pair(ours, adam, k % 2 == 0) for k in range(rounds)]
        ratios = [a / b for a, b in pairs]
        figures.append(
            Figure(
                f"{name}: time of a step over that of optax.adam, "
                f"{parameters} parameters",
                1.1,
                median(ratios),
                details={"seconds": [a for a, _ in pairs], "ratios": ratios},
            )
        )
    assert all(jnp.all(jnp.isfinite(leaf)) for leaf in jax.tree.leaves(weights))
    return figures


def _runner(method, weights, gradient, jax, optax) -> Callable[[], float]:
    """A function that takes some steps and says how many seconds each took."""

    @jax.jit
    def one(weights, state, gradient):
        changes, state = method.update(gradient, state, weights)
        return optax.apply_updates(weights, changes), state

    def run() -> float:
        carry = weights, method.init(weights)
        carry = jax.block_until_ready(one(*carry, gradient))
        began = time.perf_counter()
        for _ in range(steps):
            carry = one(*carry, gradient)
        jax.block_until_ready(carry)
        return (time.perf_counter() - began) / steps

    run()
    return run


def _pair(ours: Callable[[], float], other: Callable[[], float], first: bool):
    if first:
        mine = ours()
        return mine, other()
    theirs = other()
    return ours(), theirs


def langevin() -> list[Figure]:
    """Steps per second of 64 chains side by side, p = 10 nodes, d = 2 inputs and
    n = 100 data; a step moves all chains. The best of several runs, since others
    use the machine.
    """
    import jax
    import jax.numpy as jnp

    from certax import training as ct

    a, b, c = jax.random.split(jax.random.key(0), 3)
    x = jax.random.normal(a, (_n, _d))
    y = jax.nn.sigmoid(x[:, 0])
    loss = lambda w: jnp.mean((jax.nn.sigmoid(x @ w.T).mean(axis=1) - y) ** 2) / 2
    potential = ct.gibbs_potential(loss, 1.0, 0.13)
    figures = []
    for name in ("langevin", "tamed_langevin", "metropolis_adjusted_langevin"):
        kernel = getattr(ct, name)(potential, 3.5e-4)
        starts = jax.vmap(lambda k: ct.gibbs_start(k, jnp.zeros((_p, _d)), 1.0, 0.13))(
            jax.random.split(b, _chains)
        )
        states = jax.vmap(kernel.init)(starts)

        @jax.jit
        def run(states, key, kernel=kernel):
            return ct.sample_chains(
                kernel, key, None, draws=5, thinning=100, states=states
            ).states

        states = jax.block_until_ready(run(states, c))
        found = []
        for _ in range(30):
            began = time.perf_counter()
            states = jax.block_until_ready(run(states, c))
            found.append(500 / (time.perf_counter() - began))
        assert bool(jnp.all(jnp.isfinite(states.position)))
        figures.append(
            Figure(
                f"{name}: steps per second of {_chains} chains together, p = {_p}, "
                f"d = {_d}, n = {_n}",
                5000,
                max(found),
                at_least=True,
                details={"runs": found},
            )
        )
    return figures

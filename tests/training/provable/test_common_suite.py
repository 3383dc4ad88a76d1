"""Each algorithm in loops of other libraries, under jit and vmap, in its own dtype."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from common import cases, gradient_cases, kernels, regression, step, tron_batch

import certax as cx
from certax import training as ct

every = pytest.mark.parametrize("name", cases)
each_kernel = pytest.mark.parametrize("name", kernels)


def same(a, b, **tolerance):
    assert jax.tree.structure(a) == jax.tree.structure(b)
    for x, y in zip(jax.tree.leaves(a), jax.tree.leaves(b), strict=True):
        assert x.dtype == y.dtype
        np.testing.assert_allclose(x, y, **tolerance)


def tree(dtype=jnp.float32):
    """With a missing leaf, an empty array and an empty branch, as other libraries."""
    key = jax.random.key(3)
    return {
        "dense": {"kernel": jax.random.normal(key, (4, 3), dtype), "bias": None},
        "scale": (jnp.ones(3, dtype), jnp.zeros((0,), dtype)),
        "empty": {},
    }


def weights_of(name, dtype=jnp.float32):
    return {"w": tron_batch(name, dtype)[0]} if cases[name].tron else tree(dtype)


@pytest.mark.parametrize("name", gradient_cases)
def test_an_equinox_net_trains_in_a_plain_loop(name):
    x, y = regression()
    net = eqx.nn.MLP(3, "scalar", 8, 1, jnp.tanh, key=jax.random.key(0))
    method = cases[name].make(0.02)
    loss = lambda net: jnp.mean((jax.vmap(net)(x) - y) ** 2)

    @eqx.filter_jit
    def one(net, state):
        gradient = eqx.filter_grad(loss)(net)
        weights = eqx.filter(net, eqx.is_array)
        changes, state = method.update(gradient, state, weights)
        return eqx.apply_updates(net, changes), state

    before, state = loss(net), method.init(eqx.filter(net, eqx.is_array))
    for _ in range(60):
        net, state = one(net, state)
    assert loss(net) < 0.9 * before


@pytest.mark.parametrize("name", gradient_cases)
def test_a_flax_net_trains_in_a_plain_loop(name):
    linen = pytest.importorskip("flax.linen")
    x, y = regression()

    class Net(linen.Module):
        @linen.compact
        def __call__(self, x):
            x = jnp.tanh(linen.Dense(8)(x))
            return linen.Dense(1)(x)[:, 0]

    net = Net()
    weights = net.init(jax.random.key(0), x)
    method = cases[name].make(0.02)
    loss = lambda weights: jnp.mean((net.apply(weights, x) - y) ** 2)

    @jax.jit
    def one(weights, state):
        changes, state = method.update(jax.grad(loss)(weights), state, weights)
        return optax.apply_updates(weights, changes), state

    before, state = loss(weights), method.init(weights)
    for _ in range(60):
        weights, state = one(weights, state)
    assert loss(weights) < 0.9 * before


@every
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_and_structure_are_kept(name, dtype):
    """Also with 64-bit mode on, where a stray number would promote float32."""
    with jax.enable_x64(True):
        weights = weights_of(name, jnp.dtype(dtype))
        schedule = optax.cosine_decay_schedule(0.1, 10)
        for rate in (0.1, schedule):
            method = cases[name].make(rate)
            state = method.init(weights)
            changes, after = jax.eval_shape(
                lambda w, s: step(name, method, s, w, jax.tree.map(jnp.ones_like, w)),
                *(weights, state),
            )
            assert jax.tree.structure(changes) == jax.tree.structure(weights)
            assert {x.dtype.name for x in jax.tree.leaves(changes)} == {dtype}
            assert jax.tree.structure(after) == jax.tree.structure(state)
            for a, b in zip(
                jax.tree.leaves(after), jax.tree.leaves(state), strict=True
            ):
                assert a.dtype == jnp.asarray(b).dtype and a.shape == jnp.shape(b)


@every
def test_jit_and_vmap_change_nothing(name):
    weights = weights_of(name)
    stacked = jax.tree.map(lambda w: jnp.stack([w, 2 * w]), weights)
    method = cases[name].make(0.1)

    def one(weights):
        gradient = jax.tree.map(lambda w: w + 0.5, weights)
        return step(name, method, method.init(weights), weights, gradient)

    mapped = jax.jit(jax.vmap(one))(stacked)
    for k in range(2):
        alone = one(jax.tree.map(lambda w: w[k], stacked))
        same(jax.tree.map(lambda m: m[k], mapped), alone, rtol=1e-5, atol=1e-6)


@every
def test_a_schedule_is_followed(name):
    """The step of a rate that is 0.1 and then 0.2 doubles what one of 0.1 does."""
    weights = weights_of(name)
    gradient = jax.tree.map(jnp.ones_like, weights)
    plain = cases[name].make(0.1)
    rising = cases[name].make(lambda count: jnp.where(count == 0, 0.1, 0.2))
    states = plain.init(weights), rising.init(weights)
    first = [
        step(name, method, state, weights, gradient)
        for method, state in zip((plain, rising), states, strict=True)
    ]
    same(first[0][0], first[1][0], rtol=1e-6)
    once, _ = step(name, plain, first[0][1], weights, gradient)
    twice, _ = step(name, rising, first[1][1], weights, gradient)
    if name == "tamed":
        assert optax.tree.norm(twice) > optax.tree.norm(once)
    else:
        same(jax.tree.map(lambda x: 2 * x, once), twice, rtol=1e-5)


@every
@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
def test_a_learning_rate_that_is_none_is_refused(name, rate):
    with pytest.raises(cx.CertaxError, match="learning rate"):
        cases[name].make(rate)


@each_kernel
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_kernels_keep_dtype_and_structure(name, dtype):
    with jax.enable_x64(True):
        position = tree(jnp.dtype(dtype))
        potential = lambda p: sum(jnp.sum(x**2) for x in jax.tree.leaves(p)) / 2
        for rate in (0.01, optax.cosine_decay_schedule(0.01, 10)):
            kernel = kernels[name](potential, rate)
            state = kernel.init(position)
            after, info = jax.eval_shape(kernel.step, jax.random.key(0), state)
            assert jax.tree.structure(after) == jax.tree.structure(state)
            for a, b in zip(
                jax.tree.leaves(after), jax.tree.leaves(state), strict=True
            ):
                assert a.dtype == b.dtype and a.shape == b.shape
            assert info.is_accepted.dtype == bool
            assert info.acceptance_rate.dtype == dtype


@each_kernel
def test_kernels_under_jit_and_vmap_are_the_same(name):
    potential = lambda p: jnp.sum(p["w"] ** 4)
    kernel = kernels[name](potential, 0.01)
    starts = {"w": jnp.arange(6.0).reshape(3, 2)}
    keys = jax.random.split(jax.random.key(0), 3)
    states = jax.vmap(kernel.init)(starts)
    mapped = jax.jit(jax.vmap(kernel.step))(keys, states)
    for k in range(3):
        take = lambda tree: jax.tree.map(lambda x: x[k], tree)
        same(take(mapped), kernel.step(keys[k], take(states)), rtol=1e-5)


@each_kernel
@pytest.mark.parametrize("size", [0.0, -1e-3, float("nan")])
def test_a_step_size_that_is_none_is_refused(name, size):
    with pytest.raises(cx.CertaxError, match="step size"):
        kernels[name](lambda p: p @ p, size)


def test_kernels_take_an_equinox_net():
    x, y = regression()
    net = eqx.nn.MLP(3, "scalar", 8, 1, jnp.tanh, key=jax.random.key(0))
    weights, rest = eqx.partition(net, eqx.is_array)
    loss = lambda w: jnp.mean((jax.vmap(eqx.combine(w, rest))(x) - y) ** 2) / 2
    kernel = ct.langevin(ct.gibbs_potential(loss, 0.01, 0.01), 1e-5)
    state = kernel.init(weights)
    before = state.energy
    keys = jax.random.split(jax.random.key(1), 300)
    one = lambda state, key: (kernel.step(key, state)[0], None)
    state, _ = jax.jit(lambda s, k: jax.lax.scan(one, s, k))(state, keys)
    assert state.energy < before

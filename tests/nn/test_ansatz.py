"""Ansätze: named weights, exact constants, programs equal to the module's call."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from helpers import ansatz_of, burgers, check_program, ops_of, some_names, values_of

import certax as cx
from certax._core import evaluate, to_float
from certax.nn import Ansatz, Exact, program_of, weights_of
from certax.problems import zoo_entry

pytestmark = pytest.mark.usefixtures("x64", "strict_promotion")


@pytest.mark.parametrize("name", some_names)
@pytest.mark.parametrize("hard", [True, False])
def test_the_program_computes_the_modules_call(name, hard, seed):
    problem = zoo_entry(name).problem
    net = ansatz_of(problem, seed, hard=hard)
    program = program_of(net, problem.domain.names, problem.fields)
    check_program(program)
    weights = weights_of(net)
    rng = np.random.default_rng(seed)
    for unit in rng.uniform(size=(3, problem.domain.dimension)):
        point = problem.domain.physical(unit)
        expected = [float(v) for v in net(*map(jnp.asarray, point))]
        found = values_of(
            program, dict(zip(problem.domain.names, point, strict=True)) | weights
        )
        assert list(found) == list(problem.fields)
        assert np.allclose(list(found.values()), expected, 1e-12, 1e-13)


def test_weights_are_named_by_their_tree_path():
    problem = burgers()
    net = ansatz_of(problem, width=3, depth=2)
    weights = weights_of(net)
    assert {n: w.shape for n, w in weights.items()} == {
        "network.layers.0.weight": (3, 2),
        "network.layers.0.bias": (3,),
        "network.layers.1.weight": (3, 3),
        "network.layers.1.bias": (3,),
        "network.layers.2.weight": (1, 3),
        "network.layers.2.bias": (1,),
    }
    program = program_of(net, ("x", "t"), ("u",))
    assert {i.name: i.shape for i in program.of_kind("weight")} == {
        n: w.shape for n, w in weights.items()
    }
    assert all(w.dtype == jnp.float64 for w in weights.values())


def test_exact_numbers_are_constants_and_never_weights():
    problem = cx.Problem(
        domain=cx.Box(x=(0, "2*pi"), t=(0, 1)),
        residual=lambda u: u.t - u.xx,
        conditions=(cx.Initial("1/3"), cx.Dirichlet("x", "1/3")),
    )
    net = ansatz_of(problem)
    program = program_of(net, ("x", "t"), ("u",))
    values = {i.value for i in program.of_kind("constant")}
    assert {"2*pi", "1/3"} <= values
    assert not any("exact" in n or "lower" in n for n in weights_of(net))


def test_an_exact_leaf_is_the_nearest_double():
    exact = Exact("1/3")
    assert float(exact.value) == 1 / 3 and exact.value.dtype == jnp.float64


class _Own(eqx.Module):
    """An ansatz that a user might write: a coefficient and a net by hand."""

    rate: jax.Array
    layers: list[jax.Array]
    scale: Exact

    def __call__(self, t):
        hidden = jnp.tanh(self.layers[0] @ jnp.stack([t, 1.0 - t]))
        return (1.0 + t * self.scale.value * self.rate * jnp.sum(hidden),)


def test_any_module_is_an_ansatz():
    own = _Own(jnp.asarray(0.5), [jnp.ones((3, 2))], Exact("sqrt(2)"))
    program = program_of(own, ["t"], ["u"])
    check_program(program)
    assert set(weights_of(own)) == {"rate", "layers.0"}
    assert {i.value for i in program.of_kind("constant")} == {"1", "sqrt(2)"}
    found = values_of(program, {"t": 0.3} | weights_of(own))["u"]
    assert found == pytest.approx(float(own(jnp.asarray(0.3))[0]), rel=1e-14)


class _Clash(eqx.Module):
    t: jax.Array

    def __call__(self, t):
        return (t * self.t,)


def test_a_weight_that_is_called_like_a_coordinate_is_refused():
    with pytest.raises(cx.CertaxError, match="the name 't' occurs twice"):
        program_of(_Clash(jnp.asarray(1.0)), ["t"], ["u"])
    program_of(_Clash(jnp.asarray(1.0)), ["x"], ["u"])


class _Single(eqx.Module):
    weight: jax.Array

    def __call__(self, t):
        return (t * self.weight * np.float32(0.1),)


def test_a_float32_constant_of_a_module_is_refused():
    with pytest.raises(cx.CertaxError, match="The ansatz mixes .* float32"):
        program_of(_Single(jnp.asarray(1.0)), ["t"], ["u"])


class _Loop(eqx.Module):
    layers: jax.Array

    def __call__(self, t):
        return (jax.lax.fori_loop(0, 3, lambda i, c: jnp.sin(c), t * self.layers),)


def test_a_scan_over_layers_is_refused_by_name():
    with pytest.raises(cx.CertaxError, match="The ansatz uses the primitive 'scan'"):
        program_of(_Loop(jnp.asarray(1.0)), ["t"], ["u"])


@pytest.mark.parametrize("activation", ["tanh", "sin", "softplus", "logistic", "swish"])
def test_every_activation_has_a_smooth_program(activation):
    problem = burgers()
    net = ansatz_of(problem, activation=activation)
    program = program_of(net, ("x", "t"), ("u",))
    check_program(program)
    assert "max0" not in ops_of(program)


def test_coordinates_enter_scaled_or_as_a_phase():
    problem = cx.Problem(
        domain=cx.Box(x=(1, 3), t=(2, 6)),
        residual=lambda u: u.t - u.xx,
        conditions=(cx.Initial(0), cx.Periodic("x")),
    )
    net = ansatz_of(problem)
    assert net.periodic == (True, False)
    features = lambda x, t: net.features((jnp.asarray(x), jnp.asarray(t)))  # noqa: E731
    assert jnp.allclose(features(1.0, 2.0)[2], -1.0)
    assert jnp.allclose(features(1.0, 6.0)[2], 1.0)
    assert jnp.allclose(features(1.25, 2.0), features(3.25, 2.0), 0, 1e-14)
    assert not jnp.allclose(features(1.0, 2.0)[:2], features(2.5, 2.0)[:2])


def test_a_periodic_ansatz_is_periodic_with_its_derivatives():
    problem = zoo_entry("allen-cahn-smooth").problem
    net = ansatz_of(problem)
    value = lambda x: net(jnp.asarray(x), jnp.asarray(0.7))[0]  # noqa: E731
    for function in (value, jax.grad(value), jax.grad(jax.grad(value))):
        assert function(1.0) == pytest.approx(float(function(-1.0)), abs=1e-11)


def test_a_soft_ansatz_is_the_bare_net():
    problem = burgers()
    net = ansatz_of(problem, hard=False)
    assert isinstance(net, Ansatz) and net.constraint is None
    (value,) = net(jnp.asarray(1.0), jnp.asarray(0.5))
    assert abs(float(value)) > 1e-3  # the wall's datum is 0


def test_programs_train_under_jit_and_vmap():
    problem = burgers()
    net = ansatz_of(problem)
    program = program_of(net, ("x", "t"), ("u",))
    constants = {
        i.name: jnp.asarray(to_float(i.value)) for i in program.of_kind("constant")
    }

    @jax.jit
    def loss(weights, x):
        at = lambda x: evaluate(program, {**weights, **constants, "x": x, "t": x})["u"]  # noqa: E731
        return jnp.mean(jax.vmap(at)(x) ** 2)

    gradient = jax.grad(loss)(weights_of(net), jnp.linspace(0.1, 0.9, 5))
    assert set(gradient) == set(weights_of(net))
    assert all(jnp.isfinite(g).all() and jnp.any(g != 0) for g in gradient.values())

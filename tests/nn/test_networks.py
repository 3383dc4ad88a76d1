"""Every kind of net: its program is its call, and enclosures hold it."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from helpers import burgers, check_program, values_of

import certax as cx
from certax.bounds import enclose
from certax.bounds._repetitions import Stage
from certax.bounds._stages import _parts
from certax.nn import (
    fold,
    is_folded,
    make_ansatz,
    make_network,
    parameters_of,
    program_of,
    weights_of,
    with_parameters,
)
from certax.problems import zoo_entry

pytestmark = pytest.mark.usefixtures("x64", "strict_promotion")
kinds = {
    "mlp": {},
    "modified-mlp": {},
    "residual-adaptive": {"scale": 1.5},
    "gaussian-features": {"features": 5, "scale": 0.5},
    "fourier-features": {"features": 3, "scale": 1.5},
    "sandwich": {"scale": 3.0},
    "lagrangian": {},
}


def shaken(module, seed):
    """The module with random numbers added to all parameters."""
    rng = np.random.default_rng(seed)
    moved = {
        name: leaf + 0.5 * rng.normal(size=leaf.shape)
        for name, leaf in parameters_of(module).items()
    }
    return with_parameters(module, moved)


def fresh(problem, kind, seed=0, depth=2, **settings):
    net = make_ansatz(
        problem.domain,
        problem.fields,
        problem.conditions,
        4,
        depth,
        kind=kind,
        **kinds[kind] | settings,
        key=jax.random.key(seed),
    )
    return shaken(net, seed)


@pytest.mark.parametrize("kind", kinds)
def test_the_program_of_every_kind_computes_its_call(kind, seed):
    problem = zoo_entry("allen-cahn-smooth").problem
    net = fresh(problem, kind, seed)
    program = program_of(net, problem.domain.names, problem.fields)
    check_program(program)
    weights = weights_of(net)
    assert set(weights) == {i.name for i in program.of_kind("weight")}
    for x, t in np.random.default_rng(seed).uniform([-1, 0], [1, 1], (3, 2)):
        (expected,) = net(jnp.asarray(x), jnp.asarray(t))
        (folded,) = fold(net)(jnp.asarray(x), jnp.asarray(t))
        found = values_of(program, {"x": x, "t": t} | weights)["u"]
        assert found == pytest.approx(float(expected), rel=1e-11, abs=1e-12)
        assert float(folded) == pytest.approx(float(expected), rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("kind", [k for k in kinds if k != "lagrangian"])
def test_enclosures_hold_every_kind(kind, seed):
    net = fold(make_network(kind, 2, 1, 4, 2, **kinds[kind], key=jax.random.key(seed)))
    function = lambda x, t: net(jnp.stack([x, t]))[0]  # noqa: E731
    for order in ((0, 0), (1, 1)):
        box = [(0.1, 0.2), (-0.3, -0.2)]
        bounds = enclose(function, derivative=order)(box)
        derived = function
        for axis in [0] * order[0] + [1] * order[1]:
            derived = jax.grad(derived, argnums=axis)
        points = np.random.default_rng(seed).uniform([0.1, -0.3], [0.2, -0.2], (50, 2))
        values = jax.vmap(derived)(*jnp.asarray(points).T)
        assert bounds.lower - 1e-12 <= values.min()
        assert values.max() <= bounds.upper + 1e-12
        # Narrow as the box is: no interval of everything.
        assert bounds.upper - bounds.lower <= 20 * (np.ptp(values) + 0.05)


@pytest.mark.parametrize("kind", kinds)
def test_every_kind_meets_the_data(kind, seed):
    problem = burgers()
    net = fresh(problem, kind, seed)
    at = lambda x, t: float(net(jnp.asarray(x), jnp.asarray(t))[0])  # noqa: E731
    for x in (-0.7, 0.2):
        assert at(x, 0.0) == pytest.approx(-np.sin(np.pi * x), abs=1e-13)
    assert at(-1.0, 0.4) == at(1.0, 0.9) == 0.0
    assert abs(at(0.3, 0.8)) > 1e-6


@pytest.mark.parametrize(
    ("kind", "repeated"),
    [("mlp", 3), ("modified-mlp", 9), ("residual-adaptive", 30), ("sandwich", 3)],
)
def test_equal_layers_run_as_one_scan(kind, repeated):
    """So many stages at least are gathered into blocks, whatever the depth is."""
    problem = burgers()
    net = fresh(problem, kind, depth=5)
    program = program_of(net, problem.domain.names, problem.fields)
    blocks = [p for p in _parts(program) if not isinstance(p, Stage)]
    assert sum(len(b.stages) for p in blocks for b in p) >= repeated


@pytest.mark.parametrize("kind", [k for k in kinds if k != "sandwich"])
def test_factors_change_nothing_at_the_start(kind, seed):
    problem = burgers()
    net = make_ansatz(
        problem.domain,
        problem.fields,
        problem.conditions,
        4,
        2,
        kind=kind,
        **kinds[kind],
        factorized=True,
        key=jax.random.key(seed),
    )
    assert not is_folded(net) and is_folded(fold(net))
    assert len(parameters_of(net)) > len(weights_of(net))
    logarithms = [v for n, v in parameters_of(net).items() if "logarithms" in n]
    assert logarithms and all(jnp.abs(v - 1.0).max() < 0.8 for v in logarithms)


def test_a_plain_net_is_its_own_folding(getkey):
    net = make_network("mlp", 2, 1, 3, 2, key=getkey())
    assert is_folded(net)
    one, two = parameters_of(net), weights_of(net)
    assert all((one[n] == two[n]).all() for n in one) and set(one) == set(two)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"kind": "mpl"}, "no kind of net 'mpl'.*mlp, modified-mlp, residual-adaptive"),
        ({"features": 3}, "network.features has no meaning for the kind mlp.*fourier"),
        ({"scale": 3.0}, "network.scale has no meaning for the kind mlp.*sandwich"),
        ({"kind": "sandwich", "factorized": True}, "cannot be factorized"),
        ({"kind": "sandwich", "activation": "sin"}, "slopes leave .*tanh, logistic"),
        ({"kind": "sandwich", "activation": "relu"}, "no activation 'relu'"),
        ({"kind": "sandwich", "scale": 0.0}, "bound 0.0 .* is not positive"),
        ({"kind": "residual-adaptive", "width": 3}, "width 3 .* is odd"),
        ({"kind": "modified-mlp", "depth": 0}, "depth 0"),
        ({"kind": "fourier-features", "features": 0}, "at least one frequency"),
        ({"kind": "gaussian-features", "scale": -1.0}, "at least one Gaussian"),
    ],
)
def test_a_choice_is_refused(settings, words, getkey):
    with pytest.raises(cx.CertaxError, match=words):
        make_network(
            **{"kind": "mlp", "inputs": 2, "outputs": 1, "width": 4, "depth": 1}
            | settings,
            key=getkey(),
        )


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("poisson-1d", {"kind": "lagrangian"}, "has no initial condition"),
        ("logistic", {"kind": "lagrangian"}, "has no space coordinate"),
        ("heat", {"kind": "lagrangian", "scale": 2.0}, "network.scale has no meaning"),
        ("heat", {"form": "stream-function"}, "training.hard=false"),
        (
            "heat",
            {"form": "stream-function", "hard": False},
            "two space coordinates and two fields, not 1 and 1",
        ),
        (
            "heat",
            {"form": "stream-function", "kind": "sandwich", "hard": False},
            "cannot have a net of the kind sandwich",
        ),
    ],
)
def test_a_choice_that_does_not_fit_the_problem_is_refused(
    name, settings, words, getkey
):
    problem = zoo_entry(name).problem
    with pytest.raises(cx.CertaxError, match=words):
        make_ansatz(
            problem.domain,
            problem.fields,
            problem.conditions,
            4,
            1,
            **settings,
            key=getkey(),
        )

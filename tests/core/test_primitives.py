"""Every primitive that nets and problems use has a rule, whatever JAX is installed."""

import inspect

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from helpers import ansatz_of

import certax as cx
from certax._core import (
    families,
    inlined,
    operation_names,
    recognized,
    refused,
)
from certax._core._rules import rules
from certax._core._tracing import _inner, _known_calls
from certax.bounds import enclosed_operations
from certax.nn import _layers
from certax.problems import names, zoo
from certax_checker.equations import _identities
from certax_checker.kernel import _functions, _program


def primitives(jaxpr) -> set[str]:
    """The names in a jaxpr, calls inlined, recognized functions as a whole."""
    found = set()
    for equation in jaxpr.eqns:
        name, inner = equation.primitive.name, _inner(equation)
        if inner is None:
            found.add(name)
            continue
        shapes = tuple(v.aval.shape for v in equation.invars)
        known = _known_calls(shapes).get(str(inner))
        found |= {known} if known else primitives(getattr(inner, "jaxpr", inner))
        assert known or name in inlined, f"{name} is not known as a call"
    return found


def used_by(function, *shapes: tuple[int, ...]) -> set[str]:
    with jax.enable_x64(True):
        structs = [jax.ShapeDtypeStruct(shape, jnp.float64) for shape in shapes]
        return primitives(jax.make_jaxpr(function)(*structs).jaxpr)


@pytest.mark.parametrize("name", names)
def test_problems_of_the_zoo_and_their_nets_use_known_primitives(name):
    """The residual itself cannot be traced apart from its problem; its net can."""
    problem = zoo()[name].problem  # traces residual and data, or raises
    net = ansatz_of(problem)
    shapes = [()] * problem.domain.dimension
    found = used_by(lambda *point: net(*point), *shapes)
    assert found <= {*rules, *recognized}, found - {*rules, *recognized}
    used = {op for op, _, _ in problem.residual.ops}
    assert used <= enclosed_operations


@pytest.mark.parametrize("activation", _layers.activations)
def test_activations_use_known_primitives(activation):
    found = used_by(_layers.activations[activation], (3,))
    assert found <= {*rules, *recognized}, found - {*rules, *recognized}


architectures = {
    "skip": lambda w, x: x + jnp.tanh(w @ x),
    "gate": lambda w, x: jax.nn.sigmoid(w @ x) * jnp.tanh(x),
    "product": lambda w, x: (w @ x) * x,
    "fourier features": lambda w, x: w @ jnp.sin(x) + jnp.cos(2 * jnp.pi * x),
    "gaussians": lambda w, x: jnp.exp(-((w @ x) ** 2)),
    "normalization": lambda w, x: (x - jnp.mean(x)) / jnp.sqrt(1e-3 + jnp.var(x)),
    "gelu": lambda w, x: jax.nn.gelu(w @ x, approximate=False),
    "approximate gelu": lambda w, x: jax.nn.gelu(w @ x, approximate=True),
    "leaky relu": lambda w, x: jax.nn.leaky_relu(w @ x, 0.1),
    "clip": lambda w, x: jnp.clip(w @ x, -1, 1),
    "swish": lambda w, x: jax.nn.swish(w @ x),
    "right multiplication": lambda w, x: jnp.tanh(x @ w),
    "concatenation": lambda w, x: jnp.concatenate([x, w @ x])[:4],
}


@pytest.mark.parametrize("name", [n for n in architectures if n != "normalization"])
def test_architectures_use_known_primitives(name):
    function = architectures[name]
    found = used_by(lambda x: function(np.ones((3, 3)), x), (3,))
    assert found <= {*rules, *recognized}, found - {*rules, *recognized}


def test_variances_compare_counts_which_is_refused_with_the_reason():
    """jnp.var holds a where; the refusal names it."""
    function = architectures["normalization"]
    found = used_by(lambda x: function(np.ones((3, 3)), x), (3,))
    assert found - {*rules, *recognized} <= set(refused)
    with pytest.raises(cx.CertaxError, match="compares numbers, as where does"):
        cx.bounds.enclose(lambda x: function(np.ones((3, 3)), x)[0])(
            cx.bounds.Interval(np.zeros(3), np.ones(3))
        )


def test_every_rule_is_for_a_primitive_of_jax():
    """A name that no JAX has would be a rule that nothing ever uses."""
    known = {
        p.name
        for module in (jax.lax, jax.extend.core.primitives)
        for _, p in inspect.getmembers(module)
        if isinstance(p, jax.extend.core.Primitive)
    }
    # Names of other versions than the one that is installed.
    others = {"add_any", "copy_p", "stop_gradient", "stack", "square", "clamp"}
    others |= {"log2", "one_minus_square", "name", "sharding_constraint"}
    others |= {"core_call", "pjit", "remat2", "closed_call", "checkpoint"}
    missing = {*rules, *inlined} - known - others
    assert not missing, missing


def test_no_primitive_has_a_rule_and_a_refusal():
    assert not set(rules) & set(refused)
    assert len(rules) == sum(len(family) for family in families.values())


def test_finder_and_checker_know_the_same_operations():
    checker = {*_program.BINARY, *_program.UNARY, *_program.EXTRA, *_program.OTHER}
    assert checker == operation_names == enclosed_operations
    smooth = set(_program.UNARY) - {"neg", "max0", "sinpi", "cospi"}
    assert smooth <= set(_functions.SERIES)
    assert {*_identities.ODD, *_identities.EVEN} <= set(_program.UNARY)

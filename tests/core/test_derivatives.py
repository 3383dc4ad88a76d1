"""Derivatives by Taylor arithmetic against nested differentiation by JAX."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from helpers import fields_of, some_names
from hypothesis import given, strategies as st

from certax._core import (
    Input,
    Program,
    closed_downwards,
    derivatives,
    evaluate,
    to_float,
)
from certax.problems import zoo_entry

_elementary = (
    *("sqrt", "log", "exp", "sin", "cos", "tanh", "logistic", "softplus", "erf"),
    *("sinpi", "cospi", "max0"),
)
_orders = [(0, 0), (0, 1), (1, 1), (3, 0), (2, 2)]


def nested(program, inputs, names, points, orders):
    """The oracle: one derivative at a time at one point at a time, by JAX."""
    one = lambda point: _nested(program, inputs, names, point, orders)
    return jax.vmap(one)(points)


def _nested(program, inputs, names, point, orders):

    def outputs(at):
        return evaluate(program, inputs | dict(zip(names, at, strict=True)))

    found = {}
    for order in orders:
        function = outputs
        for axis, count in enumerate(order):
            unit = jnp.zeros_like(point).at[axis].set(1.0)
            for _ in range(count):
                function = lambda at, of=function, v=unit: jax.jvp(of, (at,), (v,))[1]
        found[order] = function(point)
    return found


def two_coordinates(*ops):
    inputs = (Input("x", "coordinate"), Input("y", "coordinate"))
    return Program(inputs, ops, {"u": len(inputs) + len(ops) - 1})


def inputs_of(program, dtype=np.float64):
    """Random weights, and the constants."""
    generator = np.random.default_rng(0)
    weights = {
        i.name: jnp.asarray(0.5 * generator.normal(size=i.shape), dtype)
        for i in program.of_kind("weight")
    }
    constants = program.of_kind("constant")
    return weights | {i.name: jnp.asarray(to_float(i.value), dtype) for i in constants}


def assert_same(program, names, points, orders, tolerance=1e-11):
    inputs = inputs_of(program, points.dtype)
    both = [
        jax.jit(lambda p, of=of: of(program, inputs, names, p, orders))(
            jnp.asarray(points)
        )
        for of in (derivatives, nested)
    ]
    for order in orders:
        for field, value in both[1][order].items():
            assert both[0][order][field].dtype == points.dtype
            np.testing.assert_allclose(
                both[0][order][field],
                value,
                tolerance,
                tolerance * float(1 + jnp.abs(value).max()),
                err_msg=f"{field} {order}",
            )


@pytest.mark.parametrize("op", _elementary)
def test_elementary_functions_to_the_fourth_order(op, x64):
    # f(x y + y), with mixed derivatives and away from the kink of max0.
    program = two_coordinates(
        ("mul", (0, 1), None), ("add", (2, 1), None), (op, (3,), None)
    )
    points = np.random.default_rng(0).uniform(0.2, 1.2, (20, 2))
    points *= 1 if op in ("sqrt", "log") else np.array([1, -1])
    assert_same(program, ("x", "y"), points, _orders)


@pytest.mark.parametrize(
    "program",
    [
        two_coordinates(("div", (0, 1), None)),
        two_coordinates(("div", (0, 1), None), ("div", (1, 2), None)),
        two_coordinates(("mul", (0, 1), None), ("ipow", (2,), 3)),
        two_coordinates(("mul", (0, 1), None), ("ipow", (2,), 7)),
        two_coordinates(
            ("stack", (0, 1, 0), None), ("exp", (2,), None), ("dot", (2, 3), None)
        ),
        two_coordinates(
            *(("mul", (0, 1), None), ("broadcast", (2,), 3), ("sin", (3,), None)),
            *(("neg", (4,), None), ("sum", (5,), None), ("index", (4,), 2)),
            *(("sub", (6, 7), None), ("mul", (8, 0), None)),
        ),
    ],
)
def test_the_other_operations_to_the_fourth_order(program, x64):
    points = np.random.default_rng(0).uniform(0.5, 1.5, (20, 2))
    assert_same(program, ("x", "y"), points, _orders, 1e-10)


def test_slopes_at_singular_points_are_those_of_jax(x64):
    for op in ("sqrt", "max0"):
        program = Program((Input("x", "coordinate"),), ((op, (0,), None),), {"u": 1})
        ours, theirs = (
            of(program, {}, ("x",), jnp.zeros((1, 1)), [(1,)])[(1,)]["u"]
            for of in (derivatives, nested)
        )
        assert ours == theirs


@pytest.mark.parametrize("name", some_names)
def test_nets_of_the_zoo_have_the_same_derivatives(name, x64):
    problem = zoo_entry(name).problem
    program, domain = fields_of(problem), problem.domain
    orders = sorted({i.orders for i in problem.residual.of_kind("derivative")})
    unit = np.random.default_rng(1).uniform(0.1, 0.9, (8, domain.dimension))
    assert_same(program, domain.names, domain.physical(unit), orders, 1e-10)


def test_single_precision_stays_single_precision():
    problem = zoo_entry("burgers").problem
    points = np.random.default_rng(0).uniform(0.1, 0.9, (8, 2)).astype(np.float32)
    orders = [(0, 0), (1, 0), (0, 1), (2, 0)]
    assert_same(fields_of(problem), ("x", "t"), points, orders, 1e-4)


def test_gradients_by_the_weights_are_those_of_nested_differentiation(x64):
    problem = zoo_entry("burgers").problem
    program, orders = fields_of(problem), [(0, 1), (2, 0)]
    inputs = inputs_of(program)
    points = jnp.asarray(np.random.default_rng(0).uniform(0.1, 0.9, (8, 2)))

    def loss(of, given):
        found = of(program, given, ("x", "t"), points, orders)
        return sum(jnp.sum(v**2) for v in jax.tree.leaves(found))

    ours, theirs = (
        jax.jit(jax.grad(loss, 1), static_argnums=0)(of, inputs)
        for of in (derivatives, nested)
    )
    for name, value in theirs.items():
        scale = float(jnp.abs(value).max())
        np.testing.assert_allclose(ours[name], value, 1e-10, 1e-11 * scale)


@given(st.sets(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=4))
def test_closed_sets_are_the_smallest(orders):
    found = closed_downwards(orders)
    assert orders <= set(found) and len(set(found)) == len(found)
    below = {
        (i, j, k)
        for a, b, c in orders
        for i in range(a + 1)
        for j in range(b + 1)
        for k in range(c + 1)
    }
    assert set(found) == below

"""Stages and scans change nothing but the time that compiling takes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from certax._core import Program, closed_downwards
from certax.bounds import _taylor_models as tm
from certax.bounds._interpreter import interpret, prepare
from certax.bounds._jets import JetSpace
from certax.bounds._repetitions import Stage
from certax.bounds._stages import _parts, evaluate_in_stages
from certax.bounds._taylor_models import Space


def _net(activation, depth, skip=False, gate=False) -> Program:
    """x -> stack -> `depth` layers of width 3 -> sum."""
    inputs = [{"name": "x", "kind": "coordinate"}]
    for i in range(depth):
        columns = 1 if i == 0 else 3
        inputs.append({"name": f"w{i}", "kind": "weight", "shape": [3, columns]})
        inputs.append({"name": f"b{i}", "kind": "weight", "shape": [3]})
    ops = []

    def push(*operation):
        ops.append(list(operation))
        return len(inputs) + len(ops) - 1

    here = push("stack", [0])
    first = None
    for i in range(depth):
        inner = push("add", [push("matvec", [1 + 2 * i, here]), 2 + 2 * i])
        if activation == "gelu":
            outer = push("mul", [inner, push("erf", [push("mul", [inner, inner])])])
        elif activation == "two":
            square = push("mul", [inner, inner])
            bump = push("exp", [push("neg", [square])])
            outer = push("mul", [bump, push("erf", [push("mul", [square, inner])])])
        else:
            outer = push(activation, [inner])
        first = outer if first is None else first
        if gate and i:
            outer = push("mul", [outer, first])
        here = push("add", [outer, here]) if skip and i else outer
    out = push("sum", [here])
    return Program.from_json(
        {
            "format": "certax-program/1",
            "inputs": inputs,
            "ops": ops,
            "outputs": {"u": out},
        }
    )


def _blocks(program):
    return [part for part in _parts(program) if not isinstance(part, Stage)]


cases = [
    ("tanh", dict(), True),
    ("sin", dict(skip=True), True),
    ("tanh", dict(gate=True), True),
    ("gelu", dict(), True),
    # Two arguments are products, and only one of them can be carried.
    ("two", dict(), False),
]


@pytest.mark.parametrize("activation, options, repeats", cases)
def test_layers_run_as_one_scan_where_arguments_are_stored(
    activation, options, repeats
):
    found = _blocks(_net(activation, 7, **options))
    assert bool(found) == repeats
    if repeats:
        assert len(found) == 1 and len(found[0]) >= 4


@pytest.mark.parametrize("activation, options, repeats", cases)
@pytest.mark.parametrize("depth", [1, 2, 5])
def test_stages_give_what_one_function_gives(activation, options, repeats, depth):
    program = _net(activation, depth, **options)
    jets = JetSpace(Space(1, 2), closed_downwards({(2,)}))
    generator = np.random.default_rng(depth)
    with jax.enable_x64(True):
        boxes = 4
        linear = tm.TaylorModel(
            (jnp.linspace(-1, 1, boxes), jnp.full((boxes,), 0.05), None), None
        )
        one = tm.constant(jnp.ones(()), None, jets.space)
        inputs = {"x": {(0,): linear, (1,): one}}
        for item in program.of_kind("weight"):
            inputs[item.name] = jnp.asarray(generator.normal(size=item.shape))
        whole = interpret(program, inputs, jets, boxes)["u"]
        prepared = prepare(program, inputs, jets)
        staged = evaluate_in_stages(program, prepared, jets, boxes)["u"]
        assert whole.keys() == staged.keys()
        for order in whole:
            a, b = whole[order], staged[order]
            # Both enclose the same function, so neither is far from the other.
            for p, q in zip(a.coefficients, b.coefficients, strict=True):
                if p is not None and q is not None:
                    np.testing.assert_allclose(p, q, rtol=1e-11, atol=1e-13)
            np.testing.assert_allclose(a.radius, b.radius, rtol=1e-3)

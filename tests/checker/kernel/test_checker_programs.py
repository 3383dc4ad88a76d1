"""Programs and documents that do not have their form are refused."""

import copy
import json

import examples
import numpy as np
import pytest
from material import Builder, safetensors

from certax_checker.kernel._algebra import Algebra
from certax_checker.kernel._documents import read_network, read_problem
from certax_checker.kernel._errors import Malformed, Refusal
from certax_checker.kernel._program import read_program
from certax_checker.kernel._reader import File

KINDS = ("coordinate", "constant", "weight", "derivative")


def good():
    b = Builder()
    x, one = b.coordinate("x"), b.constant("1", "one")
    matrix, vector = b.weight("W", (3, 2)), b.weight("v", (3,))
    inner = b.matvec(matrix, b.stack(x, one))
    return b.program(u=b.add(b.dot(b.tanh(inner), vector), b.index(inner, extra=2)))


def read(program):
    return read_program(program, "network", KINDS, Algebra())


def test_good_program():
    assert list(read(good()).outputs) == ["u"]


def changed(change):
    program = copy.deepcopy(good())
    change(program)
    return program


CHANGES = [
    lambda p: p.update(format="certax-program/2"),
    lambda p: p.update(extra=1),
    lambda p: p.pop("ops"),
    lambda p: p.update(outputs={}),
    lambda p: p.update(outputs={"u": 99}),
    lambda p: p.update(outputs={"u": -1}),
    lambda p: p.update(outputs={"u": "8"}),
    lambda p: p.update(outputs={"u": 5}),
    lambda p: p.update(outputs={"u": 2}),
    lambda p: p["ops"].append(["add", [0, 1]]),
    lambda p: p["ops"].append(["sinh", [0]]),
    lambda p: p["ops"].append("neg"),
    lambda p: p["ops"].append([["neg"], [0]]),
    lambda p: p["ops"].append(["neg", [0], 1]),
    lambda p: p["ops"].append(["neg", 0]),
    lambda p: p["ops"].append(["neg", []]),
    lambda p: p["ops"].append(["neg", [0, 1]]),
    lambda p: p["ops"].append(["neg", [10]]),
    lambda p: p["ops"].insert(0, ["neg", [5]]),
    lambda p: p["ops"].append(["ipow", [0]]),
    lambda p: p["ops"].append(["ipow", [0], 1]),
    lambda p: p["ops"].append(["ipow", [0], 65]),
    lambda p: p["ops"].append(["index", [5], 3]),
    lambda p: p["ops"].append(["index", [5], -1]),
    lambda p: p["ops"].append(["index", [0], 0]),
    lambda p: p["ops"].append(["broadcast", [0], 0]),
    lambda p: p["ops"].append(["broadcast", [5], 2]),
    lambda p: p["ops"].append(["add", [0, 5]]),
    lambda p: p["ops"].append(["add", [2, 2]]),
    lambda p: p["ops"].append(["neg", [2]]),
    lambda p: p["ops"].append(["stack", [5]]),
    lambda p: p["ops"].append(["stack", [2]]),
    lambda p: p["ops"].append(["sum", [0]]),
    lambda p: p["ops"].append(["sum", [2]]),
    lambda p: p["ops"].append(["dot", [5, 4]]),
    lambda p: p["ops"].append(["matvec", [2, 5]]),
    lambda p: p["ops"].append(["matvec", [5, 4]]),
    lambda p: p["ops"].append(["matvec", [4, 2]]),
    lambda p: p["inputs"].append(copy.deepcopy(p["inputs"][0])),
    lambda p: p["inputs"][0].update(kind="scalar"),
    lambda p: p["inputs"][0].update(name="1x"),
    lambda p: p["inputs"][0].update(name="x y"),
    lambda p: p["inputs"][0].update(shape=[]),
    lambda p: p["inputs"][1].update(value=1),
    lambda p: p["inputs"][1].update(value="1/0"),
    lambda p: p["inputs"][2].update(shape=[3, 2, 1]),
    lambda p: p["inputs"][2].update(shape=[3, 0]),
    lambda p: p["inputs"][2].update(shape=[3, 4097]),
    lambda p: p["inputs"][2].update(shape=[2, 3]),
]


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_changed_programs_are_refused(number):
    program = changed(CHANGES[number])
    with pytest.raises(Refusal):
        read(program)


def test_unused_weights_and_long_programs_are_refused():
    b = Builder()
    x = b.coordinate("x")
    b.weight("w", ())
    with pytest.raises(Malformed, match="never used"):
        read(b.program(u=x))
    b = Builder()
    x = b.coordinate("x")
    for _ in range(20_001):
        x = b.neg(x)
    with pytest.raises(Malformed, match="20,000"):
        read(b.program(u=x))


def problem_refused(change, text=""):
    made = examples.burgers()
    change(made)
    with pytest.raises(Refusal, match=text):
        read_problem(json.dumps(made).encode(), "problem", Algebra())


def test_problems_that_are_refused():
    read_problem(json.dumps(examples.burgers()).encode(), "problem", Algebra())
    change = problem_refused
    change(lambda p: p["coordinates"][0].update(lower="1"), "below")
    change(lambda p: p["coordinates"][0].update(lower="1+sqrt(2)*sqrt(2)-2"), "below")
    change(lambda p: p.update(coordinates=[]), "one to 64")
    change(lambda p: p.update(coordinates=p["coordinates"] * 33), "one to 64")
    change(lambda p: p["coordinates"][0].update(name="u"), "distinct")
    change(lambda p: p["coordinates"][0].update(name="u_t"), "distinct")
    change(lambda p: p["coordinates"][0].update(name="sinpi"), "distinct")
    change(lambda p: p.update(fields=["u", "network"]), "distinct")
    change(lambda p: p.update(fields=["v"]), "no derivative")
    change(lambda p: p["residual"]["inputs"][0].update(orders=[0]), "no derivative")
    change(lambda p: p["residual"]["inputs"][0].update(orders=[5, 0]), "integer")
    change(lambda p: p["residual"]["inputs"][0].update(orders=[1, 0]), "two inputs")
    change(
        lambda p: p["residual"].update(outputs={"1": p["residual"]["outputs"]["0"]}),
        "numbered",
    )
    change(lambda p: p["conditions"].append(examples.dirichlet("x", "lower")), "same")
    change(lambda p: p["conditions"].append(examples.dirichlet("z")), "not a coord")
    change(lambda p: p["conditions"][1].update(side="left"), "side")
    change(lambda p: p["conditions"][1].update(kind="neumann"), "kind")
    change(lambda p: p["conditions"][0].update(coordinate="x"), "unknown coordinate")

    def weight(p):
        b = Builder()
        p["conditions"][1]["values"] = b.program(u=b.weight("w", ()))

    change(weight, "kind 'weight'")


def test_networks_that_are_refused():
    algebra = Algebra()
    made = read_problem(json.dumps(examples.burgers()).encode(), "problem", algebra)
    program, tensors = examples.burgers_net((3,))

    def refused(program, tensors, text):
        file = File("w", safetensors(tensors), "")
        with pytest.raises(Refusal, match=text):
            read_network(json.dumps(program).encode(), file, made, algebra)

    name = "layers.0.bias"
    refused(program, {k: v for k, v in tensors.items() if k != name}, "shapes")
    refused(program, {**tensors, "other": np.ones(1)}, "shapes")
    refused(program, {**tensors, name: tensors[name][:, None]}, "shapes")
    refused({**program, "outputs": {"v": program["outputs"]["u"]}}, tensors, "fields")
    other = json.loads(json.dumps(program).replace('"name": "x"', '"name": "y"'))
    refused(other, tensors, "unknown coordinate")
    other = copy.deepcopy(program)
    other["inputs"].append(
        {"name": "d", "kind": "derivative", "field": "u", "orders": [0, 0]}
    )
    refused(other, tensors, "derivative")

"""Problems, nets and checks that several tests share."""

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

import certax as cx
from certax._core import Input, Program, evaluate, to_float, trace
from certax.nn import Ansatz, program_of, weights_of
from certax.problems import Problem, Solution, names

# Problems of every kind, where all of the zoo would take minutes.
some_names = (*names[:16], "kdv", "burgers-2d", "nine-mode-shear-flow")

unary = {
    *("neg", "sqrt", "log", "exp", "sin", "cos", "tanh", "logistic", "softplus"),
    *("erf", "sinpi", "cospi", "max0"),
}


def check_program(program: Program) -> None:
    """Asserts section 3 of `docs/format.md`: arguments, shapes, and no dead values."""
    names = [item.name for item in program.inputs]
    assert len(set(names)) == len(names)
    shapes: list[tuple[int, ...]] = []
    used: set[int] = set(program.outputs.values())
    for item in program.inputs:
        assert item.kind in ("coordinate", "weight", "constant", "derivative")
        assert item.kind == "weight" or item.shape == ()
        shapes.append(item.shape)
    for op, arguments, extra in program.ops:
        assert all(0 <= a < len(shapes) for a in arguments)
        used |= set(arguments)
        shapes.append(_shape(op, [shapes[a] for a in arguments], extra))
    assert all(shapes[i] == () for i in program.outputs.values())
    assert used == set(range(len(shapes)))


def _shape(op: str, shapes: list[tuple[int, ...]], extra: int | None):
    first = shapes[0]
    assert op == "matvec" or all(len(s) <= 1 for s in shapes)
    assert (extra is not None) == (op in ("ipow", "index", "broadcast"))
    if op in ("add", "sub", "mul", "div"):
        assert len(shapes) == 2 and shapes[0] == shapes[1]
        return first
    if op in unary or op == "ipow":
        assert len(shapes) == 1
        assert op != "ipow" or 2 <= (extra or 0) <= 64
        return first
    if op == "matvec":
        matrix, vector = shapes
        assert len(matrix) == 2 and vector == matrix[1:]
        return matrix[:1]
    if op == "stack":
        assert all(s == () for s in shapes)
        return (len(shapes),)
    if op == "broadcast":
        assert first == () and (extra or 0) >= 1
        return (extra,)
    assert op in ("dot", "sum", "index") and all(len(s) == 1 for s in shapes)
    assert op != "dot" or shapes[0] == shapes[1]
    assert op != "index" or 0 <= (extra or 0) < first[0]
    return ()


def traced(function: Callable[..., Any], *names: str) -> Program:
    """The program of a function of derivatives-like scalars, output `y`."""
    inputs = [Input(n, "coordinate") for n in names]
    return trace(lambda *a: [function(*a)], inputs, ["y"], "the function")


def values_of(program: Program, given: Mapping[str, Any]) -> dict[str, float]:
    """Runs a program in float64, its constants filled in."""
    with jax.enable_x64(True):
        inputs: dict[str, Any] = {
            i.name: jnp.asarray(to_float(i.value)) for i in program.of_kind("constant")
        }
        inputs |= {n: jnp.asarray(v, jnp.float64) for n, v in given.items()}
        needed = {i.name: inputs[i.name] for i in program.inputs}
        return {n: float(v) for n, v in evaluate(program, needed).items()}


def ops_of(program: Program) -> list[str]:
    return [op for op, _, _ in program.ops]


def ansatz_of(problem: Problem, seed: int = 0, **settings: Any) -> Ansatz:
    """A small untrained net for a problem; biases are random too."""
    shape = {"width": 3, "depth": 1} | settings
    with jax.enable_x64(True):
        net = Ansatz(
            problem.domain,
            problem.fields,
            problem.conditions,
            **shape,
            key=jax.random.key(seed),
        )
        leaves, structure = jax.tree.flatten(net.network)
        rng = np.random.default_rng(seed)
        shaken = [jnp.asarray(rng.normal(size=leaf.shape)) for leaf in leaves]
        network = jax.tree.unflatten(structure, shaken)
        object.__setattr__(net, "network", network)
        return net


def fields_of(problem: Problem, seed: int = 0, **settings: Any) -> Program:
    """The fields' program of a small untrained net."""
    net = ansatz_of(problem, seed, **settings)
    return program_of(net, problem.domain.names, problem.fields)


def solution_of(problem: Problem, net: Any) -> Solution:
    """A module as a solution of a problem."""
    with jax.enable_x64(True):
        weights = {n: np.asarray(w) for n, w in weights_of(net).items()}
    network = program_of(net, problem.domain.names, problem.fields)
    return Solution(problem, network, weights, {})


def closed_form(
    problem: Problem, *functions: Callable[..., Any], **weights: float
) -> Solution:
    """Closed forms of the coordinates, of pi and of scalar weights, one a field."""
    inputs = [Input(n, "coordinate") for n in problem.domain.names]
    inputs.append(Input("pi", "constant", value="pi"))
    inputs += [Input(n, "weight") for n in weights]
    network = trace(
        lambda *arrays: [f(*arrays) for f in functions],
        inputs,
        problem.fields,
        "the closed form",
    )
    return Solution(problem, network, {n: np.array(w) for n, w in weights.items()}, {})


def burgers(**changes: Any) -> Problem:
    """The Burgers equation with some arguments replaced."""
    given: dict[str, Any] = {
        "domain": cx.Box(x=(-1, 1), t=(0, 1)),
        "constants": {"nu": "0.01/pi"},
        "residual": lambda u, nu: u.t + u * u.x - nu * u.xx,
        "conditions": (cx.Initial(lambda x: -cx.sinpi(x)), cx.Dirichlet("x", 0)),
    }
    return Problem(**given | changes)

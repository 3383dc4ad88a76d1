"""Genuine certificates for theorems and for two residuals."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from .material import (
    JSON,
    Bundle,
    call,
    constant,
    coordinate,
    dense,
    derivative,
    program,
    uniform,
    weight,
)
from .nets import evaluate, fitted

EXAMPLE = Path(__file__).parents[1] / "checker" / "example"
T, X, Y = coordinate("t"), coordinate("x"), coordinate("y")
WIDTH = 12
TUBE = {"logarithmic_norm": "2", "tube": "0.01"}


def dirichlet(name: str, value: Any = "0", side: str = "both") -> JSON:
    """A Dirichlet condition."""
    entry = {"kind": "dirichlet", "coordinate": name, "side": side}
    return {**entry, "values": program(u=value)}


def initial(name: str = "t", **values: Any) -> JSON:
    """An initial condition."""
    return {"kind": "initial", "coordinate": name, "values": program(**values)}


def velocity(name: str = "t", **values: Any) -> JSON:
    """The fields' first derivatives at the start."""
    return {"kind": "velocity", "coordinate": name, "values": program(**values)}


def problem(axes: dict[str, tuple[str, str]], residual: JSON, *conditions: JSON,
            fields: tuple[str, ...] = ("u",)) -> JSON:  # fmt: skip
    """A problem."""
    coordinates = [
        {"name": n, "lower": low, "upper": high} for n, (low, high) in axes.items()
    ]
    return {
        "format": "certax-problem/1",
        "name": "made by hand",
        "coordinates": coordinates,
        "fields": list(fields),
        "residual": residual,
        "conditions": list(conditions),
    }


def _bundle(made: JSON, network: JSON, tensors: Any, trees: Any, theorem: str,
            norm: str, **parameters: Any) -> Bundle:  # fmt: skip
    claim = {"claim": "solution" if theorem else "residual", "theorem": theorem}
    claim.update(norm=norm, parameters=parameters)
    with TemporaryDirectory() as folder:
        return Bundle(made, network, tensors, trees, claim).derived(Path(folder))


def logistic() -> Bundle:
    """y' = y (1 - y) from 1/2, y = 1/2 + t N(t)."""
    y, slope = derivative("y", 0), derivative("y", 1)
    residual = program(_0=slope - y * (constant("1", "capacity") - y))
    made = problem({"t": ("0", "1")}, residual, initial(y="1/2"), fields=("y",))
    network = program(y=constant("1/2") + T * dense(T, width=4))
    trees = {"residual": uniform((2,), 6)}
    return _bundle(
        made, network, fitted(made, network), trees, "ode-tube", "Linf", **TUBE
    )


def between() -> Bundle:
    """The net of `logistic` between a sub- and a supersolution."""
    old = logistic()
    return _bundle(old.problem, old.network, old.tensors, old.trees, "comparison-ode",
                   "Linf", tube="0.01")  # fmt: skip


def oscillator() -> Bundle:
    """p' = -q, q' = p, whose two logarithmic norms differ."""
    p, q = derivative("p", 0), derivative("q", 0)
    rates = derivative("p", 1) + q, derivative("q", 1) - p
    made = problem({"t": ("0", "1")}, program(_0=rates[0], _1=rates[1]),
                   initial(p="1", q="0"), fields=("p", "q"))  # fmt: skip
    network = program(
        p=constant("1") + T * dense(T, width=5, name="first"),
        q=T * dense(T, width=5, name="second"),
    )
    trees = {"residual": uniform((2,), 6)}
    return _bundle(
        made, network, fitted(made, network), trees, "ode-tube", "Linf", **TUBE
    )


def burgers() -> Bundle:
    """u_t + u u_x = u_xx / pi on [0, 1] x [0, 1/4] from sin(pi x)."""
    u, slope = derivative("u", 0, 0), derivative("u", 1, 0)
    bend = constant("1/pi", "nu") * derivative("u", 2, 0)
    residual = program(_0=derivative("u", 0, 1) + u * slope - bend)
    made = problem({"x": ("0", "1"), "t": ("0", "1/4")}, residual,
                   initial(u=call("sinpi", X)), dirichlet("x"))  # fmt: skip
    wall = X * (constant("1") - X)
    network = program(u=call("sinpi", X) + T * wall * dense(X, T, width=WIDTH))
    trees = {"residual": uniform((3, 2), 6)}
    return _bundle(made, network, fitted(made, network), trees, "l1-contraction", "L1",
                   slabs=4)  # fmt: skip


def peaks() -> Bundle:
    """The net of `burgers`, bounded in the maximum."""
    old = burgers()
    return _bundle(old.problem, old.network, old.tensors, old.trees, "oleinik", "Linf",
                   slabs=4)  # fmt: skip


def heat() -> Bundle:
    """u_t = u_xx / 10 on [0, 1]^2 from sin(pi x), by a net that misses the start."""
    bend = constant("0.1", "diffusivity") * derivative("u", 2, 0)
    residual = program(_0=derivative("u", 0, 1) - bend)
    wall = X * (constant("1") - X)
    made = problem({"x": ("0", "1"), "t": ("0", "1")}, residual,
                   initial(u=call("sinpi", X)), dirichlet("x"))  # fmt: skip
    network = program(u=wall * dense(X, T, width=WIDTH))
    nodes = np.linspace(0, 1, 30)

    def defect(tensors: JSON) -> np.ndarray:
        values = {**tensors, "x": nodes, "t": np.zeros(30)}
        return evaluate(network, values)["u"] - np.sin(np.pi * nodes)

    trees = {"residual": uniform((2, 2), 6), "initial": uniform((2,), 6)}
    tensors = fitted(made, network, extra=defect)
    return _bundle(made, network, tensors, trees, "maximum-principle", "Linf", slabs=4)


def allen_cahn() -> Bundle:
    """u_t = u_xx / 10 + u - u^3, periodic on [-1, 1]."""
    u, bend = derivative("u", 0, 0), constant("0.1", "width") * derivative("u", 2, 0)
    residual = program(_0=derivative("u", 0, 1) - bend + u**3 - u)
    start = constant("0.5") * call("cospi", X)
    made = problem({"x": ("-1", "1"), "t": ("0", "1/2")}, residual, initial(u=start),
                   {"kind": "periodic", "coordinate": "x"})  # fmt: skip
    turning = dense(call("cospi", X), call("sinpi", X), T, width=WIDTH)
    network = program(u=start + T * turning)
    trees = {"residual": uniform((4, 1), 6)}
    return _bundle(made, network, fitted(made, network), trees, "maximum-principle",
                   "Linf", slabs=2)  # fmt: skip


def valley() -> Bundle:
    """u_t + max(u_x^2, 2 u_x) = u_xx / 10, periodic on [-1, 1]: two controls."""
    slope, bend = derivative("u", 1, 0), derivative("u", 2, 0)
    either = slope**2 + call("max0", constant("2") * slope - slope**2)
    residual = program(
        _0=derivative("u", 0, 1) + either - constant("0.1", "diffusivity") * bend
    )
    start = constant("0.1") * call("cospi", X)
    made = problem({"x": ("-1", "1"), "t": ("0", "1/2")}, residual, initial(u=start),
                   {"kind": "periodic", "coordinate": "x"})  # fmt: skip
    turning = dense(call("cospi", X), call("sinpi", X), T, width=3)
    network = program(u=start + T * turning)
    tensors = {"net.0": np.ones((3, 3)) / 3, "net.1": np.ones(3), "net.2": np.ones(3)}
    trees = {"residual": uniform((5, 2), 4)}
    return _bundle(made, network, tensors, trees, "hamilton-jacobi", "Linf", slabs=4)


def advection() -> Bundle:
    """u_t + 2 u_x + u = 0 on [0, 1]^2 with inflow from the left."""
    u, slope = derivative("u", 0, 0), derivative("u", 1, 0)
    flow = constant("2", "speed") * slope + constant("1", "decay") * u
    residual = program(_0=derivative("u", 0, 1) + flow)
    inflow = constant("4") * T**2 * call("exp", -T)
    made = problem({"x": ("0", "1"), "t": ("0", "1")}, residual, initial(u=X**2),
                   dirichlet("x", inflow, "lower"))  # fmt: skip
    network = program(u=X**2 + inflow + X * T * dense(X, T, width=WIDTH))
    trees = {"residual": uniform((2, 2), 6)}
    return _bundle(made, network, fitted(made, network), trees, "transport", "Linf",
                   slabs=2)  # fmt: skip


def poisson() -> Bundle:
    """-u_xx - u_yy = 2 x (1 - x) + 2 y (1 - y) on the unit square."""
    bend = derivative("u", 2, 0) + derivative("u", 0, 2)
    one = constant("1")
    first, second = X * (one - X), Y * (one - Y)
    residual = program(_0=-bend - constant("2") * (first + second))
    made = problem({"x": ("0", "1"), "y": ("0", "1")}, residual,
                   dirichlet("x"), dirichlet("y"))  # fmt: skip
    network = program(u=first * second * dense(X, Y, width=WIDTH))
    trees = {"residual": uniform((2, 2), 6)}
    return _bundle(made, network, fitted(made, network), trees, "barrier", "Linf")


def corrected() -> Bundle:
    """The same with a correction by a second net, and a barrier."""
    old, one = poisson(), constant("1")
    first, second = X * (one - X), Y * (one - Y)
    fix = first * second * dense(X, Y, width=3, name="fix")
    barrier = program(barrier=constant("0.1") + first, correction=fix)
    rng = np.random.default_rng(0)
    sizes = {"fix.0": (3, 2), "fix.1": (3,), "fix.2": (3,)}
    tensors = {name: 1e-3 * rng.normal(size=size) for name, size in sizes.items()}
    claim = {"claim": "solution", "theorem": "certified-barrier", "norm": "Linf"}
    made = Bundle(
        old.problem, old.network, old.tensors, old.trees, {**claim, "parameters": {}}
    )
    made.attached = {"barrier": barrier, "barrier_weights": tensors}
    with TemporaryDirectory() as folder:
        return made.derived(Path(folder))


def layered() -> Bundle:
    """u_t = u_xx on [0, 1]^2 x [0, 1], not diffusing in y: under assumptions."""
    residual = program(_0=derivative("u", 0, 0, 1) - derivative("u", 2, 0, 0))
    made = problem({"x": ("0", "1"), "y": ("0", "1"), "t": ("0", "1")}, residual,
                   initial(u="0"), dirichlet("x"), dirichlet("y"))  # fmt: skip
    one = constant("1")
    bump = T * X * (one - X) * Y * (one - Y)
    network = program(u=bump * dense(X, Y, T, width=2))
    tensors = {"net.0": np.ones((2, 3)), "net.1": np.ones(2), "net.2": np.full(2, 1e-3)}
    trees = {"residual": uniform((1, 0, 1), 4)}
    return _bundle(made, network, tensors, trees, "maximum-principle", "Linf", slabs=1)


def fading() -> Bundle:
    """u_t + u_x + 9 u = 0 from zero by a net that starts at 0.001: its error decays."""
    u, slope = derivative("u", 0, 0), derivative("u", 1, 0)
    residual = program(_0=derivative("u", 0, 1) + slope + constant("9") * u)
    made = problem({"x": ("0", "2"), "t": ("0", "1")}, residual, initial(u="0"),
                   {"kind": "periodic", "coordinate": "x"})  # fmt: skip
    network = program(u=weight("size") * call("exp", constant("-9") * T))
    trees = {"residual": uniform((0, 3), 8), "initial": uniform((0,), 0)}
    tensors = {"size": np.array(1e-3)}
    return _bundle(made, network, tensors, trees, "transport", "Linf", slabs=8)


def trained() -> Bundle:
    """The net that is kept as an example, which was trained on y' = y (1 - y)."""
    names = ("problem.json", "network.json", "certificate.json")
    made, network, claim = (json.loads((EXAMPLE / name).read_bytes()) for name in names)
    data = (EXAMPLE / "weights.safetensors").read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        first, last = (start + offset for offset in entry["data_offsets"])
        array = np.frombuffer(data[first:last], dtype="<f8")
        tensors[name] = array.reshape(entry["shape"])
    trees = {"residual": (EXAMPLE / "certificate.tree").read_bytes()}
    return _bundle(made, network, tensors, trees, claim["theorem"], claim["norm"],
                   **claim["parameters"])  # fmt: skip


def steepening() -> Bundle:
    """The net for the Burgers equation, with its error in L2."""
    old = burgers()
    return _bundle(old.problem, old.network, old.tensors, old.trees, "energy", "L2",
                   slabs=4)  # fmt: skip


def string() -> Bundle:
    """u_tt = u_xx / 4 on [0, 1]^2 from sin(pi x) at rest."""
    bend = constant("0.25", "tension") * derivative("u", 2, 0)
    made = problem({"x": ("0", "1"), "t": ("0", "1")},
                   program(_0=derivative("u", 0, 2) - bend),
                   initial(u=call("sinpi", X)), velocity(u="0"),
                   dirichlet("x"))  # fmt: skip
    wall = X * (constant("1") - X)
    network = program(u=call("sinpi", X) + T**2 * wall * dense(X, T, width=WIDTH))
    trees = {"residual": uniform((2, 2), 6)}
    return _bundle(made, network, fitted(made, network), trees, "wave", "L2", slabs=4)


def quantum() -> Bundle:
    """i w_t + w_xx / 10 + |w|^2 w = 0 on a circle of length two."""
    p, q = derivative("p", 0, 0), derivative("q", 0, 0)
    size, half = p**2 + q**2, constant("0.1", "dispersion")
    real = half * derivative("p", 2, 0) - derivative("q", 0, 1) + size * p
    imaginary = half * derivative("q", 2, 0) + derivative("p", 0, 1) + size * q
    start = constant("0.5") * call("cospi", X)
    made = problem({"x": ("-1", "1"), "t": ("0", "1/2")},
                   program(_0=real, _1=imaginary), initial(p=start, q="0"),
                   {"kind": "periodic", "coordinate": "x"},
                   fields=("p", "q"))  # fmt: skip
    turning = [call("cospi", X), call("sinpi", X), T]
    network = program(
        p=start + T * dense(*turning, width=WIDTH, name="first"),
        q=T * dense(*turning, width=WIDTH, name="second"),
    )
    trees = {"residual": uniform((4, 1), 6)}
    return _bundle(made, network, fitted(made, network), trees, "schrodinger", "L2",
                   slabs=2)  # fmt: skip


def residual_maximum() -> Bundle:
    """The largest residual of the logistic net."""
    old = logistic()
    return _bundle(old.problem, old.network, old.tensors, old.trees, "", "Linf")


def residual_mean() -> Bundle:
    """The L2 norm of the residual of the net for the Burgers equation."""
    old = burgers()
    return _bundle(old.problem, old.network, old.tensors, old.trees, "", "L2")


MADE = {
    made.__name__: made
    for made in (
        logistic, between, oscillator, burgers, peaks, heat, allen_cahn, valley,
        advection, poisson, corrected, layered, fading, trained, steepening, string,
        quantum,
        residual_maximum, residual_mean,
    )
}  # fmt: skip


@cache
def _once(name: str) -> Bundle:
    return MADE[name]()


def genuine(name: str) -> Bundle:
    """A genuine certificate, to be edited."""
    return _once(name).copy()

"""Small nets fitted to equations by Gauss and Newton's method, in NumPy alone."""

import itertools
from fractions import Fraction
from typing import Any

import numpy as np

from .material import JSON

STEP = 1e-3
FUNCTIONS: dict[str, Any] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "neg": np.negative,
    "tanh": np.tanh,
    "exp": np.exp,
    "logistic": lambda a: 1 / (1 + np.exp(-a)),
    "sinpi": lambda a: np.sin(np.pi * a),
    "cospi": lambda a: np.cos(np.pi * a),
    "stack": lambda *a: np.stack(np.broadcast_arrays(*a)),
    "matvec": lambda a, b: a @ b,
    "dot": lambda a, b: np.sum(a * b, axis=0),
}


def number(text: str) -> float:
    """The value of a constant that is written with fractions and powers of pi."""
    value = 1.0
    for place, factor in enumerate(text.replace("/", "*/").split("*")):
        base, _, power = factor.lstrip("/").partition("^")
        base = np.pi if base == "pi" else float(Fraction(base))
        base **= int(power or 1)
        value = value / base if factor.startswith("/") and place else value * base
    return value


def evaluate(program: JSON, values: dict[str, Any]) -> dict[str, np.ndarray]:
    """The outputs of a program; inputs by name, a vector's axis first."""
    known: list[Any] = []
    for entry in program["inputs"]:
        if entry["kind"] == "constant":
            known.append(number(entry["value"]))
            continue
        value = np.asarray(values[entry["name"]], dtype=float)
        vector = entry["kind"] == "weight" and value.ndim == 1
        known.append(value[:, None] if vector else value)
    for name, arguments, *extra in program["ops"]:
        taken = [known[i] for i in arguments]
        if name == "ipow":
            known.append(taken[0] ** extra[0])
        elif name == "index":
            known.append(taken[0][extra[0]])
        else:
            known.append(FUNCTIONS[name](*taken))
    return {name: known[i] for name, i in program["outputs"].items()}


def residuals(problem: JSON, network: JSON, tensors: dict, points: np.ndarray):
    """The residual at points (dimension, number), by central differences."""
    names = [axis["name"] for axis in problem["coordinates"]]

    def at(shift: tuple[int, ...], field: str) -> np.ndarray:
        moved = points + STEP * np.array(shift)[:, None]
        return evaluate(network, {**tensors, **dict(zip(names, moved, strict=True))})[
            field
        ]

    stencils = {0: {0: 1.0}, 1: {-1: -0.5, 1: 0.5}, 2: {-1: 1.0, 0: -2.0, 1: 1.0}}
    values = dict(zip(names, points, strict=True))
    for entry in problem["residual"]["inputs"]:
        if entry["kind"] == "derivative":
            axes = [stencils[n].items() for n in entry["orders"]]
            total = np.zeros(points.shape[1])
            for corner in itertools.product(*axes):
                factor = np.prod([c for _, c in corner])
                shift = tuple(s for s, _ in corner)
                total = total + factor * at(shift, entry["field"])
            values[entry["name"]] = total / STEP ** sum(entry["orders"])
    made = evaluate(problem["residual"], values)
    return np.concatenate([np.broadcast_to(r, points.shape[1:]) for r in made.values()])


def fitted(problem: JSON, network: JSON, seed: int = 0, rounds: int = 6,
           scale: float = 1.0, extra: Any = None) -> dict[str, np.ndarray]:  # fmt: skip
    """Weights: hidden layers at random, output layers by Gauss and Newton.

    `extra` gives further residuals, such as an initial defect, for some tensors.
    """
    generator = np.random.default_rng(seed)
    shapes = {e["name"]: e["shape"] for e in network["inputs"] if e["kind"] == "weight"}
    tensors = {n: scale * generator.standard_normal(s) for n, s in shapes.items()}
    free = [name for name in tensors if name.endswith(".2")]
    tensors.update({name: np.zeros(shapes[name]) for name in free})
    ends = [(number(a["lower"]), number(a["upper"])) for a in problem["coordinates"]]
    count = {1: 40, 2: 14, 3: 7}[len(ends)]
    axes = [np.linspace(a, b, count) for a, b in ends]
    points = np.stack([g.ravel() for g in np.meshgrid(*axes, indexing="ij")])

    def defects(vector: np.ndarray) -> np.ndarray:
        parts = np.split(vector, np.cumsum([shapes[n][0] for n in free])[:-1])
        trial = {**tensors, **dict(zip(free, parts, strict=True))}
        found = residuals(problem, network, trial, points)
        return found if extra is None else np.concatenate([found, extra(trial)])

    vector = np.zeros(sum(shapes[n][0] for n in free))
    for _ in range(rounds):
        here = defects(vector)
        slopes = [
            (defects(vector + 1e-6 * e) - here) / 1e-6 for e in np.eye(len(vector))
        ]
        step = np.linalg.lstsq(np.stack(slopes, axis=1), -here, rcond=1e-6)[0]
        vector = vector + step
    parts = np.split(vector, np.cumsum([shapes[n][0] for n in free])[:-1])
    return {**tensors, **dict(zip(free, parts, strict=True))}

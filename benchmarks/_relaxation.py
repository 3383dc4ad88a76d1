"""Taylor models and backward linear relaxation on the same tasks."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._figure import Figure

_parts = 512
_boxes = 4096
_nets = (
    ("relu", 3, 32, 2),
    ("relu", 3, 32, 10),
    ("tanh", 3, 32, 2),
    ("relu", 2, 50, 5),
    ("relu", 2, 50, 20),
    ("tanh", 3, 32, 10),
    ("relu", 2, 50, 2),
    ("relu", 2, 50, 10),
    ("relu", 3, 32, 5),
    ("relu", 3, 32, 20),
    ("tanh", 8, 20, 2),
)


@dataclass(frozen=True)
class _Task:
    """A Glorot net on [-1, 1]^d, and what samples say."""

    name: str
    function: Callable[[Any], Any]
    dimension: int
    values: np.ndarray
    gradients: np.ndarray

    @property
    def box(self) -> Any:
        from certax.bounds import Interval

        return Interval(-np.ones(self.dimension), np.ones(self.dimension))


def relaxation() -> list[Figure]:
    """Bounds of ranges and of Lipschitz constants over what samples attain, by every
    method with its usual number of boxes; compilation counts.
    """
    rows = [row for net in _nets for row in _rows(_task(*net))]
    figures = []
    for claim in ("range", "lipschitz linf", "lipschitz l2"):
        chosen = [r for r in rows if r["claim"] == claim]
        wins = [r for r in chosen if r["best"] == r["default"]]
        figures.append(
            Figure(
                f"{claim}: share of nets on which the default method is within a tenth "
                "of the best one",
                0.75,
                len(wins) / len(chosen),
                at_least=True,
                details={"rows": chosen, "parts": _parts, "boxes": _boxes}
                | _opponent(),
            )
        )
    return figures


def _opponent() -> dict[str, str]:
    return {"auto_LiRPA": "absent: its package on PyPI needs torch below 1.13"}


def _task(activation: str, depth: int, width: int, dimension: int) -> _Task:
    import jax
    import jax.numpy as jnp

    generator = np.random.default_rng(0)
    sizes = [dimension, *[width] * depth, 1]
    net = [
        (
            generator.uniform(-1, 1, (b, a)) * np.sqrt(6.0 / (a + b)),
            0.1 * generator.normal(size=b),
        )
        for a, b in zip(sizes, sizes[1:], strict=False)
    ]
    act = jnp.tanh if activation == "tanh" else jax.nn.relu

    def function(v):
        for matrix, bias in net[:-1]:
            v = act(matrix @ v + bias)
        return (net[-1][0] @ v + net[-1][1])[0]

    points = generator.uniform(-1, 1, (2**14, dimension))
    points[: 2**12] = np.sign(points[: 2**12])
    with jax.enable_x64(True):
        both = jax.jit(jax.vmap(jax.value_and_grad(function)))(jnp.asarray(points))
        values, gradients = map(np.asarray, both)
    name = f"{activation} {depth}x{width}, {dimension} inputs"
    return _Task(name, function, dimension, values, gradients)


def _rows(task: _Task) -> list[dict[str, Any]]:
    from certax.bounds._linear_bounds import concrete, known_numbers
    from certax.bounds._linear_branching import Budget, Objective, branch
    from certax.bounds._linear_programs import gradient_sizes, linear_program

    traced = concrete(task.function, task.box)
    program = linear_program(traced.program, ["0"])
    budget = Budget(tolerance=0.01, parts=_parts)
    length = float(np.ptp(task.values))
    rows = []
    for claim in ("range", "lipschitz linf", "lipschitz l2"):
        if claim == "range":
            made, attained = program, 0.5 * length
            middle = float(task.values.min() + 0.5 * length)
        else:
            made, middle = gradient_sizes(program, claim.split()[1]), 0.0
            sizes = np.abs(task.gradients).sum(1) if "linf" in claim else None
            if sizes is None:
                sizes = np.sqrt((task.gradients**2).sum(1))
            attained = float(sizes.max())
        objective = Objective(
            made,
            known_numbers(made, traced.weights),
            traced.lower,
            traced.upper,
            middle,
        )
        power = 0.5 if claim == "lipschitz l2" else 1.0
        methods: dict[str, Callable[[], float]] = {
            "linear": lambda: branch(objective, Budget(parts=1)).bound,
            "linear, coordinates": lambda: branch(objective, budget).bound,
            "linear, neurons": lambda: branch(objective, budget, "neurons").bound,
        }
        if claim == "range":
            methods["linear, slopes"] = lambda: _half_length(task, middle)
        if task.dimension <= 5:
            methods["taylor"] = lambda: _taylor(task, traced, claim) ** (1.0 / power)
        found = {}
        for name, method in methods.items():
            began = time.process_time()
            bound = method() ** power
            found[name] = {
                "ratio": round(bound / attained, 4),
                "processor seconds": round(time.process_time() - began, 2),
            }
        rows.append({"net": task.name, "claim": claim, "methods": found})
        print(rows[-1], file=sys.stderr, flush=True)
        best = min(m["ratio"] for m in found.values())
        default = _default(task, claim)
        rows[-1] |= {
            "default": default,
            "best": default
            if found[default]["ratio"] <= 1.1 * best
            else min(found, key=lambda n: found[n]["ratio"]),
        }
    return rows


def _default(task: _Task, claim: str) -> str:
    """What `bracket` and `lipschitz` use."""
    if task.dimension <= 5 and task.name.startswith("tanh"):
        return "taylor"
    if task.dimension > 2 and claim != "range":
        return "linear, neurons"
    return "linear, coordinates"


def _half_length(task: _Task, middle: float) -> float:
    from certax.bounds import linear_bounds

    bounds = linear_bounds(task.function, steps=20)(task.box)
    return float(max(bounds.upper - middle, middle - bounds.lower))


def _taylor(task: _Task, traced: Any, claim: str) -> float:
    """By Taylor models with bisection."""
    from certax._core import Program
    from certax.bounds import (
        Refinement,
        lipschitz_quantity,
        range_quantity,
        refine,
    )

    fields = traced.program
    fields = Program(fields.inputs, fields.ops, {"u": fields.outputs["0"]})
    names = [i.name for i in fields.inputs if i.kind == "coordinate"]
    ends = {name: ("-1", "1") for name in names}
    squared = claim == "lipschitz l2"
    if claim == "range":
        orders = (0,) * task.dimension
        quantity, _ = range_quantity(fields, traced.weights, ends, "u", orders)
    else:
        norm = claim.split()[1]
        quantity = lipschitz_quantity(fields, traced.weights, ends, ["u"], norm)
    degree = {2: 4, 5: 2}[task.dimension]
    cuts = (1,) * task.dimension
    refinement = Refinement("supremum", 0.01, degree, cuts, boxes=_boxes)
    bound = float(refine(quantity, refinement).bounds.supremum.max())
    return bound**0.5 if squared else bound

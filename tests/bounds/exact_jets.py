"""Jets against Arb: the truth of functions and programs with their derivatives."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

import flint
import numpy as np
from exact_models import MultiIndex
from flint import arb, arb_series

from certax._core import Input, Program


def _tanh(a):
    return 1 - 2 / (1 + (2 * a).exp())


functions: dict[str, Callable] = {
    "exp": lambda a: a.exp(),
    "log": lambda a: a.log(),
    "sqrt": lambda a: a.sqrt(),
    "sin": lambda a: a.sin(),
    "cos": lambda a: a.cos(),
    "sinpi": lambda a: a.sin_pi(),
    "cospi": lambda a: a.cos_pi(),
    "erf": lambda a: a.erf(),
    "logistic": lambda a: 1 / (1 + (-a).exp()),
    "tanh": _tanh,
    "softplus": lambda a: (1 + a.exp()).log(),
    "reciprocal": lambda a: 1 / a,
}

ArbJet = dict[MultiIndex, arb]


def plus(a: MultiIndex, b: MultiIndex) -> MultiIndex:
    return tuple(i + j for i, j in zip(a, b, strict=True))


def jet_product(a: ArbJet, b: ArbJet, orders: Iterable[MultiIndex]) -> ArbJet:
    found = {o: arb(0) for o in orders}
    for (i, x), (j, y) in product(a.items(), b.items()):
        if (k := plus(i, j)) in found:
            found[k] += x * y
    return found


def jet_function(name: str, a: ArbJet, orders: Sequence[MultiIndex]) -> ArbJet:
    """f(a) by the power series of f at the value of a."""
    zero = (0,) * len(orders[0])
    highest = max(sum(o) for o in orders)
    flint.ctx.cap = highest + 1
    series = functions[name](arb_series([a[zero], 1]))
    rest = {o: x for o, x in a.items() if o != zero}
    power: ArbJet = {zero: arb(1)}
    total = {o: arb(0) for o in orders}
    for k in range(highest + 1):
        for o, x in power.items():
            total[o] += series[k] * x
        power = jet_product(power, rest, orders)
    return total


def program_jets(
    program: Program,
    inputs: Mapping[str, ArbJet | np.ndarray],
    orders: Sequence[MultiIndex],
) -> dict[str, ArbJet]:
    """A program's outputs with their Taylor coefficients, by Arb."""
    zero = (0,) * len(orders[0])
    values: list = []
    for item in program.inputs:
        value = inputs[item.name]
        if item.kind == "weight" and len(item.shape) < 2:
            lifted = [{zero: arb(float(w))} for w in np.ravel(value)]
            value = lifted if item.shape else lifted[0]
        values.append(value)
    for op, arguments, extra in program.ops:
        args = [values[a] for a in arguments]
        values.append(_apply(op, args, extra, orders))
    return {name: values[i] for name, i in program.outputs.items()}


def _apply(op: str, args: list, extra: int | None, orders: Sequence[MultiIndex]):
    first = args[0]
    if op == "matvec":
        rows = np.asarray(first).tolist()
        return [_weighted([arb(w) for w in row], args[1]) for row in rows]
    if op == "stack":
        return list(args)
    if op == "index":
        return first[extra]
    if op == "broadcast":
        return [first] * (extra or 1)
    if op == "sum":
        return _weighted([arb(1)] * len(first), first)
    if op == "dot":
        terms = [jet_product(a, b, orders) for a, b in zip(*args, strict=True)]
        return _weighted([arb(1)] * len(terms), terms)
    if isinstance(first, list):
        return [_apply(op, list(row), extra, orders) for row in zip(*args, strict=True)]
    match op:
        case "add":
            return _weighted([arb(1), arb(1)], args)
        case "sub":
            return _weighted([arb(1), arb(-1)], args)
        case "neg":
            return _weighted([arb(-1)], args)
        case "mul":
            return jet_product(first, args[1], orders)
        case "div":
            inverse = jet_function("reciprocal", args[1], orders)
            return jet_product(first, inverse, orders)
        case "ipow":
            made = first
            for _ in range((extra or 1) - 1):
                made = jet_product(made, first, orders)
            return made
    return jet_function(op, first, orders)


def _weighted(weights: Sequence[arb], jets: Sequence[ArbJet]) -> ArbJet:
    found: ArbJet = {}
    for w, jet in zip(weights, jets, strict=True):
        for o, x in jet.items():
            found[o] = found.get(o, arb(0)) + w * x
    return found


layers = (
    *("tanh", "sin", "softplus", "logistic", "gelu", "swish", "erf", "cospi"),
    *("gaussian", "fourier", "skip", "product", "division", "root", "logarithm"),
    *("cube", "scale"),
)


class ProgramBuilder:
    """Writes a random program layer by layer."""

    def __init__(self, rng: np.random.Generator, names: Sequence[str], scale: float):
        self.rng, self.scale = rng, scale
        self.inputs = [Input(n, "coordinate") for n in names]
        self.ops: list[tuple[str, list, int | None]] = []
        self.weights: dict[str, np.ndarray] = {}

    def input(self, item: Input) -> tuple[str, int]:
        self.inputs.append(item)
        return ("input", len(self.inputs) - 1)

    def weight(self, *shape: int) -> tuple[str, int]:
        name = f"w{len(self.weights)}"
        scale = self.scale / max(1, shape[-1] if len(shape) == 2 else 1) ** 0.5
        self.weights[name] = self.rng.normal(size=shape) * scale
        return self.input(Input(name, "weight", shape=shape))

    def emit(self, op: str, *args, extra: int | None = None) -> tuple[str, int]:
        self.ops.append((op, list(args), extra))
        return ("op", len(self.ops) - 1)

    def constant(self, text: str, width: int) -> tuple[str, int]:
        item = Input(f"c{len(self.inputs)}", "constant", value=text)
        return self.emit("broadcast", self.input(item), extra=width)

    def affine(self, x, rows: int, columns: int):
        return self.emit(
            "add", self.emit("matvec", self.weight(rows, columns), x), self.weight(rows)
        )

    def layer(self, kind: str, x, width: int):
        match kind:
            case "gelu":
                scaled = self.emit("mul", x, self.constant("sqrt(1/2)", width))
                one = self.constant("1", width)
                gate = self.emit("add", one, self.emit("erf", scaled))
                half = self.emit("mul", x, self.constant("1/2", width))
                return self.emit("mul", half, gate)
            case "swish":
                return self.emit("mul", x, self.emit("logistic", x))
            case "gaussian":
                square = self.emit("ipow", x, extra=2)
                return self.emit("exp", self.emit("neg", square))
            case "fourier":
                return self.emit("mul", self.emit("sinpi", x), self.emit("cos", x))
            case "skip":
                inner = self.affine(self.emit("tanh", x), width, width)
                return self.emit("sub", x, inner)
            case "product":
                return self.emit("mul", self.affine(x, width, width), x)
            case "division":
                square = self.emit("mul", x, x)
                one = self.constant("1", width)
                return self.emit("div", x, self.emit("add", one, square))
            case "root":
                square = self.emit("ipow", x, extra=2)
                third = self.constant("1/3", width)
                return self.emit("sqrt", self.emit("add", third, square))
            case "logarithm":
                two = self.constant("2", width)
                return self.emit("log", self.emit("add", two, self.emit("sin", x)))
            case "cube":
                return self.emit("ipow", x, extra=int(self.rng.integers(2, 8)))
            case "scale":
                return self.emit("mul", x, self.constant("pi/3", width))
        return self.emit(kind, x)

    def build(self, output) -> Program:
        count = len(self.inputs)
        place = lambda a: a[1] if a[0] == "input" else count + a[1]
        ops = tuple(
            (op, tuple(place(a) for a in args), extra) for op, args, extra in self.ops
        )
        return Program(tuple(self.inputs), ops, {"u": place(output)})


def random_program(
    rng: np.random.Generator,
    names: Sequence[str],
    kinds: Sequence[str],
    width: int = 3,
    scale: float = 1.0,
) -> tuple[Program, dict[str, np.ndarray]]:
    """A net of the given layers, one output `u`, and its weights."""
    builder = ProgramBuilder(rng, names, scale)
    x = builder.emit("stack", *(("input", i) for i in range(len(names))))
    size = len(names)
    for kind in kinds:
        x = builder.layer(kind, builder.affine(x, width, size), width)
        size = width
    match int(rng.integers(3)):
        case 0:
            last = builder.emit("dot", x, builder.weight(width))
        case 1:
            last = builder.emit("sum", builder.emit("mul", x, builder.weight(width)))
        case _:
            last = builder.emit("index", builder.affine(x, 1, width), extra=0)
    if rng.random() < 0.5:
        last = builder.emit("mul", last, ("input", 0))
    if rng.random() < 0.5:
        last = builder.emit("add", last, builder.weight())
    return builder.build(last), builder.weights


def derivative_sets(dimension: int, highest: int) -> list[MultiIndex]:
    """All multi-indices of at most the given order."""
    every = product(range(highest + 1), repeat=dimension)
    return sorted((o for o in every if sum(o) <= highest), key=lambda o: (sum(o), o))

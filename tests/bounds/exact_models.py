"""Taylor models and jets against exact arithmetic: random models, adversarial values of
the functions that they enclose, and programs differentiated by Arb.

A model claims |f(ξ) - p(ξ)| <= radius for *every* f; so the tests let f take any value
between the ends of its enclosure and ask whether the result of an operation, in exact
rational numbers or Arb balls, lies in the enclosure that was computed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import flint
import jax.numpy as jnp
import numpy as np
from flint import arb, arb_series, fmpq

from certax._core import Input, Program
from certax.bounds import _taylor_models as tm
from certax.bounds._taylor_models import Space, TaylorModel

Point = tuple[fmpq, ...]
MultiIndex = tuple[int, ...]
kinds = ("ordinary", "integers", "constant", "wide", "subnormal", "huge", "small")


@dataclass
class Score:
    """How many comparisons were made, and which failed or could not be decided.

    `closest` is the largest |difference| / radius met: the claims are not idle.
    """

    comparisons: int = 0
    undecided: int = 0
    closest: float = 0.0
    violations: list[str] = field(default_factory=list)

    def compare(self, difference: fmpq | arb, radius: fmpq | arb, where: str) -> None:
        """One claim |difference| <= radius."""
        self.comparisons += 1
        size = abs(difference)
        if size <= radius:
            if radius > 0:
                self.closest = max(self.closest, float(arb(size) / arb(radius)))
            return
        if isinstance(size, fmpq) or size > radius:
            self.violations.append(f"{where}: |{difference}| > {radius}")
        else:
            self.undecided += 1

    def check(self, at_least: int = 1) -> None:
        assert not self.violations, self.violations[:3]
        assert self.comparisons >= at_least
        assert self.undecided <= 0.01 * self.comparisons


def rational(number: float) -> fmpq:
    return fmpq(*float(number).as_integer_ratio())


def ball(number: fmpq) -> arb:
    return arb(number)


def random_points(rng: np.random.Generator, dimension: int, count: int) -> list[Point]:
    """Corners, the center and random places of [-1, 1]^d."""
    found = []
    for _ in range(count):
        mode = rng.integers(4)
        entries = (
            rng.choice([-1.0, 1.0], dimension)
            if mode < 2
            else (
                rng.integers(-64, 65, dimension) / 64.0
                if mode == 2
                else rng.uniform(-1, 1, dimension)
            )
        )
        found.append(tuple(rational(e) for e in entries))
    return found


def random_magnitudes(rng: np.random.Generator, shape, kind: str) -> np.ndarray:
    signs = rng.choice([-1.0, 1.0], shape)
    match kind:
        case "ordinary" | "constant":
            return rng.normal(size=shape)
        case "integers":
            return rng.integers(-9, 10, shape).astype(float)
        case "wide":
            return signs * 10.0 ** rng.uniform(-320, 150, shape)
        case "subnormal":
            return signs * rng.integers(0, 1000, shape) * 2.0**-1074
        case "huge":
            return signs * 10.0 ** rng.uniform(100, 150, shape)
        case "small":
            return signs * 10.0 ** rng.uniform(-250, -30, shape)
    raise ValueError(kind)


def random_model(
    rng: np.random.Generator, space: Space, shape: tuple[int, ...], kind: str
) -> TaylorModel:
    """A model with arrays of the given shape; some coefficients are known to vanish."""
    coefficients: list = []
    decay = 2.0 ** -rng.integers(0, 12)
    for m in space.monomials:
        skip = rng.random() < 0.2 or (kind == "constant" and sum(m) > 0)
        values = random_magnitudes(rng, shape, kind) * decay ** sum(m)
        values = np.where(rng.random(shape) < 0.1, 0.0, values)
        coefficients.append(None if skip and any(m) else jnp.asarray(values))
    size = sum((np.abs(c) for c in coefficients if c is not None), np.zeros(shape))
    relative = 10.0 ** rng.uniform(-17, 0, shape)
    radius = np.where(rng.random(shape) < 0.2, 0.0, np.minimum(size, 1e200) * relative)
    exact = kind in ("integers", "constant") or rng.random() < 0.2
    return TaylorModel(
        tuple(coefficients), None if exact else jnp.asarray(np.maximum(radius, tm.tiny))
    )


class Reader:
    """A model's numbers as exact rationals, entry by entry."""

    def __init__(self, model: TaylorModel, space: Space, shape: tuple[int, ...]):
        self.space = space
        arrays = [*model.coefficients, model.radius]
        flat = [
            np.zeros(shape) if a is None else np.broadcast_to(np.asarray(a), shape)
            for a in arrays
        ]
        self.table = np.stack(flat, -1).reshape(-1, len(arrays))
        self.finite = np.isfinite(self.table).all(axis=1)

    def __len__(self) -> int:
        return len(self.table)

    def radius(self, entry: int) -> fmpq:
        return rational(self.table[entry, -1])

    def polynomial(self, entry: int, point: Point) -> fmpq:
        total = fmpq(0)
        row = self.table[entry].tolist()
        for c, m in zip(row[:-1], self.space.monomials, strict=True):
            if c:
                term = rational(c)
                for x, n in zip(point, m, strict=True):
                    term *= x**n
                total += term
        return total

    def member(self, entry: int, point: Point, sign: float) -> fmpq:
        """The value of a function in the enclosure; at its edge for sign ±1."""
        return self.polynomial(entry, point) + rational(sign) * self.radius(entry)


def random_sign(rng: np.random.Generator) -> float:
    return float(rng.choice([-1.0, 1.0, 1.0, -1.0, 0.0, rng.uniform(-1, 1)]))


def compare_pointwise(
    score: Score,
    rng: np.random.Generator,
    what: str,
    arguments: Sequence[TaylorModel],
    result: TaylorModel,
    truth: Callable[..., fmpq | arb],
    space: Space,
    shape: tuple[int, ...],
    points: int = 3,
) -> None:
    """Whether an elementwise operation encloses the exact one on members."""
    readers = [Reader(a, space, shape) for a in arguments]
    found = Reader(result, space, shape)
    for entry in range(len(found)):
        if not found.finite[entry] or not all(r.finite[entry] for r in readers):
            continue
        for point in random_points(rng, space.dimension, points):
            members = [r.member(entry, point, random_sign(rng)) for r in readers]
            exact = truth(*members)
            claimed = found.polynomial(entry, point)
            if isinstance(exact, arb):
                claimed = ball(claimed)
            score.compare(exact - claimed, found.radius(entry), f"{what} at {point}")


# Truth for elementary functions and jets.


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


# Random programs.

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

"""Random programs with derivatives, enclosed on leaves, against Arb's power series."""

import math
import random
from fractions import Fraction

import flint
import numpy as np
import pytest
import truth
from examples import axis, problem
from flint import arb
from material import Builder
from subjects import subject_of

from certax_checker.kernel._errors import Refusal
from certax_checker.kernel._leaves import Chunk

SMOOTH = ["tanh", "sin", "logistic", "erf", "softplus", "cos", "sinpi", "cospi"]
ENDS = {"x": ("-1", "1"), "y": ("0.1", "pi"), "t": ("0", "sqrt(2)/3")}
LEAVES = 4


@pytest.fixture(autouse=True)
def precision():
    flint.ctx.prec = 250
    yield
    flint.ctx.prec = 128


def random_program(r, names):
    """A program over some coordinates with every operation that is smooth."""
    b = Builder()
    xs = [b.coordinate(name) for name in names]
    cs = [b.constant(v) for v in ("0.3", "-1/7", "pi/3", "sqrt(2)", "1e-3")]
    first, second = b.weight("W", (4, 3)), b.weight("V", (3, 4))
    bias, w = b.weight("b", (4,)), b.weight("w", ())
    vector = b.stack(*[r.choice(xs + cs) for _ in range(3)])
    hidden = b.add(b.matvec(first, vector), bias)
    hidden = getattr(b, r.choice([*SMOOTH, "exp"]))(hidden)
    image = b.matvec(second, hidden)
    known = [*xs, *cs, w, b.dot(image, vector), b.sum(hidden), b.index(image, extra=1)]
    repeated = b.broadcast(r.choice(known), extra=4)
    known.append(b.dot(b.mul(repeated, hidden), hidden))
    for _ in range(r.randint(3, 9)):
        kind, one, two = r.random(), r.choice(known), r.choice(known)
        if kind < 0.35:
            known.append(getattr(b, r.choice(["add", "sub", "mul"]))(one, two))
        elif kind < 0.7:
            known.append(getattr(b, r.choice(SMOOTH))(one))
        elif kind < 0.8:
            known.append(b.ipow(one, extra=r.randint(2, 5)))
        elif kind < 0.85:
            known.append(b.exp(b.sin(one)))
        else:
            positive = b.add(b.mul(one, one), cs[0])
            name = r.choice(["sqrt", "log", "div"])
            divided = name == "div"
            known.append(
                b.div(two, b.neg(positive)) if divided else getattr(b, name)(positive)
            )
    made, inputs = known[-1], len(b.inputs)
    used = {i for op in b.ops for i in op[1]} | {made}
    for i in range(inputs + len(b.ops)):
        if i not in used and (i >= inputs or i == w):
            made = b.add(made, i)
    return b.program(u=made)


def subject(program, tensors, names, orders):
    b = Builder()
    entries = [b.derivative("u", *o) for o in orders]
    axes = [axis(name, *ENDS[name]) for name in names]
    made = problem(axes, b.program(_0=b.neg(b.sum(b.stack(*entries)))), [])
    return subject_of(made, program, tensors)


def random_leaves(r, names):
    levels = np.array([[r.choice([0, 1, 2, 4, 8, 30, 45]) for _ in range(LEAVES)]
                       for _ in names])  # fmt: skip
    numbers = np.array([[r.choice([0, 2**k - 1, r.randrange(2**k)]) for k in row]
                        for row in levels.tolist()])  # fmt: skip
    halves = 0.5 ** (levels + 1)
    return (2 * numbers + 1) * halves, halves


def holds(model, leaf, point, exact, factor):
    """Whether the model holds the exact value; None where its radius is infinite."""
    radius = float(np.broadcast_to(model.radius, (LEAVES,))[leaf])
    if not math.isfinite(radius):
        return None
    total = arb(0)
    for monomial, c in model.terms.items():
        term = arb(float(np.broadcast_to(c, (LEAVES,))[leaf]))
        for n, x in zip(monomial, point, strict=True):
            term *= truth.exact(x) ** n
        total += term
    return bool(abs(total * factor - exact).lower() <= arb(radius) * factor)


@pytest.mark.parametrize("seed", range(60))
def test_random_programs(seed):
    r, generator = random.Random(seed), np.random.default_rng(seed)
    names = ["x", "y", "t"][: r.randint(1, 3)]
    program = random_program(r, names)
    shapes = {"W": (4, 3), "V": (3, 4), "b": (4,), "w": ()}
    tensors = {k: np.array(generator.standard_normal(s)) for k, s in shapes.items()}
    if r.random() < 0.2:
        tensors["W"] *= 8
    highest = {1: 4, 2: 3, 3: 2}[len(names)]
    orders = [tuple(r.randint(0, highest) if i == j else 0 for j in range(len(names)))
              for i in range(len(names))]  # fmt: skip
    orders = list(dict.fromkeys([*orders, (1, 1, 0)[: len(names)]]))
    degree = r.randint(0, 6 if len(names) < 3 else 3)
    centers, halves = random_leaves(r, names)
    chunk = Chunk(subject(program, tensors, names, orders), names, centers, halves,
                  degree, {})  # fmt: skip
    try:
        with np.errstate(all="ignore"):
            jet = chunk.fields()["u"]
    except Refusal as refusal:
        assert "away from zero" in refusal.reason or "range" in refusal.reason
        return
    checked = 0
    for leaf in range(LEAVES):
        inner = [Fraction(r.randint(-(2**40), 2**40), 2**40) for _ in names]
        point = [r.choice([Fraction(-1), Fraction(1), x]) for x in inner]
        at = {}
        for i, name in enumerate(names):
            low, high = map(truth.constant, ENDS[name])
            center, half = map(Fraction, (centers[i, leaf], halves[i, leaf]))
            at[name] = low + truth.exact(center + half * point[i]) * (high - low)
        for i, name in enumerate(names):
            line = truth.along(program, at, {name: 1}, tensors, 4)["u"]
            for k in range(5):
                index = tuple(k if j == i else 0 for j in range(len(names)))
                if index in jet:
                    found = holds(jet[index], leaf, point, line[k], math.factorial(k))
                    assert found in (True, None), (seed, leaf, index)
                    checked += found is True
        if len(names) > 1:
            one, two = names[:2]
            plus = truth.along(program, at, {one: 1, two: 1}, tensors, 2)["u"][2]
            minus = truth.along(program, at, {one: 1, two: -1}, tensors, 2)["u"][2]
            mixed = jet.get((1, 1, 0)[: len(names)])
            if mixed is not None:
                assert holds(mixed, leaf, point, (plus - minus) / 4, 1) in (True, None)
    assert checked or degree < 7


def test_enclosures_are_sharp_on_small_leaves():
    """Three degrees more are worth the third power of the leaf's size."""
    from examples import burgers_net

    program, tensors = burgers_net((8, 8))
    made = subject(program, tensors, ["x", "t"], [(2, 0), (0, 1)])
    radii = []
    for degree, level in ((3, 3), (3, 4), (6, 4)):
        half = np.full((2, 1), 0.5 ** (level + 1))
        chunk = Chunk(made, ["x", "t"], np.full((2, 1), 0.5) - half, half, degree, {})
        radii.append(float(chunk.fields()["u"][(2, 0)].radius[0]))
    assert radii[1] < radii[0] / 6 and radii[2] < radii[1] / 50


def test_maximum_with_zero_encloses():
    b = Builder()
    x, shift = b.coordinate("x"), b.weight("w", ())
    program = b.program(u=b.max0(b.add(x, shift)))
    for number in (-2.0, -0.3, 0.0, 0.3, 2.0):
        tensors = {"w": np.array(number)}
        made = subject(program, tensors, ["x"], [(0,)])
        halves = np.array([[0.125] * 4])
        centers = np.array([[0.125, 0.375, 0.625, 0.875]])
        model = Chunk(made, ["x"], centers, halves, 3, {}).fields()["u"][(0,)]
        for leaf in range(LEAVES):
            for xi in (Fraction(-1), Fraction(-1, 3), Fraction(0), Fraction(1)):
                place = Fraction(centers[0, leaf]) + Fraction(1, 8) * xi
                exact = max(-1 + 2 * place + Fraction(number), Fraction(0))
                assert holds(model, leaf, [xi], truth.exact(exact), 1)
    made = subject(program, {"w": np.array(2.0)}, ["x"], [(1,)])
    with pytest.raises(Refusal, match="not differentiable"):
        Chunk(made, ["x"], centers, halves, 3, {}).fields()

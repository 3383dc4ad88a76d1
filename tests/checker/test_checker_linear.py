"""The checker's backward linear bounds against Arb and exact rationals."""

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from certax_checker.equations._linear import cone_lines, elementwise
from certax_checker.equations._linear_pass import Node, Relaxed

FUNCTIONS = {
    "tanh": (lambda x: x.tanh(), lambda x: 1 - x.tanh() ** 2),
    "logistic": (
        lambda x: 1 / (1 + (-x).exp()),
        lambda x: 1 / (2 + x.exp() + (-x).exp()),
    ),
    "softplus": (lambda x: (1 + x.exp()).log(), lambda x: 1 / (1 + (-x).exp())),
    "exp": (lambda x: x.exp(), lambda x: x.exp()),
    "sin": (lambda x: x.sin(), lambda x: x.cos()),
    "cos": (lambda x: x.cos(), lambda x: -x.sin()),
    "erf": (lambda x: x.erf(), lambda x: 2 / arb.pi().sqrt() * (-x * x).exp()),
    "max0": (lambda x: x.max(arb(0)), lambda x: arb(1) if x > 0 else arb(0)),
    "log": (lambda x: x.log(), lambda x: 1 / x),
    "sqrt": (lambda x: x.sqrt(), lambda x: 1 / (2 * x.sqrt())),
    "recip": (lambda x: 1 / x, lambda x: -1 / x**2),
}


@pytest.fixture(autouse=True)
def precision():
    ctx.prec = 200
    yield
    ctx.prec = 53


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_lie_between_their_lines(name):
    generator = np.random.default_rng(1)
    ends = generator.normal(size=(40, 2)) * 10.0 ** generator.uniform(-6, 1, (40, 1))
    special = [[0, 0], [-5e-324, 5e-324], [0, 1e-310], [-30, 30], [-1e-300, 2], [1, 1]]
    ends = np.sort(np.concatenate([ends, special]), axis=1)
    if name in ("log", "sqrt", "recip"):
        ends = np.sort(np.abs(ends) + 1e-1, axis=1)
        ends[:, 1] = np.minimum(ends[:, 1], 1.9 * ends[:, 0])
    low, high = ends[:, :1].copy(), ends[:, 1:].copy()
    with np.errstate(all="ignore"):
        (below, above), (flat, steep) = elementwise(name, low, high)
    value, slope = FUNCTIONS[name]
    for i in range(len(low)):
        for t in (0.0, 0.2, 0.5, 0.77, 1.0):
            x = low[i, 0] + t * (high[i, 0] - low[i, 0])
            x = arb(min(max(x, low[i, 0]), high[i, 0]))
            for (a, b), sign in ((below, 1), (above, -1)):
                away = sign * (value(x) - (arb(a[i, 0]) * x + arb(b[i, 0])))
                assert not away < 0, (name, ends[i], t, away)
            assert not slope(x) < arb(flat[i, 0]) and not slope(x) > arb(steep[i, 0])


def test_products_with_slopes_lie_between_their_lines():
    generator = np.random.default_rng(2)
    slopes, ends = (np.sort(generator.normal(size=(200, 2)), 1) for _ in range(2))
    (a, b), (low, high) = ((e[:, :1], e[:, 1:]) for e in (slopes, ends))
    below, above = cone_lines((a, b), low, high)
    for s in (0.0, 0.4, 1.0):
        for t in (0.0, 0.3, 1.0):
            x, y = (1 - s) * a + s * b, (1 - t) * low + t * high
            assert np.all(below[0] * y + below[1] <= x * y + 1e-15)
            assert np.all(x * y - 1e-15 <= above[0] * y + above[1])


def exact(x: float) -> fmpq:
    return fmpq(*float(x).as_integer_ratio())


@pytest.mark.parametrize("scale", [1.0, 1e100, 1e-200, 1e-310])
@pytest.mark.parametrize("size", [0.0, 1e-9, 0.5])
def test_a_relu_net_in_exact_arithmetic_is_within(scale, size):
    generator = np.random.default_rng(3)
    first, second = generator.normal(size=(7, 6)), generator.normal(size=(1, 7))
    bias = generator.normal(size=7) * scale
    center = generator.normal(size=(5, 6)) * scale
    low, high = center - size * scale, center + size * scale
    nodes = [Node("input") for _ in range(9)]
    nodes += [
        Node("stack", tuple(range(6))),
        Node("matvec", (6, 9)),
        Node("add", (10, 8)),
        Node("max0", (11,)),
        Node("matvec", (7, 12)),
    ]
    ends = {i: (low[:, i : i + 1], high[:, i : i + 1]) for i in range(6)}
    ends[8] = (bias[None], bias[None])
    relaxed = Relaxed(nodes, ends, {6: first, 7: second}, set(range(6)))
    found = relaxed.below(13, np.array([[[1.0], [-1.0]]]))
    for box in range(5):
        for t in (0.0, 0.5, 1.0, *generator.random(10)):
            shares = np.where(generator.random(6) < 0.5, t, 1.0 - t)
            point = low[box] + shares * (high[box] - low[box])
            point = [exact(x) for x in np.clip(point, low[box], high[box])]
            hidden = [
                max(
                    sum(
                        (exact(w) * x for w, x in zip(row, point, strict=True)),
                        exact(b),
                    ),
                    0,
                )
                for row, b in zip(first, bias, strict=True)
            ]
            value = sum(
                (exact(w) * h for w, h in zip(second[0], hidden, strict=True)), fmpq(0)
            )
            assert exact(found[box, 0]) <= value <= exact(-found[box, 1])
    if size == 0.0 and scale >= 1e-200:
        assert np.all(-found[:, 1] - found[:, 0] <= 1e-11 * scale)

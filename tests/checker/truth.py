"""Programs evaluated by Arb power series along a line: what enclosures must hold."""

import re
from fractions import Fraction

import flint
from flint import arb, arb_series, fmpq


def exact(value):
    """A Fraction or float as an Arb number."""
    if isinstance(value, float):
        return arb(value)
    value = Fraction(value)
    return arb(fmpq(value.numerator, value.denominator))


def constant(text):
    """A decimal or a quotient with pi, by Python's own arithmetic on Arb numbers."""
    names = {"pi": arb.pi(), "sqrt": lambda x: arb(x).sqrt()}
    shown = re.sub(r"\d+(\.\d+)?(e-?\d+)?", lambda m: f"Q('{m[0]}')", text)
    shown = shown.replace("^Q('", "**int('")
    return arb(eval(shown, {**names, "Q": lambda s: exact(Fraction(s))}))


def series(*coefficients):
    """A power series; the precision comes from `flint.ctx.cap`."""
    return arb_series(list(coefficients))


FUNCTIONS = {
    "exp": lambda a: a.exp(),
    "log": lambda a: a.log(),
    "sqrt": lambda a: a.sqrt(),
    "sin": lambda a: a.sin(),
    "cos": lambda a: a.cos(),
    "sinpi": lambda a: a.sin_pi(),
    "cospi": lambda a: a.cos_pi(),
    "erf": lambda a: a.erf(),
    "logistic": lambda a: 1 / (1 + (-a).exp()),
    "tanh": lambda a: 1 - 2 / (1 + (2 * a).exp()),
    "softplus": lambda a: (1 + a.exp()).log(),
    "neg": lambda a: -a,
}


def weight(array):
    """A weight: a matrix of numbers, a vector of series, or a series."""
    if array.ndim == 2:
        return array.tolist()
    if array.ndim == 1:
        return [series(arb(w)) for w in array.tolist()]
    return series(arb(float(array)))


def evaluate(program, values):
    """The outputs for inputs given by name: series, or arrays for weights."""
    known = []
    for entry in program["inputs"]:
        if entry["kind"] == "constant":
            known.append(series(constant(entry["value"])))
        elif entry["kind"] == "weight":
            known.append(weight(values[entry["name"]]))
        else:
            known.append(values[entry["name"]])
    for name, arguments, *extra in program["ops"]:
        known.append(_apply(name, [known[i] for i in arguments], *extra))
    return {name: known[i] for name, i in program["outputs"].items()}


def _apply(name, arguments, extra=None):
    a = arguments[0]
    if name == "stack":
        return list(arguments)
    if name == "index":
        return a[extra]
    if name == "broadcast":
        return [a] * extra
    if name == "sum":
        return sum(a, series(0))
    if name == "dot":
        return sum((x * y for x, y in zip(*arguments, strict=True)), series(0))
    if name == "matvec":
        return [
            sum((arb(w) * x for w, x in zip(row, arguments[1], strict=True)), series(0))
            for row in a
        ]
    if isinstance(a, list):
        return [_apply(name, list(row), extra) for row in zip(*arguments, strict=True)]
    if name in FUNCTIONS:
        return FUNCTIONS[name](a)
    if name == "ipow":
        made = a
        for _ in range(extra - 1):
            made = made * a
        return made
    x, y = arguments
    return {
        "add": lambda: x + y,
        "sub": lambda: x - y,
        "mul": lambda: x * y,
        "div": lambda: x / y,
    }[name]()


def along(program, point, direction, values, order):
    """d^k/ds^k of the outputs at point + s direction, k = 0 ... order."""
    flint.ctx.cap = order + 1
    lines = {name: series(point[name], direction.get(name, 0)) for name in point}
    made = evaluate(program, {**values, **lines})
    factorial, found = 1, {name: [] for name in made}
    for k in range(order + 1):
        factorial *= max(k, 1)
        for name, line in made.items():
            found[name].append(line[k] * factorial)
    return found

"""Networks evaluated by floating-point numbers, with sums in any order."""

import examples
import numpy as np
from material import network_program, random_weights, uniform_tree
from subjects import subject_of

from certax_checker.equations._evaluation import evaluation_error
from certax_checker.equations._rounding import Evaluation
from certax_checker.kernel._algebra import enclose
from certax_checker.kernel._program import run as interpret
from certax_checker.kernel._trees import read_tree

SINGLE, DOUBLE = Evaluation("float32", 8), Evaluation("float64", 8)


def left(terms):
    """One after the other."""
    made = terms[0]
    for term in terms[1:]:
        made = made + term
    return made


def pairwise(terms):
    """Halves first."""
    n = len(terms)
    return terms[0] if n == 1 else pairwise(terms[: n // 2]) + pairwise(terms[n // 2 :])


def ascending(terms):
    """By absolute value, smallest first, point by point."""
    terms = np.stack(np.broadcast_arrays(*terms))
    return left(list(np.take_along_axis(terms, np.argsort(np.abs(terms), 0), 0)))


ORDERS = {
    "left": left,
    "right": lambda terms: left(terms[::-1]),
    "pairwise": pairwise,
    "ascending": ascending,
}
FUNCTIONS = {
    "tanh": np.tanh, "sin": np.sin, "cos": np.cos, "exp": np.exp, "log": np.log,
    "sqrt": np.sqrt, "neg": np.negative, "max0": lambda a: np.maximum(a, 0 * a),
    "logistic": lambda a: 1 / (1 + np.exp(-a)),
    "softplus": lambda a: np.maximum(a, 0 * a) + np.log1p(np.exp(-np.abs(a))),
}  # fmt: skip


class Floats:
    """Arithmetic of a NumPy type at many points; vectors are lists of entries."""

    def __init__(self, dtype, order=left, ulps=0):
        self.dtype, self.order, self.ulps = dtype, order, ulps

    def apply(self, name, arguments, extra):
        a = arguments[0]
        if name == "stack":
            return list(arguments)
        if name == "index":
            return a[extra]
        if name == "broadcast":
            return [a] * extra
        if name == "sum":
            return self.order(a)
        if name == "dot":
            return self.order([x * y for x, y in zip(*arguments, strict=True)])
        if name == "matvec":
            x = arguments[1]
            return [
                self.order([w * y for w, y in zip(row, x, strict=True)]) for row in a
            ]
        if isinstance(a, list):
            columns = zip(*arguments, strict=True)
            return [self.apply(name, list(entries), extra) for entries in columns]
        if name == "ipow":
            return left([a]) if extra == 1 else a * self.apply(name, [a], extra - 1)
        if name in ("sinpi", "cospi"):
            pi = self.dtype("3.14159265358979323846264338327950288")
            made = FUNCTIONS[name[:3]](pi * a)
        elif name in FUNCTIONS:
            made = FUNCTIONS[name](a)
            if self.ulps and name not in ("neg", "max0", "sqrt"):
                made = made + self.dtype(self.ulps) * np.spacing(made)
        else:
            b = arguments[1]
            made = {"add": a + b, "sub": a - b, "mul": a * b}.get(name)
            made = a / b if made is None else made
        return made


def evaluate(subject, points, dtype, order=left, ulps=0):
    """The network at points (count, dimension), in an arithmetic."""
    names = [axis.name for axis in subject.problem.coordinates]

    def value(entry):
        if entry.kind == "coordinate":
            return points[:, names.index(entry.name)].astype(dtype)
        if entry.kind == "constant":
            return dtype(enclose(entry.value).str(40, radius=False))
        array = subject.tensors[entry.name].astype(dtype)
        return array[()] if array.ndim == 0 else [*array]

    made = interpret(subject.network, Floats(dtype, order, ulps), value)["u"]
    return np.broadcast_to(made, len(points))


def net_of(network, tensors):
    """A network on [-1, 1] x [0, 1]."""
    return subject_of(examples.burgers(), network, tensors)


def single_points(count=4000, seed=0):
    """Points with coordinates in single precision, corners among them."""
    generator = np.random.default_rng(seed)
    points = generator.uniform([-1, 0], [1, 1], (count, 2)).astype(np.float32)
    points[: count // 8] *= np.float32(2.0) ** -generator.integers(0, 140, count // 8)[
        :, None
    ].astype(np.float32)
    return np.concatenate([points, [[-1, 0], [1, 1], [0, 0], [1, 0]]]).astype("f4")


def bound_of(subject, chosen=SINGLE, levels=(4, 4)):
    """The checker's bound."""
    tree = read_tree(uniform_tree(levels, 4), 2, "tree")
    return evaluation_error(subject, tree, chosen)


def worst(subject, dtype=np.float32, exact=np.longdouble, points=None, **options):
    """The largest difference that was found between evaluations."""
    points = single_points() if points is None else points
    truth = evaluate(subject, points, exact)
    return float(np.abs(evaluate(subject, points, dtype, **options) - truth).max())


def random_net(activation, widths, seed, size=1.0):
    """A net on which nothing is imposed."""
    network, shapes = network_program(
        ["x", "t"], widths, lambda b, net, *_: net, activation=activation
    )
    return net_of(network, random_weights(shapes, seed, size))

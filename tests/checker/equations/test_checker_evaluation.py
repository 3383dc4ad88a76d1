"""Evaluations in floating point: no order of sums exceeds the bound."""

import json

import examples
import numpy as np
import pytest
from material import (
    Builder,
    call,
    certificate_from,
    derive,
    network_program,
    random_weights,
    safetensors,
    uniform_tree,
    verify,
    write_draft,
)

from certax_checker.equations._evaluation import evaluation_error
from certax_checker.equations._rounding import Evaluation, Rounding
from certax_checker.kernel._algebra import Algebra, enclose
from certax_checker.kernel._documents import read_network, read_problem
from certax_checker.kernel._errors import Refusal
from certax_checker.kernel._leaves import Subject, sweep
from certax_checker.kernel._program import run as interpret
from certax_checker.kernel._reader import File
from certax_checker.kernel._trees import read_tree

SINGLE, DOUBLE = Evaluation("float32", 8), Evaluation("float64", 8)
RULES = {"format": "float32", "ulps": 8}


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


def subject_of(network, tensors, stated=None):
    """A network on [-1, 1] x [0, 1]."""
    algebra = Algebra()
    stated = json.dumps(stated or examples.burgers()).encode()
    read = read_problem(stated, "problem", algebra)
    weights = File("weights", safetensors(tensors), "")
    network, made = read_network(json.dumps(network).encode(), weights, read, algebra)
    return Subject(read, network, made)


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
    return subject_of(network, random_weights(shapes, seed, size))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("activation", ["tanh", "sin", "logistic", "softplus", "max0"])
def test_no_order_of_sums_exceeds_the_bound(activation, order):
    for seed, widths in enumerate([(8,), (16, 16), (24, 8, 8)]):
        net = random_net(activation, widths, seed, size=2.0)
        bound = bound_of(net)
        assert 0 < worst(net, order=ORDERS[order]) <= bound < 1e-2
        assert bound_of(net, DOUBLE) < 1e-8 * bound


def test_functions_that_are_as_wrong_as_they_may_be():
    net = random_net("tanh", (16, 16), 3)
    bound = bound_of(net)
    for ulps in (-8, 8):
        assert worst(net, ulps=ulps) <= bound
    tight = bound_of(net, Evaluation("float32", 1))
    assert tight < bound < 8 * tight


def test_double_precision():
    net = random_net("tanh", (16, 16), 4)
    found = worst(net, np.float64, points=single_points().astype(np.float64))
    assert 0 < found <= bound_of(net, DOUBLE) < 1e-11


def test_compiled_jax():
    import jax
    import jax.numpy as jnp

    net = random_net("tanh", (20, 20, 20), 5)
    layers = [
        (net.tensors[f"layers.{k}.weight"], net.tensors[f"layers.{k}.bias"])
        for k in range(4)
    ]

    def forward(x):
        for k, (weight, bias) in enumerate(layers):
            x = x @ jnp.asarray(weight, "float32").T + jnp.asarray(bias, "float32")
            x = jnp.tanh(x) if k < 3 else x
        return x[..., 0]

    points = single_points()
    with jax.enable_x64(False):
        for function in (forward, jax.jit(forward), jax.jit(jax.vmap(forward))):
            found = np.asarray(function(points))
            assert found.dtype == np.float32
            error = np.abs(found - evaluate(net, points, np.longdouble)).max()
            assert 0 < error <= bound_of(net)


def test_deep_nets_do_not_pay_layer_by_layer():
    """Derivatives of the field are far below the products of the layers' norms."""
    net = random_net("tanh", (10,) * 6, 6)
    tree, output = read_tree(uniform_tree((4, 4), 2), 2, "tree"), net.network.outputs

    def by_layers(chunk):
        return (Rounding(chunk, SINGLE).values[output["u"]].error,)

    (plain,) = sweep(net, tree, ["x", "t"], by_layers)
    assert worst(net) <= bound_of(net) < 0.2 * plain.max()


CANCELLATIONS = {
    "sum": lambda b, x, t, c: b.sub(b.add(x, c), c),
    "product": lambda b, x, t, c: b.sub(b.mul(c, x), b.mul(c, b.mul(x, x))),
    "nested": lambda b, x, t, c: b.add(b.sub(b.add(b.add(x, c), t), c), x),
    "quotient": lambda b, x, t, c: b.div(b.sub(b.add(c, x), c), b.add(t, c)),
    "power": lambda b, x, t, c: b.ipow(b.sub(b.add(x, c), c), extra=5),
    "square": lambda b, x, t, c: b.sub(b.mul(b.add(x, c), b.add(x, c)), b.mul(c, c)),
}


@pytest.mark.parametrize("shape", CANCELLATIONS)
@pytest.mark.parametrize("size", ["0.1", "1000.3", "1e5/3", "pi*1e7"])
def test_cancellation_is_paid_for(shape, size):
    b = Builder()
    x, t, c = b.coordinate("x"), b.coordinate("t"), b.constant(size)
    net = subject_of(b.program(u=CANCELLATIONS[shape](b, x, t, c)), {})
    assert 0 < worst(net) <= bound_of(net)


def test_sums_that_follow_one_another_may_be_taken_in_any_order():
    """((c + x) - c) + t is exact for some orders and wrong by 8 for others."""
    b = Builder()
    x, t, c = b.coordinate("x"), b.coordinate("t"), b.constant("134217728")
    made = b.add(b.sub(b.add(c, x), c), t)
    net = subject_of(b.program(u=made), {})
    points, c = single_points(), np.float32(2**27)
    x, t = points.T
    truth = x.astype(np.float64) + t
    for made in ((c + x) - c + t, (c + t) - c + x, (t - c) + (c + x), (x - c) + t + c):
        assert np.abs(made - truth).max() <= bound_of(net)


@pytest.mark.parametrize("name", ["exp", "sinpi", "cospi", "sqrt", "log", "neg"])
def test_elementary_functions(name):
    b = Builder()
    x, t, c = b.coordinate("x"), b.coordinate("t"), b.constant("1.7")
    inner = b.add(b.mul(c, x), b.add(t, c))
    made = getattr(b, name)(b.add(inner, c) if name in ("sqrt", "log") else inner)
    net = subject_of(b.program(u=made), {})
    assert 0 < worst(net) <= bound_of(net) < 2e-4


def test_subnormal_numbers_may_be_flushed_to_zero():
    """1e-30 x 1e-30 is zero in single precision, and 1e-39 where flushed."""
    b = Builder()
    x, c, d = b.coordinate("x"), b.constant("1e-39"), b.constant("1e38")
    net = subject_of(b.program(u=b.mul(b.mul(x, c), d)), {})
    # Without subnormal numbers the value is 0 instead of x / 10.
    assert bound_of(net) >= 0.1


def test_what_may_overflow_is_refused():
    large = {"w": np.full((1, 2), 1e30)}
    b = Builder()
    x, t, w = b.coordinate("x"), b.coordinate("t"), b.weight("w", (1, 2))
    first = b.index(b.matvec(w, b.stack(x, t)), extra=0)
    net = subject_of(b.program(u=b.tanh(b.mul(first, first))), large)
    with pytest.raises(Refusal, match="range of float32"):
        bound_of(net)
    assert np.isfinite(bound_of(net, DOUBLE))
    for build in (
        lambda b, c, x: b.exp(b.mul(c, x)),
        lambda b, c, x: b.ipow(b.mul(c, x), extra=20),
        lambda b, c, x: b.div(x, b.exp(c)),
    ):
        b = Builder()
        c, x = b.constant("100"), b.coordinate("x")
        with pytest.raises(Refusal, match="range of float32"):
            bound_of(subject_of(b.program(u=build(b, c, x)), {}))


def test_a_weight_beyond_the_range_is_refused():
    b = Builder()
    x, w = b.coordinate("x"), b.weight("w", ())
    net = subject_of(b.program(u=b.mul(x, w)), {"w": np.array(1e39)})
    with pytest.raises(Refusal, match="range of float32"):
        bound_of(net)


def test_a_divisor_that_rounding_may_make_zero_is_refused():
    b = Builder()
    x, t, c = b.coordinate("x"), b.coordinate("t"), b.constant("1e9")
    small = b.sub(b.add(x, c), c)
    net = subject_of(b.program(u=b.div(t, b.add(small, b.exp(x)))), {})
    with pytest.raises(Refusal, match="stay away from zero"):
        bound_of(net)


def test_numbers_of_the_format_are_not_rounded():
    b = Builder()
    c = b.constant("0.25")
    assert bound_of(subject_of(b.program(u=c), {})) < 1e-30
    b = Builder()
    third = b.constant("1/3")
    assert 1e-8 < bound_of(subject_of(b.program(u=third), {})) < 3e-8
    assert SINGLE.contains(Algebra().pi) is False


# Certificates.


def heat_certificate(folder, evaluation=RULES, norm="Linf", theorem=None, **options):
    """exp(-0.1 pi^2 t) sin(pi x) + 1e-4 x (1 - x) t, proved with an evaluation."""
    theorem = theorem or {"Linf": "maximum-principle", "L1": "l1-contraction",
                          "L2": "energy"}[norm]  # fmt: skip
    options = {"parameters": {"slabs": 4}} | options
    draft = write_draft(
        folder, examples.heat(), *examples.heat_candidate(1e-4),
        uniform_tree((3, 3), 5), theorem=theorem, norm=norm, evaluation=evaluation,
        **options,
    )  # fmt: skip
    return draft, derive(draft)


@pytest.mark.parametrize("norm", ["Linf", "L1", "L2"])
def test_the_rounding_is_added_to_the_error(tmp_path, norm):
    real = heat_certificate(tmp_path, None, norm)[1]
    draft, report = heat_certificate(tmp_path, RULES, norm)
    numbers = [float.fromhex(r["bound"]["hex"]) for r in (real, report)]
    assert 1e-7 < numbers[1] - numbers[0] < 1e-4
    assert real["verdict"] == "proved"
    assert report["verdict"] == "proved under assumptions"
    pairs = zip(real["curve"], report["curve"], strict=True)
    assert all(float(one) < float(two) for one, two in pairs)
    statement = report["statement"]
    pointwise = "wherever all coordinates are float32 numbers, at every point"
    for words in (
        "any order",
        pointwise if norm == "Linf" else "exact arithmetic",
        "Assumed: elementary functions are evaluated within 8 units",
    ):
        assert words in statement
    assert verify(certificate_from(draft, report))["accepted"]


def test_a_claim_without_the_rounding_is_rejected(tmp_path):
    real = heat_certificate(tmp_path, None)[1]
    draft, report = heat_certificate(tmp_path)
    small, large = (r["bound"]["decimal"] for r in (real, report))
    words = report["statement"].replace(f"at most {large}", f"at most {small}")
    forged = certificate_from(draft, report, bound=small, statement=words)
    assert "exceeds the claimed" in verify(forged)["reason"]
    curve = [*report["curve"][:-1], real["curve"][-1]]
    assert (
        "in the curve" in verify(certificate_from(draft, report, curve=curve))["reason"]
    )


def test_words_about_another_evaluation_are_rejected(tmp_path):
    draft, report = heat_certificate(tmp_path)
    said = report["statement"]
    for change in (
        {"statement": said.replace("within 8 units", "within 1 units")},
        {"evaluation": {"format": "float64", "ulps": 8}},
        {"evaluation": {"format": "float32", "ulps": 1}},
        {"evaluation": {"format": "float32", "ulps": 9}},
        {"statement": said.replace("float32", "float64")},
        {"verdict": "proved"},
    ):
        assert not verify(certificate_from(draft, report, **change))["accepted"]
    value = json.loads(draft.read_text())
    del value["evaluation"]
    draft.write_text(json.dumps(value))
    plain = verify(certificate_from(draft, report))
    assert plain["reason"] == "the verdict is 'proved' and no other"


@pytest.mark.parametrize("evaluation", [
    {}, {"format": "float16", "ulps": 8}, {"format": "real", "ulps": 8},
    {"format": "float32"}, {"format": "float32", "ulps": 0}, "float32", None, 8,
    {"format": "float32", "ulps": "8"}, {"format": ["float32"], "ulps": 8},
    {"format": "float32", "ulps": 8, "fast": True},
])  # fmt: skip
def test_malformed_evaluations(tmp_path, evaluation):
    draft, _ = heat_certificate(tmp_path)
    value = json.loads(draft.read_text())
    value["evaluation"] = evaluation
    draft.write_text(json.dumps(value))
    assert call("derive", draft)[0] == 2


@pytest.mark.parametrize("options", [
    {"claim": "residual", "norm": "Linf"},
    {"claim": "lipschitz", "norm": "l2", "parameters": {"fields": ["u"]}},
    {"claim": "range", "norm": "range",
     "parameters": {"field": "u", "orders": [1, 0]}},
])  # fmt: skip
def test_claims_about_derivatives_have_no_evaluation(tmp_path, options):
    draft = write_draft(
        tmp_path, examples.heat(), *examples.heat_candidate(1e-4),
        uniform_tree((2, 2), 4), evaluation=RULES, **options,
    )  # fmt: skip
    status, output = call("derive", draft)
    assert status == 2 and "no derivatives" in output


def test_a_range_is_widened(tmp_path):
    """Of a net with a corner and without elementary functions: nothing is assumed."""
    network, shapes = network_program(
        ["x", "t"], (16, 16, 16), lambda b, net, *_: net, activation="max0"
    )
    weights = random_weights(shapes, 1)
    ends = []
    for evaluation in (None, RULES):
        draft = write_draft(
            tmp_path, examples.burgers(), network, weights, uniform_tree((3, 3), 3),
            evaluation=evaluation, claim="range", norm="range",
            parameters={"field": "u", "orders": [0, 0]},
        )  # fmt: skip
        report = derive(draft)
        assert report["verdict"] == "proved"
        ends.append([float(end) for end in report["interval"]])
    (low, high), (lower, higher) = ends
    assert lower < low < high < higher and higher - high < 1e-3
    made = certificate_from(draft, report, interval=report["interval"])
    assert verify(made)["accepted"]
    values = evaluate(subject_of(network, weights), single_points(), np.float32)
    assert lower <= values.min() and values.max() <= higher
    forged = certificate_from(draft, report, interval=[str(low), str(high)])
    assert "not within the claimed" in verify(forged)["reason"]

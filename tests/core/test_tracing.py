"""JAX code becomes a program with the same values, or an error that names the cause."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from helpers import check_program, ops_of, traced, values_of

import certax as cx
from certax._core import Input, evaluate, trace

points = ((0.3, 0.7), (1.7, 0.2), (2.0, 1.0))


@jax.jit
def helper(v):
    return v * jnp.exp(-v) + 1.0


@jax.jit
def softplus(v):
    """A user's own function that is called as one of JAX's."""
    return 2.0 * v


same = {
    "arithmetic": lambda a, b: (a + b) * (a - b) / (1 + a) - -b,
    "powers": lambda a, b: a**3 + b**-2 + a**0 + a**1 + jnp.square(b),
    "real powers": lambda a, b: a**2.5 + 2**b + a**b,
    "power 64": lambda a, b: a**64,
    "integer powers as floats": lambda a, b: jnp.power(a, 3.0) + jnp.power(b, 2),
    "roots": lambda a, b: jnp.sqrt(a) + jax.lax.rsqrt(b),
    "exponentials": lambda a, b: jnp.exp(a) + jnp.expm1(b) + jnp.log(a) + jnp.log1p(b),
    "trigonometry": lambda a, b: jnp.sin(a) * jnp.cos(b),
    "turns": lambda a, b: cx.sinpi(3 * a) + cx.cospi(b),
    "hyperbolic": lambda a, b: jnp.sinh(a) + jnp.cosh(b) + jnp.tanh(a),
    "error function": lambda a, b: jax.scipy.special.erf(a) + jax.scipy.special.erfc(b),
    "sigmoid": lambda a, b: jax.nn.sigmoid(a) + jax.nn.log_sigmoid(b),
    "softplus": lambda a, b: jax.nn.softplus(a),
    "logaddexp": lambda a, b: jnp.logaddexp(a, b) + jnp.logaddexp(a, 0.0),
    "silu": lambda a, b: jax.nn.silu(a) + jax.nn.swish(b),
    "gelu": lambda a, b: jax.nn.gelu(a) + jax.nn.gelu(b, approximate=False),
    "mish": lambda a, b: jax.nn.mish(a),
    "maximum": lambda a, b: jnp.maximum(a, b) + jax.nn.relu(a - 1),
    "minimum": lambda a, b: jnp.minimum(a, b) + jnp.clip(a, 0.5, b + 1),
    "absolute values": lambda a, b: jnp.abs(a - b) + jnp.abs(b - 1),
    "relu6": lambda a, b: jax.nn.relu6(9 * a) + jax.lax.clamp(0.1, a, 0.5) * b,
    "leaky relu": lambda a, b: jax.nn.leaky_relu(a - 1) + jax.nn.leaky_relu(b - 1, 0.2),
    "slope as an array": lambda a, b: jax.nn.leaky_relu(a - 1, b),
    "elu": lambda a, b: jax.nn.elu(a - 1) + jax.nn.elu(b - 1, 0.5) + jax.nn.selu(a - b),
    "celu": lambda a, b: jax.nn.celu(a - 1) + jax.nn.hard_tanh(2 * b - 2),
    "squareplus": lambda a, b: jax.nn.squareplus(a - b),
    "tangent": lambda a, b: jnp.tan(a) + jnp.tan(b),
    "inverse hyperbolic": lambda a, b: (
        jnp.arcsinh(a) + jnp.arccosh(1 + b) + jnp.arctanh(a / 4)
    ),
    "other bases": lambda a, b: jnp.exp2(a) + jnp.log2(b) + jnp.log10(a),
    "halves of powers": lambda a, b: a**0.5 + b**-1.5 + a**2.5,
    "cube root": lambda a, b: jnp.cbrt(a) + b ** (1 / 3),
    "reciprocal": lambda a, b: jnp.reciprocal(a) + 1 / b,
    "products": lambda a, b: jnp.prod(jnp.stack([a, b, a])),
    "largest entries": lambda a, b: (
        jnp.max(jnp.stack([a, b])) - jnp.min(jnp.stack([a, b, 1 + a]))
    ),
    "running sums": lambda a, b: jnp.cumsum(jnp.stack([a, b, a]))[1],
    "counting": lambda a, b: jnp.sum(jnp.arange(3.0) * a) + jnp.linspace(a, b, 5)[2],
    "steps": lambda a, b: jnp.sum(jnp.stack([a, b, a * b])[::2][::-1] ** 2),
    "checkpoint": lambda a, b: jax.checkpoint(lambda v: jnp.sin(v) * 0.3)(a) + b,
    "approximate gelu": lambda a, b: jax.nn.gelu(a, approximate=True) * b,
    "vectors": lambda a, b: jnp.sum(jnp.stack([a, b]) * jnp.array([1.0, 2.0])),
    "dot": lambda a, b: jnp.dot(jnp.stack([a, b]), jnp.stack([b, b])),
    "norm": lambda a, b: jnp.linalg.norm(jnp.stack([a, b])),
    "mean": lambda a, b: jnp.mean(jnp.stack([a, b, a * b])),
    "index": lambda a, b: jnp.stack([a, b])[1] * jnp.stack([a, b])[-2],
    "slice": lambda a, b: jnp.sum(jnp.stack([a, b, a])[1:]),
    "concatenate": lambda a, b: jnp.sum(jnp.concatenate([jnp.stack([a, b]), a[None]])),
    "softplus of a vector": lambda a, b: jnp.sum(jax.nn.softplus(jnp.stack([a, b]))),
    "turns of a vector": lambda a, b: jnp.sum(cx.sinpi(jnp.stack([a, b]))),
    "sum of a number": lambda a, b: a.sum() + jnp.sum(b),
    "reshaping": lambda a, b: jnp.squeeze(jnp.reshape(a, (1,))) + b,
    "jitted helper": lambda a, b: helper(a) + helper(b),
    "nested jit": lambda a, b: jax.jit(lambda v: helper(v) + jax.jit(helper)(v))(a) + b,
    "own softplus": lambda a, b: softplus(a) + b,
    "gradient of tanh": lambda a, b: jax.grad(jnp.tanh)(a) + jax.grad(jnp.log2)(b),
    "gradient": lambda a, b: jax.grad(lambda v: v**3 + helper(v) * b)(a),
    "stopped gradient": lambda a, b: jax.lax.stop_gradient(a) * b,
    "constants": lambda a, b: 0.1 * a + np.pi * b + np.float64(0.3) + np.array(2.0),
}


@pytest.mark.parametrize("name", same)
def test_the_program_computes_what_the_function_does(name):
    function = same[name]
    program = traced(function, "a", "b")
    check_program(program)
    for a, b in points:
        with jax.enable_x64(True):
            expected = float(function(jnp.asarray(a), jnp.asarray(b)))
        found = values_of(program, {"a": a, "b": b})["y"]
        assert found == pytest.approx(expected, rel=1e-14, abs=1e-14)


@pytest.mark.parametrize(
    ("function", "ops"),
    [
        (jax.nn.softplus, ["softplus"]),
        (lambda a: jnp.logaddexp(a, 0.0), ["softplus"]),
        (jax.nn.silu, ["logistic", "mul"]),
        (jax.nn.swish, ["logistic", "mul"]),
        (cx.sinpi, ["sinpi"]),
        (cx.cospi, ["cospi"]),
        (jax.nn.relu, ["max0"]),
        (softplus, ["mul"]),
    ],
)
def test_library_functions_are_recognized_by_their_trace_not_their_name(function, ops):
    assert ops_of(traced(function, "a")) == ops


unsupported = {
    "gt": lambda a: jnp.where(a > 0, a, 0.0),
    "sign": lambda a: jnp.sign(a),
    "atan": lambda a: jnp.arctan(a),
    "round": lambda a: jnp.round(a),
    "scan": lambda a: jax.lax.scan(lambda c, _: (2 * c, None), a, None, length=3)[0],
    "while": lambda a: jax.lax.while_loop(lambda c: True, lambda c: 2 * c, a),
    "cond": lambda a: jax.lax.cond(True, lambda v: v, lambda v: 2 * v, a),
    "random_seed": lambda a: a * jax.random.normal(jax.random.key(0)),
    "sort": lambda a: jnp.sort(jnp.stack([a, 1.0 - a]))[0],
    "lgamma": lambda a: jax.scipy.special.gammaln(a),
}


@pytest.mark.parametrize("name", unsupported)
def test_a_primitive_without_a_rule_is_named(name):
    with pytest.raises(cx.CertaxError, match=f"primitive '{name}', which has no rule"):
        traced(unsupported[name], "a")


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda a: a if a > 0 else -a, "asks for a number .*TracerBoolConversionError"),
        (lambda a: math.sin(a), "asks for a number .*ConcretizationTypeError"),
        (lambda a: np.sin(a), "asks for a number .*TracerArrayConversionError"),
        (lambda a: [1.0, 2.0][a], "cannot be traced|asks for a number"),
        (lambda a: a * 10**30, "cannot be traced: An overflow"),
        (lambda a: a @ a, "cannot be traced: matmul"),
        (lambda a: a.astype(jnp.float32), "leaves float64 at .*it makes float32"),
        (lambda a: a.astype(int), "leaves float64 at .*it makes int64"),
        (
            lambda a: (a * (1.0 + 0.0j)).real,
            "mixes numbers of type complex and float64",
        ),
        (lambda a: np.float32(0.1) * a, "mixes numbers of type float32 and float64"),
        (lambda a: jnp.float32(0.1) * a, "mixes numbers of type float32 and float64"),
        (lambda a: np.int64(3) * a, "mixes numbers of type float64 and int64"),
        (lambda a: np.inf * a, "holds a constant that is not finite"),
        (lambda a: np.nan * a, "holds a constant that is not finite"),
        (lambda a: jnp.stack([a, a]), r"an array of shape \(2,\) for 'y'"),
        (lambda a: jnp.eye(2) @ jnp.stack([a, a]), "leaves float64 at 'iota'"),
        (lambda a: np.eye(2) @ jnp.stack([a, a]), r"constant of shape \(2, 2\)"),
        (lambda a: a**65, "has the power 65. Powers go up to 64"),
        (lambda a: a**-65, "has the power"),
    ],
)
def test_refusals_say_what_and_what_to_do(function, words):
    with pytest.raises(cx.CertaxError, match=words) as caught:
        traced(function, "a")
    assert caught.value.remedy and "\n" not in caught.value.message


def test_a_float32_constant_of_a_closure_is_seen():
    half = jnp.array(0.1)  # 64-bit mode is off here, so this is float32
    assert half.dtype == jnp.float32
    with pytest.raises(cx.CertaxError, match="float32"):
        traced(lambda a: half * a, "a")


def test_a_literal_is_its_exact_binary_quotient():
    program = traced(lambda a: 0.1 * a, "a")
    (constant,) = program.of_kind("constant")
    numerator, denominator = (0.1).as_integer_ratio()
    assert constant.value == f"{numerator}/{denominator}"
    assert constant.name.startswith("literal.")


def test_equal_values_are_computed_once():
    program = traced(lambda a: jnp.sin(a * a) + jnp.sin(a * a) ** 2, "a")
    assert ops_of(program).count("sin") == 1 and ops_of(program).count("mul") == 1


@pytest.mark.parametrize(
    "function",
    [
        lambda a: a + 0,
        lambda a: 1 * a,
        lambda a: a / 1,
        lambda a: a - 0.0,
        lambda a: a + 0 * jnp.exp(a),
        lambda a: a * cx.cospi(2.0),
        lambda a: a + cx.sinpi(1.0 + 0 * a),
    ],
)
def test_zeros_and_ones_are_folded(function):
    assert ops_of(traced(function, "a")) == []


def test_exact_numbers_are_folded_exactly():
    program = traced(lambda a: a * (jnp.asarray(1.0) / 3 + jnp.asarray(2.0) / 3), "a")
    # JAX has rounded 1/3 and 2/3 already; with an exact third nothing is lost.
    check_program(program)
    third = Input("literal.third", "constant", value="1/3")
    inputs = [Input("a", "coordinate"), third]
    program = trace(lambda a, c: [a * (3.0 * c)], inputs, ["y"], "it")
    assert ops_of(program) == [] and program.inputs == (inputs[0],)


def test_constants_that_the_user_named_are_not_folded():
    """They may get other values later; folding 2² into 4 would keep the 4."""
    inputs = [Input("a", "coordinate"), Input("k", "constant", value="2")]
    program = trace(lambda a, k: [k**2 * a + k], inputs, ["y"], "it")
    assert values_of(program, {"a": 5})["y"] == 22
    assert values_of(program.with_constants({"k": "3"}), {"a": 5})["y"] == 48


def test_a_named_integer_is_no_exponent():
    inputs = [Input("a", "coordinate"), Input("k", "constant", value="2")]
    with pytest.raises(cx.CertaxError, match="named constant with an integer value"):
        trace(lambda a, k: [a**k], inputs, ["y"], "it")


def test_dead_code_is_not_lowered():
    def function(a):
        jnp.round(a)
        return jax.jit(lambda v: [jnp.sign(v), v + 1.0][1])(a)

    assert ops_of(traced(function, "a")) == ["add"]


def test_matrices_multiply_vectors_and_nothing_else():
    inputs = [Input("a", "coordinate"), Input("W", "weight", shape=(2, 3))]

    def run(function):
        return trace(lambda a, W: [function(a, W)], inputs, ["y"], "the net")

    program = run(lambda a, W: jnp.sum(W @ jnp.stack([a, a, 1.0 + a])))
    check_program(program)
    for function in (
        lambda a, W: a * jnp.sum(W),
        lambda a, W: jnp.sum((2.0 * W) @ jnp.stack([a, a, a])),
        lambda a, W: jnp.sum(jnp.tanh(W) @ jnp.stack([a, a, a])),
        lambda a, W: jnp.sum(W.T @ jnp.stack([a, a])),
        lambda a, W: jnp.sum(jnp.stack([a, a]) @ W),
        lambda a, W: a * W[0, 0],
    ):
        with pytest.raises(cx.CertaxError, match="matrix|rank|ranks|primitive"):
            run(function)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("x", "x"), "the name 'x' occurs twice"),
        (("x", "θ"), "the name 'θ' cannot be written"),
        (("x", "a b"), "cannot be written"),
        (("x", "n" * 129), "cannot be written"),
    ],
)
def test_names_of_inputs_are_distinct_and_fit_the_format(names, words):
    one, two = names
    inputs = [Input(one, "coordinate"), Input(two, "weight", shape=())]
    with pytest.raises(cx.CertaxError, match=words):
        trace(lambda a, b: [a * b], inputs, ["y"], "the net")


def test_programs_run_under_jax_transformations(x64, strict_promotion):
    program = traced(lambda a: jnp.sin(a) * jax.nn.softplus(a) + cx.sinpi(a), "a")
    run = lambda a: evaluate(program, {"a": a})["y"]  # noqa: E731
    at = jnp.linspace(-1.0, 1.0, 5)
    mapped = jax.jit(jax.vmap(run))(at)
    assert jnp.allclose(mapped, jnp.stack([run(a) for a in at]), 1e-14)
    slope = (run(0.3 + 1e-6) - run(0.3 - 1e-6)) / 2e-6
    assert jax.grad(run)(0.3) == pytest.approx(float(slope), rel=1e-8)

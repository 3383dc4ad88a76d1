"""Evaluations in floating point: no order of sums exceeds the bound."""

import numpy as np
import pytest
from arithmetics import (
    DOUBLE,
    ORDERS,
    SINGLE,
    bound_of,
    evaluate,
    net_of,
    random_net,
    single_points,
    worst,
)
from material import Builder, uniform_tree

from certax_checker.equations._rounding import Evaluation, Rounding
from certax_checker.kernel._algebra import Algebra
from certax_checker.kernel._errors import Refusal
from certax_checker.kernel._leaves import sweep
from certax_checker.kernel._trees import read_tree


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
    net = net_of(b.program(u=CANCELLATIONS[shape](b, x, t, c)), {})
    assert 0 < worst(net) <= bound_of(net)


def test_sums_that_follow_one_another_may_be_taken_in_any_order():
    """((c + x) - c) + t is exact for some orders and wrong by 8 for others."""
    b = Builder()
    x, t, c = b.coordinate("x"), b.coordinate("t"), b.constant("134217728")
    made = b.add(b.sub(b.add(c, x), c), t)
    net = net_of(b.program(u=made), {})
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
    net = net_of(b.program(u=made), {})
    assert 0 < worst(net) <= bound_of(net) < 2e-4


def test_subnormal_numbers_may_be_flushed_to_zero():
    """1e-30 x 1e-30 is zero in single precision, and 1e-39 where flushed."""
    b = Builder()
    x, c, d = b.coordinate("x"), b.constant("1e-39"), b.constant("1e38")
    net = net_of(b.program(u=b.mul(b.mul(x, c), d)), {})
    # Without subnormal numbers the value is 0 instead of x / 10.
    assert bound_of(net) >= 0.1


def test_what_may_overflow_is_refused():
    large = {"w": np.full((1, 2), 1e30)}
    b = Builder()
    x, t, w = b.coordinate("x"), b.coordinate("t"), b.weight("w", (1, 2))
    first = b.index(b.matvec(w, b.stack(x, t)), extra=0)
    net = net_of(b.program(u=b.tanh(b.mul(first, first))), large)
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
            bound_of(net_of(b.program(u=build(b, c, x)), {}))


def test_a_weight_beyond_the_range_is_refused():
    b = Builder()
    x, w = b.coordinate("x"), b.weight("w", ())
    net = net_of(b.program(u=b.mul(x, w)), {"w": np.array(1e39)})
    with pytest.raises(Refusal, match="range of float32"):
        bound_of(net)


def test_a_divisor_that_rounding_may_make_zero_is_refused():
    b = Builder()
    x, t, c = b.coordinate("x"), b.coordinate("t"), b.constant("1e9")
    small = b.sub(b.add(x, c), c)
    net = net_of(b.program(u=b.div(t, b.add(small, b.exp(x)))), {})
    with pytest.raises(Refusal, match="stay away from zero"):
        bound_of(net)


def test_numbers_of_the_format_are_not_rounded():
    b = Builder()
    c = b.constant("0.25")
    assert bound_of(net_of(b.program(u=c), {})) < 1e-30
    b = Builder()
    third = b.constant("1/3")
    assert 1e-8 < bound_of(net_of(b.program(u=third), {})) < 3e-8
    assert SINGLE.contains(Algebra().pi) is False

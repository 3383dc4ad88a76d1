"""What a user may write as a residual, and what the errors say otherwise."""

import math
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from helpers import burgers, check_program, ops_of

import certax as cx

nonlinear = (cx.Initial(0), cx.Dirichlet("x", 0))


def problem(residual, **changes):
    """A problem over (x, t) with zero data that suit every equation here."""
    return burgers(residual=residual, **({"conditions": nonlinear} | changes))


@jax.jit
def reaction(u):
    return u * (1 - u) + u.x


def test_a_residual_is_plain_python_and_jax_numpy():
    made = problem(lambda u, x, nu: u.t - nu * u.xx + jnp.sin(u) * jnp.exp(-x))
    assert ops_of(made.residual).count("sin") == 1
    assert {i.name for i in made.residual.inputs} == {"u", "u.t", "u.xx", "x", "nu"}
    check_program(made.residual)


def test_the_live_inputs_are_the_derivatives_that_occur():
    made = problem(lambda u: u.t + (u.x - u.x) + 0 * u.xxxx - u.xx)
    orders = {i.orders for i in made.residual.of_kind("derivative")}
    assert {(0, 1), (2, 0)} <= orders and (4, 0) not in orders


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (lambda u: u.t - u.xx, lambda t, u, x: u.t - u.xx),
        (lambda u, nu: u.t - nu * u.xx, lambda nu, u: u.t - nu * u.xx),
        (lambda u: u.t - u.d(x=2), lambda u: u.d(t=1) - u.laplacian()),
        (
            lambda u: u.t - u.xx + reaction(u),
            lambda u: u.t - u.xx + (u * (1 - u) + u.x),
        ),
        (lambda u: [u.t - u.xx], lambda u: (u.t - u.xx,)),
        (lambda u: u.t - u.xx + jax.lax.sin(+u), lambda u: u.t - u.xx + jnp.sin(u)),
        (lambda u, k=2.0: u.t - k * u.xx, lambda u: u.t - 2.0 * u.xx),
    ],
)
def test_two_ways_of_writing_give_one_program(one, other):
    assert problem(one).residual.text() == problem(other).residual.text()


def test_systems_return_one_number_an_equation():
    made = cx.Problem(
        domain=cx.Box(t=(0, 1)),
        residual=lambda theta, omega: (theta.t - omega, omega.t + jnp.sin(theta)),
        conditions=(cx.Initial((1, 0)),),
    )
    assert made.fields == ("theta", "omega") and made.equations == 2


@pytest.mark.parametrize(
    ("residual", "words"),
    [
        (lambda u: u.t - jnp.where(u > 0, u, 0), "primitive 'gt', which has no rule"),
        (lambda u: u.t - jnp.arctan(u), "primitive 'atan'"),
        (lambda u: u.t if u > 0 else u.x, "Use jax.numpy instead of .* Python's if"),
        (lambda u: u.t if u == 0 else u.x, "Use jax.numpy instead of .* Python's if"),
        (lambda u: u.t if u else u.x, "Use jax.numpy instead of .* Python's if"),
        (lambda u: u.t - math.sin(u), r"must be real number.*\+u where an array"),
        (lambda u, x: u.t - math.sin(x), "Use jax.numpy instead of math"),
        (lambda u: u.t - np.sin(u), "Use jax.numpy functions"),
        (lambda u, x: u.t - np.sin(x), "Use jax.numpy instead of math, numpy"),
        (lambda u: u.t - jax.lax.sin(u), r"Write \+u there"),
        (lambda u: u.t - jax.nn.sigmoid(u), r"Write \+u there"),
        (lambda u: u.t - abs(u), "bad operand type for abs"),
        (lambda u: u.t - jnp.float32(0.1) * u.xx, "float32"),
        (lambda u: u.t.astype(jnp.float32), "leaves float64"),
        (lambda u: u.t - u.y, "has no derivative 'y'.*written u.x, u.xx"),
        (lambda u: u.t - u.xxxxx, "has no derivative 'xxxxx'.*up to order four"),
        (lambda u: u.t - u.d(y=1), "has no derivative {'y': 1}"),
        (lambda u: u.dt, "has no derivative 'dt'"),
        (lambda u: None, "returns None"),
        (lambda u: "u.t", "returns 'u.t'"),
        (lambda u: True, "returns True"),
        (lambda u: {"a": u.t}, "returns {'a'"),
        (lambda u: ((u.t, u.x), u.xx), "returns .*one number for each equation"),
        (lambda u: Fraction(1, 2), "returns Fraction"),
        (lambda u: (), "returns no equation"),
        (lambda u: [], "returns no equation"),
        (lambda u: jnp.stack([u.t, u.xx]), r"an array of shape \(2,\)"),
        (lambda u: np.ones(2), r"an array of shape \(2,\)"),
        (lambda u: 1.0, "does not depend on any field"),
        (lambda u, x: x, "does not depend on any field"),
        (lambda u: 0 * u.t, "does not depend on any field"),
        (lambda x, t: x, "no field among its parameters"),
        (lambda *fields: fields[0].t, r"takes \*fields"),
        (lambda u, **rest: u.t, r"takes \*rest"),
        ("u.t - u.xx", "no Python function"),
        (lambda u, u_1: (u.t, u_1.t), "'u_1' looks like a derivative of u"),
        (lambda sin: sin.t, "'sin' means something else"),
    ],
)
def test_a_residual_is_refused(residual, words):
    with pytest.raises(cx.CertaxError, match=words) as caught:
        problem(residual, constants={})
    assert "\n" not in str(caught.value) and caught.value.remedy


def test_constants_are_exact():
    made = problem(
        lambda u, a, b, c: u.t - a * u.xx + b * u - c,
        constants={"a": "0.01/pi", "b": 0.1, "c": Fraction(1, 3)},
    )
    values = {i.name: i.value for i in made.residual.of_kind("constant")}
    assert values["a"] == "0.01/pi" and values["c"] == "1/3"
    assert Fraction(values["b"]) == Fraction(0.1) != Fraction(1, 10)


def test_a_name_means_one_thing():
    with pytest.raises(cx.CertaxError, match="x is a coordinate and a constant"):
        problem(lambda u, x: u.t - x, constants={"x": 1})
    with pytest.raises(cx.CertaxError, match="has no field"):
        problem(lambda u: u, constants={"u": 1})


def test_messages_keep_the_names_as_they_are_written():
    with pytest.raises(cx.CertaxError, match="condition at 'Tau' asks for 'Y'"):
        cx.Problem(
            domain=cx.Box(Tau=(0, 1)),
            residual=lambda u: u.Tau + u,
            conditions=(cx.Initial(lambda Y: Y, at="Tau"),),
        )

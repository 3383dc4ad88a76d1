"""Domains, the names of derivatives, and fields as residuals see them."""

from fractions import Fraction
from math import comb

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, strategies as st

import certax as cx
from certax._core import Field, derivative_names, highest_order, multi_indices


def test_ends_are_exact_and_maps_hit_them():
    box = cx.Box(x=(-1, "1/3"), y=(0, "2*pi"), t=(Fraction(1, 7), 0.5))
    assert box.names == ("x", "y", "t") and box.dimension == 3
    assert box.lower == ("-1", "0", "1/7") and box.upper == ("1/3", "2*pi", "1/2")
    corners = box.physical(np.array([[0.0, 0, 0], [1, 1, 1]]))
    assert np.allclose(corners, [[-1, 0, 1 / 7], [1 / 3, 2 * np.pi, 0.5]], 1e-15)
    assert box == cx.Box(x=(-1, "1/3"), y=(0, "2*pi"), t=(Fraction(1, 7), 0.5))


def test_a_float_end_is_its_binary_value():
    assert cx.Box(x=(0, 0.1)).upper != cx.Box(x=(0, "0.1")).upper
    assert Fraction(cx.Box(x=(0, 0.1)).upper[0]) == Fraction(0.1)


@pytest.mark.parametrize(
    ("intervals", "words"),
    [
        ({}, "one to 64 coordinates, not 0"),
        ({f"x{i}": (0, 1) for i in range(65)}, "one to 64 coordinates, not 65"),
        ({"x": (1, 0)}, "has no length"),
        ({"x": ("1/3", "2/6")}, "has no length"),
        ({"x": ("sqrt(2)^2-2", 0)}, "has no length"),
        ({"x": (0, float("inf"))}, "not a finite number"),
        ({"x": (0, "1/0")}, "not an exact number"),
        ({"x": (False, 1)}, "is not a number"),
        ({"x": 1}, "The interval of x is 1"),
        ({"x": (0, 1, 2)}, "Give a pair"),
        ({"d": (0, 1)}, "'d' cannot be the name"),
        ({"laplacian": (0, 1)}, "cannot be the name"),
        ({"value": (0, 1)}, "cannot be the name"),
        ({"_x": (0, 1)}, "cannot be the name"),
        ({"x y": (0, 1)}, "cannot be the name"),
        ({"θ": (0, 1)}, "cannot be the name"),
        ({"x": (0, 1), "xx": (0, 1)}, "ambiguous"),
        ({"a": (0, 1), "b": (0, 1), "ab": (0, 1)}, "ambiguous"),
    ],
)
def test_box_refuses(intervals, words):
    with pytest.raises(cx.CertaxError, match=words):
        cx.Box(**intervals)


def test_an_ambiguity_is_shown():
    with pytest.raises(cx.CertaxError, match=r"u\.x+ could mean two derivatives"):
        cx.Box(x=(0, 1), xx=(0, 1))


@given(st.integers(1, 5), st.integers(0, 4))
def test_there_is_one_index_for_each_derivative(dimension, order):
    found = multi_indices(dimension, order)
    assert len(set(found)) == len(found) == comb(dimension + order, order)
    assert [sum(i) for i in found] == sorted(sum(i) for i in found)


def test_every_order_of_the_letters_names_the_same_derivative():
    names = derivative_names(("r", "theta"))
    assert names["thetatheta"] == (0, 2) and names["rr"] == (2, 0)
    assert names["rtheta"] == names["thetar"] == (1, 1)
    assert max(sum(o) for o in names.values()) == highest_order
    assert "rrrrr" not in names


@pytest.fixture
def field() -> Field:
    orders = multi_indices(2, highest_order)
    return Field("u", ("x", "t"), {o: jnp.float32(1 + i) for i, o in enumerate(orders)})


def test_derivatives_have_a_short_and_a_long_name(field):
    assert field.xt is field.tx is field.d(x=1, t=1) is field.d(t=1, x=1)
    assert field.d(x=0) is field.value and field.xxtt is field.d(x=2, t=2)


def test_laplacian_leaves_time_out(field):
    assert field.laplacian() == field.xx
    box = {o: jnp.float32(i) for i, o in enumerate(multi_indices(2, 4))}
    plane = Field("u", ("x", "y"), box)
    assert plane.laplacian() == plane.xx + plane.yy


@pytest.mark.parametrize("name", ["y", "xy", "xxxxx", "aval", "dtype", "shape", "_x"])
def test_unknown_names_are_attribute_errors(field, name):
    # JAX probes attributes such as `aval`; anything else would confuse it.
    assert not hasattr(field, name)


def test_d_refuses_other_coordinates_and_orders(field):
    for orders in ({"y": 1}, {"x": 5}, {"x": 3, "t": 2}, {"x": -1}):
        with pytest.raises(AttributeError, match="has no derivative"):
            field.d(**orders)


def test_a_field_computes_as_its_value(field):
    u = float(field.value)
    assert +field == u and -field == -u
    assert field + 2 == 2 + field == u + 2
    assert field - 2 == u - 2 and 2 - field == 2 - u
    assert field * 3 == 3 * field == 3 * u
    assert field / 2 == u / 2 and 2 / field == 2 / u
    assert field**2 == u**2 and 2**field == 2**u
    assert field + field == 2 * u and field * field.x == u * float(field.x)
    assert (field > 0) and (field >= u) and (field < 2) and (field <= u)
    assert field == u and field != u + 1


def test_comparison_is_by_value_and_not_by_identity():
    """`u == 0` used to be False and `if u` True, silently, whatever u was."""
    zero = Field("u", ("x",), {(0,): jnp.float32(0)})
    assert zero == 0 and not zero
    with pytest.raises(jax.errors.TracerBoolConversionError):
        jax.make_jaxpr(lambda v: 1 if Field("u", ("x",), {(0,): v}) else 2)(1.0)


def test_a_field_is_a_pytree_and_an_array_for_jax_numpy(field):
    leaves, structure = jax.tree.flatten(field)
    again = jax.tree.unflatten(structure, leaves)
    assert again.xt == field.xt
    assert jnp.sin(field) == jnp.sin(field.value)
    assert jax.jit(lambda u: u.xx + u)(field) == field.xx + field
    assert jnp.where(field > 0, field, 0) == field.value

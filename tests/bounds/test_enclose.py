"""Enclosures as a transformation: true at every point, and at home in jit and vmap."""

import itertools
import math

import flint
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import arb, arb_series

import certax as cx
from certax import CertaxError
from certax.bounds import Interval, bracket, enclose, lipschitz, monotone

# With the same functions of Arb power series.
functions = {
    "tanh": (jnp.tanh, lambda x: 1 - 2 / (1 + (2 * x).exp())),
    "sigmoid": (jax.nn.sigmoid, lambda x: 1 / (1 + (-x).exp())),
    "softplus": (jax.nn.softplus, lambda x: (1 + x.exp()).log()),
    "sin": (jnp.sin, lambda x: x.sin()),
    "cos": (jnp.cos, lambda x: x.cos()),
    "exp": (jnp.exp, lambda x: x.exp()),
    "log": (lambda x: jnp.log(3 + x), lambda x: (3 + x).log()),
    "sqrt": (lambda x: jnp.sqrt(3 + x), lambda x: (3 + x).sqrt()),
    "swish": (jax.nn.swish, lambda x: x / (1 + (-x).exp())),
    "erf": (jax.scipy.special.erf, lambda x: x.erf()),
    "gelu": (
        lambda x: jax.nn.gelu(x, approximate=False),
        lambda x: x * (1 + (x * arb(0.5).sqrt()).erf()) / 2,
    ),
    "gaussian": (lambda x: jnp.exp(-(x**2)), lambda x: (-x * x).exp()),
    "polynomial": (lambda x: x**7 - 3 * x**2, lambda x: x**7 - 3 * x**2),
    "reciprocal": (lambda x: 1 / (2.5 + x), lambda x: 1 / (arb(2.5) + x)),
    "negative power": (lambda x: (2.5 + x) ** -3, lambda x: 1 / (arb(2.5) + x) ** 3),
    "half power": (lambda x: (3 + x) ** 1.5, lambda x: (3 + x) * (3 + x).sqrt()),
    "real power": (
        lambda x: (3 + x) ** 1.25,
        lambda x: ((3 + x).log() * arb(1.25)).exp(),
    ),
    "tan": (lambda x: jnp.tan(x / 2), lambda x: (x / 2).tan()),
    "sinh": (jnp.sinh, lambda x: (x.exp() - (-x).exp()) / 2),
    "cosh": (jnp.cosh, lambda x: (x.exp() + (-x).exp()) / 2),
    "arcsinh": (jnp.arcsinh, lambda x: (x + (x * x + 1).sqrt()).log()),
    "sinpi": (cx.sinpi, lambda x: (x * arb.pi()).sin()),
    "cospi": (cx.cospi, lambda x: (x * arb.pi()).cos()),
    "fourier feature": (lambda x: jnp.sin(7 * x) * x, lambda x: (7 * x).sin() * x),
}


@pytest.fixture(autouse=True)
def precision():
    before = flint.ctx.prec, flint.ctx.cap
    flint.ctx.prec, flint.ctx.cap = 200, 6
    yield
    flint.ctx.prec, flint.ctx.cap = before


@pytest.fixture
def rng(seed) -> np.random.Generator:
    return np.random.default_rng(seed)


def holds(interval: Interval, value: arb) -> bool:
    return bool(arb(float(interval.lower)) <= value <= arb(float(interval.upper)))


@pytest.mark.parametrize("name", functions)
def test_every_function_and_four_derivatives_are_enclosed(name, rng):
    """At ends, middle and random points of boxes from a quarter to nothing."""
    function, truth = functions[name]
    widths = np.array([0.25, 1e-3, 1e-9, 0.0])
    lower = rng.uniform(-1.2, 1.2, 4)
    for order in (0, int(rng.integers(1, 4)), 4):
        enclosed = enclose(function, derivative=(order,), degree=4)
        found = jax.vmap(enclosed)([(lower, lower + widths)])
        for low, high, *ends in zip(
            lower.tolist(), (lower + widths).tolist(), *found, strict=True
        ):
            bounds = Interval(*ends)
            for s in (0.0, 0.5, 1.0, rng.random()):
                x = min(low + s * (high - low), high)
                series = truth(arb_series([arb(x), 1]))
                value = series[order] * math.factorial(order)
                where = f"{name}, order {order}, [{low}, {high}]"
                assert holds(bounds, value), where
        length = float(found.upper[-1]) - float(found.lower[-1])
        assert length < 1e-9 * (1 + abs(float(found.upper[-1])))


boxes = {
    "tiny": (1.0, math.nextafter(1.0, 2.0)),
    "at zero": (0.0, 5e-324),
    "subnormal": (-3e-310, 1e-320),
    "huge": (1e300, 1.5e300),
    "far": (2.0**52, 2.0**52 + 2),
    "around zero": (-1e-300, 1e-300),
    "all": (-1.7e308, 1.7e308),
}


@pytest.mark.parametrize("name", boxes)
def test_adversarial_boxes(name):
    low, high = boxes[name]
    for function, truth in (
        (lambda x: x, lambda x: x),
        (lambda x: 3 * x - x, lambda x: 2 * x),
        (jnp.tanh, lambda x: arb(x).tanh()),
        (lambda x: x * x, lambda x: x * x),
        (jnp.abs, lambda x: abs(x)),
        (jax.nn.softplus, lambda x: x.exp().log1p() if x < 900 else x),
    ):
        bounds = enclose(function)([(low, high)])
        for point in (low, high, 0.5 * low + 0.5 * high):
            value = truth(arb(point))
            low_end, high_end = float(bounds.lower), float(bounds.upper)
            assert not value < arb(low_end) and not value > arb(high_end)


def weights(rng, inputs, width=6):
    first = rng.normal(size=(width, inputs)), rng.normal(size=width)
    return first, rng.normal(size=width)


@pytest.mark.parametrize("dimension", [1, 2, 5])
@pytest.mark.parametrize("activation", [jnp.tanh, jax.nn.relu])
def test_nets_of_one_to_five_inputs(dimension, activation, rng):
    (matrix, bias), last = weights(rng, dimension)
    net = lambda x: last @ activation(matrix @ x + bias)
    lower = rng.uniform(-1, 0, dimension)
    box = Interval(lower, lower + 0.3)
    bounds, constant = enclose(net)(box), lipschitz(net)(box)
    points = lower + 0.3 * rng.random((500, dimension))
    reference = np.tanh if activation is jnp.tanh else lambda x: np.maximum(x, 0)
    values = reference(points @ matrix.T + bias) @ last
    assert float(bounds.lower) <= values.min() and values.max() <= float(bounds.upper)
    steps = np.linalg.norm(points[1:] - points[:-1], axis=1)
    assert np.all(np.abs(np.diff(values)) <= float(constant) * steps + 1e-14)


@pytest.mark.parametrize("dimension", [1, 3])
def test_pieces_cover_the_box_and_tighten(dimension, rng):
    (matrix, bias), last = weights(rng, dimension)
    net = lambda x: last @ jnp.tanh(matrix @ x + bias)
    lower = rng.uniform(-1, 0, dimension)
    box = Interval(lower, lower + rng.uniform(0.5, 1, dimension))
    share = rng.random((2000, dimension)).round(1)  # corners and walls of pieces too
    points = lower + share * (box.upper - lower)
    values = np.tanh(points @ matrix.T + bias) @ last
    lengths = []
    for pieces in (1, 2, 3):
        found = enclose(net, pieces=pieces)(box)
        assert float(found.lower) <= values.min() + 1e-14
        assert values.max() - 1e-14 <= float(found.upper)
        lengths.append(float(found.upper) - float(found.lower))
    # A box that is enclosed to rounding already cannot be enclosed more tightly.
    assert max(lengths[1:]) <= lengths[0] * (1 + 1e-9)


def test_transformations_compose(rng):
    """vmap of jit of vmap, and arrays that are traced from outside."""
    (matrix, bias), last = weights(rng, 2)
    net = lambda w, x: last @ jnp.tanh(w @ x + bias)
    lower = rng.uniform(-1, 1, (3, 2))
    boxes = Interval(lower, lower + 0.1)
    outside = jax.jit(lambda w, b: jax.vmap(enclose(lambda x: net(w, x)))(b))
    with jax.enable_x64(True):
        mapped = jax.vmap(enclose(lambda x: net(matrix, x)))(boxes)
        captured = outside(jnp.asarray(matrix), boxes)
    for i in range(3):
        alone = enclose(lambda x: net(matrix, x))(Interval(lower[i], lower[i] + 0.1))
        for found in (mapped, captured):
            assert found.lower.dtype == jnp.float64
            assert float(found.lower[i]) == pytest.approx(float(alone.lower), abs=1e-11)
            assert float(found.upper[i]) == pytest.approx(float(alone.upper), abs=1e-11)
    with jax.enable_x64(True):
        ensemble = jnp.asarray(rng.normal(size=(4, 6, 2)))
        box = Interval(lower[0], lower[0] + 0.1)
        many = jax.vmap(lambda w: enclose(lambda x: net(w, x))(box))(ensemble)
    assert many.lower.shape == (4,)


def test_a_matrix_may_stand_on_either_side(rng):
    (matrix, bias), last = weights(rng, 2)
    box = Interval(np.zeros(2), np.full(2, 0.2))
    left = enclose(lambda x: jnp.tanh(matrix @ x + bias) @ last)(box)
    right = enclose(lambda x: jnp.tanh(x @ jnp.asarray(matrix).T + bias) @ last)(box)
    third = enclose(lambda x: last @ jnp.tanh(x @ matrix.T + bias))(box)
    assert float(left.lower) == float(third.lower)
    # jnp.asarray rounds to float32 here: another function, and it is that one's bounds.
    assert float(right.lower) == pytest.approx(float(left.lower), abs=1e-6)


def test_results_keep_the_structure_of_the_function():
    found = enclose(lambda x, y: {"sum": x + y, "both": jnp.stack([x, y])})(
        [(0.0, 1.0), (2.0, 3.0)]
    )
    assert set(found) == {"sum", "both"}
    assert found["both"].lower.shape == (2,)
    assert float(found["sum"].upper) == pytest.approx(4.0)


def test_exact_ends_are_enclosed():
    found = enclose(lambda x: x)(cx.Box(x=("pi", "2*pi")))
    flint.ctx.prec = 200
    assert arb(float(found.lower)) <= arb.pi() and 2 * arb.pi() <= arb(
        float(found.upper)
    )
    assert float(found.upper) == pytest.approx(2 * math.pi, abs=1e-12)


def test_what_is_not_defined_has_infinite_bounds():
    for function in (lambda x: 1 / x, jnp.log, jnp.sqrt, lambda x: x**0.25):
        found = enclose(function)([(-1.0, 1.0)])
        assert float(found.lower) == -math.inf and float(found.upper) == math.inf
        assert float(lipschitz(function)([(-1.0, 1.0)])) == math.inf
        assert float(monotone(function)([(-1.0, 1.0)])[0]) == 0.0


def test_what_is_nowhere_defined_has_no_derivative_either():
    """log(-1) is a constant without derivatives; the sum has no value at all."""
    for function in (lambda x: x + jnp.log(-1.0), lambda x: x + jnp.tanh(1 / (x - x))):
        box = [(0.5, 1.0)]
        for found in (
            enclose(function)(box),
            enclose(function, derivative=(1,))(box),
            bracket(function, box),
            bracket(function, box, derivative=(1,)),
        ):
            assert float(found.lower) == -math.inf and float(found.upper) == math.inf
        assert float(lipschitz(function)(box)) == math.inf
        assert np.asarray(monotone(function)(box)).tolist() == [0.0]


def test_empty_and_unknown_boxes_have_infinite_bounds_when_compiled():
    run = jax.jit(lambda low, high: enclose(jnp.tanh)([(low, high)]))
    for low, high in ((1.0, 0.0), (math.nan, 1.0), (0.0, math.nan), (0.0, math.inf)):
        found = run(low, high)
        assert float(found.lower) == -math.inf and float(found.upper) == math.inf


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: enclose(jnp.sin)([(1.0, 0.0)]), "lower end exceeds"),
        (lambda: enclose(jnp.sin)([(math.nan, 0.0)]), "lower end exceeds"),
        (lambda: enclose(jnp.sum)(Interval(np.zeros(6), np.ones(6))), "6 dimensions"),
        (lambda: enclose(jnp.sin)([(np.zeros(2), 1.0)]), "its ends have the shapes"),
        (lambda: enclose(jnp.sin)([(0.0, 1.0, 2.0)]), "one of its parts is"),
        (lambda: enclose(jnp.sin, derivative=(5,)), "not of an order from 0 to 4"),
        (lambda: enclose(jnp.sin, derivative=(-1,)), "not of an order from 0 to 4"),
        (lambda: enclose(jnp.sin, derivative=(1, 1))([(0.0, 1.0)]), "has 2 entries"),
        (lambda: enclose(jax.nn.relu, derivative=(1,))([(0.0, 1.0)]), "no derivative"),
        (lambda: enclose(lambda x: jnp.where(x > 0, x, 0.0))([(0.0, 1.0)]), "where"),
        (lambda: enclose(jnp.outer)([(np.zeros(2), np.ones(2))] * 2), "rank 2|shape"),
        (lambda: enclose(jnp.sin, pieces=0)([(0.0, 1.0)]), "0 pieces"),
        (lambda: enclose(jnp.sin, pieces=10**6)([(0.0, 1.0)]), "1000000 pieces"),
        (lambda: lipschitz(jnp.sin, norm="l1"), "no norm 'l1'"),
        (lambda: bracket(jnp.sin, [(1.0, 1.0)]), "no length"),
        (lambda: bracket(lambda x: (x, x), [(0.0, 1.0)]), "returns 2 numbers"),
        (lambda: bracket(jax.nn.relu, [(0.0, 1.0)], derivative=(1,)), "no enclosure"),
    ],
)
def test_refusals_say_why(call, words):
    with pytest.raises(CertaxError, match=words) as caught:
        call()
    assert caught.value.remedy


# Lipschitz constants and monotonicity.


def test_lipschitz_constants_are_sharp_where_the_gradient_is_constant():
    """For a linear map both norms are known: rows (3, -4) and (0, 1)."""
    function = lambda x, y: (3 * x - 4 * y, y)
    box = [(-1.0, 1.0), (5.0, 6.0)]
    assert float(lipschitz(function)(box)) == pytest.approx(math.sqrt(26), rel=1e-13)
    assert float(lipschitz(function, norm="linf")(box)) == pytest.approx(7, rel=1e-13)
    assert float(lipschitz(function)(box)) >= math.sqrt(26)


def test_lipschitz_constants_of_kinks_hold_across_them(rng):
    for function in (
        jnp.abs,
        jax.nn.relu,
        jax.nn.leaky_relu,
        lambda x: jnp.clip(x, -1, 2),
    ):
        constant = float(lipschitz(function)([(-3.0, 3.0)]))
        assert 1.0 <= constant <= 1.0 + 1e-12


def test_huge_and_tiny_slopes_do_not_overflow_or_vanish():
    for scale in (1e-305, 1e-170, 1e170, 1e300):
        found = float(lipschitz(lambda x, y, s=scale: s * x + s * y)([(0.0, 1.0)] * 2))
        assert found >= scale * math.sqrt(2) * (1 - 1e-15)
        assert scale < 1e-290 or found <= scale * 1.5


def test_monotonicity_is_proved_or_not_claimed():
    signs = lambda f, *box: np.asarray(monotone(f)(list(box))).tolist()
    assert signs(jnp.tanh, (-0.5, 0.5)) == [1.0]
    assert signs(lambda x: -jnp.exp(x), (-0.5, 0.5)) == [-1.0]
    falling = monotone(lambda x: -jnp.exp(x), pieces=8)([(-1.0, 1.0)])
    assert np.asarray(falling).tolist() == [-1.0]
    assert signs(jnp.sin, (1.0, 2.0)) == [0.0]
    assert signs(jax.nn.relu, (0.5, 1.0)) == [1.0]
    assert signs(lambda x: x**3, (-0.1, 0.1)) in ([0.0], [1.0])
    found = monotone(lambda x, y: (x - y, y))([(0.0, 1.0), (0.0, 1.0)])
    assert [np.asarray(v).tolist() for v in found] == [[1.0, -1.0], [0.0, 1.0]]


# Ranges by bisection.


@pytest.mark.parametrize("order", [0, 1, 2])
def test_brackets_are_true_and_as_tight_as_asked(order):
    """x sin 9x on [0, 2], whose derivatives are known."""
    x = np.linspace(0, 2, 200_001)
    truth = [
        x * np.sin(9 * x),
        np.sin(9 * x) + 9 * x * np.cos(9 * x),
        18 * np.cos(9 * x) - 81 * x * np.sin(9 * x),
    ][order]
    function = lambda x: x * jnp.sin(9 * x)
    found = bracket(function, [(0.0, 2.0)], derivative=(order,), tolerance=1e-4)
    assert float(found.lower) <= truth.min() and truth.max() <= float(found.upper)
    length = float(found.upper) - float(found.lower)
    assert length <= (truth.max() - truth.min()) * 1.0003


def test_the_bracket_of_a_relu_net_is_tight(rng):
    (matrix, bias), last = weights(rng, 2)
    net = lambda x: last @ jax.nn.relu(matrix @ x + bias)
    box = Interval(np.zeros(2), np.ones(2))
    found = bracket(net, box, tolerance=1e-2)
    grid = np.array(list(itertools.product(np.linspace(0, 1, 201), repeat=2)))
    values = np.maximum(grid @ matrix.T + bias, 0) @ last
    assert float(found.lower) <= values.min() and values.max() <= float(found.upper)
    span = values.max() - values.min()
    assert float(found.upper) - float(found.lower) <= 1.03 * span + 1e-2


def test_the_bracket_of_a_range_far_from_zero_is_tight():
    """One whose ends have the same sign is not taken to reach zero."""
    found = bracket(lambda x: 3 + jax.nn.relu(x), [(-1.0, 1.0)], tolerance=1e-3)
    assert 2.999 <= float(found.lower) <= 3.0 and 4.0 <= float(found.upper) <= 4.001

"""Elementary functions against Arb: the declared error holds wherever it is finite.

`python tests/bounds/test_elementary.py 1000000` repeats the comparison with a million
points per function and prints how much of the declared error was used.
"""

import math
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import arb, ctx

from certax import CertaxError
from certax.bounds import _elementary, _error_function, _exponential, _trigonometric

largest = np.finfo(np.float64).max
smallest = np.finfo(np.float64).tiny


class Function(NamedTuple):
    """What is claimed: `ours` encloses `exact` on `[low, high]` and `-[low, high]`."""

    ours: Callable
    exact: Callable[[arb], arb]
    low: float
    high: float
    both_signs: bool = True


def _nearly_zero() -> arb:
    return arb(0, 1) * arb(-800).exp()


def _softplus(x: arb) -> arb:
    return (-abs(x)).exp().log1p() + (x if x > 0 else arb(0))


def _logistic(x: arb) -> arb:
    # Arb gives no digits of 1 / (1 + e^-x) for very large exponents.
    return 1 / (1 + (-x).exp()) if x > -800 else _nearly_zero()


def _exp(x: arb) -> arb:
    return x.exp() if x > -800 else _nearly_zero()


functions = {
    "exp": Function(_exponential.exp, _exp, 0.0, 709.78),
    "tanh": Function(_exponential.tanh, arb.tanh, 0.0, largest),
    "logistic": Function(_exponential.logistic, _logistic, 0.0, largest),
    "softplus": Function(_exponential.softplus, _softplus, 0.0, largest),
    "sin": Function(_trigonometric.sin, arb.sin, 0.0, 2.0**20),
    "cos": Function(_trigonometric.cos, arb.cos, 0.0, 2.0**20),
    "sinpi": Function(_trigonometric.sinpi, arb.sin_pi, 0.0, largest),
    "cospi": Function(_trigonometric.cospi, arb.cos_pi, 0.0, largest),
    "log": Function(_elementary.log, arb.log, smallest, largest, False),
    "sqrt": Function(_elementary.sqrt, arb.sqrt, 0.0, largest, False),
    "reciprocal": Function(_elementary.reciprocal, lambda x: 1 / x, smallest, largest),
    "erf": Function(_error_function.erf, arb.erf, 0.0, largest),
}


@pytest.fixture(autouse=True)
def double_precision() -> Iterator[None]:
    with jax.enable_x64(True):
        yield


@contextmanager
def precision(bits: int) -> Iterator[None]:
    before, ctx.prec = ctx.prec, bits
    try:
        yield
    finally:
        ctx.prec = before


def neighbors(points: np.ndarray) -> np.ndarray:
    return np.concatenate(
        [points, np.nextafter(points, np.inf), np.nextafter(points, -np.inf)]
    )


def special_points() -> np.ndarray:
    """Where the algorithms change their branch, and the ends of their ranges."""
    k = np.arange(-1080.0, 1081.0)
    turns = np.concatenate(
        [np.arange(-70.0, 71.0), 2.0 ** np.arange(6, 21), [667543.0]]
    )
    edges = [1.0, 6.0, 20.0, 26.6, 40.0, 708.0, 708.39, 709.0, 709.78, 709.7827, 745.2]
    edges += [2.0**20, 2.0**52, 2.0**53, 1e300, largest / 2]
    edges += [math.log(math.sqrt(2) - 1), math.sqrt(0.5), math.sqrt(2), 5e-324]
    edges += [1e-310, smallest, 2 * smallest, 2.0**-1000, 1e-160, 1e-16, 1e-8]
    points = np.concatenate(
        [
            k * (math.log(2) / 4),
            k / 4,
            turns * (math.pi / 4),
            (turns + 1 / 2) * (math.pi / 2),
            2.0 ** np.arange(-1022.0, 1024.0),
            math.sqrt(2) * 2.0 ** np.arange(-1021.0, 1023.0, 17),
            np.asarray(edges),
            -np.asarray(edges),
        ]
    )
    return np.concatenate([neighbors(points), [0.0, -0.0, largest, -largest]])


def random_points(function: Function, count: int, seed: int) -> np.ndarray:
    """Points of every exponent, and points spread evenly where the function lives."""
    random = np.random.default_rng(seed)
    signs = random.choice([-1.0, 1.0] if function.both_signs else [1.0], count)
    exponents = random.uniform(-1074, 1023.99, count // 4)
    moderate = random.uniform(-60, 8, count // 4)
    even = random.uniform(0, min(function.high, 800.0), count // 4)
    near = random.uniform(0, 8, count - 3 * (count // 4))
    sizes = np.concatenate([2.0**exponents, 2.0**moderate, even, near])
    return signs * np.clip(sizes, function.low, function.high)


def worst(
    function: Function, x: np.ndarray, value: np.ndarray, error: np.ndarray
) -> float:
    """Assert the claim at every point and return the largest share of the error used.

    The share, at most one, is a measurement.
    """
    found = 0.0
    with precision(200):
        for point, v, e in zip(x.tolist(), value.tolist(), error.tolist(), strict=True):
            if math.isinf(e) and e > 0:
                continue
            exact = function.exact(arb(point))
            difference = abs(arb(v) - exact)
            assert difference <= arb(e), (point.hex(), v.hex(), e.hex(), str(exact))
            found = max(found, float(difference.mid()) / e if e > 0 else 0.0)
    return found


def arrays(result: tuple) -> tuple[np.ndarray, ...]:
    return tuple(np.asarray(array) for array in result)


@pytest.mark.parametrize("name", functions)
def test_error_holds_under_jit(name: str):
    function = functions[name]
    x = np.concatenate([random_points(function, 20_000, seed=1), special_points()])
    worst(function, x, *arrays(jax.jit(function.ours)(x)))


@pytest.mark.parametrize("name", functions)
def test_error_holds_operation_by_operation(name: str):
    function = functions[name]
    x = np.concatenate([random_points(function, 2_000, seed=2), special_points()[::11]])
    with jax.disable_jit():
        worst(function, x, *arrays(function.ours(jnp.asarray(x))))


@pytest.mark.parametrize("name", functions)
def test_error_holds_inside_a_larger_program(name: str):
    """The argument is a product or sum that XLA would like to contract or reassociate,
    and so are the uses of the value."""
    function = functions[name]
    random = np.random.default_rng(3)
    p = random_points(function, 1_500, seed=4)
    p = p[(np.abs(p) < 1e150) & (np.abs(p) > 1e-150)]
    q, r = random.uniform(0.3, 1.0, (2, len(p)))

    @jax.jit
    def program(p, q, r):
        kept = []
        for x in (p * q, (p * 0.7) * 0.3, (p + 0.7) - 0.3, q / (r / p)):
            value, error = function.ours(x)
            uses = (value * 3.0 + x, (value + 0.5) - 0.25, x - value * q, x / value)
            kept.append((x, value, error, uses))
        return kept

    for x, value, error, _ in program(p, q, r):
        assert np.isfinite(error).sum() > 100
        worst(function, *arrays((x, value, error)))


@pytest.mark.parametrize("name", functions)
def test_error_holds_under_vmap_and_for_scalars(name: str):
    function = functions[name]
    x = random_points(function, 64, seed=5).reshape(8, 8)
    value, error = arrays(jax.jit(jax.vmap(jax.vmap(function.ours)))(x))
    assert value.shape == error.shape == x.shape
    worst(function, x.ravel(), value.ravel(), error.ravel())
    value, error = arrays(function.ours(1.25))
    assert value.shape == error.shape == ()
    worst(function, np.asarray([1.25]), value[None], error[None])


@pytest.mark.parametrize("name", functions)
def test_error_is_not_silly_where_the_function_is_supported(name: str):
    function = functions[name]
    x = random_points(function, 20_000, seed=6)
    x = x[np.abs(x) >= smallest]
    value, error = arrays(jax.jit(function.ours)(x))
    normal = np.abs(value) < largest / 4
    bound = 1e-14 * np.maximum(1.0, np.abs(value))
    assert np.all(error[normal] <= bound[normal])
    assert normal.mean() > 0.7


@pytest.mark.parametrize("name", functions)
def test_error_is_infinite_outside_the_support(name: str):
    outside = {
        "exp": [710.0, 1e6, largest],
        "sin": [2.0**20 + 1, -1e10, largest],
        "cos": [2.0**20 + 1, -1e10, largest],
        "log": [0.0, -0.0, -1.0, 5e-324, -5e-324, 1e-310, -largest],
        "sqrt": [-5e-324, -1e-310, -smallest, -1.0, -largest],
        "reciprocal": [0.0, -0.0, 5e-324, -1e-310],
    }
    x = np.asarray([np.nan, np.inf, -np.inf, *outside.get(name, [])])
    value, error = arrays(jax.jit(functions[name].ours)(x))
    assert np.all(error == np.inf)
    assert np.all(np.isfinite(value))


allowed_operations = set(
    "abs add and bitcast bitcast-convert broadcast call clamp compare constant convert "
    "copy divide fusion get-tuple-element maximum minimum multiply negate not or "
    "parameter round-nearest-even select shift-left shift-right-logical sqrt subtract "
    "tuple".split()
)


@pytest.mark.parametrize("name", functions)
def test_compiled_code_has_only_the_operations_of_the_rounding_model(name: str):
    text = str(jax.jit(functions[name].ours).lower(np.ones(64)).compile().as_text())
    found = set(re.findall(r" = \S+ ([a-z][a-z0-9-]*)\(", text))
    assert {"multiply", "select"} <= found <= allowed_operations, found


def test_values_at_exact_arguments_are_exact():
    quarter_turns = np.asarray([0.0, 0.5, 1.0, 1.5, -0.5, -1.0, 1e6 + 0.5, 2.0**53])
    sine, cosine = jax.jit(_trigonometric.sinpi_cospi)(quarter_turns)
    assert sine[0].tolist() == [0, 1, 0, -1, -1, 0, 1, 0]
    assert cosine[0].tolist() == [1, 0, -1, 0, 0, -1, 0, 1]
    zero = np.zeros(1)
    for name in ("tanh", "sin", "sinpi", "erf", "sqrt"):
        assert functions[name].ours(zero)[0] == 0
    assert functions["exp"].ours(zero)[0] == 1
    assert functions["log"].ours(zero + 1)[0] == 0


@pytest.mark.parametrize("name", functions)
def test_single_precision_is_refused(name: str):
    with pytest.raises(CertaxError, match=r"need float64, but got float32.*enable_x64"):
        functions[name].ours(np.ones(3, np.float32))


def sweep(name: str, count: int, seed: int) -> float:
    """Compare `count` random points with Arb; return the largest share."""
    function, found = functions[name], 0.0
    compiled = jax.jit(function.ours)
    for chunk in range(0, count, 50_000):
        x = random_points(function, min(50_000, count - chunk), seed + chunk)
        found = max(found, worst(function, x, *arrays(compiled(x))))
    return found


if __name__ == "__main__":
    with jax.enable_x64(True):
        for each in functions:
            print(f"{each:12s} {sweep(each, int(sys.argv[1]), seed=100):.3f}")

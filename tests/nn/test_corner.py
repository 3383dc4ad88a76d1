"""Corners of initial data at a periodic seam: rounded, smooth, and near the data."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp

import certax as cx
from certax._api._initial import initial_network
from certax._core import CertaxError, NetworkSettings
from certax.certificates._boundary import is_periodic
from certax.nn import RoundedCorner
from certax.problems import Problem, corner_seam, zoo_entry

pytestmark = pytest.mark.usefixtures("x64")

box = cx.Box(x=(-1, 1), t=(0, 1))
data = lambda x: x**2 * jnp.cos(jnp.pi * x)


def periodic(value, **changes) -> Problem:
    statement = {
        "domain": box,
        "residual": lambda u: u.t - u.xx / 100 + u**3,
        "conditions": (cx.Initial(value), cx.Periodic("x")),
    }
    return Problem(**(statement | changes))


def test_the_rounded_corner_is_the_convolution_of_the_height_with_a_gaussian():
    corner = RoundedCorner(box, "x", "t", 0.01, data)
    for x, t in [(0.97, 0.1), (-0.9, 0.5), (0.3, 1.0)]:
        y, s = float(corner.height(jnp.float64(x))), float(corner.width(jnp.float64(t)))
        kernel = lambda z, y=y, s=s: abs(y - z) * np.exp(-(z**2) / s**2)
        value = quad(kernel, -8 * s, 8 * s, points=[y], epsabs=1e-13)[0]
        found = corner.rounded({"x": jnp.float64(x), "t": jnp.float64(t)})
        assert abs(value / (s * np.sqrt(np.pi)) - found) < 1e-11


@pytest.mark.parametrize(
    "value",
    [data, lambda x: x * (1 - x) ** 2 * (1 + x), lambda x: jnp.exp(x**2)],
    ids=["even", "skew", "gaussian"],
)
def test_the_extension_starts_at_the_data_but_for_the_rounding(value):
    corner = RoundedCorner(box, "x", "t", 1e-4, value)
    x = jnp.linspace(-1, 1, 2001)
    start = jax.vmap(lambda x: corner.extension({"x": x, "t": jnp.float64(0)}))(x)
    defect = np.abs(start - jax.vmap(value)(x))
    assert defect.max() < 1e-5
    assert defect[1:-1].max() < 1e-8


def test_data_that_are_not_smooth_beside_the_seam_are_refused():
    with pytest.raises(CertaxError, match="not smooth beside the corner"):
        RoundedCorner(box, "x", "t", 1e-4, lambda x: jnp.abs(x))


def test_seams_are_found_where_diffusion_rounds_them():
    seam = corner_seam(zoo_entry("allen-cahn").problem)
    assert seam is not None and (seam.coordinate, seam.time) == ("x", "t")
    assert abs(seam.diffusivity - 1e-4) < 1e-18
    assert corner_seam(zoo_entry("allen-cahn-smooth").problem) is None
    assert corner_seam(zoo_entry("burgers").problem) is None
    parabola = lambda x: x**2
    assert corner_seam(periodic(parabola)) is not None
    hyperbolic = lambda u: u.t - u * u.x
    assert corner_seam(periodic(parabola, residual=hyperbolic)) is None
    quasilinear = lambda u: u.t - (1 + u**2) * u.xx
    assert corner_seam(periodic(parabola, residual=quasilinear)) is None


def test_the_ansatz_with_a_corner_is_periodic_with_all_derivatives():
    problem = zoo_entry("allen-cahn").problem
    net = initial_network(problem, NetworkSettings(), True, 0, (8, 8))
    assert is_periodic(net.program, problem, "x")


def test_keeping_the_corner_is_another_problem_three_in_ten_thousand_away():
    """u₀ + t N with N smooth and periodic has u_x = ∓2 at both sides of the seam for
    all time; with that condition for the equation, the error is not below 3e-4.
    """
    n, diffusivity = 1200, 1e-4
    # Half of the circle by symmetry; nodes crowd at the seam x = 1.
    x = 1.0 - np.linspace(1.0, 0.0, n) ** 2
    steps = np.diff(x)
    widths = np.concatenate([[steps[0]], steps[:-1] + steps[1:], [steps[-1]]]) / 2

    def change(t, u):
        flux = np.concatenate([[0.0], np.diff(u) / steps, [-2.0]])
        return diffusivity * np.diff(flux) / widths + 5 * (u - u**3)

    times = np.linspace(0, 1, 21)
    start = x**2 * np.cos(np.pi * x)
    kept = solve_ivp(
        change, (0, 1), start, "LSODA", times, lband=1, uband=1, rtol=1e-8, atol=1e-9
    ).y
    (true,) = zoo_entry("allen-cahn").reference.evaluate(x, times)
    weights = widths[:, None]
    error = np.sqrt(np.sum(weights * (kept - true) ** 2) / np.sum(weights * true**2))
    assert 3e-4 < error < 4e-4
    assert np.abs(kept - true).max() > 5e-3

"""Every construction that nets and equations may be made of, from JAX to the checker:
derivatives up to order four, one to five coordinates, several fields.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from helpers import closed_form

import certax as cx


def stated(residual, **ends):
    """An equation; its conditions do not matter, as only its residual is certified."""
    conditions = [cx.Periodic(name) for name in ends]
    domain = cx.Box(**ends)
    return cx.Problem(domain=domain, residual=residual, conditions=conditions)


plane = {"x": (0, 1), "t": (0, 1)}
square = {"x": (0, 1), "y": (0, 1)}
cases = {
    "Korteweg-de Vries": (
        stated(lambda u: u.t + 6 * u * u.x + u.xxx, **plane),
        [lambda x, t, pi, a: jnp.tanh(a * x - t)],
    ),
    "Kuramoto-Sivashinsky": (
        stated(lambda u: u.t + u * u.x + u.xx + u.xxxx, **plane),
        [lambda x, t, pi, a: jax.nn.softplus(a * x) * jnp.exp(-t)],
    ),
    "plate": (
        stated(lambda u, x: u.xxxx + 2 * u.xxyy + u.yyyy - jnp.cos(x), **square),
        [lambda x, y, pi, a: jax.nn.gelu(a * x + y, approximate=False)],
    ),
    "five coordinates": (
        stated(
            lambda u: u.vv + u.ww + u.xx + u.yy + u.zz - u**3,
            **{n: (0, "1/4") for n in "vwxyz"},
        ),
        [lambda v, w, x, y, z, pi, a: jax.nn.swish(a * v + w * x - y + z)],
    ),
    "two fields": (
        stated(
            lambda u, v: (u.t - v * u.xx, v.t + jnp.sqrt(1 + u**2)),
            **plane,
        ),
        [
            lambda x, t, pi, a: jax.scipy.special.erf(a * x) * t,
            lambda x, t, pi, a: jnp.exp(-((x - a * t) ** 2)),
        ],
    ),
    "powers and quotients": (
        stated(lambda u, x: u.x * (1 + u**2) ** 1.5 - u.xx / (2 + x) ** 0.3, x=(0, 1)),
        [lambda x, pi, a: jnp.log(2 + jnp.cosh(a * x)) / (1 + x**2)],
    ),
    "Fourier features and gates": (
        stated(lambda u: u.xx + jax.nn.sigmoid(+u) * u.x, x=(0, 1)),
        [lambda x, pi, a: jnp.sin(4 * pi * x) * jax.nn.sigmoid(a * x) + x * jnp.tan(x)],
    ),
}


@pytest.mark.parametrize("name", cases)
def test_residuals_are_certified(name):
    problem, functions = cases[name]
    solution = closed_form(problem, *functions, a=1.5)
    certificate = cx.certify(
        solution, claim="residual", norm="Linf", relative_target=1.5, degree=2
    )
    assert certificate.proved, certificate
    domain = problem.domain
    unit = np.random.default_rng(0).random((400, domain.dimension))
    points = domain.physical(unit)
    sampled = np.abs(solution.residual(points)).max()
    assert sampled <= float(certificate.bound) <= 3 * sampled

"""The flows of arXiv 2407.20741, corrected and as published."""

from functools import partial

import jax
import jax.numpy as jnp

from .._flows import Flow, Published, along


def burgers(viscosity, fields, point):
    """u_t + (u·∇)u - ν Δu, one equation for each component."""
    value = fields(point)
    total = along(fields, point.shape[0] - 1)(point)
    for i in range(value.shape[0]):
        slope = along(fields, i)
        total = total + value[i] * slope(point)
        if viscosity:
            total = total - viscosity * along(slope, i)(point)
    return total


def _korteweg_de_vries(fields, point):
    first = along(fields, 0)
    third = along(along(first, 0), 0)
    return along(fields, 1)(point) + third(point) + 6 * fields(point) * first(point)


def inviscid(grid: int) -> Flow:
    """u = x / (1 + t)."""
    return Flow(
        "inviscid",
        lambda p: jnp.stack([p[0] / (1 + p[1])]),
        partial(burgers, 0),
        (0.0, 0.0),
        (1.0, 1.0),
        grid,
    )


def front(nu: float, grid: int) -> Flow:
    """u = 1 - tanh((x - t) / (2 nu))."""
    return Flow(
        "front",
        lambda p: jnp.stack([1 - jnp.tanh((p[0] - p[1]) / (2 * nu))]),
        partial(burgers, nu),
        (0.0, 0.0),
        (1.0, 1.0),
        grid,
    )


def _plane(p):
    x, y, t = p
    return jnp.stack([x + y - 2 * x * t, x - y - 2 * y * t]) / (1 - 2 * t**2)


def plane(grid: int, start: float = 0.0, end: float = 0.5) -> Flow:
    """The inviscid flow in the plane that blows up at t = 1/√2."""
    return Flow(
        "plane",
        _plane,
        partial(burgers, 0),
        (0.0, 0.0, start),
        (1.0, 1.0, end),
        grid,
    )


def space(nu: float, grid: int, as_published: bool) -> Flow:
    """-2 nu ∇φ / φ, φ = 1 + x + d sin x sin y sin z, with d = exp(-3 nu t).

    As published, d = exp(-t), which solves the equations for nu = 1/3 only, and the
    data of the second and third velocity have a spurious 1 in the numerator.
    """
    rate = 1.0 if as_published else 3 * nu

    def parts(p):
        x, y, z, t = p
        decay = jnp.exp(-rate * t)
        phi = 1 + x + decay * jnp.sin(x) * jnp.sin(y) * jnp.sin(z)
        gradient = jnp.stack(
            [
                1 + decay * jnp.cos(x) * jnp.sin(y) * jnp.sin(z),
                decay * jnp.sin(x) * jnp.cos(y) * jnp.sin(z),
                decay * jnp.sin(x) * jnp.sin(y) * jnp.cos(z),
            ]
        )
        return gradient, phi

    def exact(p):
        gradient, phi = parts(p)
        return -2 * nu * gradient / phi

    def walls(axis, p):
        gradient, phi = parts(p)
        return -2 * nu * (gradient[axis] + (axis > 0)) / phi

    return Flow(
        "space",
        exact,
        partial(burgers, nu),
        (0.0,) * 4,
        (1.0,) * 4,
        grid,
        published=Published(walls=walls, forgets_start=True),
    )


def one_soliton(grid: int) -> Flow:
    """u = 2 sech²(x - 4 t)."""
    return Flow(
        "one soliton",
        lambda p: jnp.stack([2 / jnp.cosh(p[0] - 4 * p[1]) ** 2]),
        _korteweg_de_vries,
        (0.0, 0.0),
        (1.0, 1.0),
        grid,
        slope=True,
        published=Published(layer=1e-9),
    )


def _solitons(speeds, logs, p):
    """u = 2 (log f)_xx by Hirota's sum over subsets of solitons."""
    x, t = p
    terms, slopes = [jnp.zeros(())], [0.0]
    for index, (k, log) in enumerate(zip(speeds, logs, strict=True)):
        for subset in range(2**index):
            coupling = 1.0
            for j in range(index):
                if subset >> j & 1:
                    coupling *= ((speeds[j] - k) / (speeds[j] + k)) ** 2
            phase = k * x - k**3 * t + log + jnp.log(coupling)
            terms.append(terms[subset] + phase)
            slopes.append(slopes[subset] + k)
    # With weights w = exp(term) / f, (log f)_xx is the variance of the slopes.
    weights = jnp.stack(terms)
    weights = jnp.exp(weights - jax.lax.stop_gradient(jnp.max(weights)))
    weights = weights / jnp.sum(weights)
    slopes = jnp.asarray(slopes)
    mean = weights @ slopes
    return jnp.stack([2 * (weights @ (slopes - mean) ** 2)])


def two_solitons(grid: int) -> Flow:
    """k = (-2, 4), equal phases log(1/3); u(x, 0) = 6 sech²(x)."""
    log = float(jnp.log(1 / 3))
    return Flow(
        "two solitons",
        partial(_solitons, (-2.0, 4.0), (log, log)),
        _korteweg_de_vries,
        (-5.0, -1.0),
        (5.0, 1.0),
        grid,
        slope=True,
        published=Published(layer=1e-8, start=0.0),
    )


def three_solitons(grid: int) -> Flow:
    """k = (2, 4, -6), e^phases = 3/2, 3/5, 1/10; u(x, 0) = 12 sech²(x)."""
    logs = tuple(float(jnp.log(c)) for c in (1.5, 0.6, 0.1))
    return Flow(
        "three solitons",
        partial(_solitons, (2.0, 4.0, -6.0), logs),
        _korteweg_de_vries,
        (-4.0, -0.5),
        (4.0, 0.5),
        grid,
        slope=True,
        published=Published(layer=1e-4, start=0.0),
    )

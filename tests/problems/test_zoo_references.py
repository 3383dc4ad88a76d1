"""Every reference solves its problem, as the problem's own programs have it."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from collocation import Grid, by_lines, by_newton, walls
from scipy.integrate import solve_ivp

from certax._core import Box, evaluate
from certax.problems import (
    Reference,
    ZooEntry,
    constants_of,
    names,
    zoo_entry,
)
from certax.problems._references._fourier import PeriodicEvolution

# Nodes in each space coordinate, the part of the time to go, and how near it must come:
# the distance in `docs/references.md` is measured with more nodes and to the end.
lines: dict[str, tuple[tuple[int, ...], float, float]] = {
    "duffing": ((), 1, 3e-12),
    "mukhanov-sasaki": ((), 1, 5e-12),
    "oscillatory-schrodinger": ((), 1, 5e-12),
    "lorenz": ((), 0.2, 1e-10),
    "advection-80": ((9,), 0.2, 1e-11),
    "kdv": ((95,), 0.1, 1e-9),
    "kuramoto-sivashinsky": ((75,), 0.03, 1e-5),
    "sine-gordon": ((35,), 1, 3e-11),
    "wildfire": ((35,), 1, 3e-11),
    "murnaghan-wave": ((41,), 1, 1e-11),
    "benjamin-bona-mahony": ((36,), 0.3, 1e-6),
    "black-scholes": ((20,), 0.3, 1e-8),
    "burgers-blow-up": ((5,), 1, 3e-11),
    "burgers-front": ((24,), 0.3, 1e-5),
    "burgers-inviscid": ((5,), 1, 1e-12),
    "burgers-2d": ((4, 4), 1, 1e-11),
    "burgers-2d-blow-up": ((4, 4), 1, 1e-10),
    "burgers-2d-viscous": ((12, 9), 0.3, 1e-7),
    "burgers-3d": ((7, 5, 5), 0.2, 1e-4),
    "heat-2d": ((12, 12), 0.3, 1e-9),
    "heat-3d": ((8, 8, 8), 0.3, 1e-5),
    "heat-4d": ((6, 6, 6, 6), 0.3, 1e-3),
    "wave-two-modes": ((28,), 0.3, 1e-8),
    "nonlinear-diffusion": ((5, 5), 1, 1e-11),
    "taylor-green-stream": ((5, 5), 1, 1e-12),
    "allen-cahn-2d": ((25, 25), 0.3, 1e-5),
    "semilinear-heat": ((17, 17), 0.3, 1e-7),
    "gray-scott": ((41, 41), 0.01, 1e-4),
    "ginzburg-landau": ((61, 61), 0.1, 1e-4),
}
newton: dict[str, tuple[tuple[int, ...], float]] = {
    "catalysis": ((48,), 1e-8),
    "nine-mode-shear-flow": ((48,), 1e-8),
    "legendre": ((8,), 1e-13),
    "hypergeometric": ((20,), 1e-13),
    "michel-accretion": ((40,), 1e-12),
    "two-color-soliton": ((64,), 1e-9),
    "helmholtz": ((12, 26), 1e-4),
    "kdv-one-soliton": ((12, 20), 1e-4),
    "kovasznay": ((9, 14), 1e-2),
}


def distance(found, reference) -> float:
    assert found.shape == reference.shape and np.all(np.isfinite(found))
    return float(np.abs(found - reference).max())


@pytest.mark.parametrize("name", lines)
def test_a_reference_is_what_the_method_of_lines_finds(name):
    counts, part, limit = lines[name]
    entry = zoo_entry(name)
    domain = entry.problem.domain
    axis = domain.names.index(str(entry.problem.time))
    start, end = domain.lower_floats[axis], domain.upper_floats[axis]
    times = start + (end - start) * part * np.array([0.5, 1.0])
    axes, found = by_lines(entry.problem, counts, times)
    axes.insert(axis, times)
    found = np.moveaxis(found, -1, 1 + axis)
    assert distance(found, np.stack(entry.reference.evaluate(*axes))) <= limit


def test_what_was_published_as_exact_is_no_solution():
    """The method of lines for the published equations and data leaves it."""
    entry = zoo_entry("burgers-3d-as-published")
    axes, found = by_lines(entry.problem, (6, 5, 5), np.array([0.5]), 1e-6)
    claimed = np.stack(entry.reference.evaluate(*axes, np.array([0.5])))
    away, accuracy = distance(found, claimed), entry.reference.accuracy
    assert accuracy / 10 <= away <= accuracy


@pytest.mark.parametrize("name", newton)
def test_a_reference_is_what_newtons_method_finds(name):
    counts, limit = newton[name]
    problem, reference = zoo_entry(name).problem, zoo_entry(name).reference
    with jax.enable_x64(True):
        axes = Grid(problem, problem.domain.names, counts).axes
    expected = np.stack(reference.evaluate(*axes))
    _, found = by_newton(problem, counts, 1.001 * expected + 0.0003)
    if name == "kovasznay":
        found[2] += np.mean(expected[2] - found[2])  # the pressure's mean is free
    assert distance(found, expected) <= limit


def test_poisson_5d_by_diagonalization_in_every_coordinate():
    reference = zoo_entry("poisson-5d").reference
    x, matrix = walls(0, 1, 14)
    values, modes = np.linalg.eig(-(matrix @ matrix)[1:-1, 1:-1])
    inverse = np.linalg.inv(modes)
    load = functools.reduce(np.multiply.outer, 5 * [inverse @ np.sin(np.pi * x[1:-1])])
    found = 5 * np.pi**2 * load / functools.reduce(np.add.outer, 5 * [values])
    for axis in range(5):
        found = np.moveaxis(np.tensordot(modes, found, (1, axis)), 0, axis)
    assert np.abs(np.imag(found)).max() <= 1e-12
    expected = reference.evaluate(*5 * [x[1:-1]])[0]
    assert distance(np.real(found), expected) <= reference.accuracy


def test_mixing_flow_by_its_characteristics():
    """u is constant along the circles on which points are carried."""
    reference = zoo_entry("mixing-flow").reference
    x, y = np.linspace(1, 3, 7), np.linspace(-1, 1, 6)
    mesh = np.stack(np.meshgrid(x, y, indexing="ij")).reshape(2, -1)

    def backwards(_, flat):
        a, b = flat.reshape(2, -1)
        r = np.sqrt(a**2 + b**2)
        turn = np.tanh(r) / (0.385 * r * np.cosh(r) ** 2)
        return np.concatenate([turn * b, -turn * a])

    ended = solve_ivp(backwards, (0, 2), mesh.ravel(), "DOP853", rtol=1e-13, atol=1e-14)
    at_start = ended.y[:, -1].reshape(2, 7, 6)[1]
    expected = reference.evaluate(x, y, np.array([2.0]))[0][..., 0]
    assert distance(-np.tanh(at_start / 2), expected) <= reference.accuracy


@pytest.mark.parametrize(
    ("name", "height"), [("kdv-two-solitons", 6), ("kdv-three-solitons", 12)]
)
def test_solitons_on_a_line_are_those_on_a_wide_circle(name, height):
    def flux(torus, c):
        return -3j * torus.waves[0] * torus.coefficients(torus.values(c) ** 2)

    reference, domain = zoo_entry(name).reference, zoo_entry(name).problem.domain
    (left, _), (right, end) = domain.lower_floats, domain.upper_floats
    circle = PeriodicEvolution(
        lower=(-16.0,),
        upper=(16.0,),
        points=(384,),
        end=end,
        steps=1000,
        start=lambda x: (height / np.cosh(x) ** 2,),
        linear=lambda waves: 1j * waves[0] ** 3,
        nonlinear=flux,
    )
    x, t = np.linspace(left, right, 51), np.array([end / 2, end])
    assert distance(circle(x, t)[0], reference.evaluate(x, t)[0]) <= 1e-6


def test_taylor_green_is_the_curl_of_its_stream_function():
    """And its pressure solves Laplace(p) = 2 (u_x v_y - u_y v_x)."""
    x, t = np.linspace(0, 2 * np.pi, 33)[:-1], np.linspace(0, 1, 5)
    stream = zoo_entry("taylor-green-stream").reference.evaluate(x, x, t)[0]
    velocity = zoo_entry("taylor-green").reference
    u, v, p = velocity.evaluate(x, x, t)
    wave = np.fft.fftfreq(32, 1 / 32)

    def along(values, axis):
        k = wave.reshape([-1 if a == axis else 1 for a in range(3)])
        return np.fft.ifft(1j * k * np.fft.fft(values, axis=axis), axis=axis).real

    assert distance(along(stream, 1), u) <= velocity.accuracy
    assert distance(-along(stream, 0), v) <= velocity.accuracy
    bend = along(along(p, 0), 0) + along(along(p, 1), 1)
    source = 2 * (along(u, 0) * along(v, 1) - along(u, 1) * along(v, 0))
    assert distance(bend, source) <= velocity.accuracy


def midpoint_rule(rate, state, length, counts):
    """A step of the midpoint rule, extrapolated to no substeps at all."""
    rows = []
    for count in counts:
        small = length / count
        before, now = state, state + small * rate(state)
        for _ in range(count - 1):
            before, now = now, before + 2 * small * rate(now)
        rows.append((now + before + small * rate(now)) / 2)
        for k in range(len(rows) - 2, -1, -1):
            ratio = np.longdouble(count) / counts[k]
            rows[k] = rows[k + 1] + (rows[k + 1] - rows[k]) / (ratio**2 - 1)
    return rows[0]


def test_lorenz_in_extended_precision_by_another_method():
    """In doubles this would be wrong in the sixth digit at the end."""
    thirds = np.longdouble(8) / 3

    def rate(s):
        x, y, z = s
        return np.array([10 * (y - x), x * (28 - z) - y, x * y - thirds * z])

    state = np.ones(3, np.longdouble)
    for _ in range(800):
        state = midpoint_rule(rate, state, np.longdouble(0.025), range(2, 21, 2))
    reference = zoo_entry("lorenz").reference
    found = np.concatenate(reference.evaluate(np.array([20.0])))
    assert distance(state.astype(float), found) <= reference.accuracy


# The equation and the data, for every problem


def derivatives(problem, reference, orders, box, count=13):
    """Derivatives of all fields at the Chebyshev points of a small box."""
    rules = [walls(*ends, count) for ends in box]
    values = np.stack(reference.evaluate(*[x for x, _ in rules]))
    found = {}
    for wanted in orders:
        here = values
        for axis, (_, matrix) in enumerate(rules):
            for _ in range(wanted[axis]):
                here = np.tensordot(matrix, here, (1, 1 + axis))
                here = np.moveaxis(here, 0, 1 + axis)
        found[wanted] = dict(zip(problem.fields, here, strict=True))
    return [x for x, _ in rules], found


def misfit(entry: ZooEntry, reference: Reference) -> float:
    """The largest residual in a few small boxes over that of its largest term."""
    problem, domain = entry.problem, entry.problem.domain
    program = problem.residual
    items = program.of_kind("derivative")
    orders = {i.orders for i in items}
    count = {1: 17, 2: 15, 3: 11, 4: 9, 5: 7}[domain.dimension]
    worst = 0.0
    for place in (0.37, 0.71)[: 1 if domain.dimension > 2 else 2]:
        ends = zip(domain.lower_floats, domain.upper_floats, strict=True)
        part = shares.get(problem.name, 0.05)
        box = [
            (lo + place * (up - lo), lo + (place + part) * (up - lo)) for lo, up in ends
        ]
        axes, found = derivatives(problem, reference, orders, box, count)
        mesh = np.meshgrid(*axes, indexing="ij")
        point = dict(zip(domain.names, mesh, strict=True))

        here = {i.name: found[i.orders][i.field] for i in items}

        @jax.jit
        def residual(scales, here, point):
            inputs = dict(constants_of(program)) | point
            for item, scale in zip(items, scales, strict=True):
                inputs[item.name] = here[item.name] * scale
            needed = {i.name: jnp.asarray(inputs[i.name]) for i in program.inputs}
            values = evaluate(program, needed).values()
            inner = (slice(1, -1),) * domain.dimension
            full = [jnp.broadcast_to(v, mesh[0].shape)[inner] for v in values]
            return jnp.stack(full)

        ones = np.ones(len(items))
        whole = residual(ones, here, point)
        # What a derivative contributes is what changes without a tenth of it.
        size = max(
            np.abs(residual(ones - 0.1 * one, here, point) - whole).max()
            for one in np.eye(len(items))
        )
        worst = max(worst, float(np.abs(whole).max() / (10 * size)))
    return worst


# The part of each coordinate's length that a box has.
shares = {
    "kuramoto-sivashinsky": 0.02,
    "kdv-three-solitons": 0.03,
    "kdv": 0.01,
    "lorenz": 0.003,
    # Smaller boxes magnify the rounding of large coefficients.
    "stokes": 0.2,
}
# These have layers of width 0.01, and a test of their own in `test_references.py`.
elsewhere = ("allen-cahn", "allen-cahn-smooth")


@pytest.mark.parametrize("name", [n for n in names if n not in elsewhere])
def test_a_reference_satisfies_its_equation(name):
    with jax.enable_x64(True):
        assert misfit(zoo_entry(name), zoo_entry(name).reference) <= 1e-6


@pytest.mark.parametrize("name", ["burgers", "duffing", "lorenz", "helmholtz"])
def test_another_function_does_not_satisfy_the_equation(name):
    entry = zoo_entry(name)

    def wrong(*axes):
        return tuple(1.0001 * f for f in entry.reference.evaluate(*axes))

    with jax.enable_x64(True):
        other = Reference(name, "Wrong.", 1.0, wrong)
        assert misfit(entry, other) > 1e-6


def face_of(entry: ZooEntry, coordinate: str, ends: list[int]):
    """Axes that lie on a wall, and the points of the wall by name."""
    domain = entry.problem.domain
    axes = [
        np.linspace(lo, up, 4)
        for lo, up in zip(domain.lower_floats, domain.upper_floats, strict=True)
    ]
    axis = domain.names.index(coordinate)
    limits = np.array([domain.lower_floats[axis], domain.upper_floats[axis]])
    axes[axis] = limits[ends]
    mesh = np.meshgrid(*axes, indexing="ij")
    return axes, axis, dict(zip(domain.names, mesh, strict=True))


def data_of(program, point) -> dict[str, np.ndarray]:
    """A condition's values at the points of a wall, by field."""
    shape = next(iter(point.values())).shape
    count = int(np.prod(shape))
    with jax.enable_x64(True):
        # Vectors of one length, so that JAX compiles each operation once for all.
        inputs = dict(constants_of(program))
        inputs |= {n: jnp.asarray(np.resize(x, 1024)) for n, x in point.items()}
        found = evaluate(program, {i.name: inputs[i.name] for i in program.inputs})
        return {
            f: np.broadcast_to(v, 1024)[:count].reshape(shape) for f, v in found.items()
        }


# Those of other shapes: `test_domain_references.py`.
boxed = [n for n in names if isinstance(zoo_entry(n).problem.domain, Box)]


@pytest.mark.parametrize("name", boxed)
def test_a_reference_meets_its_data(name):
    entry = zoo_entry(name)
    problem, reference = entry.problem, entry.reference
    for condition in problem.conditions:
        if condition.kind == "periodic":
            axes, axis, _ = face_of(entry, condition.coordinate, [0, 1])
            lower, upper = np.moveaxis(np.stack(reference.evaluate(*axes)), 1 + axis, 0)
            assert distance(lower, upper) <= 1e-12
        elif condition.kind in ("initial", "dirichlet"):
            ends = [{"lower": 0, "upper": 1}[side] for side in condition.sides]
            axes, _, point = face_of(entry, condition.coordinate, ends)
            found = dict(zip(problem.fields, reference.evaluate(*axes), strict=True))
            for field, values in data_of(condition.values, point).items():
                assert distance(found[field], values) <= 1e-12


rising = [n for n in names if zoo_entry(n).problem.condition("velocity", "t")]
rising += ["hypergeometric"]


@pytest.mark.parametrize("name", rising)
def test_a_reference_starts_with_its_velocity(name):
    entry = zoo_entry(name)
    domain, coordinate = entry.problem.domain, str(entry.problem.time)
    condition = entry.problem.condition("velocity", coordinate)
    assert condition is not None
    axes, axis, point = face_of(entry, coordinate, [0])
    start, end = domain.lower_floats[axis], domain.upper_floats[axis]
    axes[axis], matrix = walls(start, start + 0.05 * (end - start), 13)
    values = np.stack(entry.reference.evaluate(*axes))
    found = np.tensordot(matrix[0], values, (0, 1 + axis))
    data = np.stack(list(data_of(condition.values, point).values()))
    assert distance(found, np.take(data, 0, axis=1 + axis)) <= 1e-7

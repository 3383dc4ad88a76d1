"""The high-dimensional zoo, in few dimensions where everything can be computed."""

from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax._core import CertaxError
from certax.problems import high_dimensional_names, high_dimensional_problem
from certax.problems._high_dimension._interactions import (
    Interaction,
    three_body,
    two_body,
)
from certax.problems._high_dimension._parabolic import cole_hopf
from certax.problems._high_dimension._radial import RadialSolution
from certax.training import residuals

pytestmark = pytest.mark.usefixtures("x64")


@pytest.mark.parametrize(("local", "reach"), [(two_body, 2), (three_body, 3)])
def test_laplacians_of_interactions(local, reach, getkey):
    """Also where the published closed form for three bodies leaves factors out."""
    interaction = Interaction(local, reach, 5)
    x = 0.4 * jax.random.normal(getkey(), (5,), jnp.float64)
    exact = jnp.trace(jax.hessian(interaction.value)(x))
    assert np.isclose(interaction.laplacian(x), exact, rtol=1e-11)


@pytest.mark.parametrize("name", high_dimensional_names)
def test_exact_traces_of_data(name, getkey):
    problem = high_dimensional_problem(name, {"d": "4"})
    x, *rest = (p[0] for p in problem.cloud.sample(getkey(), 1, jnp.float64))
    root = jnp.eye(4)
    if problem.root is not None:
        root = jax.vmap(lambda v: problem.root(x, v))(root)
    for part in ("data", "factor"):
        of_x = lambda x, part=part: getattr(problem.lift, part)(x, *rest)
        exact = jnp.trace(root @ jax.hessian(of_x)(x) @ root)
        stated = getattr(problem.lift, f"{part}_trace")(x, *rest)
        assert np.isclose(stated, exact, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    "name", ["sine-gordon-ball", "sine-gordon-ball-three-body", "allen-cahn-ball"]
)
def test_solutions_on_the_ball_leave_no_residual(name, getkey):
    problem = high_dimensional_problem(name, {"d": "4"})
    points = problem.cloud.sample(getkey(), 3, jnp.float64)
    local, reach = (three_body, 3) if "three" in name else (two_body, 2)
    network = Interaction(local, reach, 4).sum
    left = residuals(problem, network, points, 2 * jnp.eye(4))
    wrong = residuals(problem, lambda x: 1.01 * network(x), points, 2 * jnp.eye(4))
    assert np.abs(left).max() < 1e-11
    assert np.abs(wrong).max() > 1e-6


class Differences(SimpleNamespace):
    """What a residual sees of u."""

    def along(self, v):
        return self.gradient @ v


def difference_residual(problem, value, x, t, step=1e-3):
    """The residual of `value(x, t)` by central differences."""
    here, shifts = value(x, t), step * np.eye(len(x))
    ups = np.array([value(x + e, t) for e in shifts])
    downs = np.array([value(x - e, t) for e in shifts])
    weights = np.ones(len(x))
    if problem.root is not None:
        weights = np.asarray(problem.root(jnp.asarray(x), jnp.ones(len(x)))) ** 2
    trace = jnp.asarray(weights @ (ups - 2 * here + downs) / step**2)
    u = Differences(
        value=jnp.asarray(here),
        laplacian=trace,
        trace=trace,
        gradient=jnp.asarray((ups - downs) / (2 * step)),
        t=jnp.asarray((value(x, t + step) - value(x, t - step)) / (2 * step)),
    )
    return float(problem.residual(u, jnp.asarray(x), jnp.asarray(t)))


@pytest.mark.parametrize(
    "name", [n for n in high_dimensional_names if not n.split("-ball")[1:]]
)
def test_references_solve_their_equations(name, getkey):
    problem = high_dimensional_problem(name, {"d": "5"})
    x = np.asarray(problem.cloud.sample(getkey(), 1, jnp.float64)[0][0])
    t = 0.4 * problem.cloud.duration
    value = lambda x, t: problem.known.values(x[None], np.array([t]))[0]
    left = difference_residual(problem, value, x, t)
    wrong = difference_residual(problem, lambda x, t: (1 + t / 20) * value(x, t), x, t)
    assert abs(left) < 1e-4 * (abs(value(x, t)) + 1) < 2 * abs(wrong)
    # And the terminal data.
    end = problem.cloud.duration
    data = problem.lift.data(jnp.asarray(x), end)
    assert np.isclose(value(x, end), data, rtol=1e-7)


@pytest.mark.parametrize(
    ("dimension", "heat", "sine_gordon"),
    [(10, 0.47006, 0.3229470), (100, 0.31674, 0.0528368), (1000, 0.28753, 0.0055896)],
)
def test_radial_solutions_agree_with_published_values(dimension, heat, sine_gordon):
    """The published ones are Monte Carlo estimates, good to about a thousandth."""
    origin = np.zeros((1, dimension)), np.zeros(1)
    reaction = lambda u: (1 - u**2) / (1 + u**2)
    found = RadialSolution(dimension, reaction, 0.3)(*origin)[0]
    assert abs(found / heat - 1) < 1.5e-3
    coarse = RadialSolution(dimension, np.sin, 0.3, nodes=64)(*origin)[0]
    found = RadialSolution(dimension, np.sin, 0.3)(*origin)[0]
    assert abs(found / sine_gordon - 1) < 1.5e-3
    assert abs(found - coarse) < 1e-9


def test_cole_hopf_agrees_with_monte_carlo(seed):
    rng = np.random.default_rng(seed)
    x, remaining = np.full((1, 20), 0.3), np.array([0.7])
    walk = x + np.sqrt(2 * remaining[0]) * rng.standard_normal((200_000, 20))
    samples = 2 / (1 + np.einsum("nd,nd->n", walk, walk))
    mean, error = samples.mean(), samples.std() / np.sqrt(len(samples))
    assert abs(np.exp(-cole_hopf(x, remaining)[0]) - mean) < 5 * error
    assert error < 0.01 * mean


def test_points_of_the_ball(getkey):
    (x,) = cx.UnitBall(50).sample(getkey(), 4000, jnp.float64)
    radius = np.linalg.norm(x, axis=1)
    assert radius.max() <= 1
    # Uniform: variance 1 / 12.
    assert abs(radius.mean() - 0.5) < 5 * np.sqrt(1 / 12 / 4000)


@pytest.mark.parametrize("text", ["1", "0", "-3", "2.5", "1e5", "99999999999", "many"])
def test_dimensions_that_are_none_are_refused(text):
    with pytest.raises(CertaxError, match="dimension") as refused:
        high_dimensional_problem("sine-gordon-ball", {"d": text})
    assert refused.value.remedy


def test_other_constants_are_refused():
    with pytest.raises(CertaxError, match="no constant 'nu'"):
        high_dimensional_problem("sine-gordon-ball", {"nu": "1"})


def test_names_are_not_those_of_the_zoo():
    from certax.problems import names

    assert not set(names) & set(high_dimensional_names)

"""Nets that are even or odd by their formula."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax._api._initial import initial_network
from certax._core import Configuration, NetworkSettings
from certax.nn import Ansatz, mirrored, program_of, weights_of
from certax.problems import reflections, zoo_entry


def fields_of(name):
    problem = zoo_entry(name).problem
    shape = (problem.domain, problem.fields, problem.conditions, 6, 2)
    found = reflections(problem)
    return problem, found, mirrored(Ansatz(*shape, key=jax.random.key(3)), found)


@pytest.mark.parametrize(
    "name", ["burgers", "helmholtz", "kovasznay", "taylor-green", "sine-gordon"]
)
def test_fields_are_even_or_odd_to_rounding_whatever_the_weights_are(name, x64):
    problem, found, ansatz = fields_of(name)
    domain, dimension = problem.domain, problem.domain.dimension
    points = domain.physical(np.random.default_rng(0).uniform(size=(40, dimension)))
    values = jax.jit(jax.vmap(lambda p: jnp.stack(ansatz(*p))))
    here = np.asarray(values(jnp.asarray(points)))
    assert np.abs(here).min(axis=0).max() > 0
    for coordinate, signs in found.items():
        image, axis = points.copy(), domain.names.index(coordinate)
        image[:, axis] = domain.lower_floats[axis] + domain.upper_floats[axis]
        image[:, axis] -= points[:, axis]
        there = np.asarray(values(jnp.asarray(image)))
        np.testing.assert_allclose(there, here * np.array(signs), atol=1e-12)


def test_a_net_without_mirrors_is_not_even(x64):
    problem = zoo_entry("heat").problem
    shape = (problem.domain, problem.fields, problem.conditions, 6, 2)
    ansatz = Ansatz(*shape, key=jax.random.key(3))
    (left,), (right,) = (ansatz(jnp.asarray(x), jnp.asarray(0.5)) for x in (0.2, 0.8))
    assert abs(float(left) - float(right)) > 1e-6


def asked(name, **settings):
    problem = zoo_entry(name).problem
    chosen = NetworkSettings(symmetric=True, **settings)
    return initial_network(problem, chosen, True, 0, (4, 4))


def test_what_has_no_mirror_is_refused_before_training():
    with pytest.raises(cx.CertaxError, match="not its own mirror image") as caught:
        asked("kdv")
    assert "symmetric" in caught.value.remedy
    with pytest.raises(cx.CertaxError, match="plain nets"):
        asked("advection", kind="lagrangian")


def test_odd_data_are_met_and_solved():
    configuration = Configuration.model_validate(
        {"network": {"width": 6, "depth": 1, "symmetric": True}}
    )
    problem = zoo_entry("poisson-1d").problem
    solution = cx.solve(problem, configuration=configuration, max_steps=30)
    x = np.linspace(0, 1, 9)
    np.testing.assert_allclose(solution(x=x), solution(x=1 - x), atol=1e-14)
    assert solution(x=np.array([0.0]))[0] == 0


def judged(problem, ansatz):
    """The proved bound of an ansatz as it is, and its largest sampled error."""
    with jax.enable_x64(True):
        program = program_of(ansatz, problem.domain.names, problem.fields)
        weights = {n: np.asarray(w) for n, w in weights_of(ansatz).items()}
    solution = cx.Solution(problem, program, weights, {"seed": 0})
    certificate = cx.certify(solution, claim="solution", theorem="barrier", budget=20)
    assert certificate.verdict == "proved"
    x = np.linspace(0, 1, 201)
    return float(certificate.bound), lambda truth: np.abs(
        solution(x=x) - truth(x)
    ).max()


@pytest.mark.parametrize(
    ("residual", "truth"),
    [
        (lambda u: -u.xx - 1, lambda x: x * (1 - x) / 2),
        # No mirror: an even net is forced on it all the same.
        (lambda u, x: -u.xx - 6 * x, lambda x: x - x**3),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_bounds_hold_whether_the_mirror_is_there_or_not(residual, truth, sign):
    problem = cx.Problem(
        name="forced",
        domain=cx.Box(x=(0, 1)),
        residual=residual,
        conditions=(cx.Dirichlet("x", 0),),
    )
    shape = (problem.domain, problem.fields, problem.conditions, 4, 1)
    with jax.enable_x64(True):
        ansatz = mirrored(Ansatz(*shape, key=jax.random.key(1)), {"x": (sign,)})
    bound, error = judged(problem, ansatz)
    assert bound >= error(truth) > 1e-3

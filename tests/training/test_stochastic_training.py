"""Training in many dimensions: what residuals see, unbiased losses, memory."""

import time

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax._core import CertaxError
from certax.problems import Lift, high_dimensional_problem
from certax.training import (
    Outcome,
    StochasticRecipe,
    VectorField,
    _high_dimension as module,
    predicted_memory,
    read_facts,
    step_function,
    step_memory,
    train_stochastic,
)

small = StochasticRecipe(width=8, depth=2, points=10, directions=4)


def network(x, *t):
    return jnp.sin(x[0] * x[1]) + jnp.sum(x**3) + sum(t)


@pytest.mark.parametrize(
    "name", ["allen-cahn-ball", "black-scholes-basket", "hamilton-jacobi-bellman"]
)
def test_what_a_residual_sees(name, getkey, x64):
    """Against the Hessian of data + factor N, with all coordinates as directions."""
    problem = high_dimensional_problem(name, {"d": "4"})
    point = tuple(p[0] for p in problem.cloud.sample(getkey(), 1, jnp.float64))
    u = VectorField(problem, network, point, 2 * jnp.eye(4))
    lift = problem.lift
    field = lambda *p: lift.data(*p) + lift.factor(*p) * network(*p)
    root = jnp.eye(4)
    if problem.root is not None:
        root = jax.vmap(lambda v: problem.root(point[0], v))(root)
    exact = jnp.trace(root @ jax.hessian(field)(*point) @ root)
    gradient = jax.grad(field)(*point)
    assert np.isclose(u.trace, exact, rtol=1e-10)
    assert np.allclose(u.gradient, gradient, rtol=1e-12)
    assert np.isclose(u.along(point[0]), gradient @ point[0], rtol=1e-12)
    if problem.cloud.has_time:
        assert np.isclose(u.t, jax.grad(field, argnums=1)(*point), rtol=1e-12)


def test_what_a_residual_cannot_see():
    ball = high_dimensional_problem("sine-gordon-ball", {"d": "4"})
    u = VectorField(ball, network, (jnp.ones(4),), jnp.eye(4))
    with pytest.raises(CertaxError, match="has no time"):
        _ = u.t
    basket = high_dimensional_problem("black-scholes-basket", {"d": "4"})
    u = VectorField(basket, network, (jnp.ones(4), jnp.ones(())), jnp.eye(4))
    with pytest.raises(CertaxError, match="no Laplacian"):
        _ = u.laplacian


def test_the_loss_of_two_halves_is_unbiased(monkeypatch):
    """Its mean over directions is the squared residual of all coordinates; the mean of
    one squared estimate is larger.
    """
    problem = high_dimensional_problem("sine-gordon-ball", {"d": "30"})
    exact = StochasticRecipe(width=8, depth=2, points=10, directions=30, unbiased=False)
    losses = {}
    fixed = problem.cloud.sample(jax.random.key(3), 10, jnp.float32)
    monkeypatch.setattr(
        type(problem.cloud), "sample", lambda self, key, number, dtype: fixed
    )
    for name, recipe in {
        "exact": exact,
        "unbiased": StochasticRecipe(8, 2, points=10, directions=2),
        "biased": StochasticRecipe(8, 2, points=10, directions=2, unbiased=False),
    }.items():
        net = module.fresh_net(problem, recipe, 0, 20.0)
        step = step_function(problem, recipe, 0)
        start = lambda i, net=net, recipe=recipe: module.StochasticState(
            jax.tree.map(jnp.array, net),
            module.optimizer_of(recipe).init(net),
            jnp.int32(i),
        )
        number = 1 if name == "exact" else 400
        losses[name] = np.array([float(step(start(i))[1]) for i in range(number)])
    target = losses["exact"][0]
    mean, deviation = losses["unbiased"].mean(), losses["unbiased"].std() / 20
    assert abs(mean - target) < 5 * deviation + 1e-4 * target
    assert losses["biased"].mean() > target


def test_training_beats_the_constant_and_repeats_itself():
    lift = Lift(
        data=lambda x: jnp.zeros(()),
        factor=lambda x: 1 - x @ x,
        data_trace=lambda x: jnp.zeros(()),
        factor_trace=lambda x: -2.0 * x.size,
    )
    # u = (1 - |x|^2) (1 + x_1): Laplace u = -2 d (1 + x_1) - 4 x_1.
    problem = cx.HighDimensionalProblem(
        name="tilted",
        equation="Laplace u = -2 d (1 + x_1) - 4 x_1",
        cloud=cx.UnitBall(6),
        residual=lambda u, x: u.laplacian + 2 * x.size * (1 + x[0]) + 4 * x[0],
        lift=lift,
    )
    records = []
    found = [
        train_stochastic(
            problem,
            StochasticRecipe(16, 1, points=50, directions=6, learning_rate=1e-2),
            max_steps=150,
            report=lambda event, net: records.append(event),
        )
        for _ in range(2)
    ]
    first, second = (jax.tree.leaves(r.net) for r in found)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert found[0].steps == 150 and found[0].outcome is Outcome.MAX_STEPS
    assert abs(found[0].constant - 1) < 0.2
    x = problem.cloud.sample(jax.random.key(9), 300, jnp.float32)[0]
    answer = module.network_of(problem, found[0].net)
    error = jax.vmap(answer)(x) - 1 - x[:, 0]
    assert float(jnp.std(error)) < 0.5 * float(jnp.std(x[:, 0]))
    assert records[-1].step == 150 and np.isfinite(records[-1].loss)


def _leaves(result):
    return [np.asarray(leaf) for leaf in jax.tree.leaves(result.net)]


def test_a_killed_run_goes_on_as_if_it_had_not_been(tmp_path):
    """Bit for bit; taking up what is over changes nothing."""
    problem = high_dimensional_problem("sine-gordon-ball", {"d": "12"})
    whole = train_stochastic(problem, small, max_steps=30)
    file = tmp_path / "state.safetensors"
    kept = {"checkpoint": file, "checkpoint_seconds": 0.0, "report_every": 0.0}

    def killed(event, net):
        if event.step == 17:
            raise SystemExit

    with pytest.raises(SystemExit):
        train_stochastic(problem, small, max_steps=30, report=killed, **kept)
    assert 0 < int(read_facts(file)["step"]) < 17
    for _ in range(2):
        found = train_stochastic(problem, small, max_steps=30, resume=True, **kept)
        assert found.steps == 30 and found.constant == whole.constant
        assert read_facts(file)["step"] == "30"
        pairs = zip(_leaves(found), _leaves(whole), strict=True)
        assert all(np.array_equal(a, b) for a, b in pairs)


def test_a_checkpoint_of_another_run_is_refused(tmp_path):
    problem = high_dimensional_problem("sine-gordon-ball", {"d": "4"})
    kept = {"checkpoint": tmp_path / "state.safetensors", "max_steps": 1}
    train_stochastic(problem, small, **kept)
    with pytest.raises(CertaxError, match="another problem, recipe or seed"):
        train_stochastic(problem, small, seed=1, resume=True, **kept)
    other = high_dimensional_problem("allen-cahn-ball", {"d": "4"})
    with pytest.raises(CertaxError, match="another problem, recipe or seed"):
        train_stochastic(other, small, resume=True, **kept)


def test_a_run_that_failed_leaves_its_last_good_checkpoint(tmp_path):
    problem = high_dimensional_problem("sine-gordon-ball", {"d": "4"})
    kept = {"checkpoint": tmp_path / "state.safetensors", "resume": True}
    train_stochastic(problem, small, max_steps=2, **kept)
    good = kept["checkpoint"].read_bytes()
    broken = cx.HighDimensionalProblem(
        problem.name, problem.equation, problem.cloud,
        lambda u, x: u.laplacian / jnp.zeros(()), problem.lift,
    )  # fmt: skip
    found = train_stochastic(broken, small, max_steps=9, **kept)
    assert found.outcome is Outcome.FAILED and found.steps == 3
    assert kept["checkpoint"].read_bytes() == good


def test_memory_of_a_step_grows_linearly():
    def needed(dimension):
        problem = high_dimensional_problem("sine-gordon-ball", {"d": str(dimension)})
        return step_memory(problem, small)

    assert needed(20_000) <= 10.5 * needed(2_000)


def test_nothing_ends_it():
    problem = high_dimensional_problem("sine-gordon-ball", {"d": "4"})
    with pytest.raises(CertaxError, match="Nothing would stop"):
        train_stochastic(problem, small)


def test_a_deadline_in_the_past_ends_it_at_once():
    problem = high_dimensional_problem("sine-gordon-ball", {"d": "4"})
    found = train_stochastic(problem, small, deadline=time.monotonic())
    assert found.steps == 0 and found.outcome is Outcome.BUDGET


def test_what_does_not_fit_is_refused_before(monkeypatch):
    problem = high_dimensional_problem("sine-gordon-ball", {"d": "1000000"})
    need = predicted_memory(problem, StochasticRecipe())
    monkeypatch.setattr(module, "available_memory", lambda: need - 1)
    with pytest.raises(CertaxError, match="GiB") as refused:
        train_stochastic(problem, max_steps=1)
    assert refused.value.kind == "environment"


def test_a_residual_of_many_numbers_is_refused():
    problem = high_dimensional_problem("sine-gordon-ball", {"d": "4"})
    wrong = cx.HighDimensionalProblem(
        "wrong", "", problem.cloud, lambda u, x: u.gradient, problem.lift
    )
    with pytest.raises(CertaxError, match="Return one number|shape"):
        train_stochastic(wrong, small, max_steps=1)

"""Settings reach the recipe, and what cannot be trained is refused before it is."""

import pytest

import certax as cx
from certax._api._recipes import fitted_recipe, method_of
from certax._core import CertaxError, Configuration, TrainingSettings
from certax.problems import zoo_entry
from certax.training import SelfScaledBroyden, _memory


def test_named_choices_are_taken():
    problem = zoo_entry("poisson").problem
    settings = TrainingSettings(optimizer="broyden", balancing="ntk")
    recipe = method_of(problem, Configuration(training=settings)).recipe
    shapes = ((8, 2), (8,), (1, 8), (1,))
    fitted = fitted_recipe(recipe, shapes, problem.equations, settings)
    assert isinstance(fitted.phases[-1].optimizer, SelfScaledBroyden)
    assert fitted.balancing is not None
    plain = TrainingSettings()
    assert fitted_recipe(recipe, shapes, problem.equations, plain) == recipe


def _solve(**training):
    settings = TrainingSettings(points=40, **training)
    problem = zoo_entry("poisson").problem
    configuration = Configuration(training=settings)
    return cx.solve(problem, configuration=configuration, max_steps=2)


def test_one_equation_with_hard_conditions_has_nothing_to_balance():
    with pytest.raises(CertaxError, match="nothing to balance") as error:
        _solve(balancing="ntk")
    assert error.value.exit_code == 2 and "training.hard=false" in error.value.remedy


def test_too_large_a_problem_is_an_error_of_the_environment(monkeypatch):
    monkeypatch.setattr(_memory, "available_memory", lambda: 1000)
    with pytest.raises(CertaxError, match="needs about .* of memory") as error:
        _solve()
    assert error.value.exit_code == 3


def test_soft_conditions_are_balanced():
    solution = _solve(balancing="ntk", hard=False, optimizer="soap")
    assert solution.details["steps"] == 2

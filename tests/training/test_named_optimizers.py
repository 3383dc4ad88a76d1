"""A recipe takes another optimizer with a pace that suits it."""

import pytest

from certax.training import (
    GrowingSampler,
    LevenbergMarquardt,
    NaturalGradient,
    Net,
    named_balancings,
    named_optimizers,
    sharp_recipe,
    smooth_recipe,
    with_balancing,
    with_optimizer,
)

NET = Net(((20, 2), (20,), (1, 20), (1,)), 81, 1)


@pytest.mark.parametrize("name", named_optimizers)
def test_every_phase_but_adam_changes(name):
    recipe = smooth_recipe(1, adam_steps=30, march_steps=100)
    changed = with_optimizer(recipe, name, NET)
    march, adam, last = changed.phases
    pace = last.report_every // recipe.phases[-1].report_every
    assert adam == recipe.phases[1]
    assert repr(march.optimizer) == repr(last.optimizer)
    assert march.steps == 100 * pace
    assert march.sampler == GrowingSampler(100 * pace)
    assert last.steps is None and last.name == name
    assert changed.convergence.patience == 300 * pace
    # The same in every process: checkpoints are recognized by it.
    assert "0x" not in repr(changed)


def test_the_default_is_levenberg_marquardt_and_stays_what_it_is():
    recipe = sharp_recipe()
    assert with_optimizer(recipe, "levenberg-marquardt", NET) == recipe
    assert isinstance(recipe.phases[-1].optimizer, LevenbergMarquardt)


def test_natural_gradient_takes_the_cheaper_form():
    recipe = sharp_recipe(points=100)

    def form(weights, terms):
        net = Net(((weights,),), weights, terms)
        method = with_optimizer(recipe, "natural-gradient", net).phases[-1].optimizer
        assert isinstance(method, NaturalGradient)
        return method.form

    assert form(101, 1) == "dual" and form(100, 1) == "primal"
    assert form(101, 2) == "primal"


@pytest.mark.parametrize("name", named_balancings)
def test_balancing_is_part_of_what_a_checkpoint_is_recognized_by(name):
    recipe = sharp_recipe()
    changed = with_balancing(recipe, name)
    assert repr(changed) != repr(recipe) and "0x" not in repr(changed)
    assert changed.balancing == named_balancings[name]

"""The named recipes solve what they promise to."""

import pytest
from small_problems import decay, initial_weights

from certax.training import (
    Outcome,
    batch,
    sharp_recipe,
    smooth_recipe,
    sobol_points,
    train,
)


def test_the_smooth_recipe_converges_on_a_smooth_equation():
    result = train(
        decay, initial_weights(), 1, recipe=smooth_recipe(1), seed=0, max_steps=4000
    )
    assert result.outcome is Outcome.CONVERGED
    assert result.progress.fresh_residual_rms < 1e-8
    assert result.progress.fresh_residual_rms < 2 * result.progress.residual_rms


def test_points_and_adam_steps_are_as_asked():
    recipe = sharp_recipe(points=123, adam_steps=45)
    assert [phase.points for phase in recipe.phases] == [123, 123]
    assert recipe.phases[0].steps == 45
    assert smooth_recipe(1).phases[0].points < smooth_recipe(2).phases[0].points


@pytest.mark.parametrize("recipe", [smooth_recipe(2), sharp_recipe()])
def test_recipes_end_by_themselves_and_use_all_streams(recipe):
    assert not recipe.is_endless
    assert recipe.phases[-1].steps is None
    for phase in recipe.phases:
        points = sobol_points(phase.points, 2, seed=0, step=0)
        data = batch(points, chunk_size=recipe.chunk_size, streams=recipe.streams)
        assert data.chunks >= recipe.streams

"""arXiv 2507.06967: rows, exact solutions and the threshold."""

import dataclasses

import jax
import jax.numpy as jnp
import pytest

from certax.papers import Request, noisy_labels


def test_small_rows_with_noisy_labels():
    from certax.papers.noisy_labels import _experiments as noisy

    few = noisy.Sizes(5, 4, (1, 6), 1, 8)
    rows = {e.key: e for e in noisy.experiments(Request(), few)}
    with jax.enable_x64(True):
        small = rows["hjb-width-1"].compute()
        exact = rows["hjb-exact"].compute()
    assert small["parameters"] == 6
    # Two-valued noise: the exact solution has the risk σ².
    assert abs(exact["risk - σ²"]) < 1e-12


@pytest.mark.parametrize("name", ["poisson", "hjb", "taylor-green"])
def test_the_equations_are_solved_by_what_is_called_exact(x64, name):
    from certax.papers.noisy_labels._equations import equations

    equation = equations[name]
    low, high = jnp.asarray(equation.lower), jnp.asarray(equation.upper)
    unit = jax.random.uniform(jax.random.key(0), (50, len(low)), jnp.float64)
    points = low + (high - low) * unit
    wrong = jax.jit(jax.vmap(lambda p: equation.residual(equation.exact, p)))
    residual = wrong(points)
    assert jnp.max(jnp.abs(residual)) < 1e-12
    largest = jnp.max(jnp.abs(jax.vmap(equation.exact)(points)[:, 0]))
    assert largest <= equation.largest


def test_the_threshold_is_monotone_and_honest():
    from certax.papers.noisy_labels._threshold import Setting, labels_that_exclude

    few = Setting(24, 1.3, 100.0, 1.5, 2, 1)
    assert noisy_labels.least_width(few, 0.05) == 1
    assert noisy_labels.least_width(few, -1.0) == 1
    enough = int(labels_that_exclude(few, 0.05))
    assert enough > 1e6
    many = dataclasses.replace(few, labels=enough)
    assert noisy_labels.least_width(many, 0.05) >= 2
    more = dataclasses.replace(few, labels=4 * enough)
    assert noisy_labels.least_width(more, 0.05) > noisy_labels.least_width(many, 0.05)
    assert noisy_labels.log_probability(many, 3, 0.05) > noisy_labels.log_probability(
        many, 2, 0.05
    )

"""Adaptive bisection: valid wherever it stops, as tight as asked, always the same."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from helpers import ansatz_of, burgers, solution_of, traced
from jax import monitoring

from certax._core import Input, Program
from certax.bounds import Enclosed, Quantity, Refinement, Threads, _bisection, refine
from certax.problems import Solution

truth = 1e-12


def function(
    f: Callable[..., Any], *names: str, weights: dict | None = None
) -> Quantity:
    """A function of coordinates over [0, 1]^d, enclosed as its own residual."""
    fields = traced(f, *names)
    if weights:
        inputs = tuple(
            Input(i.name, "weight") if i.name in weights else i for i in fields.inputs
        )
        fields = Program(inputs, fields.ops, fields.outputs)
    axes = [n for n in names if n not in (weights or {})]
    value = Input("y", "derivative", field="y", orders=(0,) * len(axes))
    residual = Program((value,), (), {"0": 0})
    ends = {n: ("0", "1") for n in axes}
    return Quantity(fields, residual, ends, weights or {})


parabola = function(lambda x: x * (1 - x), "x")
ripples = function(lambda x, y: jnp.sin(7 * x) * jnp.exp(-3 * y * y), "x", "y")


def supremum(enclosed: Enclosed) -> float:
    return float(enclosed.bounds.supremum.max())


def mean(enclosed: Enclosed) -> float:
    volume = enclosed.tree.volume(enclosed.leaves)
    return float(np.sum(volume * enclosed.bounds.mean))


@pytest.mark.parametrize("tolerance", [0.3, 0.01])
def test_the_supremum_of_a_parabola(tolerance):
    found = refine(parabola, Refinement("supremum", tolerance, 2, (1,)))
    assert found.reached
    assert 0.25 <= supremum(found) <= 0.25 * (1 + tolerance) + truth


@pytest.mark.parametrize("tolerance", [0.3, 0.003])
def test_the_mean_of_a_parabola(tolerance):
    found = refine(parabola, Refinement("mean", tolerance, 2, (1,)))
    assert found.reached
    assert 1 / 6 <= mean(found) <= (1 + tolerance) / 6 + truth


def test_suprema_in_two_dimensions():
    found = refine(ripples, Refinement("supremum", 0.01, 3, (1, 1)))
    assert found.reached and 1.0 <= supremum(found) <= 1.01 + truth


@pytest.mark.parametrize("goal", ["supremum", "mean", "slabs"])
@pytest.mark.parametrize("limit", [{"seconds": 0.0}, {"boxes": 5}, {"boxes": 40}])
def test_wherever_it_stops_the_bound_is_valid(goal, limit):
    asked = Refinement(goal, 1e-6, 2, (1, 1), slabs=4, time=1, **limit)
    found = refine(ripples, asked)
    assert not found.reached
    assert supremum(found) >= 1.0 - truth
    # |sin 7x| has mean (4 + 1 - |cos 7|) / 7 over [0, 1]; e^{-3 y^2} has 0.50434...
    assert mean(found) >= (5 - np.cos(7.0)) / 7 * 0.504343
    assert len(found.leaves) <= max(4, limit.get("boxes", 4))
    assert np.all(np.isfinite(found.bounds.supremum))
    points = np.random.default_rng(0).random((500, 2))
    for point in points:
        center, half = found.tree.center[found.leaves], found.tree.half[found.leaves]
        inside = np.all(np.abs(point - center) <= half, axis=1)
        value = abs(np.sin(7 * point[0]) * np.exp(-3 * point[1] ** 2))
        assert inside.any()
        assert np.all(found.bounds.supremum[inside] >= value - truth)


def test_more_boxes_never_make_it_worse():
    bounds = []
    for boxes in (4, 16, 64, 256):
        asked = Refinement("supremum", 1e-9, 1, (1, 1), boxes=boxes)
        bounds.append(supremum(refine(ripples, asked)))
    assert bounds == sorted(bounds, reverse=True) and bounds[-1] < bounds[0]


def test_slabs_are_refined_by_their_own_standard():
    """The function falls by e^{-8}; the last slab gets what the supremum ignores."""
    fading = function(lambda x, t: jnp.exp(-8 * t) * jnp.sin(5 * x), "x", "t")
    slabs, tolerance = 8, 0.05
    asked = Refinement("slabs", tolerance, 2, (1, 1), slabs=slabs, time=1)
    found, whole = (
        refine(fading, asked),
        refine(fading, Refinement("supremum", tolerance, 2, (1, 1))),
    )
    assert found.reached and whole.reached
    for slab in range(slabs):
        true = np.exp(-8 * slab / slabs)
        ours = _slab_bound(found, slab, slabs)
        assert true - truth <= ours <= true * (1 + tolerance) * 1.01
    last = slabs - 1
    assert _slab_bound(whole, last, slabs) > 1.2 * _slab_bound(found, last, slabs)


def _slab_bound(found: Enclosed, slab: int, slabs: int) -> float:
    center = found.tree.center[found.leaves, 1] * slabs
    half = found.tree.half[found.leaves, 1] * slabs
    meets = (center - half < slab + 1) & (center + half > slab)
    return float(found.bounds.supremum[meets].max())


def test_a_target_is_enough():
    found = refine(parabola, Refinement("supremum", 1e-9, 2, (0,), target=0.6))
    assert found.reached and len(found.leaves) == 1
    found = refine(parabola, Refinement("supremum", 1e-9, 2, (0,), target=0.3))
    assert found.reached and 0.25 <= supremum(found) <= 0.3


def test_every_leaf_is_evaluated_when_the_rounds_end(monkeypatch):
    monkeypatch.setattr(_bisection, "_rounds_at_most", 3)
    found = refine(ripples, Refinement("supremum", 1e-9, 2, (1, 1)))
    assert np.all(np.isfinite(found.bounds.supremum))
    assert found.evaluated == found.tree.size - 3


def test_what_is_singular_is_never_bounded_but_always_covered():
    """1/x is unbounded at zero: no finite claim, whatever the budget."""
    found = refine(function(lambda x: 1 / x, "x"), Refinement("mean", 0.1, 2, (2,)))
    assert not found.reached
    assert supremum(found) == np.inf and mean(found) == np.inf
    assert found.tree.volume(found.leaves).sum() == 1.0


def test_progress_is_told_once_a_round():
    seen = []
    found = refine(
        parabola,
        Refinement("supremum", 0.01, 1, (0,)),
        lambda leaves, bound, attained: seen.append((leaves, bound, attained)),
    )
    leaves, bounds, attained = zip(*seen, strict=True)
    assert list(leaves) == sorted(leaves) and leaves[-1] == len(found.leaves)
    assert bounds[-1] == supremum(found) and attained[-1] <= bounds[-1]


# Determinism and compilation, on a net.


def _solution(seed: int, **settings: int) -> Solution:
    problem = burgers()
    return solution_of(problem, ansatz_of(problem, seed, **settings))


def _net(seed: int = 0, **settings: int) -> Quantity:
    return _quantity(burgers(), _solution(seed, **settings))


def _quantity(problem, solution) -> Quantity:
    domain = problem.domain
    pairs = zip(domain.lower, domain.upper, strict=True)
    ends = dict(zip(domain.names, pairs, strict=True))
    return Quantity(solution.network, problem.residual, ends, solution.weights)


coarse = Refinement("mean", 0.05, 1, (4, 4), boxes=3000)


def test_one_thread_or_two_give_the_same_bytes():
    quantity = _net()
    first, again = refine(quantity, coarse), refine(quantity, coarse)
    alone = refine(quantity, coarse, executor=Threads(1))
    assert len(first.leaves) > 600, "more than one batch"
    for other in (again, alone):
        assert other.tree.encode(1) == first.tree.encode(1)
        np.testing.assert_array_equal(other.bounds.supremum, first.bounds.supremum)
        np.testing.assert_array_equal(other.bounds.mean, first.bounds.mean)


def test_a_net_of_the_same_shape_compiles_nothing():
    """Neither new weights, nor other constants, nor another domain."""
    refine(_net(0), coarse)
    thick = burgers(constants={"nu": "1/3"})
    elsewhere = replace(_net(2), ends={"x": ("-pi", "1/7"), "t": ("2", "2.5")})
    again = _compilations(
        lambda: refine(_net(1), coarse),
        lambda: refine(_quantity(thick, _solution(3)), coarse),
        lambda: refine(elsewhere, coarse),
    )
    assert again == 0
    assert _compilations(lambda: refine(_net(0, width=7), coarse)) > 0


def test_equal_layers_are_compiled_once():
    """Four layers more cost no elementary function more."""
    deep, deeper = (_net(0, depth=depth, width=5) for depth in (3, 7))
    first = _compilations(lambda: refine(deep, coarse))
    second = _compilations(lambda: refine(deeper, coarse))
    assert 0 < second < first + 5


def _compilations(*actions: Callable[[], Any]) -> int:
    """How many functions XLA compiles meanwhile."""
    events: list[str] = []
    listener = lambda event, duration, **_: events.append(event)
    monitoring.register_event_duration_secs_listener(listener)
    try:
        for action in actions:
            action()
    finally:
        monitoring.unregister_event_duration_listener(listener)
    return sum(event.endswith("backend_compile_duration") for event in events)

"""What a problem is solved with follows from what it is, and is told."""

import pytest

import certax as cx
from certax._api._kinds import is_linear, kind_of
from certax._api._recipes import default_budget, method_of
from certax._core import Configuration, NetworkSettings, TrainingSettings
from certax.problems import zoo_entry

kinds = {
    "pendulum": "ordinary",
    "bratu": "two-point",
    "poisson": "steady",
    "kovasznay": "steady system",
    "poisson-l-shape": "corner",
    "heat": "evolution",
    "burgers": "nonlinear evolution",
    "advection": "evolution",
    "advection-80": "convection",
    "wave": "wave",
    "sine-gordon": "nonlinear wave",
    "kdv-one-soliton": "dispersive",
    "poisson-5d": "many coordinates",
    "burgers-3d": "many coordinates, nonlinear",
}


@pytest.mark.parametrize("name", kinds)
def test_the_zoo_has_every_kind(name):
    assert kind_of(zoo_entry(name).problem) == kinds[name]


def transport(speed, start, **more):
    return cx.Problem(
        cx.Box(x=(0, 1), t=(0, 1)),
        lambda u: u.t + speed * u.x,
        (cx.Initial(start), cx.Periodic("x")),
        **more,
    )


def test_convection_wants_data_whose_formula_repeats():
    wave = lambda x: cx.sinpi(2 * x)
    assert kind_of(transport(9, wave)) == kind_of(transport(-9, wave)) == "convection"
    assert kind_of(transport(2, wave)) == "evolution"
    # The same value at both ends is not enough: the net would carry along another
    # function than the periodic one.
    assert kind_of(transport(9, lambda x: x * (1 - x))) == "evolution"


def test_equations_with_a_product_of_fields_are_nonlinear():
    assert is_linear(zoo_entry("klein-gordon").problem)
    assert not is_linear(zoo_entry("kovasznay").problem)
    assert not is_linear(zoo_entry("bratu").problem)


def method(name, **settings):
    sections = {
        "network": NetworkSettings(**settings.pop("network", {})),
        "training": TrainingSettings(**settings),
    }
    return method_of(zoo_entry(name).problem, Configuration(**sections))


def test_settings_win_over_the_choice():
    chosen = method("bratu").configuration
    assert chosen.training.stages == 1 and chosen.network.kind == "mlp"
    assert method("bratu", stages=2).configuration.training.stages == 2
    assert method("poisson-1d", stages=3).configuration.training.stages == 3
    own = method("advection-80", network={"kind": "mlp", "width": 7})
    assert own.configuration.network.kind == "mlp"
    assert own.configuration.network.width == 7
    assert method("poisson", points=77).recipe.phases[-1].points == 77
    for name in ("poisson", "burgers"):
        recipes = [method(name, recipe=r).recipe for r in ("smooth", "sharp")]
        assert [r.name for r in recipes] == ["smooth", "sharp"]
        assert [r.phases[-1].redraw_every is None for r in recipes] == [True, False]


def test_what_was_not_measured_is_not_chosen():
    for settings in ({"hard": False}, {"windows": 2}):
        assert method("advection-80", **settings).configuration.network.kind == "mlp"


def test_the_completed_configuration_is_complete_and_chooses_the_same():
    for name in ("pendulum", "advection-80", "bratu"):
        problem = zoo_entry(name).problem
        first = method_of(problem, Configuration())
        assert method_of(problem, first.configuration) == first


def test_problems_with_layers_or_corners_have_more_time():
    problems = (zoo_entry(n).problem for n in ("burgers", "poisson-l-shape", "heat"))
    assert [default_budget(p) for p in problems] == [180.0, 180.0, 60.0]


def test_a_solution_tells_what_it_was_solved_with():
    small = Configuration(network=NetworkSettings(width=4, depth=1))
    problem = zoo_entry("poisson-1d").problem
    solution = cx.solve(problem, configuration=small, max_steps=4)
    told = solution.details["recipe"]
    assert told["kind"] == "two-point" and told["stages"] == 1
    expected = {"kind": "mlp", "width": 4, "depth": 1, "symmetric": False}
    assert told["network"] == expected
    assert told["phases"][-1]["points"] == 400
    assert solution.details["steps"] == 4


@pytest.mark.parametrize("optimizer", ["adam", "broyden"])
def test_the_optimizer_that_was_asked_for_is_the_one_that_is_told(optimizer):
    asked = Configuration.model_validate(
        {
            "network": {"width": 4, "depth": 1},
            "training": {"optimizer": optimizer, "points": 20},
        }
    )
    problem = zoo_entry("poisson-1d").problem
    solution = cx.solve(problem, configuration=asked, max_steps=2)
    assert [p["name"] for p in solution.details["recipe"]["phases"]] == [optimizer]

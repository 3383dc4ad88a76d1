"""`certax problems show` for every entry, and the forms as published."""

import numpy as np
import pytest

from certax._api._verbs import reference_of
from certax._core import in_words
from certax.certificates import matching
from certax.cli._problems import statement
from certax.problems import names, published_names, zoo_entry


@pytest.mark.parametrize("name", (*names, *published_names))
def test_every_entry_states_equation_domain_data_and_theorems(name):
    from certax.cli._problems import _as_json, _conditions, _constants

    entry = zoo_entry(name)
    fields = _as_json(name, entry) | {
        "constants": _constants(entry.problem),
        "conditions": _conditions(entry.problem),
    }
    text = statement(name, entry, fields)
    lines = dict.fromkeys(line.split()[0] for line in text.splitlines()[1:])
    assert {"equation", "domain", "condition", "theorems", "reference"} <= set(lines)
    assert text.startswith(f"{name}: {entry.summary}")
    assert entry.problem.equation_text() in text
    assert in_words(entry.problem.domain) in text
    theorems = ", ".join(t.name for t in matching(entry.problem)[0]) or "none"
    assert f"theorems    {theorems}\n" in text
    assert f"{entry.reference.accuracy:.1e}, measured" in text


@pytest.mark.parametrize(
    "name", ["stokes", "eikonal", "vortex-sheet", "heat-4d", "nine-mode-shear-flow"]
)
def test_pictures_of_shapes_systems_and_many_coordinates(run, name):
    ended = run("problems", "show", name)
    assert ended.exit_code == 0
    for field in zoo_entry(name).problem.fields:
        assert f"{field} over " in ended.out
    assert "nan" not in ended.out and any(shade in ended.out for shade in "░█")


def test_the_form_as_published(run):
    plain = run("problems", "show", "kdv-one-soliton", "--json").json
    published = run(
        "problems", "show", "kdv-one-soliton", "--as-published", "--json"
    ).json
    assert published["name"] == "kdv-one-soliton-as-published"
    assert len(published["conditions"]) == len(plain["conditions"]) - 1
    assert published["equation"] == plain["equation"]
    assert "missing" in published["summary"]
    ended = run("problems", "show", "heat", "--as-published")
    assert ended.exit_code == 2 and "certax papers run" in ended.error


def test_solving_the_form_as_published(api, run):
    assert run("solve", "burgers-2d", "--as-published").exit_code == 0
    problem = api.calls[0][1]["problem"]
    assert problem == zoo_entry("burgers-2d-as-published").problem
    assert str(api.calls[0][1]["out"]).endswith("burgers-2d-as-published-seed0")
    ended = run("solve", "poisson", "--as-published")
    assert ended.exit_code == 2 and "no other form" in ended.error
    assert len(api.calls) == 1


def test_the_form_as_published_has_its_own_reference():
    for name in published_names:
        problem = zoo_entry(name).problem
        assert problem.name == name
        assert reference_of(problem) is zoo_entry(name).reference


def test_what_is_called_exact_in_space_is_none():
    """Its residual is that of exp(-t) in place of exp(-3 nu t)."""
    x, t = np.linspace(0, 1, 5), np.linspace(0, 1, 3)
    claimed = zoo_entry("burgers-3d-as-published").reference
    right = zoo_entry("burgers-3d").reference
    pairs = zip(claimed.evaluate(x, x, x, t), right.evaluate(x, x, x, t), strict=True)
    changes = [np.max(np.abs(a - b), axis=(0, 1, 2)) for a, b in pairs]
    assert all(c[0] == 0 and c[-1] > 1e-3 for c in changes)
    assert "which is none" in claimed.method

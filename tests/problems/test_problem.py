"""Problems as data: files, hashes, other constants, text."""

import json
import math

import jax.numpy as jnp
import numpy as np
import pytest
from helpers import burgers, values_of

import certax as cx
from certax._core import to_float
from certax.problems import Problem, names, zoo_entry


@pytest.mark.parametrize("name", names)
def test_a_problem_is_what_its_file_says(name):
    problem = zoo_entry(name).problem
    again = Problem.from_text(problem.text())
    assert again == problem and hash(again) == hash(problem)
    assert again.text() == problem.text() and again.sha256 == problem.sha256
    assert again.equation_text() == problem.equation_text()
    assert again.time == problem.time and again.equations == problem.equations


def test_the_file_has_the_keys_of_the_format():
    data = json.loads(burgers(name="b").text())
    assert set(data) == {
        *("format", "name", "coordinates", "fields", "residual", "conditions")
    }
    assert data["format"] == "certax-problem/1" and data["name"] == "b"
    assert data["coordinates"][1] == {"name": "t", "lower": "0", "upper": "1"}
    initial, wall = data["conditions"]
    assert set(initial) == {"kind", "coordinate", "values"}
    assert wall["side"] == "both" and initial["kind"] == "initial"
    periodic = json.loads(zoo_entry("advection").problem.text())["conditions"][1]
    assert periodic == {"kind": "periodic", "coordinate": "x"}
    assert not _floats(data)


def _floats(data) -> bool:
    if isinstance(data, dict):
        return any(map(_floats, data.values()))
    if isinstance(data, list):
        return any(map(_floats, data))
    return isinstance(data, float)


def test_two_statements_of_one_problem_have_one_hash():
    other = burgers(residual=lambda nu, u: u.t + u * u.x - nu * u.xx)
    assert other == burgers() and other.sha256 == burgers().sha256
    changed = burgers(constants={"nu": "0.02/pi"})
    assert changed != burgers() and changed.sha256 != burgers().sha256


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.pop("residual"), "KeyError"),
        (lambda d: d.update(format="certax-problem/2"), "format 'certax-problem/2'"),
        (lambda d: d.update(coordinates=[]), "one to 64 coordinates"),
        (lambda d: d["coordinates"][0].update(lower="2"), "has no length"),
        (lambda d: d["coordinates"][0].update(lower="x"), "not an exact number"),
        (lambda d: d["conditions"].append(d["conditions"][0]), "contradict each other"),
        (lambda d: d.update(residual=3), "cannot be read: TypeError"),
    ],
)
def test_a_file_that_is_no_problem_is_refused(change, words):
    data = json.loads(burgers().text())
    change(data)
    with pytest.raises(cx.CertaxError, match=words):
        Problem.from_text(json.dumps(data))


def test_text_that_is_no_json_is_refused():
    for text in ("", "{", "[]", "null", "3"):
        with pytest.raises(cx.CertaxError, match="cannot be read"):
            Problem.from_text(text)


def test_data_that_disagree_are_refused_in_a_file_too():
    problem = burgers(conditions=(cx.Initial("0.1"), cx.Dirichlet("x", "0.1")))
    text = problem.text().replace('"value":"0.1"', '"value":"0.2"', 1)
    assert text != problem.text()
    with pytest.raises(cx.CertaxError, match="do not agree"):
        Problem.from_text(text)


def test_constants_can_be_replaced():
    changed = burgers().with_constants({"nu": "1/3"})
    assert changed == burgers(constants={"nu": "1/3"})
    assert burgers().with_constants({}) == burgers()


def test_constants_are_replaced_in_the_conditions_too():
    def problem(height):
        return burgers(
            residual=lambda u, nu: u.t - nu * u.xx,
            constants={"nu": 1, "height": height},
            conditions=(
                cx.Initial(lambda x, height: height * cx.sinpi(x)),
                cx.Dirichlet("x", 0),
            ),
        )

    assert problem(2).with_constants({"height": "3"}) == problem(3)
    assert problem(2).with_constants({"nu": "5"}) != problem(2)


def test_other_constants_are_what_they_would_have_been_from_the_start():
    """No value of a named constant may be folded into the program."""

    def problem(k):
        return burgers(
            residual=lambda u, k: u.t - k * u.xx + k**2 * u + (k - 1) * cx.sinpi(k / 2),
            constants={"k": k},
        )

    for k in (1, 2, 0):
        assert problem(k).with_constants({"k": "3"}) == problem(3)
    point = {"u": 1, "u.t": 10, "u.xx": 1}
    moved = problem(1).with_constants({"k": "3"})
    assert values_of(moved.residual, point)["0"] == 10 - 3 + 9 + 2 * -1


def test_other_constants_must_leave_the_data_consistent():
    problem = burgers(
        constants={"nu": 1, "left": 0},
        conditions=(
            cx.Initial(lambda x, left: left * (x + 1)),
            cx.Dirichlet("x", lambda left: left * (left - 2), "lower"),
            cx.Dirichlet("x", 0, "upper"),
        ),
    )
    with pytest.raises(cx.CertaxError, match="do not agree"):
        problem.with_constants({"left": "1"})


def test_an_unknown_constant_is_refused_with_the_known_ones():
    with pytest.raises(cx.CertaxError, match="no constant 'mu'. It has nu."):
        burgers().with_constants({"mu": "1"})
    with pytest.raises(cx.CertaxError, match="no constant 'literal.5'"):
        zoo_entry("allen-cahn").problem.with_constants({"literal.5": "1"})
    with pytest.raises(cx.CertaxError, match="not an exact number"):
        burgers().with_constants({"nu": "one"})


def test_the_equation_is_written_as_mathematics():
    problem = burgers(residual=lambda u: u.t + u * u.x - u.xx / 4)
    assert problem.equation_text() == "u_t + u*u_x - u_xx/4 = 0"


equations = {
    "signs": lambda u: -(u.t - u.xx) - (u - (u.x - 1)) - (-u),
    "quotients": lambda u: u.t / (u.x / u.xx) / 3 + (u.t / u.x) / u + u / (2 * u),
    "powers": lambda u: (-u) ** 2 - u**2 + (u**2) ** 3 + (u + u.x) ** 3 + 2 ** -(u**2),
    "products": lambda u, nu: (u + nu) * (u.x - u.t) * -u.xx - nu * (u * -2),
    "functions": lambda u, x: jnp.sin(x * u + 1) / cx.cospi(u - x) - jnp.exp(-u),
    "numbers": lambda u: 0.1 * u.t - 2.5 * u.xx + u / 3,
}
plain = ("sin", "cos", "tanh", "exp", "log", "sqrt", "erf", "pi")
known = {name: getattr(math, name) for name in plain} | {
    "cospi": lambda a: math.cos(math.pi * a),
    "sinpi": lambda a: math.sin(math.pi * a),
    "nu": 0.01 / math.pi,
}


@pytest.mark.parametrize("name", [*equations, *names])
def test_the_equation_that_is_shown_is_the_one_that_is_meant(name):
    """Read as an expression, the text has the residual's value."""
    if name in equations:
        problem = burgers(residual=equations[name], complete=False)
    else:
        problem = zoo_entry(name).problem
    rng = np.random.default_rng(0)
    point = {
        i.name: rng.uniform(0.5, 1.5)
        for i in problem.residual.inputs
        if i.kind != "constant"
    }
    constants = {
        i.name: to_float(i.value) for i in problem.residual.of_kind("constant")
    }
    meaning = known | constants | {n.replace(".", "_"): v for n, v in point.items()}
    expected = values_of(problem.residual, point)
    shown = problem.equation_text().split(", ")
    for text, value in zip(shown, expected.values(), strict=True):
        assert text.endswith(" = 0")
        found = eval(text.removesuffix(" = 0").replace("^", "**"), meaning)
        assert found == pytest.approx(value, rel=1e-12)


def test_fields_whose_names_begin_alike_are_told_apart():
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1)),
        residual=lambda u, u2: (u.xx - u2.x, u2.xx + u.x),
        conditions=(cx.Dirichlet("x", (0, 0)),),
    )
    assert problem.equation_text() == "u_xx - u2_x = 0, u2_xx + u_x = 0"


@pytest.mark.parametrize("name", ["Wärme", "a\nb", "x" * 201])
def test_a_name_that_no_file_may_hold_is_refused(name):
    with pytest.raises(cx.CertaxError, match="cannot be called"):
        burgers(name=name)


def test_problems_do_not_change():
    problem = burgers()
    with pytest.raises(AttributeError):
        problem.name = "other"  # pyright: ignore

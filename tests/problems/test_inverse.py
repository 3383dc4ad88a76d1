"""Unknown coefficients, measured data, and equations on parts of the domain."""

import json

import numpy as np
import pytest
from helpers import burgers, closed_form

import certax as cx
from certax.certificates import matching
from certax.problems import Problem, holds

walls = cx.Dirichlet("x", 0)


def unknown(**changes):
    """The Burgers equation with a viscosity that is to be found."""
    given = {"constants": None, "unknowns": {"nu": "0.1"}}
    return burgers(**given | changes)


def test_an_unknown_is_a_constant_with_a_start():
    problem = unknown()
    assert problem.unknowns == ("nu",) and problem.constants == {"nu": "0.1"}
    assert json.loads(problem.text())["unknowns"] == ["nu"]
    assert Problem.from_text(problem.text()) == problem
    assert problem != burgers(constants={"nu": "0.1"})
    moved = problem.with_constants({"nu": "0.2"})
    assert moved.unknowns == ("nu",) and moved.constants == {"nu": "0.2"}


def test_with_its_values_it_is_the_forward_problem():
    found = unknown().identified({"nu": "1/64"})
    assert found == burgers(constants={"nu": "1/64"})
    assert matching(found)[0] and not found.indefinite


def test_no_theorem_speaks_about_what_is_unknown():
    problem = unknown()
    found, reasons = matching(problem)
    assert not found
    assert all("certify solution.identified()" in r for r in reasons.values())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"constants": {"nu": 1}}, "'nu' is among the constants too"),
        ({"unknowns": {"nu": 1, "mu": 2}}, "'mu' is not used"),
        ({"unknowns": {"nu": "one"}}, "not an exact number"),
        (
            {
                "unknowns": {"nu": 1, "a": 1},
                "residual": lambda u, nu, a: u.t + a * u * u.x - nu * u.xx,
                "conditions": (
                    cx.Initial(0),
                    cx.Dirichlet("x", lambda a: a, "upper"),
                    cx.Dirichlet("x", 0, "lower"),
                ),
            },
            "'a' stands in data that are built into",
        ),
    ],
)
def test_unknowns_that_make_no_sense_are_refused(changes, words):
    with pytest.raises(cx.CertaxError, match=words) as caught:
        unknown(**changes)
    assert caught.value.remedy


def test_an_unknown_may_stand_in_a_condition_alone():
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1)),
        residual=lambda u: u.xx,
        conditions=(cx.Dirichlet("x", 0, "lower"), cx.Robin("x", lambda h: h, 1, 1)),
        unknowns={"h": 2},
    )
    assert problem.unknowns == ("h",)


def test_unknown_problems_and_fields_are_not_counted():
    """Measured data may stand for conditions."""
    unknown(conditions=(cx.Initial(0),))
    cx.Problem(
        domain=cx.Box(x=(0, 1)),
        residual=lambda u, a: a * u.xx + a.x * u.x + 1,
        conditions=(cx.Dirichlet("x", (0, None)),),
    )


def test_a_solution_with_unknowns_becomes_one_without():
    problem = unknown()
    made = closed_form(problem, lambda x, t, pi, a: a * x * t, a=2.0)
    solution = cx.Solution(problem, made.network, made.weights, {}, {"nu": 0.3})
    identified = solution.identified()
    assert (
        identified.problem.constants == {"nu": "5404319552844595/18014398509481984"}
        and not identified.unknowns
    )
    points = np.random.default_rng(0).random((5, 2))
    assert np.array_equal(solution.residual(points), identified.residual(points))
    known = burgers(constants={"nu": "5404319552844595/18014398509481984"})
    assert identified.problem == known


def test_without_values_there_is_no_forward_problem():
    problem = unknown()
    made = closed_form(problem, lambda x, t, pi, a: a * x * t, a=2.0)
    with pytest.raises(cx.CertaxError, match="No value was found for the unknown 'nu'"):
        made.identified()


x, t = np.array([0.0, 0.5, -1.0]), np.array([0.0, 0.25, 1.0])


def data(**changes):
    given = {"points": {"x": x, "t": t}, "values": {"u": x + t}}
    return cx.Data(**given | changes)


def test_data_are_flat_arrays_of_one_shape():
    made = data(points={"x": x.reshape(3, 1), "t": t.reshape(3, 1)},
                values={"u": [[1], [2], [3]]})  # fmt: skip
    assert len(made) == 3 and made.values["u"].tolist() == [1, 2, 3]
    made.check(burgers())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"values": {"u": [1, 2]}}, r"shapes x \(3,\), t \(3,\), u \(2,\)"),
        ({"values": {}}, "shapes x"),
        ({"points": {}}, "shapes u"),
        ({"values": {"u": [1, 2, np.nan]}}, "The measured u is empty or has entries"),
        ({"points": {"x": [0, np.inf, 0], "t": t}}, "The measured x is empty or has"),
        ({"values": {"u": ["1", "b", "c"]}}, "such as number 1: 'b'"),
        ({"values": {"u": [1, 2j, 3]}}, "The measured u is complex"),
        ({"values": {"u": [[1], [2, 3]]}}, "lists of different lengths"),
        ({"values": {"u": []}}, "is empty"),
    ],
)
def test_data_that_are_none_are_refused(changes, words):
    with pytest.raises(cx.CertaxError, match=words) as caught:
        data(**changes)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"values": {"v": x}}, "differ in the field 'v'"),
        ({"points": {"x": x, "y": t}}, "differ in the coordinate 't'"),
        ({"points": {"x": x}}, "differ in the coordinate 't'"),
        ({"points": {"x": x, "t": t, "z": t}}, "differ in the coordinate 'z'"),
        (
            {"points": {"x": x + 0.75, "t": t}},
            r"number 1 has x = 1.25, outside of \[-1",
        ),
    ],
)
def test_data_of_another_problem_are_refused(changes, words):
    with pytest.raises(cx.CertaxError, match=words) as caught:
        data(**changes).check(burgers())
    assert caught.value.remedy


def test_data_are_read_back_as_they_were(tmp_path):
    rng = np.random.default_rng(0)
    points = {"x": rng.uniform(-1, 1, 50), "t": rng.random(50)}
    made = cx.Data(points, {"u": rng.normal(size=50) * 1e-7})
    file = tmp_path / "data.csv"
    file.write_text(made.text())
    again = cx.Data.read(file, burgers())
    assert again.text() == made.text()
    assert np.array_equal(again.values["u"], made.values["u"])


def test_netcdf_may_be_a_grid_or_a_list(tmp_path):
    import xarray

    axes = {"x": np.linspace(-1, 1, 3), "t": np.linspace(0, 1, 4)}
    grid = xarray.Dataset({"u": (("x", "t"), np.arange(12.0).reshape(3, 4))}, axes)
    grid.to_netcdf(tmp_path / "grid.nc")
    read = cx.Data.read(tmp_path / "grid.nc", burgers())
    assert len(read) == 12
    place = (read.points["x"] == 0) & (read.points["t"] == 1)
    assert read.values["u"][place].tolist() == [7.0]
    listed = xarray.Dataset({"x": ("n", x), "t": ("n", t), "u": ("n", x)})
    listed.to_netcdf(tmp_path / "list.nc")
    read = cx.Data.read(tmp_path / "list.nc", burgers())
    assert read.points["x"].tolist() == x.tolist() and set(read.values) == {"u"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x,t,u\n0,0,1\n0,0\n", "row 3 has 2 entries, not 3"),
        ("x,t,u\n0,0,nan\n", "The measured u"),
        ("x,t,u\n0,0,\n", "The measured u"),
        ("x,t,u\n", "is empty"),
        ("", "no column 'x', but nothing"),
        ("0,0.5,1\n", "no column 'x', but 0, 0.5, 1.*columns, .*: x,t,u"),
        ("x;t;u\n0;0;0\n", "no column 'x', but x;t;u"),
        ("x,t,x\n0,0,0\n", "a column occurs twice"),
        ("x,t,w\n0,0,0\n", "field 'w'"),
        ("x,u\n0,0\n", "no column 't'"),
        ("x,t,u\n0,5,0\n", "has t = 5, outside of"),
    ],
)
def test_files_that_are_no_data_are_refused_in_one_line(tmp_path, text, words):
    file = tmp_path / "data.csv"
    file.write_text(text)
    with pytest.raises(cx.CertaxError, match=words) as caught:
        cx.Data.read(file, burgers())
    assert "\n" not in str(caught.value)
    with pytest.raises(cx.CertaxError, match="cannot be read"):
        cx.Data.read(tmp_path / "none.csv", burgers())


def test_a_table_may_begin_with_the_mark_of_a_spreadsheet(tmp_path):
    file = tmp_path / "data.csv"
    file.write_text("\ufeffx,t,u\n0,0,1\n", encoding="utf-8")
    assert cx.Data.read(file, burgers()).values["u"].tolist() == [1.0]


def test_what_is_called_netcdf_and_is_not_is_refused_in_one_line(tmp_path):
    file = tmp_path / "data.nc"
    file.write_bytes(b"x,t,u")
    with pytest.raises(
        cx.CertaxError, match="cannot be read: it is no NetCDF"
    ) as caught:
        cx.Data.read(file, burgers())
    assert "\n" not in str(caught.value)


def test_a_point_in_the_box_around_a_disk_may_lie_outside_of_it():
    disk = cx.Problem(
        domain=cx.Ball((0, 0), 1),
        residual=lambda u, a: a * u.laplacian() + 1,
        conditions=(cx.Dirichlet("boundary", 0),),
        unknowns={"a": 1},
    )
    place = lambda x, y: cx.Data({"x": [0, x], "y": [0, y]}, {"u": [1, 0]})
    place(0.6, 0.8).check(disk)
    with pytest.raises(cx.CertaxError, match=r"number 1, \(0.9, 0.9\), lies outside"):
        place(0.9, 0.9).check(disk)


def two_sides(**changes):
    """u'' = -1 left of 1/2 and 3 v'' = -1 right of it."""
    given = {
        "domain": cx.Box(x=(0, 1)),
        "residual": lambda u, v: (
            cx.within(u.xx + 1, x=(None, "1/2")),
            cx.within(3 * v.xx + 1, x=("1/2", None)),
        ),
        "conditions": (
            cx.Dirichlet("x", (0, None), "lower"),
            cx.Dirichlet("x", (None, 0), "upper"),
            cx.Condition("x", lambda u, v: (u - v, u.x - 3 * v.x), at="1/2"),
        ),
    }
    return cx.Problem(**given | changes)


def test_an_equation_may_hold_on_a_part():
    problem = two_sides()
    assert problem.regions == ((("x", "0", "1/2"),), (("x", "1/2", "1"),))
    assert Problem.from_text(problem.text()) == problem
    where = holds(problem.regions, ("x",), np.array([[0.2], [0.5], [0.8]]))
    assert where.tolist() == [[True, False], [True, True], [False, True]]
    assert "on a part" in problem.beyond_theorems and not matching(problem)[0]


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ((None, "1/4"), ("1/2", None), "from 0.25 to 1/2"),
        (("1/4", "1/2"), ("1/2", None), "from 0 to 1/4"),
        ((None, "1/2"), ("1/2", "3/4"), "from 0.75 to 1"),
    ],
)
def test_between_parts_there_is_no_gap(left, right, words):
    parts = lambda u, v: (cx.within(u.xx + 1, x=left), cx.within(v.xx, x=right))
    with pytest.raises(cx.CertaxError, match=f"No equation holds within x {words}"):
        two_sides(residual=parts)
    two_sides(residual=parts, complete=False)


@pytest.mark.usefixtures("x64")
def test_outside_of_its_part_an_equation_is_not_looked_at():
    import jax.numpy as jnp

    from certax._api._objective import residual_function

    problem = two_sides()
    made = closed_form(
        problem, lambda x, pi, a: a * x**2, lambda x, pi, a: -a * x, a=1.0
    )
    points = np.array([[0.25], [0.75]])
    assert made.residual(points).tolist() == [[3.0, 0.0], [0.0, 1.0]]
    terms = residual_function(problem, made.network, hard=True)
    found = terms(jnp.array([1.0]), jnp.array(points))
    assert np.allclose(found[:, :2], [[3.0, 0.0], [0.0, 1.0]], atol=1e-15)
    assert np.allclose(found[:, 2:], [0.75, 1 + 3], atol=1e-15)


@pytest.mark.parametrize(
    ("region", "words"),
    [
        ({"y": (0, 1)}, "within y = .* no interval"),
        ({"x": 1}, "within x = 1, which is no interval"),
        ({"x": (0, 2)}, r"\[0, 2\]; the domain is \[0, 1\]"),
        ({"x": ("1/2", "1/2")}, "the domain is"),
    ],
)
def test_a_part_that_is_none_is_refused(region, words):
    with pytest.raises(cx.CertaxError, match=words):
        two_sides(
            residual=lambda u, v: (cx.within(u.xx, **region), v.xx), complete=False
        )

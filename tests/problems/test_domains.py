"""Problems on domains that are no boxes: statement, files, conditions, training."""

import json

import jax
import numpy as np
import pytest

import certax as cx
from certax._api._initial import initial_network
from certax._api._measure import measuring_grid, relative_l2
from certax._api._objective import residual_function
from certax._api._vectors import unflatten
from certax.problems import Reference
from certax.training import ResidualAdaptiveSampler, UniformSampler, only_inside

disk, ring = cx.Ball((0, 0), 1), cx.Annulus((0, 0), "1/2", 1)
l_shape = cx.Box(x=(-1, 1), y=(-1, 1)) - cx.Box(x=(0, 1), y=(-1, 0))


def poisson(domain, *conditions, residual=lambda u: -u.laplacian() - 1, **more):
    return cx.Problem(domain, residual, conditions, **more)


def random_solution(problem, hard=True):
    net = initial_network(problem, cx.NetworkSettings(), hard, 0, (6, 6))
    return cx.Solution(problem, net.program, unflatten(net.parameters, net.program), {})


def on_boundary(domain, pieces, number=400):
    on = domain.boundary_points(number)
    here = np.isin(on.pieces, domain.selected(pieces))
    return dict(zip(domain.names, on.points[here].T, strict=True))


@pytest.mark.parametrize("domain", [disk, ring, l_shape, cx.Ball((0, 0, 0), 1)])
def test_dirichlet_data_hold_exactly_on_the_boundary(domain):
    data = lambda x, y: cx.sinpi(x) + y
    solution = random_solution(poisson(domain, cx.Dirichlet("boundary", data)))
    at = on_boundary(domain, ("boundary",))
    truth = np.sin(np.pi * at["x"]) + at["y"]
    np.testing.assert_allclose(solution(**at), truth, atol=1e-13)
    inside = domain.interior_points(50)
    values = solution(**dict(zip(domain.names, inside.T, strict=True)))
    plain = np.sin(np.pi * inside[:, 0]) + inside[:, 1]
    assert np.all(np.abs(values - plain) > 0.0)


def test_data_may_differ_from_piece_to_piece():
    data = cx.Dirichlet("inner", 3), cx.Dirichlet("outer", lambda x: x)
    solution = random_solution(poisson(ring, *data))
    inner, outer = (on_boundary(ring, (p,)) for p in ("inner", "outer"))
    np.testing.assert_allclose(solution(**inner), 3.0, rtol=1e-13)
    np.testing.assert_allclose(solution(**outer), outer["x"], atol=1e-13)


def test_start_and_boundary_data_hold_together():
    domain = disk * cx.Box(t=(0, 1))
    problem = cx.Problem(
        domain,
        lambda u: u.t - u.xx - u.yy,
        (
            cx.Initial(lambda x, y: 1 - x**2 - y**2),
            cx.Dirichlet("boundary", lambda x, t: x * t),
        ),
    )
    solution = random_solution(problem)
    inside = disk.interior_points(100)
    start = solution(x=inside[:, 0], y=inside[:, 1], t=0.0)
    np.testing.assert_allclose(start, 1 - np.sum(inside**2, axis=1), atol=1e-13)
    at = on_boundary(domain, ("boundary",))
    np.testing.assert_allclose(solution(**at), at["x"] * at["t"], atol=1e-13)


def test_problems_survive_as_files():
    for domain in (disk, ring, l_shape, disk * cx.Box(t=(0, 1))):
        problem = poisson(domain, cx.Dirichlet("boundary", lambda x: x), complete=False)
        again = cx.Problem.from_text(problem.text())
        assert again == problem and again.text() == problem.text()
        assert again.domain == domain


def test_a_file_whose_box_is_not_that_of_its_shape_is_refused():
    data = json.loads(poisson(disk, cx.Dirichlet("boundary", 0)).text())
    data["coordinates"][0]["upper"] = "2"
    with pytest.raises(cx.CertaxError, match="another box"):
        cx.Problem.from_text(json.dumps(data))


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ([cx.Dirichlet("outer", 0)], "no boundary piece 'outer'"),
        ([cx.Dirichlet("x", 0)], "no boundary piece 'x'"),
        ([cx.Periodic("x")], "needs an interval"),
        ([cx.Initial(0)], "names no coordinate"),
        ([cx.Dirichlet("boundary", 0, side="lower")], "has a side"),
        ([], "missing on the piece 'boundary'"),
        ([cx.Dirichlet("boundary", 0)] * 2, "given twice"),
        ([cx.Dirichlet("boundary", (0, 1))], "2 values for 1 fields"),
        ([cx.Dirichlet("boundary", lambda z: z)], "asks for 'z'"),
    ],
)
def test_conditions_that_do_not_fit_a_disk(conditions, words):
    with pytest.raises(cx.CertaxError, match=words) as caught:
        poisson(disk, *conditions)
    assert caught.value.remedy


def test_each_piece_needs_a_condition():
    with pytest.raises(cx.CertaxError, match="missing on the piece 'inner'"):
        poisson(ring, cx.Dirichlet("outer", 0))
    poisson(ring, cx.Dirichlet("outer", 0), complete=False)
    poisson(ring, cx.Dirichlet("outer", 0), cx.Neumann("inner", 1))


def test_data_that_jump_at_a_corner_are_refused():
    square = cx.Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])
    walls = [cx.Dirichlet(f"edge.{i}", 0) for i in range(3)]
    with pytest.raises(cx.CertaxError, match="do not agree where they meet: at"):
        poisson(square, *walls, cx.Dirichlet("edge.3", 1))
    poisson(square, *walls, cx.Dirichlet("edge.3", lambda y: y * (1 - y)))


def test_start_that_disagrees_with_the_boundary_is_refused():
    domain = disk * cx.Box(t=(0, 1))
    with pytest.raises(cx.CertaxError, match="do not agree where they meet"):
        cx.Problem(
            domain,
            lambda u: u.t - u.xx - u.yy,
            (cx.Initial(1), cx.Dirichlet("boundary", 0)),
        )


@pytest.mark.parametrize("domain", [disk, l_shape, ring])
def test_fluxes_are_those_along_the_normal(domain):
    """For û = x² y the defect of u_n + 2 u = 0 is n·∇û + 2 û."""
    with jax.enable_x64(True):
        problem = poisson(domain, cx.Robin("boundary", 2, 1, 0))
        condition = problem.conditions[0]
        on = domain.boundary_points(200)
        x, y = on.points.T
        slope = {(1, 0): 2 * x * y, (0, 1): x**2, (0, 0): x**2 * y}
        inputs = {"x": x, "y": y}
        inputs |= {f"normal.{n}": on.normals[:, i] for i, n in enumerate("xy")}
        inputs |= {
            i.name: slope[i.orders] for i in condition.residual.of_kind("derivative")
        }
        inputs |= {
            i.name: float(i.value) for i in condition.residual.of_kind("constant")
        }
        from certax._core import evaluate

        needed = {i.name: inputs[i.name] for i in condition.residual.inputs}
        found = evaluate(condition.residual, needed)["0"]
    flux = 2 * x * y * on.normals[:, 0] + x**2 * on.normals[:, 1]
    np.testing.assert_allclose(found, flux + 2 * x**2 * y, atol=1e-14)


def test_fluxes_enter_what_training_minimizes():
    problem = poisson(ring, cx.Dirichlet("outer", 0), cx.Neumann("inner", 1))
    net = initial_network(problem, cx.NetworkSettings(), True, 0, (6, 6))
    residual = residual_function(problem, net.program, True)
    unit = ring.unit_points(300)
    vector = net.parameters
    with jax.enable_x64(True):
        terms = np.asarray(residual(vector, unit))
    assert terms.shape == (300, 2) and np.all(np.isfinite(terms))
    assert np.array_equal(terms, np.asarray(_again(residual, vector, unit)))


def _again(residual, vector, unit):
    with jax.enable_x64(True):
        return residual(vector, unit)


@pytest.mark.parametrize("sampler", [UniformSampler(), ResidualAdaptiveSampler()])
def test_training_points_lie_inside_and_depend_on_seed_and_step(sampler):
    inside = l_shape.inside_of_cube
    norms = lambda points: 1.0 + points[:, 0]

    def draw(step):
        one = lambda n: sampler.draw(n, 2, norms, seed=5, step=step)
        return only_inside(one, 500, inside)

    first = draw(3)
    assert first.shape == (500, 2) and np.all(inside(first))
    np.testing.assert_array_equal(first, draw(3))
    assert not np.array_equal(first, draw(4))


def test_errors_are_measured_inside_only():
    problem = poisson(disk, cx.Dirichlet("boundary", 0))
    evaluate = lambda x, y: (1.0 - np.add.outer(x**2, y**2),)
    grid = measuring_grid(problem, Reference("disk", "closed form", 0.0, evaluate))
    share = np.mean(~np.isnan(grid.reference["u"]))
    assert share == pytest.approx(np.pi / 4, rel=0.02)
    solution = random_solution(problem)
    values = grid.values(solution)
    np.testing.assert_array_equal(np.isnan(values["u"]), np.isnan(grid.reference["u"]))
    error = relative_l2(values, grid.reference)["u"]
    inside = ~np.isnan(values["u"])
    gap = (values["u"] - grid.reference["u"])[inside]
    assert error == np.linalg.norm(gap) / np.linalg.norm(grid.reference["u"][inside])
    # What breaks down inside is not taken for outside.
    values["u"][128, 128] = np.nan
    assert np.isnan(relative_l2(values, grid.reference)["u"])

"""The papers' rooms: facts, pages, resuming, the command line. No long trainings."""

import dataclasses
import json
import math

import jax
import jax.numpy as jnp
import pytest

import certax as cx
from certax.cli import main
from certax.papers import (
    Experiment,
    Paper,
    Request,
    Section,
    _verbs,
    algebraic_inclusion,
    blow_up,
    find,
    noisy_labels,
    papers,
    run,
)
from certax.papers._page import markdown
from certax.papers._paper import status_words

calls = []


def _toy(request):
    def compute(name):
        calls.append(name)
        return {"error": 0.125, "kept": True, "bad": math.inf}

    return [
        Experiment(
            key=name,
            section="s",
            method=name + " <b>",
            settings={"n": 1},
            compute=lambda name=name: compute(name),
            says=algebraic_inclusion.paper.claims[0],
            why="because",
        )
        for name in ("one", "two")
    ]


@pytest.fixture
def toy(monkeypatch):
    calls.clear()
    paper = Paper(
        "0000.1", "Toy", "A", (), (), (Section("s", "S", "", ("error", "bad")),), _toy
    )
    monkeypatch.setitem(papers, "0000.1", paper)
    return paper


def test_an_unknown_paper_lists_the_known_ones():
    with pytest.raises(cx.CertaxError) as caught:
        find("1234.5678")
    assert "'1234.5678'" in caught.value.message
    for identifier in ("2407.20741", "2310.05169", "2507.06967"):
        assert identifier in caught.value.remedy


def test_the_command_line(capsys, tmp_path):
    assert main(["papers", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["papers"]
    assert [p["id"] for p in listed] == list(papers)
    assert main(["papers", "show", "2310.05169"]) == 0
    assert "blow-up" in capsys.readouterr().out
    assert main(["papers", "run", "nothing", "--json"]) == 2
    said = json.loads(capsys.readouterr().out)["error"]
    assert "2407.20741" in said["remedy"]
    assert main(["papers", "run", "2310.05169", "--scale", "huge"]) == 2


def test_finished_rows_are_kept(toy, tmp_path, capsys):
    folder = tmp_path / "run"
    arguments = ["papers", "run", "0000.1", "--out", str(folder), "--json"]
    assert main(arguments) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["ok"] and calls == ["one", "two"]
    (folder / "rows" / "two.json").unlink()
    assert main(arguments) == 0
    assert calls == ["one", "two", "two"]
    row = json.loads((folder / "rows" / "one.json").read_text())
    row["settings"] = {"n": 2}
    (folder / "rows" / "one.json").write_text(json.dumps(row))
    run("0000.1", out=folder)
    assert calls[-1] == "one"
    (folder / "rows" / "one.json").write_text("{")
    with pytest.raises(cx.CertaxError, match="is damaged. Delete this file"):
        run("0000.1", out=folder)


def test_what_is_made_from_rows_is_made_from_the_stored_ones(monkeypatch, tmp_path):
    """Not from rows that are computed again, which may take days."""
    calls.clear()

    def sum_of(*found):
        calls.append("sum")
        return {"error": sum(row["error"] for row in found)}

    def experiments(request):
        made = Experiment("sum", "s", "sum", {}, sum_of, after=("one", "two"))
        return [*_toy(request), made]

    paper = Paper(
        "0000.1", "T", "A", (), (), (Section("s", "S", "", ("error",)),), experiments
    )
    monkeypatch.setitem(papers, "0000.1", paper)
    run("0000.1", out=tmp_path)
    lines = []
    results = run("0000.1", out=tmp_path, progress=lines.append)
    assert calls == ["one", "two", "sum", "sum"]
    assert results["rows"][-1]["results"] == {"error": 0.25}
    assert "(kept)" in lines[0] and " s)" in lines[-1]


def test_another_run_is_not_overwritten(toy, tmp_path):
    run("0000.1", out=tmp_path / "a")
    with pytest.raises(cx.CertaxError, match="holds another run"):
        run("0000.1", out=tmp_path / "a", request=Request(seed=1))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mine.txt").write_text("")
    with pytest.raises(cx.CertaxError, match="is not empty"):
        run("0000.1", out=tmp_path / "b")


def test_the_page_has_both_sides_and_escapes(toy, tmp_path):
    run("0000.1", out=tmp_path)
    text = (tmp_path / "page.md").read_text()
    assert "paper says" in text and "we get: error" in text
    assert "why they differ" in text and "not finite" in text and "0.12" in text
    page = (tmp_path / "page.html").read_text()
    assert "one &lt;b&gt;" in page and "<b>" not in page


def test_the_page_says_where_a_baseline_is_better():
    section = Section("s", "S", "", ("error", "proved"), "error")
    paper = Paper("0000.1", "T", "A", (), (), (section,), _toy)

    def pair(method, error, baseline=False):
        row = {"settings": {}, "results": {"error": error}}
        return Experiment(method, "s", method, {}, dict, baseline=baseline), row

    pairs = [
        pair("a: net", 0.5), pair("a: other net", 0.01), pair("b: net", 0.5),
        pair("a: frozen", 0.1, True), pair("b: frozen", 0.9, True),
    ]  # fmt: skip
    lines = markdown(paper, Request(), pairs).splitlines()
    told = [line for line in lines if "Better without training" in line]
    assert len(told) == 1 and told[0].startswith("| a: net")
    assert told[0].endswith("Better without training: frozen. |")
    # No row has a result there.
    assert not any("proved |" in line for line in lines)


@pytest.mark.parametrize("identifier", list(papers))
@pytest.mark.parametrize("scale", ["small", "paper"])
@pytest.mark.parametrize("published", [False, True])
def test_rows_are_well_formed(identifier, scale, published):
    paper = papers[identifier]
    rows = paper.experiments(Request(scale, published, 3))
    keys = [row.key for row in rows]
    assert len(set(keys)) == len(keys)
    assert all(key.replace("-", "").isalnum() for key in keys)
    known = {section.key for section in paper.sections}
    assert {row.section for row in rows} <= known
    assert any(row.baseline for row in rows)
    json.dumps([dict(row.settings) for row in rows])
    stated = [*paper.claims, *paper.corrections]
    stated += [row.says for row in rows if row.says]
    assert {s.status for s in stated} <= set(status_words)
    assert markdown(paper, Request(), []).startswith("# ")
    assert _verbs.papers[identifier] is paper


def test_requests_change_what_is_computed():
    small = papers["2407.20741"].experiments(Request())
    published = papers["2407.20741"].experiments(Request(as_published=True))
    assert any("4^d" in row.method for row in small)
    assert any("5^d" in row.method for row in published)
    assert any("XPINN" in row.method for row in small)
    assert any("Deep Ritz" in row.method for row in small)


def test_the_scale_of_the_paper_is_the_papers():
    """Sizes that the authors' code has; everything is built and nothing computed."""
    rows = {e.key: e for e in papers["2407.20741"].experiments(Request("paper"))}

    def sizes(key):
        row = rows[key].settings
        names = ("width", "depth", "points", "sides", "steps", "rate", "activation")
        return tuple(row.get(name) for name in names)

    assert sizes("inviscid-vanilla") == (40, 2, 1000, None, 30000, 1e-3, "silu")
    assert sizes("plane-initial") == (28, 2, 800, None, 30000, 1e-4, "silu")
    assert sizes("one-soliton-initial") == (30, 3, 500, 250, 60000, 1e-4, "silu")
    assert sizes("two-solitons-vanilla")[:5] == (13, 3, 2000, 1000, 30000)
    assert sizes("three-solitons-vanilla") == (35, 4, 18000, 914, 40000, 1e-3, "sin")
    assert sizes("poisson-10-residual-hard")[:5] == (50, 3, 5000, 200, 7000)
    told = rows["poisson-10-residual-hard"].says
    assert told is not None and (told.says, told.status) == ("0.7536", "code")
    line = papers["2310.05169"].experiments(Request("paper"))[0].settings
    assert (line["points"], line["sides"], line["steps"]) == (20_000, 300, 100_000)


def test_small_rows_run_through_the_same_code(tmp_path):
    from certax.papers.algebraic_inclusion import _experiments

    tiny = _experiments.Training(3, 1, 6, 3)
    sizes = dataclasses.replace(
        _experiments.small, flat=tiny, plane=tiny, space=tiny, solitons=(tiny,),
        poisson={2: tiny}, grids=(5, 4, 3),
    )  # fmt: skip
    wanted = (
        "space-nu-1-over-10-vanilla", "inviscid-baseline-boundary",
    )  # fmt: skip
    rows = {e.key: e for e in _experiments.experiments(Request(), sizes)}
    with jax.enable_x64(True):
        found = {key: rows[key].compute() for key in wanted}
    assert all(math.isfinite(r["fractional error"]) for r in found.values())
    # The ansatz without a net is the exact solution.
    assert found["inviscid-baseline-boundary"]["fractional error"] < 1e-30


def test_small_rows_of_the_other_papers():
    from certax.papers.algebraic_inclusion._experiments import Training
    from certax.papers.blow_up import _experiments as blow
    from certax.papers.noisy_labels import _experiments as noisy

    tiny = Training(3, 1, 6, 3, 1e-3, jnp.tanh)
    sizes = dataclasses.replace(
        blow.small, line=tiny, plane=tiny, deltas=("1/2",), ends=("3/10",),
        grids=(9, 5),
    )  # fmt: skip
    rows = {e.key: e for e in blow.experiments(Request(as_published=True), sizes)}
    with jax.enable_x64(True):
        line = rows["line-1-over-2-soft"].compute()
    assert line["theorem's bound"] > line["true risk"] > 0
    correlation = rows["correlation"]
    assert correlation.after == ("line-1-over-2-soft",)
    assert correlation.compute(line) == {"rows": 1}
    found = {"theorem's bound": "not finite", "true risk": 2.0}
    steeper = {"theorem's bound": 1e3, "true risk": 2 * line["true risk"]}
    both = correlation.compute(line, found, steeper)
    assert both["rows"] == 2 and abs(both["correlation"]) == pytest.approx(1)
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


def test_the_published_solution_in_space_is_none(x64):
    from certax.papers.algebraic_inclusion import _problems

    def residual(nu, published):
        flow = _problems.space(nu, 4, published)
        points = flow.draw(jax.random.key(0), 20)
        values = jax.jit(jax.vmap(lambda p: flow.residual(flow.exact, p)))(points)
        return float(jnp.max(jnp.abs(values)))

    assert residual(0.5, False) < 1e-12
    assert residual(0.5, True) > 1e-4
    assert residual(1 / 3, True) < 1e-12


def test_solitons_solve_their_equation(x64):
    from certax.papers.algebraic_inclusion import _problems

    for flow, amplitude in (
        (_problems.one_soliton(7), None),
        (_problems.two_solitons(7), 6),
        (_problems.three_solitons(7), 12),
    ):
        points = flow.test_points()
        wrong = jax.jit(jax.vmap(lambda p, f=flow: f.residual(f.exact, p)))
        values, scale = wrong(points), jnp.max(jax.jit(jax.vmap(flow.exact))(points))
        assert jnp.max(jnp.abs(values)) < 1e-9 * scale**3
        for x in (-1.0, 0.0, 0.7):
            if amplitude:
                wanted = amplitude / jnp.cosh(x) ** 2
                found = jax.jit(flow.exact)(jnp.asarray([x, 0.0]))[0]
                assert abs(found - wanted) < 1e-12


def test_published_wall_data_are_missed_by_the_exact_solution(x64):
    """The value that a second look found, 3.62, by Monte Carlo; zero when corrected."""
    from certax.papers._methods import wall_data
    from certax.papers.algebraic_inclusion import plane

    flow = plane(5)

    def loss(published):
        total = 0.0
        for axis, points in flow.draw_walls(jax.random.key(0), 4000):
            data = wall_data(flow, axis, published)
            missed = jax.vmap(lambda p, g=data: flow.exact(p) - g(p))(points)
            total += float(jnp.mean(missed**2))
        return total

    assert loss(False) == 0
    assert loss(True) == pytest.approx(3.62, rel=0.05)


def test_published_wall_data_in_space_have_a_spurious_one(x64):
    """Root mean squares on the walls of y for nu = 1: 0.166 true, 1.49 published."""
    from certax.papers._methods import wall_data
    from certax.papers.algebraic_inclusion import _problems

    flow = _problems.space(1.0, 3, True)
    points = flow.draw_walls(jax.random.key(0), 4000)[1][1]
    published = jax.jit(jax.vmap(wall_data(flow, 1, True)))(points)[:, 0]
    true = jax.jit(jax.vmap(flow.exact))(points)[:, 1]
    assert jnp.sqrt(jnp.mean(true**2)) == pytest.approx(0.166, rel=0.1)
    assert jnp.sqrt(jnp.mean(published**2)) == pytest.approx(1.49, rel=0.1)


def test_factors_near_the_blow_up():
    """Against quadrature, and the theorem's factor is never smaller."""
    import numpy as np

    for delta in ("1/2", "9/10", "99/100"):
        end = eval(delta)
        t = np.linspace(end - 1, end, 200_001)
        inner = ((2 - end) ** 2 - (1 - t) ** 2) / 2
        wanted = np.trapezoid(inner / (1 - t), t)
        found = blow_up.our_factor(delta)
        assert found == pytest.approx(wanted, rel=1e-6)
        assert found < blow_up.their_factor(delta)


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


def test_the_fractional_bound_is_rounded_up():
    from fractions import Fraction

    from certax.papers.algebraic_inclusion._poisson import fractional_bound

    bound = Fraction(fractional_bound("1e-3", 2))
    exact = 1e-6 / (4 * math.pi**4 / 4)
    assert exact <= bound < 1.01 * exact
    assert fractional_bound("1e-3", 2)[1] == "."
    assert fractional_bound("0", 1) == "0"


def test_curves_are_drawn_over_the_first_list():
    from certax.papers._curves import curves

    names = ("steps", "bound <b>", "reached")
    full = {"steps": [1, 10, 100], "bound <b>": [3.0, 2.0, 1.0], "reached": [1, 0, 0.1]}
    picture = curves("a row", names, full)
    assert picture.startswith("<svg") and "bound &lt;b&gt;: 2 at 10" in picture
    # Zero has no logarithm: two points are left of the second line.
    assert picture.count("<circle") == 5
    assert curves("a row", names, {"steps": [1]}) == ""
    assert curves("a row", names, full | {"reached": "none"}) == ""
    one = {"steps": [1], "bound <b>": [0.0], "reached": [0.0]}
    assert curves("a row", names, one) == ""


def test_bars_in_cells_are_none_of_the_table(toy):
    section = Section("s", "S", "", ("|g|",))
    paper = dataclasses.replace(toy, sections=(section,))
    (row, _) = _toy(None)
    text = markdown(
        paper, Request(), [(row, {"settings": {}, "results": {"|g|": 1.0}})]
    )
    assert r"we get: \|g\|" in text

"""Barriers that a certificate brings along: errors bounded, what is false refused."""

import numpy as np
import pytest
from elliptic import (
    LINE,
    PARABOLA,
    attach,
    bump,
    dome,
    line,
    minus_bend,
    number,
    plane,
    polynomial,
    prove,
    refused,
    sine_barrier,
    square,
)
from examples import dirichlet, periodic, problem
from material import (
    Builder,
    constant_program,
    uniform_tree,
    write_draft,
)


@pytest.mark.parametrize("epsilon", [0.0, 1e-9, 1e-3])
def test_poisson_with_the_quadratic_barrier(tmp_path, epsilon):
    """e = epsilon x (1 - x), r = 2 epsilon, w = 0.1 + x (1 - x), Lw = 2."""
    report = prove(tmp_path, line(minus_bend), bump(epsilon), "certified-barrier",
                   PARABOLA)  # fmt: skip
    assert epsilon / 4 <= number(report) <= epsilon * 0.36 + 1e-12
    assert report["verdict"] == "proved"
    assert "is the solution of" in report["statement"].replace("where u is", "is")


def test_correction_brings_the_bound_to_the_error(tmp_path):
    """The correction is 99 % of the error."""
    barrier = polynomial("0.1", "1", "-1", correction=("0.00099",))
    report = prove(tmp_path, line(minus_bend), bump(1e-3), "certified-barrier", barrier)
    assert 0.25e-3 <= number(report) <= 0.26e-3


def test_wrong_correction_only_weakens(tmp_path):
    for factor in ("-0.001", "0.002", "5"):
        barrier = polynomial("0.1", "1", "-1", correction=(factor,))
        report = prove(
            tmp_path, line(minus_bend), bump(1e-3), "certified-barrier", barrier
        )
        assert number(report) >= 0.25e-3


def test_defect_on_the_walls_counts(tmp_path):
    """e = 0.01 + epsilon x (1 - x): b / w = 0.1 on both walls."""
    report = prove(tmp_path, line(minus_bend), bump(1e-3, "0.01"), "certified-barrier",
                   PARABOLA)  # fmt: skip
    assert 0.01025 <= number(report) <= 0.037
    flat = prove(tmp_path, line(minus_bend), bump(0.0, "0.01"), "certified-barrier",
                 polynomial("1", "0.001", "-0.001"))  # fmt: skip
    assert 0.01 <= number(flat) <= 0.01001


def test_correction_on_the_walls_counts(tmp_path):
    """A correction that takes the error away inside but stands on the walls."""
    b = Builder()
    x, one, c = b.coordinate("x"), b.constant("1"), b.constant("0.01")
    w = b.add(b.constant("1"), b.mul(x, b.sub(one, x)))
    report = prove(tmp_path, line(minus_bend), bump(0.0), "certified-barrier",
                   b.program(barrier=w, correction=c))  # fmt: skip
    # u = 0 is met exactly; the correction is the only error that is spoken of.
    assert number(report) >= 0.01


@pytest.mark.parametrize("seed", range(12))
def test_random_linear_equations(tmp_path, seed):
    """-(a x + b) u'' + c u' + d u = f with e = epsilon x (1 - x), any sign of d."""
    generator = np.random.default_rng(seed)
    a, b0, c, d = generator.uniform([-0.9, 1, -3, -6], [3, 2, 3, 6]).round(3).tolist()

    def build(b, D, x, *k):
        lead = b.mul(b.add(b.mul(k[0], x), k[1]), D(2))
        made = b.sub(b.mul(k[2], D(1)), lead)
        return b.add(made, b.mul(k[3], D(0)))

    texts = [repr(v) if v >= 0 else f"0-{-v!r}" for v in (a, b0, c, d)]
    # The same texts would be one constant.
    texts = [f"{t}+0*{i}" for i, t in enumerate(texts)]
    made = line(build, texts, ("x",))
    report = prove(tmp_path, made, bump(1e-3), "certified-barrier",
                   sine_barrier(), levels=(5,))  # fmt: skip
    if report["accepted"]:
        assert number(report) >= 0.25e-3
    else:
        assert "barrier is not proved positive" in report["reason"]


def test_no_barrier_proves_beyond_the_first_eigenvalue(tmp_path):
    """-u'' - 10 u = 0 has no positive barrier: 10 > pi^2, but 9 < pi^2 works."""

    def build(b, d, c):
        return b.sub(b.neg(d(2)), b.mul(c, d(0)))

    b = Builder()
    x, scale, shift = b.coordinate("x"), b.constant("0.98"), b.constant("0.01")
    zero = b.constant("0")
    sine = b.sinpi(b.add(b.mul(scale, x), shift))
    near = b.program(barrier=sine, correction=zero)
    for barrier in (PARABOLA, near, polynomial("1"), polynomial("1", "4", "-4")):
        report = prove(tmp_path, line(build, ("10",)), bump(1e-3), "certified-barrier",
                       barrier, levels=(6,))  # fmt: skip
        assert refused(report, "barrier", "operator of the barrier")
    good = prove(tmp_path, line(build, ("9",)), bump(1e-3), "certified-barrier", near,
                 levels=(6,))  # fmt: skip
    assert number(good) >= 0.25e-3


@pytest.mark.parametrize(
    "barrier, text",
    [
        (polynomial("0", "1", "-1"), "the barrier is not proved positive"),
        (polynomial("-1"), "the barrier is not proved positive"),
        (polynomial("1"), "operator of the barrier is not proved positive"),
        (polynomial("1", "-1", "1"), "operator of the barrier is not proved positive"),
    ],
)
def test_bad_barriers_are_refused(tmp_path, barrier, text):
    report = prove(tmp_path, line(minus_bend), bump(1e-3), "certified-barrier", barrier)
    assert refused(report, "barrier", text)


def test_barrier_with_a_corner_is_refused(tmp_path):
    """max0 gives a convex kink, at which the comparison fails."""
    b = Builder()
    x, one, zero = b.coordinate("x"), b.constant("1"), b.constant("0")
    made = b.add(b.add(one, b.mul(x, b.sub(one, x))), b.max0(x))
    report = prove(tmp_path, line(minus_bend), bump(1e-3), "certified-barrier",
                   b.program(barrier=made, correction=zero))  # fmt: skip
    assert refused(report, "barrier", "max0")


@pytest.mark.parametrize("mixed, works", [("1.9", True), ("2", False), ("3", False)])
def test_matrix_must_be_positive(tmp_path, mixed, works):
    """-u_xx - u_yy + m u_xy is elliptic for |m| < 2 only; w is independent of y."""

    def build(b, d, m):
        return b.add(b.neg(b.add(d(2, 0), d(0, 2))), b.mul(m, d(1, 1)))

    report = prove(tmp_path, plane(build, (mixed,)), dome(1e-3), "certified-barrier",
                   PARABOLA, levels=(2, 2), degree=4)  # fmt: skip
    if works:
        assert number(report) >= 1e-3 / 16
    else:
        assert refused(report, "equation", "not proved positive")


def test_matrix_that_degenerates_inside_is_refused(tmp_path):
    """-(x - 1/2) u_xx - u_yy changes its type."""

    def build(b, d, x, half):
        return b.sub(b.neg(b.mul(b.sub(x, half), d(2, 0))), d(0, 2))

    barrier = polynomial("0.1", "1", "-1", name="y")
    report = prove(tmp_path, plane(build, ("0.5",), ("x",)), dome(1e-3),
                   "certified-barrier", barrier, levels=(2, 2), degree=4)  # fmt: skip
    assert not report["accepted"]
    assert "matrix of the second derivatives" in report["reason"]


def test_wave_equation_is_refused(tmp_path):
    def build(b, d):
        return b.sub(d(2, 0), d(0, 2))

    report = prove(tmp_path, plane(build), dome(1e-3), "certified-barrier",
                   polynomial("0.1", "1", "-1", name="y"), levels=(2, 2),
                   degree=4)  # fmt: skip
    assert refused(report, "equation", "not proved positive")


def test_missing_direction_is_assumed_solvable(tmp_path):
    """-u_xx = f over (x, y): degenerate, so existence is an assumption."""

    def build(b, d):
        return b.neg(d(2, 0))

    report = prove(tmp_path, plane(build), dome(1e-3), "certified-barrier", PARABOLA,
                   levels=(2, 2), degree=4)  # fmt: skip
    assert number(report) >= 1e-3 / 16
    assert report["verdict"] == "proved under assumptions"


@pytest.mark.parametrize(
    "build, where, text",
    [
        (square, "equation", "not linear"),
        (lambda b, d: b.mul(d(0), d(2)), "equation", "does not stand alone"),
        (lambda b, d: b.sub(b.mul(d(1), d(1)), d(2)), "equation", "does not stand"),
        (lambda b, d: b.sub(b.exp(d(1)), d(2)), "equation", "does not stand alone"),
        (lambda b, d: b.sub(b.exp(d(0)), d(2)), "equation", "no polynomial"),
        (lambda b, d: b.add(d(0), d(1)), "equation", "no second derivative"),
        (lambda b, d: b.sub(b.log(d(0)), d(2)), "equation", "divisor, root"),
    ],
)
def test_equations_that_are_no_linear_elliptic_ones(tmp_path, build, where, text):
    report = prove(tmp_path, line(build), bump(1e-3), "certified-barrier", PARABOLA)
    assert refused(report, where, text)


def test_fourth_order_is_refused(tmp_path):
    b = Builder()
    made = b.program(_0=b.neg(b.derivative("u", 4)))
    report = prove(tmp_path, problem(LINE, made, [dirichlet("x")]), bump(1e-3),
                   "certified-barrier", PARABOLA)  # fmt: skip
    assert refused(report, "equation", "above order two")


@pytest.mark.parametrize(
    "conditions, text",
    [
        ([periodic("x")], "a wall is periodic"),
        ([dirichlet("x", "lower")], "no Dirichlet condition on its upper end"),
    ],
)
def test_walls_without_data_are_refused(tmp_path, conditions, text):
    """On a circle e = 1, r = 0 has no barrier bound: L = -d2/dx2, w = 1 + x(1-x)/2."""
    made = line(minus_bend, conditions=conditions)
    for theorem, barrier in (
        ("certified-barrier", polynomial("1", "0.5", "-0.5")),
        ("elliptic-energy", None),
    ):
        norm = "L2" if barrier is None else "Linf"
        report = prove(tmp_path, made, bump(0.0, "1"), theorem, barrier, norm=norm)
        assert not report["accepted"] and report["where"] == "walls"
        assert text in report["reason"] or "not equal to the data" in report["reason"]


@pytest.mark.parametrize(
    "names", [("barrier",), ("barrier", "correction", "u"), ("u",)]
)
def test_outputs_of_a_barrier(tmp_path, names):
    program = constant_program(**dict.fromkeys(names, "1"))
    parameters = attach(tmp_path, program)
    draft = write_draft(tmp_path, line(minus_bend), *bump(1e-3), uniform_tree((2,), 4),
                        theorem="certified-barrier", parameters=parameters)  # fmt: skip
    from material import call

    assert call("derive", draft)[0] == 2


def test_parameters_name_files_of_the_right_kind(tmp_path):
    import json

    from material import call

    good = attach(tmp_path, PARABOLA)
    network, tensors = bump(1e-3)

    def status(parameters):
        draft = write_draft(tmp_path, line(minus_bend), network, tensors,
                            uniform_tree((2,), 4), theorem="certified-barrier",
                            parameters=parameters)  # fmt: skip
        code, output = call("derive", draft)
        report = json.loads(output)
        return code, report["accepted"], report["reason"]

    assert status(good)[:2] == (0, True)
    wrong = good | {"barrier": good["barrier"] | {"sha256": "0" * 64}}
    assert "hash" in status(wrong)[2]
    away = good | {"barrier": good["barrier"] | {"file": "../barrier.json"}}
    assert status(away)[0] == 2
    for value in ("barrier.json", 3, ["barrier.json"], {"file": "barrier.json"}):
        code, accepted, _ = status(good | {"barrier": value})
        assert code == 2 and not accepted
    extra = {f"more{i}": good["barrier"] for i in range(5)}
    assert "more than four files" in status(good | extra)[2]
    one_more = good | {"weight": "1"}
    assert status(one_more)[0] == 2


def test_system_is_refused(tmp_path):
    b = Builder()
    u, v = b.derivative("u", 2), b.derivative("v", 2)
    made = problem(LINE, b.program(_0=b.neg(u), _1=b.neg(v)),
                   [dirichlet("x", values=constant_program(u="0", v="0"))],
                   ("u", "v"))  # fmt: skip
    b = Builder()
    zero = b.constant("0")
    program = b.program(u=zero, v=zero)
    report = prove(tmp_path, made, (program, {}), "certified-barrier", PARABOLA)
    assert refused(report, "equation", "more than one field")

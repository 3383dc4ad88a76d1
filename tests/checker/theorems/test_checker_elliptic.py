"""Elliptic theorems: known errors are bounded, and what is false is refused."""

import hashlib
import math

import numpy as np
import pytest
from examples import axis, dirichlet, periodic, problem, residual
from material import (
    Builder,
    certificate_from,
    constant_program,
    derive,
    safetensors,
    uniform_tree,
    verify,
    write_draft,
    write_json,
)

LINE, PLANE = [axis("x", "0", "1")], [axis("x", "0", "1"), axis("y", "0", "1")]


def attach(folder, program, tensors=None):
    """Writes a barrier beside a draft; returns the parameters that name it."""
    digest = write_json(folder / "barrier.json", program)
    data = safetensors(tensors or {})
    (folder / "barrier.safetensors").write_bytes(data)
    other = hashlib.sha256(data).hexdigest()
    return {
        "barrier": {"file": "barrier.json", "sha256": digest},
        "barrier_weights": {"file": "barrier.safetensors", "sha256": other},
    }


def polynomial(*coefficients, correction=(), name="x"):
    """The barrier sum c_k x^k, and a correction x (1 - x) sum d_k x^k."""
    b = Builder()
    x, one, zero = b.coordinate(name), b.constant("1"), b.constant("0")
    numbers = [b.constant(c) for c in coefficients]
    others = [b.constant(c) for c in correction]

    def horner(terms):
        made = terms[-1]
        for term in reversed(terms[:-1]):
            made = b.add(b.mul(made, x), term)
        return made

    small = zero
    if others:
        small = b.mul(b.mul(x, b.sub(one, x)), horner(others))
    return b.program(barrier=horner(numbers), correction=small)


def line(build, constants=(), coordinates=(), conditions=None):
    """An equation on [0, 1] with zero data."""
    made = residual(1, build, constants, coordinates)
    return problem(LINE, made, conditions or [dirichlet("x")])


def bump(epsilon, shift="0"):
    """epsilon x (1 - x) + shift."""
    b = Builder()
    x, one, s = b.coordinate("x"), b.constant("1"), b.constant(shift)
    e = b.weight("epsilon", ())
    made = b.mul(e, b.mul(x, b.sub(one, x)))
    made = made if shift == "0" else b.add(made, s)
    return b.program(u=made), {"epsilon": np.array(epsilon)}


def prove(folder, made, candidate, theorem, barrier=None, levels=(3,), degree=6,
          norm="Linf", **parameters):  # fmt: skip
    """Derives, and where something is proved has the certificate verified."""
    if barrier is not None:
        program, *tensors = barrier if isinstance(barrier, tuple) else (barrier,)
        parameters = attach(folder, program, *tensors) | parameters
    draft = write_draft(folder, made, *candidate, uniform_tree(levels, degree),
                        theorem=theorem, norm=norm, parameters=parameters)  # fmt: skip
    report = derive(draft)
    if report["accepted"]:
        assert verify(certificate_from(draft, report))["accepted"]
    return report


def number(report):
    assert report["accepted"], report
    return float.fromhex(report["bound"]["hex"])


def refused(report, where, text):
    assert not report["accepted"] and report["statement"] == ""
    assert report["where"] == where, report
    assert text in report["reason"], report["reason"]
    return True


PARABOLA = polynomial("0.1", "1", "-1")


def minus_bend(b, d, *rest):
    return b.neg(d(2))


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
                   _sine_barrier(), levels=(5,))  # fmt: skip
    if report["accepted"]:
        assert number(report) >= 0.25e-3
    else:
        assert "barrier is not proved positive" in report["reason"]


def _sine_barrier():
    b = Builder()
    x, half, tenth = b.coordinate("x"), b.constant("0.8"), b.constant("0.1")
    zero = b.constant("0")
    return b.program(barrier=b.sinpi(b.add(b.mul(half, x), tenth)), correction=zero)


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


def plane(build, constants=(), coordinates=(), conditions=None):
    conditions = conditions or [dirichlet("x"), dirichlet("y")]
    return problem(PLANE, _mixed(build, constants, coordinates), conditions)


def _mixed(build, constants, coordinates):
    """A residual that may also have u_xy."""
    b = Builder()
    orders = [(0, 0), (1, 0), (0, 1), (2, 0), (0, 2), (1, 1)]
    table = {o: b.derivative("u", *o) for o in orders}
    rest = [b.coordinate(name) for name in coordinates]
    rest += [b.constant(value) for value in constants]
    return b.program(_0=build(b, lambda *o: table[o], *rest))


def dome(epsilon):
    """epsilon x (1 - x) y (1 - y)."""
    b = Builder()
    x, y, one = b.coordinate("x"), b.coordinate("y"), b.constant("1")
    e = b.weight("epsilon", ())
    made = b.mul(b.mul(x, b.sub(one, x)), b.mul(y, b.sub(one, y)))
    return b.program(u=b.mul(e, made)), {"epsilon": np.array(epsilon)}


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


def square(b, d, *rest):
    return b.sub(b.neg(d(2)), b.ipow(d(0), extra=2))


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


def reaction(*powers):
    """-u'' + sum c_n u^n - f with f such that u = 0 is a solution: f = 0."""

    def build(b, d, *c):
        made = b.neg(d(2))
        for n, constant in enumerate(c, 1):
            power = d(0) if n == 1 else b.ipow(d(0), extra=n)
            made = b.add(made, b.mul(constant, power))
        return made

    texts = [f"{p}+0*{i}" for i, p in enumerate(powers)]
    return line(build, texts)


@pytest.mark.parametrize("tube", ["everywhere", "1", "0.01"])
def test_monotone_reaction(tmp_path, tube):
    """u = 0 solves -u'' + u^3 + u = 0; the network is epsilon x (1 - x)."""
    report = prove(tmp_path, reaction("1", "0", "1"), bump(1e-3), "semilinear-barrier",
                   PARABOLA, tube=tube)  # fmt: skip
    assert 0.25e-3 <= number(report) <= 0.7e-3
    unique = "where u is the solution of" in report["statement"]
    assert unique == (tube == "everywhere")
    assert ("nothing is said" in report["statement"]) != unique


def test_steep_reaction_has_no_global_bound_but_a_tube(tmp_path):
    """-u'' + 60 (u^3 - u) = 0 has three solutions; near 0 nothing is proved."""
    made = reaction("0-60", "0", "60")
    for tube in ("everywhere", "1", "0.05", "1e-6"):
        report = prove(tmp_path, made, bump(1e-9), "semilinear-barrier",
                       _sine_barrier(), levels=(5,), tube=tube)  # fmt: skip
        assert refused(report, "barrier", "operator of the barrier")


@pytest.mark.parametrize(
    "powers", [("0", "1"), ("0", "0", "0-1"), ("1", "0", "0", "1")]
)
def test_reactions_without_a_least_slope(tmp_path, powers):
    report = prove(tmp_path, reaction(*powers), bump(1e-3), "semilinear-barrier",
                   PARABOLA, tube="everywhere")  # fmt: skip
    assert refused(report, "equation", "not bounded below")
    near = prove(tmp_path, reaction(*powers), bump(1e-3), "semilinear-barrier",
                 PARABOLA, tube="0.01")  # fmt: skip
    assert 0.25e-3 <= number(near) <= 0.5e-3


def test_bound_must_stay_in_the_tube(tmp_path):
    for tube, works in (("0.0004", True), ("0.0003", False), ("0.0002", False)):
        report = prove(tmp_path, reaction("0", "1"), bump(1e-3), "semilinear-barrier",
                       PARABOLA, tube=tube)  # fmt: skip
        assert report["accepted"] == works
        if not works:
            assert refused(report, "tube", "leaves the tube")


@pytest.mark.parametrize("tube", ["0", "-1", "NaN", "", 1, None, "nowhere"])
def test_tubes_have_a_grammar(tmp_path, tube):
    import json

    from material import call

    parameters = attach(tmp_path, PARABOLA) | {"tube": tube}
    draft = write_draft(tmp_path, reaction("1"), *bump(1e-3), uniform_tree((2,), 4),
                        theorem="semilinear-barrier",
                        parameters=parameters)  # fmt: skip
    status, output = call("derive", draft)
    assert status == 2 and not json.loads(output)["accepted"]


@pytest.mark.parametrize("seed", range(6))
def test_least_slope_against_sampling(seed):
    from flint import arb

    from certax_checker.kernel._algebra import Algebra, rational
    from certax_checker.theorems import semilinear_barrier

    generator = np.random.default_rng(seed)
    highest = int(generator.choice([3, 5, 7]))
    numbers = generator.integers(-20, 20, highest - 1).tolist()
    numbers[-1] = abs(numbers[-1]) + 1
    algebra = Algebra()
    key = ("u", (0,))
    u = algebra.atom(("derivative", key), frozenset({("derivative", key)}))
    form = rational(0)
    power = u
    for n in numbers:
        power = power * u
        form = form + rational(n) * power

    class Case:
        term = staticmethod(lambda: ((key, 1),))

        @staticmethod
        def require(truth, name, reason):
            assert truth is True, reason

    found = semilinear_barrier._least_slope(Case, form, 1)
    s = np.linspace(-60, 60, 400_001)
    slopes = [n * (k + 2) for k, n in enumerate(numbers)]
    values = sum(c * s ** (k + 1) for k, c in enumerate(slopes))
    least = values.min()
    assert isinstance(found, arb) and float(found) <= least
    assert float(found) >= least - 1e-2 * (1 + abs(least))


def test_energy_of_a_sine(tmp_path):
    """e = epsilon sin(pi x), r = (pi^2 + c) e: the L2 and gradient bounds are sharp."""

    def build(b, d, c):
        return b.add(b.neg(d(2)), b.mul(c, d(0)))

    b = Builder()
    x, e = b.coordinate("x"), b.weight("epsilon", ())
    candidate = b.program(u=b.mul(e, b.sinpi(x))), {"epsilon": np.array(1e-3)}
    for c in ("3", "0", "0-9"):
        made = line(build, (c + "+0*1",))
        exact = 1e-3 / math.sqrt(2)
        report = prove(tmp_path, made, candidate, "elliptic-energy", norm="L2")
        assert exact <= number(report) * (1 + 1e-12)
        assert number(report) <= 1.001 * exact
        report = prove(tmp_path, made, candidate, "elliptic-gradient", norm="H1")
        assert math.pi * exact <= number(report) * (1 + 1e-12)
        sharp = 1.001 if c != "3" else 1.4
        assert number(report) <= sharp * math.pi * exact
    beyond = line(build, ("0-9.87",))
    for theorem, norm in (("elliptic-energy", "L2"), ("elliptic-gradient", "H1")):
        report = prove(tmp_path, beyond, candidate, theorem, norm=norm)
        assert refused(report, "equation", "minus the least eigenvalue")


def test_energy_with_varying_reaction_in_the_plane(tmp_path):
    """-2 u_xx - u_yy + (x y - 5) u = f and the error of the dome."""

    def build(b, d, x, y, two, five):
        c = b.sub(b.mul(x, y), five)
        lead = b.add(b.mul(two, d(2, 0)), d(0, 2))
        return b.sub(lead, b.mul(c, d(0, 0)))

    made = plane(build, ("2", "5"), ("x", "y"))
    report = prove(
        tmp_path, made, dome(1.0), "elliptic-energy", levels=(2, 2), norm="L2"
    )
    assert 1 / 30 <= number(report) <= 0.06
    report = prove(tmp_path, made, dome(1.0), "elliptic-gradient", levels=(2, 2),
                   norm="H1")  # fmt: skip
    assert math.sqrt(2 / 90) <= number(report) <= 0.35


NEAR = (
    "91106186954104003915416658115105583649-29000000000000000000000000000000000002*pi"
    "-0.5"
)


def test_a_constant_known_to_no_digit_is_taken_at_its_lower_end(tmp_path):
    """-a u_xx - 1.67 u_yy + 0.001 u = sin(pi x) sin(pi y / 10), of which the net is 0.

    a = 0.4989, the difference of two numbers of 38 digits, is known to be in
    [0.32, 1.68] only; the gradient is bounded by the least diffusion, which is a.
    """
    a, other = NEAR, "1.67"
    b = Builder()
    x, y, tenth = b.coordinate("x"), b.coordinate("y"), b.constant("0.1")
    first, second = b.constant(a), b.constant(other)
    u, small = b.derivative("u", 0, 0), b.constant("0.001")
    xx, yy = b.derivative("u", 2, 0), b.derivative("u", 0, 2)
    made = b.add(b.mul(first, xx), b.mul(second, yy))
    made = b.sub(made, b.mul(small, u))
    force = b.mul(b.sinpi(x), b.sinpi(b.mul(tenth, y)))
    axes = [axis("x", "0", "1"), axis("y", "0", "10")]
    made = problem(axes, b.program(_0=b.neg(b.add(made, force))),
                   [dirichlet("x"), dirichlet("y")])  # fmt: skip
    rest = constant_program(u="0"), {}
    report = prove(tmp_path, made, rest, "elliptic-gradient", levels=(2, 2),
                   norm="H1")  # fmt: skip
    squared = math.pi**2 * (0.4989021 + 0.0167) + 0.001
    assert number(report) >= math.pi * math.sqrt(1.01 * 10) / 2 / squared


@pytest.mark.parametrize(
    "build, text",
    [
        (square, "does not know"),
        (lambda b, d: b.sub(d(1), d(2)), "does not know"),
        (lambda b, d: b.mul(d(0), d(2)), "one sign"),
    ],
)
def test_equations_without_energy(tmp_path, build, text):
    report = prove(tmp_path, line(build), bump(1e-3), "elliptic-energy", norm="L2")
    assert refused(report, "equation", text)


def test_energy_needs_exact_walls(tmp_path):
    for theorem, norm, more in (
        ("elliptic-energy", "L2", {}),
        ("elliptic-gradient", "H1", {}),
        ("newton-kantorovich", "H1", {"radius": "1"}),
    ):
        report = prove(tmp_path, line(minus_bend), bump(1e-3, "1e-9"), theorem,
                       norm=norm, **more)  # fmt: skip
        assert refused(report, "walls", "not equal to the data")


@pytest.mark.parametrize("powers", [("0", "0-1"), ("0", "0", "0-1"), ("1", "2", "1")])
def test_newton_and_kantorovich_near_zero(tmp_path, powers):
    """u = 0 is a solution; e = epsilon x (1 - x), |e'|_2 = epsilon / sqrt 3."""
    made = reaction(*powers)
    report = prove(tmp_path, made, bump(1e-3), "newton-kantorovich", norm="H1",
                   radius="1")  # fmt: skip
    assert 1e-3 / math.sqrt(3) <= number(report) <= 1e-3
    assert "where u is a solution of" in report["statement"]
    report = prove(
        tmp_path, made, bump(1e-3), "newton-kantorovich-supremum", radius="1"
    )
    assert 0.25e-3 <= number(report) <= 0.5e-3


def test_newton_and_kantorovich_does_not_cross_to_another_solution(tmp_path):
    """-u'' = u^2 has a solution of norm about 27 beside zero: no ball holds both."""
    made = reaction("0", "0-1")
    for radius in ("30", "1000"):
        report = prove(tmp_path, made, bump(0.0), "newton-kantorovich", norm="H1",
                       radius=radius)  # fmt: skip
        assert refused(report, "contraction", "does not contract")


def test_contraction_is_strict(tmp_path):
    """-u'' = u^2 at u = 0: K g(t) = 2 C t with C = 1 / (2 pi^2), so t < pi^2."""
    made = reaction("0", "0-1")
    for radius, works in (("9.86", True), ("9.87", False)):
        report = prove(tmp_path, made, bump(0.0), "newton-kantorovich", norm="H1",
                       radius=radius)  # fmt: skip
        assert report["accepted"] == works, report


def test_residual_too_large_for_the_nonlinearity(tmp_path):
    """2 K^2 gamma delta < 1 fails."""
    report = prove(tmp_path, reaction("0", "0-1"), bump(30.0), "newton-kantorovich",
                   norm="H1", radius="9")  # fmt: skip
    assert not report["accepted"]


@pytest.mark.parametrize(
    "made, where, text",
    [
        (reaction("0-10"), "linearization", "coercive"),
        (reaction("0", "0", "0", "1"), "equation", "does not know"),
        (line(lambda b, d: b.sub(b.exp(d(0)), d(2))), "equation", "no polynomial"),
    ],
)
def test_newton_and_kantorovich_refusals(tmp_path, made, where, text):
    report = prove(tmp_path, made, bump(1e-3), "newton-kantorovich", norm="H1",
                   radius="0.1")  # fmt: skip
    assert refused(report, where, text)


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_embedding_constants_against_functions(dimension):
    """Products of sine powers and of random sine sums never exceed them."""
    from flint import arb

    from certax_checker.equations._elliptic import Diffusion
    from certax_checker.theorems.newton_kantorovich import embeddings

    generator = np.random.default_rng(dimension)
    for _ in range(20):
        lengths = generator.uniform(0.3, 3, dimension)
        constants = generator.uniform(0.2, 4, dimension)
        equation = Diffusion(1, [arb(a) for a in constants], {},
                             [arb(length) for length in lengths])  # fmt: skip
        third, fourth = (float(c) for c in embeddings(equation))
        count, terms = 120, 4
        s = (np.arange(count) + 0.5) / count
        k = np.arange(1, terms + 1)
        sines = np.sin(np.pi * np.outer(k, s))
        slopes = np.pi * k[:, None] * np.cos(np.pi * np.outer(k, s))
        factors = [generator.standard_normal(terms) / k**2 for _ in lengths]
        values = [c @ sines for c in factors]
        bends = [c @ slopes for c in factors]
        mean = lambda v, p: np.mean(np.abs(v) ** p)
        volume = np.prod(lengths)
        energy = 0.0
        for i, (a, length) in enumerate(zip(constants, lengths, strict=True)):
            parts = [mean(v, 2) for v in values]
            parts[i] = mean(bends[i], 2) / length**2
            energy += a * volume * np.prod(parts)
        size = math.sqrt(energy)
        cube = volume * np.prod([mean(v, 3) for v in values])
        power = volume * np.prod([mean(v, 4) for v in values])
        assert cube <= third * size**3 * (1 + 1e-3)
        assert power <= fourth * size**4 * (1 + 1e-3)


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

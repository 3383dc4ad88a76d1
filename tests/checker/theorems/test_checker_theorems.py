"""Known errors are bounded, and each hypothesis has an example that it refuses."""

import math
from fractions import Fraction

import examples
import numpy as np
import pytest
from examples import axis, dirichlet, initial, periodic, problem, wave
from material import (
    Builder,
    certificate_from,
    constant_program,
    derive,
    uniform_tree,
    verify,
    write_draft,
)

SLABS = {"slabs": 8}
TUBE = {"logarithmic_norm": "2", "tube": "0.001"}


def prove(folder, problem, candidate, theorem, *, levels=(2, 2), degree=9, start=None,
          norm="Linf", parameters=SLABS):  # fmt: skip
    """Derives, and where something is proved has the certificate verified."""
    draft = write_draft(
        folder, problem, *candidate, uniform_tree(levels, degree), start,
        theorem=theorem, norm=norm, parameters=parameters,
    )  # fmt: skip
    report = derive(draft)
    if report["accepted"]:
        assert verify(certificate_from(draft, report))["accepted"]
    return report


def refused(report, where, text):
    """The report is a refusal that names the hypothesis and the reason."""
    assert not report["accepted"] and report["statement"] == ""
    assert report["where"] == where, report
    assert text in report["reason"]
    assert report["hypotheses"][-1]["status"] == "failed"
    return True


def number(report):
    """The derived bound."""
    value = float.fromhex(report["bound"]["hex"])
    assert float(report["bound"]["decimal"]) >= value
    return value


@pytest.mark.parametrize("epsilon", [0.0, 1e-9, 1e-4, 0.1])
def test_heat_error_is_bounded_in_l1(tmp_path, epsilon):
    report = prove(tmp_path, examples.heat(), examples.heat_candidate(epsilon),
                   "l1-contraction", norm="L1")  # fmt: skip
    error = epsilon / 12
    assert error <= number(report) <= 3 * error + 1e-7
    assert len(report["curve"]) == 8
    ends = np.arange(1, 9) / 16
    curve = np.array([float(v) for v in report["curve"]])
    assert (curve >= epsilon * ends / 6).all() and (np.diff(curve) >= 0).all()


@pytest.mark.parametrize("epsilon", [0.0, 1e-9, 1e-4, 0.1])
def test_heat_error_is_bounded_in_the_maximum(tmp_path, epsilon):
    candidate = examples.heat_candidate(epsilon)
    report = prove(tmp_path, examples.heat(), candidate, "maximum-principle")
    error = epsilon / 8
    assert error <= number(report) <= 3 * error + 1e-7


def test_initial_defect_is_added(tmp_path):
    candidate = examples.heat_candidate(1e-3, bump="none")
    for theorem, norm, size in (
        ("maximum-principle", "Linf", 1e-3 / 4),
        ("l1-contraction", "L1", 1e-3 / 6),
    ):
        report = prove(tmp_path, examples.heat(), candidate, theorem, norm=norm)
        assert refused(report, "initial defect", "give a tree `initial`")
        report = prove(tmp_path, examples.heat(), candidate, theorem, norm=norm,
                       start=uniform_tree([3], 3))  # fmt: skip
        assert size <= number(report)
        assert float(report["curve"][0]) >= size


def test_superfluous_initial_tree_is_refused(tmp_path):
    report = prove(tmp_path, examples.heat(), examples.heat_candidate(1e-3),
                   "maximum-principle", start=uniform_tree([3], 3))  # fmt: skip
    assert refused(report, "initial defect", "zero by substitution")


def test_growing_linear_reaction(tmp_path):
    """e' = e + r with e = epsilon sin(pi x) (e^t - 1) x rate: the growth counts."""

    def extra(b, d, c):
        return b.mul(c, d(0, 0))

    made = examples.heat(extra, ("-0.1*pi^2-2",))
    b = Builder()
    x, t, e = b.coordinate("x"), b.coordinate("t"), b.weight("epsilon", ())
    two = b.constant("2")
    u = b.mul(b.exp(b.mul(two, t)), b.sinpi(x))
    program = b.program(u=b.add(u, b.mul(e, b.mul(t, b.sinpi(x)))))
    candidate = program, {"epsilon": np.array(1e-3)}
    report = prove(tmp_path, made, candidate, "maximum-principle", degree=6)
    assert 0.5e-3 <= number(report) <= 4e-3
    decaying = examples.heat(extra, ("2-0.1*pi^2",))
    b = Builder()
    x, t, e = b.coordinate("x"), b.coordinate("t"), b.weight("epsilon", ())
    rate = b.constant("-2")
    u = b.mul(b.exp(b.mul(rate, t)), b.sinpi(x))
    program = b.program(u=b.add(u, b.mul(e, b.mul(t, b.sinpi(x)))))
    other = prove(tmp_path, decaying, (program, {"epsilon": np.array(1e-3)}),
                  "maximum-principle", degree=6)  # fmt: skip
    assert 0.5e-3 <= number(other) < number(report)


def test_cubic_reaction_against_a_steady_state(tmp_path):
    """u = 1 solves the Allen-Cahn equation; the candidate is 1 + epsilon t."""

    def extra(b, d, five):
        return b.mul(five, b.sub(b.ipow(d(0, 0), extra=3), d(0, 0)))

    one = constant_program(u="1")
    made = examples.heat(extra, ("5",), [initial(one), periodic("x")])
    b = Builder()
    t, e, unit = b.coordinate("t"), b.weight("epsilon", ()), b.constant("1")
    candidate = b.program(u=b.add(unit, b.mul(e, t))), {"epsilon": np.array(1e-3)}
    report = prove(tmp_path, made, candidate, "maximum-principle")
    assert 0.5e-3 <= number(report) <= 8e-3
    assert report["verdict"] == "proved"


@pytest.mark.parametrize("c1, c2, c3", [(-5, 0, 5), (-2, 1, 1), (1, -3, 2)])
def test_growth_of_a_cubic_reaction(tmp_path, c1, c2, c3):
    """Near the steady state 1 the rate is that of the tangent, in a narrow tube."""

    def extra(b, d, *c):
        terms = [b.mul(c[0], d(0, 0))]
        terms += [b.mul(c[n - 1], b.ipow(d(0, 0), extra=n)) for n in (2, 3)]
        return b.add(b.add(terms[0], terms[1]), terms[2])

    numbers = [f"{n}.0" if n >= 0 else f"{n}" for n in (c1, c2, c3)]
    one = constant_program(u="1")
    made = examples.heat(extra, numbers, [initial(one), periodic("x")])
    b = Builder()
    t, e, unit = b.coordinate("t"), b.weight("epsilon", ()), b.constant("1")
    epsilon = 1e-6
    candidate = b.program(u=b.add(unit, b.mul(e, t))), {"epsilon": np.array(epsilon)}
    report = prove(tmp_path, made, candidate, "maximum-principle", levels=(0, 3))
    error, step, slope = 0.0, 1 / 16, c1 + 2 * c2 + 3 * c3
    kappa = -slope
    for k in range(8):
        rho = epsilon * (1 + max(slope * (k + 1) * step, slope * k * step))
        error = math.exp(kappa * step) * error + rho * math.expm1(kappa * step) / kappa
    assert 0.999 * error <= number(report) <= 1.05 * error


def test_the_end_of_the_last_slab_lies_in_the_tube(tmp_path):
    candidate = examples.logistic_candidate(1e-4)

    def report(tube):
        return prove(tmp_path, examples.logistic(), candidate, "ode-tube", levels=(3,),
                     parameters={**TUBE, "tube": tube})  # fmt: skip

    bound = number(report("0.0005"))
    assert bound < 0.0005
    assert refused(report(f"{bound * 0.99:.9f}"), "tube", "leaves the tube")


@pytest.mark.parametrize("seed", range(5))
def test_slabs_take_the_leaves_that_meet_them(seed):
    """Against the definition, in exact arithmetic, on random trees."""
    from test_checker_trees import random_tree

    from certax_checker.equations import _slabs
    from certax_checker.kernel._trees import read_tree

    generator = np.random.default_rng(seed)
    tree = read_tree(random_tree(generator, 2, 9), 2, "t")
    values = generator.random(tree.leaves)

    class Case:
        trees = {"residual": tree}

        class problem:
            index = staticmethod(lambda name: 1)

    class time:
        name = "t"

    lower = [Fraction(v) for v in tree.centers[1] - tree.halves[1]]
    upper = [Fraction(v) for v in tree.centers[1] + tree.halves[1]]
    volumes = tree.volumes
    for slabs in (1, 2, 8, 64):
        suprema = _slabs.slab_suprema(Case, time, values, slabs)
        sums = _slabs.slab_sums(Case, time, values, slabs)
        squares = _slabs.slab_squares(Case, time, values, slabs)
        for k in range(slabs):
            begin, end = Fraction(k, slabs), Fraction(k + 1, slabs)
            inside = [
                i for i in range(tree.leaves) if lower[i] < end and upper[i] > begin
            ]
            begun = [i for i in range(tree.leaves) if lower[i] < end]
            assert suprema[k] == max(values[i] for i in inside)
            exact = sum(Fraction(values[i]) for i in begun)
            masses = [Fraction(values[i]) ** 2 * Fraction(volumes[i]) for i in inside]
            assert sum(masses) <= Fraction(squares[k])
            assert Fraction(squares[k]) <= sum(masses) * (1 + Fraction(1, 10**8))
            assert exact <= Fraction(sums[k]) <= exact * (1 + Fraction(1, 10**9))


def test_burgers_net(tmp_path):
    report = prove(tmp_path, examples.burgers(), examples.burgers_net(),
                   "l1-contraction", levels=(4, 3), degree=4, norm="L1")  # fmt: skip
    assert number(report) > 0
    assert report["statement"].startswith(
        "Proved: for every t in [0, 1], the integral over x in [-1, 1] of "
        f"|network - u| is at most {report['bound']['decimal']}, where u is the "
        "solution of "
    )
    for part in ("u*u_x", "0.01/pi", "u = -sinpi(x) at t = 0", "Cited:"):
        assert part in report["statement"]


@pytest.mark.parametrize(
    "made, where, text",
    [
        (examples.burgers(viscosity="0"), "equation", "second derivative"),
        (examples.burgers(viscosity="-1"), "equation", "second derivative"),
        (examples.burgers(rate="2"), "equation", "not exactly 1"),
        (examples.burgers(flux=lambda b, d: b.sin(d(0, 0))), "equation", "polynomial"),
        (examples.burgers(flux=lambda b, d: d(1, 0)), "equation", "constant coeff"),
        (
            examples.burgers(
                conditions=[initial(wave(sign=-1)), dirichlet("x", "lower")]
            ),
            "walls",
            "upper",
        ),
        (
            examples.burgers(
                conditions=[
                    initial(wave(sign=-1)),
                    dirichlet("x", values=constant_program(u="0.001")),
                ]
            ),
            "walls",
            "not equal to the data",
        ),
        (examples.burgers(conditions=[dirichlet("x")]), "time", "exactly one initial"),
        (
            examples.burgers(conditions=[initial(wave(sign=-1)), periodic("x")]),
            "walls",
            "corner or jump",
        ),
        (
            examples.burgers(
                conditions=[initial(wave(sign=-1)), periodic("x"), periodic("t")]
            ),
            "time",
            "another condition",
        ),
    ],
)
def test_l1_refusals(tmp_path, made, where, text):
    report = prove(tmp_path, made, examples.burgers_net(), "l1-contraction", norm="L1")
    assert refused(report, where, text)


def test_flux_that_depends_on_space_is_refused(tmp_path):
    def build(b, d, x):
        made = b.add(d(0, 1), b.mul(b.mul(x, d(0, 0)), d(1, 0)))
        return b.sub(made, d(2, 0))

    made = examples.burgers()
    made["residual"] = examples.residual(2, build, (), ("x",))
    report = prove(tmp_path, made, examples.burgers_net(), "l1-contraction", norm="L1")
    assert refused(report, "equation", "constant coefficients")


def test_zeroth_order_term_is_refused(tmp_path):
    made = examples.heat(lambda b, d: d(0, 0))
    report = prove(tmp_path, made, examples.heat_candidate(1e-3), "l1-contraction",
                   norm="L1")  # fmt: skip
    assert refused(report, "equation", "times u_x")


def test_net_that_misses_the_wall_is_refused(tmp_path):
    report = prove(tmp_path, examples.burgers(), examples.burgers_net(wall=False),
                   "l1-contraction", norm="L1")  # fmt: skip
    assert refused(report, "walls", "not equal to the data")


def test_corner_data_that_disagree_are_refused(tmp_path):
    """The candidate fits the walls; the initial data do not fit them."""
    made = examples.heat(data=wave(function="cospi"))
    for theorem, norm in (("l1-contraction", "L1"), ("maximum-principle", "Linf")):
        candidate = examples.heat_candidate(1e-3)
        report = prove(tmp_path, made, candidate, theorem, norm=norm,
                       start=uniform_tree([3], 3))  # fmt: skip
        assert refused(report, "data", "differ")


def test_corner_of_the_network_is_refused(tmp_path):
    """max0 with an enclosure strictly on one side of zero is refused all the same."""
    b = Builder()
    x, t, rate = b.coordinate("x"), b.coordinate("t"), b.constant("-0.1*pi^2")
    e, one = b.weight("epsilon", ()), b.constant("1")
    exact = b.mul(b.exp(b.mul(rate, t)), b.sinpi(x))
    bump = b.mul(b.mul(b.mul(x, b.sub(one, x)), t), b.max0(b.add(x, one)))
    program = b.program(u=b.add(exact, b.mul(e, bump)))
    report = prove(tmp_path, examples.heat(), (program, {"epsilon": np.array(0.1)}),
                   "maximum-principle")  # fmt: skip
    assert refused(report, "smooth", "max0")


def test_corner_of_the_data_is_refused(tmp_path):
    """Initial data with a corner at the periodic seam, on a smooth periodic net."""
    b = Builder()
    x, two = b.coordinate("x"), b.constant("2")
    corner = b.program(u=b.mul(x, b.sub(two, x)))

    def build(b, d):
        return b.sub(d(0, 1), d(2, 0))

    axes = [axis("x", "0", "2"), axis("t", "0", "1")]
    conditions = [initial(corner), periodic("x")]
    made = problem(axes, examples.residual(2, build), conditions)
    candidate = examples.transport_candidate(1e-3)
    for theorem, norm in (("l1-contraction", "L1"), ("maximum-principle", "Linf")):
        report = prove(tmp_path, made, candidate, theorem, norm=norm,
                       start=uniform_tree([3], 3))  # fmt: skip
        assert refused(report, "data", "corner or jump")


def test_periodic_continuation_of_a_hard_constraint_is_refused(tmp_path):
    """u0 + t N with a corner in u0 keeps the corner: x^2 cos(pi x) on [-1, 1]."""

    def cubic(b, d, five):
        return b.mul(five, b.sub(b.ipow(d(0, 0), extra=3), d(0, 0)))

    b = Builder()
    x = b.coordinate("x")
    datum = b.program(u=b.mul(b.ipow(x, extra=2), b.cospi(x)))
    made = examples.heat(cubic, ("5",), [initial(datum), periodic("x")])
    made["coordinates"][0] = axis("x", "-1", "1")
    b = Builder()
    x, t, e = b.coordinate("x"), b.coordinate("t"), b.weight("epsilon", ())
    start = b.mul(b.ipow(x, extra=2), b.cospi(x))
    program = b.program(u=b.add(start, b.mul(e, b.mul(t, b.sinpi(x)))))
    report = prove(tmp_path, made, (program, {"epsilon": np.array(1.0)}),
                   "maximum-principle")  # fmt: skip
    assert refused(report, "walls", "not periodic in x (a corner or jump at the seam)")


@pytest.mark.parametrize(
    "extra, constants, text",
    [
        (lambda b, d, c: b.mul(c, b.mul(d(0, 0), d(2, 0))), ("1",), "no polynomial"),
        (lambda b, d, c: b.mul(c, b.ipow(d(1, 0), extra=2)), ("1",), "no polynomial"),
        (lambda b, d, c: b.mul(b.sin(d(0, 0)), d(1, 0)), ("1",), "no polynomial"),
        (lambda b, d, c: b.mul(c, b.exp(d(0, 0))), ("1",), "no polynomial"),
        (lambda b, d, c: b.mul(c, d(0, 2)), ("1",), "no polynomial"),
        (lambda b, d, c: b.mul(c, d(2, 0)), ("1",), "in front"),
        (lambda b, d, c: b.mul(c, d(2, 0)), ("0.1",), "no second derivative"),
        (lambda b, d, c: b.div(c, d(0, 0)), ("1",), "divisor, root"),
        (lambda b, d, c: b.mul(c, b.div(c, d(0, 0))), ("0",), "divisor, root"),
    ],
)
def test_maximum_principle_refuses_equations(tmp_path, extra, constants, text):
    made = examples.heat(extra, constants)
    report = prove(tmp_path, made, examples.heat_candidate(1e-3), "maximum-principle")
    assert refused(report, "equation", text)


def test_missing_diffusion_is_an_assumption(tmp_path):
    b = Builder()
    table = [b.derivative("u", *o) for o in ((0, 0, 1), (2, 0, 0))]
    program = b.program(_0=b.sub(*table))
    axes = [axis("x", "0", "1"), axis("y", "0", "1"), axis("t", "0", "1")]
    conditions = [initial(constant_program(u="0")), dirichlet("x"), dirichlet("y")]
    b = Builder()
    xs = [b.coordinate(n) for n in "xyt"]
    one, e = b.constant("1"), b.weight("epsilon", ())
    made = b.mul(e, xs[2])
    for x in xs[:2]:
        made = b.mul(made, b.mul(x, b.sub(one, x)))
    report = prove(tmp_path, problem(axes, program, conditions),
                   (b.program(u=made), {"epsilon": np.array(1e-3)}),
                   "maximum-principle", levels=(1, 1, 1))  # fmt: skip
    assert report["verdict"] == "proved under assumptions"
    assert "Proved under assumptions: " in report["statement"]
    assert "Assumed: " in report["statement"]
    assert 1e-3 / 16 <= number(report)


@pytest.mark.parametrize("epsilon", [0.0, 1e-5, 0.1])
def test_poisson(tmp_path, epsilon):
    for made in (examples.poisson(-1), examples.poisson(1), examples.poisson(1, "2")):
        report = prove(tmp_path, made, examples.poisson_candidate(epsilon), "barrier",
                       parameters={})  # fmt: skip
        assert epsilon / 16 <= number(report) <= epsilon + 1e-6
        assert report["curve"] == []


def test_barrier_refusals(tmp_path):
    candidate = examples.poisson_candidate(1e-3)

    def refusal(made, where, text, candidate=candidate):
        report = prove(tmp_path, made, candidate, "barrier", parameters={})
        assert refused(report, where, text)

    refusal(examples.poisson(1, "-2"), "equation", "of one sign")
    refusal(examples.poisson(1, "0"), "equation", "of one sign")
    made = examples.poisson()
    made["conditions"][1] = dirichlet("y", "lower")
    refusal(made, "walls", "y has no Dirichlet condition on its upper end")
    made["conditions"][1] = periodic("y")
    refusal(made, "walls", "periodic")
    made["conditions"][1] = dirichlet("y", values=constant_program(u="1e-9"))
    refusal(made, "walls", "not equal to the data")
    made = examples.poisson()
    made["conditions"].append(initial(constant_program(u="0"), "y"))
    refusal(made, "equation", "initial condition")


@pytest.mark.parametrize("epsilon", [0.0, 1e-5, 0.1])
def test_transport(tmp_path, epsilon):
    candidate = examples.transport_candidate(epsilon, at_start=False)
    report = prove(tmp_path, examples.transport(), candidate, "transport",
                   levels=(3, 3))  # fmt: skip
    assert epsilon <= number(report) <= 9 * epsilon + 1e-5


def test_transport_with_inflow(tmp_path):
    """u = 0 for both; the candidate is epsilon x t, wrong by 2 epsilon."""
    b = Builder()
    x, t, e = b.coordinate("x"), b.coordinate("t"), b.weight("epsilon", ())
    candidate = b.program(u=b.mul(e, b.mul(x, t))), {"epsilon": np.array(1e-3)}
    start = initial(constant_program(u="0"))

    def report(speed, *conditions, decay="0"):
        made = examples.transport([start, *conditions], speed, decay)
        return prove(tmp_path, made, candidate, "transport")

    assert 2e-3 <= number(report("2", dirichlet("x", "lower")))
    damped = report("2", dirichlet("x", "lower"), decay="3")
    assert number(damped) > 0
    assert refused(report("2", dirichlet("x")), "walls", "contradictory")
    assert refused(report("2", dirichlet("x", "upper")), "walls", "contradictory")
    assert refused(report("2"), "walls", "lower end")
    assert refused(report("-2", dirichlet("x", "upper")), "walls", "not equal")
    assert refused(report("0", dirichlet("x")), "equation", "no first derivative")


def test_transport_seam(tmp_path):
    candidate = examples.transport_candidate(1e-3, corner=True)
    report = prove(tmp_path, examples.transport(), candidate, "transport")
    assert refused(report, "walls", "corner or jump at the seam")


@pytest.mark.parametrize("norm", ["2", "infinity"])
@pytest.mark.parametrize("epsilon", [0.0, 1e-8, -1e-5])
def test_logistic_equation(tmp_path, norm, epsilon):
    candidate = examples.logistic_candidate(epsilon)
    parameters = {**TUBE, "logarithmic_norm": norm}
    report = prove(tmp_path, examples.logistic(), candidate, "ode-tube", levels=(5,),
                   parameters=parameters)  # fmt: skip
    error = abs(epsilon) * 2 * math.tanh(2)
    assert error <= number(report) <= 1.5 * error + 1e-8


def test_system_with_its_own_order(tmp_path):
    """x' = -y, y' = x with equations in reverse order and a wrong start."""
    b = Builder()
    x, y = b.derivative("x", 0), b.derivative("y", 0)
    xt, yt = b.derivative("x", 1), b.derivative("y", 1)
    program = b.program(_0=b.sub(yt, x), _1=b.add(xt, y))
    data = initial(constant_program(x="1", y="0"))
    made = problem([axis("t", "0", "1")], program, [data], ("x", "y"))
    b = Builder()
    t, e = b.coordinate("t"), b.weight("epsilon", ())
    fields = {"x": b.add(b.cos(t), e), "y": b.sin(t)}
    candidate = b.program(**fields), {"epsilon": np.array(1e-6)}
    report = prove(tmp_path, made, candidate, "ode-tube", levels=(3,), degree=7,
                   parameters=TUBE)  # fmt: skip
    assert 1e-6 <= number(report) <= 3e-6
    maximum = prove(tmp_path, made, candidate, "ode-tube", levels=(3,), degree=7,
                    parameters={**TUBE, "logarithmic_norm": "infinity"})  # fmt: skip
    assert number(report) < number(maximum)
    assert "largest absolute component of network - (x, y)" in maximum["statement"]


@pytest.mark.parametrize(
    "made, epsilon, where, text",
    [
        (examples.logistic(), 0.1, "tube", "leaves the tube"),
        (examples.logistic(rate="2"), 1e-6, "equation", "solved for one"),
        (examples.logistic(value="0.51"), 1e-6, "tube", "leaves the tube"),
    ],
)
def test_ode_refusals(tmp_path, made, epsilon, where, text):
    candidate = examples.logistic_candidate(epsilon)
    report = prove(tmp_path, made, candidate, "ode-tube", levels=(4,), parameters=TUBE)
    assert refused(report, where, text)


def test_singular_right_hand_side_in_the_tube(tmp_path):
    """y' = 1 / y near y = 0 is refused, and not near y = 1."""

    def made(value):
        b = Builder()
        y, slope, one = b.derivative("y", 0), b.derivative("y", 1), b.constant("1")
        program = b.program(_0=b.sub(slope, b.div(one, y)))
        data = initial(constant_program(y=value))
        return problem([axis("t", "0", "0.01")], program, [data], ("y",))

    def candidate(value):
        b = Builder()
        t, start = b.coordinate("t"), b.constant(value)
        two, e = b.constant("2.0"), b.weight("epsilon", ())
        inner = b.add(b.mul(two, t), b.ipow(start, extra=2))
        return b.program(y=b.add(b.sqrt(inner), b.mul(e, t))), {"epsilon": np.zeros(())}

    good = prove(tmp_path, made("1"), candidate("1"), "ode-tube", levels=(2,),
                 parameters=TUBE)  # fmt: skip
    assert number(good) < 1e-6
    bad = prove(tmp_path, made("0.0005"), candidate("0.0005"), "ode-tube", levels=(12,),
                parameters=TUBE)  # fmt: skip
    assert not bad["accepted"] and "away from zero" in bad["reason"]


def test_derivative_inside_the_right_hand_side_is_refused(tmp_path):
    for inner in ("sin", "exp"):
        b = Builder()
        y, slope = b.derivative("y", 0), b.derivative("y", 1)
        program = b.program(_0=b.add(b.sub(slope, y), getattr(b, inner)(slope)))
        made = examples.logistic()
        made["residual"] = program
        report = prove(tmp_path, made, examples.logistic_candidate(0.0), "ode-tube",
                       levels=(2,), parameters=TUBE)  # fmt: skip
        assert refused(report, "equation", "solved for one derivative")
    b = Builder()
    y, slope, zero = b.derivative("y", 0), b.derivative("y", 1), b.constant("0")
    made["residual"] = b.program(_0=b.add(b.sub(slope, y), b.mul(zero, b.log(slope))))
    report = prove(tmp_path, made, examples.logistic_candidate(0.0), "ode-tube",
                   levels=(2,), parameters=TUBE)  # fmt: skip
    assert refused(report, "equation", "divisor, root or logarithm")


@pytest.mark.parametrize("norm", ["Linf", "L1", "L2"])
def test_residual_norms_of_a_known_residual(tmp_path, norm):
    """The residual is epsilon (x (1 - x) + 0.2 t), which has simple norms."""
    epsilon = 1e-3
    draft = write_draft(
        tmp_path, examples.heat(), *examples.heat_candidate(epsilon),
        uniform_tree([4, 3], 5), claim="residual", norm=norm,
    )  # fmt: skip
    report = derive(draft)
    square = 1 / 60 + 0.2 * 0.125 / 3 + 0.04 / 24
    exact = {"Linf": 0.35, "L1": 1 / 12 + 0.025, "L2": math.sqrt(square)}[norm]
    assert exact * epsilon <= number(report) * (1 + 1e-12)
    assert number(report) <= 1.02 * exact * epsilon
    assert verify(certificate_from(draft, report))["accepted"]


def test_refinement_sharpens(tmp_path):
    bounds = []
    for levels in ((1, 1), (2, 2), (4, 4)):
        report = prove(tmp_path, examples.burgers(), examples.burgers_net(),
                       "l1-contraction", levels=levels, degree=2,
                       norm="L1")  # fmt: skip
        bounds.append(number(report))
    assert bounds[0] > bounds[1] > bounds[2] > 0

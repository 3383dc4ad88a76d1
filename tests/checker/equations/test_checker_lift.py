"""The lift of wall defects: what it must bound, and where it is refused."""

import json

import examples
import numpy as np
import pytest
from examples import ZERO, axis, dirichlet, initial, periodic, problem
from flint import arb
from material import (
    Builder,
    call,
    certificate_from,
    constant_program,
    derive,
    network_program,
    random_weights,
    safetensors,
    uniform_tree,
    verify,
    write_draft,
)

from certax_checker.equations._case import Case
from certax_checker.equations._lift import lift
from certax_checker.kernel._algebra import Algebra
from certax_checker.kernel._documents import read_network, read_problem
from certax_checker.kernel._leaves import Chunk, Subject
from certax_checker.kernel._reader import File
from certax_checker.kernel._trees import read_tree

WALLS = uniform_tree([4], 4)


def prove(folder, stated, candidate, *, levels=(4, 4), degree=4, start=None,
          walls=WALLS, theorem="l1-contraction", norm="L1", **options):  # fmt: skip
    """Derives, and where something is proved has the certificate verified."""
    options = {"parameters": {"slabs": 8}} | options
    draft = write_draft(
        folder, stated, *candidate, uniform_tree(levels, degree), start,
        theorem=theorem, norm=norm, walls=walls, **options,
    )  # fmt: skip
    report = derive(draft)
    if report["accepted"]:
        assert verify(certificate_from(draft, report))["accepted"]
    return report


def refused(report, where, text):
    """The report is a refusal that names the hypothesis and the reason."""
    assert not report["accepted"] and report["statement"] == ""
    return report["where"] == where and text in report["reason"]


def number(report):
    """The derived bound."""
    assert report["accepted"], (report["where"], report["reason"])
    return float.fromhex(report["bound"]["hex"])


def zero_burgers(viscosity="0.1"):
    """u_t + u u_x = nu u_xx with zero data: the solution is zero."""
    conditions = [initial(ZERO), dirichlet("x")]
    return examples.burgers(viscosity, conditions)


def chord():
    """1 - x/2: not zero on the walls, and L1 contraction is false for it."""
    b = Builder()
    x, e = b.coordinate("x"), b.weight("e", ())
    one, half = b.constant("1"), b.constant("1/2")
    program = b.program(u=b.mul(e, b.sub(one, b.mul(half, x))))
    return program, {"e": np.array(1.0)}


def growing(epsilon, shape):
    """epsilon t (1 + shape(x))."""
    b = Builder()
    x, t, e, one = (b.coordinate("x"), b.coordinate("t"), b.weight("e", ()),
                    b.constant("1"))  # fmt: skip
    program = b.program(u=b.mul(b.mul(e, t), shape(b, x, one)))
    return program, {"e": np.array(epsilon)}


def test_a_wall_defect_is_refused_without_its_tree(tmp_path):
    report = prove(tmp_path, zero_burgers(), chord(), walls=None)
    assert refused(report, "walls", "not equal to the data on the lower end of x")


def test_the_counterexample_is_bounded_by_its_true_error(tmp_path):
    """All of 1 - x/2 is lift, and its integral over [-1, 1] is 2."""
    report = prove(tmp_path, zero_burgers(), chord())
    assert 2.0 <= number(report) <= 2.0 * (1 + 1e-6)
    assert all(float(v) >= 2.0 for v in report["curve"])
    (walls,) = [h for h in report["hypotheses"] if h["name"] == "walls"]
    assert walls["status"] == "checked" and "lift" in walls["detail"]


def test_less_than_the_lift_cannot_be_claimed(tmp_path):
    """With all hashes right, a bound below what is derived is rejected."""
    draft = write_draft(
        tmp_path, zero_burgers(), *chord(), uniform_tree((2, 2), 4), walls=WALLS,
        theorem="l1-contraction", norm="L1", parameters={"slabs": 8},
    )  # fmt: skip
    report = derive(draft)
    forged = report["statement"].replace(report["bound"]["decimal"], "1.99")
    low = certificate_from(draft, report, bound="1.99", statement=forged)
    assert "exceeds the claimed" in verify(low)["reason"]
    words = report["statement"].replace(report["bound"]["decimal"], "2.1")
    weaker = certificate_from(draft, report, bound="2.1", statement=words)
    assert verify(weaker)["accepted"]
    low = ["1.9", *report["curve"][1:]]
    assert not verify(certificate_from(draft, report, curve=low))["accepted"]


@pytest.mark.parametrize("epsilon", [1e-6, 1e-2, 1.0])
def test_a_linear_defect_is_bounded_sharply(tmp_path, epsilon):
    slanted = growing(epsilon, lambda b, x, one: b.add(one, x))
    report = prove(tmp_path, zero_burgers(), slanted)
    # At t = 1 the true error is the integral of epsilon (1 + x), which is 2 epsilon.
    assert 2 * epsilon <= number(report) <= 2 * epsilon * (1 + 1e-6) + 1e-9


@pytest.mark.parametrize("epsilon", [1e-3, 0.1, 2.0])
def test_the_residual_is_that_of_the_lifted_network(tmp_path, epsilon):
    """epsilon t x^2 with zero data: v = epsilon t (x^2 - 1) has another residual."""
    candidate = growing(epsilon, lambda b, x, one: b.mul(one, b.ipow(x, extra=2)))
    bound = number(prove(tmp_path, zero_burgers(), candidate, levels=(5, 5), degree=6))
    x, t = np.meshgrid((np.arange(800) + 0.5) / 400 - 1, (np.arange(400) + 0.5) / 400)
    v, v_x = epsilon * t * (x**2 - 1), 2 * epsilon * t * x
    lifted = epsilon * (x**2 - 1) + v * v_x - 0.1 * 2 * epsilon * t
    plain = epsilon * x**2 + epsilon * t * x**2 * v_x - 0.1 * 2 * epsilon * t
    right, wrong = (2 * np.abs(r).mean() + 2 * epsilon for r in (lifted, plain))
    assert abs(right - wrong) > 0.1 * epsilon
    assert 0.999 * right <= bound <= 1.05 * right
    assert bound >= 2 * epsilon / 3  # the true error at t = 1


def test_the_heat_equation_with_a_drifting_network(tmp_path):
    """exp(-0.1 pi^2 t) sin(pi x) + epsilon t: the drift is all lift, on one unit."""
    epsilon = 1e-2
    b = Builder()
    x, t = b.coordinate("x"), b.coordinate("t")
    rate, weight = b.constant("-0.1*pi^2"), b.weight("epsilon", ())
    exact = b.mul(b.exp(b.mul(rate, t)), b.sinpi(x))
    candidate = (
        b.program(u=b.add(exact, b.mul(weight, t))),
        {"epsilon": np.array(epsilon)},
    )
    report = prove(tmp_path, examples.heat(), candidate, degree=7)
    assert epsilon / 2 <= number(report) <= epsilon / 2 * 1.01 + 1e-6


def test_one_missed_wall_is_enough(tmp_path):
    slanted = growing(1e-2, lambda b, x, one: b.add(one, x))
    assert refused(
        prove(tmp_path, zero_burgers(), slanted, walls=None), "walls", "upper end"
    )


def test_a_tree_that_is_not_needed_is_refused(tmp_path):
    candidate = examples.heat_candidate(1e-3)
    report = prove(tmp_path, examples.heat(), candidate)
    assert refused(report, "walls", "equals the data on the walls")


@pytest.mark.parametrize(
    "conditions",
    [
        [initial(ZERO), periodic("x")],
        [initial(ZERO), dirichlet("x", "lower")],
        [initial(ZERO)],
        [initial(ZERO), dirichlet("x", "lower"), periodic("x")],
    ],
)
def test_the_lift_needs_data_on_both_walls(tmp_path, conditions):
    report = prove(tmp_path, examples.burgers("0.1", conditions), chord())
    assert refused(report, "walls", "no Dirichlet data on both ends")


def test_corners_of_the_data_are_still_looked_after(tmp_path):
    """The network may miss the data; the data themselves must fit together."""
    data = [initial(ZERO), dirichlet("x", values=constant_program(u="1"))]
    report = prove(tmp_path, examples.burgers("0.1", data), chord(),
                   start=uniform_tree([3], 4))  # fmt: skip
    assert refused(report, "data", "the data differ at")


# Energies and waves.


@pytest.mark.parametrize("epsilon", [1e-6, 1e-2])
def test_the_energy_of_the_heat_equation_with_a_drifting_network(tmp_path, epsilon):
    """The drift epsilon t is all lift; its L2 norm on [0, 1] is epsilon / 2 at last."""
    report = prove(tmp_path, examples.heat(), drifting(epsilon), degree=7,
                   theorem="energy", norm="L2")  # fmt: skip
    assert epsilon / 2 <= number(report) <= epsilon / 2 * 1.01 + 1e-6
    (walls,) = [h for h in report["hypotheses"] if h["name"] == "walls"]
    assert "lift" in walls["detail"]


def test_the_counterexample_in_the_mean_square(tmp_path):
    """1 - x/2 against zero on [-1, 1]: between 3/2 and 1/2 in length, and all lift."""
    report = prove(tmp_path, zero_burgers(), chord(), theorem="energy", norm="L2")
    true = np.sqrt(2 * (1.5**2 + 1.5 * 0.5 + 0.5**2) / 3)
    assert true <= number(report) <= true * (1 + 1e-6)


def string(shape, epsilon):
    """u_tt = u_xx / 4, at rest at zero, against epsilon times a shape."""

    def build(b, d, speed):
        return b.sub(d(0, 2), b.mul(speed, d(2, 0)))

    rest = {"kind": "velocity", "coordinate": "t", "values": ZERO}
    stated = problem(
        [axis("x", "0", "2"), axis("t", "0", "1")],
        examples.residual(2, build, ("0.25",)),
        [initial(ZERO), rest, dirichlet("x")],
    )
    b = Builder()
    x, t, e, one = (b.coordinate("x"), b.coordinate("t"), b.weight("e", ()),
                    b.constant("1"))  # fmt: skip
    program = b.program(u=b.mul(e, shape(b, x, t, one)))
    return stated, (program, {"e": np.array(epsilon)})


@pytest.mark.parametrize("theorem, norm, size", [
    ("wave", "L2", np.sqrt(2)), ("wave-supremum", "Linf", 1.0),
])  # fmt: skip
@pytest.mark.parametrize("epsilon", [1e-5, 0.3])
def test_a_string_whose_ends_are_moved(tmp_path, theorem, norm, size, epsilon):
    """epsilon t^3 is all lift, so its norm is the bound."""
    stated, net = string(lambda b, x, t, one: b.ipow(t, extra=3), epsilon)
    report = prove(tmp_path, stated, net, theorem=theorem, norm=norm)
    assert epsilon * size <= number(report) <= epsilon * size * (1 + 1e-6)


@pytest.mark.parametrize("theorem, norm", [("wave", "L2"), ("wave-supremum", "Linf")])
def test_what_the_lift_accelerates_is_in_the_residual(tmp_path, theorem, norm):
    """epsilon t^3 x^2: v = epsilon t^3 (x^2 - 2 x), and no solution is at rest."""
    epsilon = 1e-2
    stated, net = string(
        lambda b, x, t, one: b.mul(b.ipow(t, extra=3), b.ipow(x, extra=2)), epsilon
    )
    report = prove(tmp_path, stated, net, theorem=theorem, norm=norm)
    x = (np.arange(2000) + 0.5) / 1000
    error = 4 * epsilon if norm == "Linf" else epsilon * np.sqrt(2 * (x**4).mean())
    assert error <= number(report) <= 10 * error
    refusal = prove(tmp_path, stated, net, theorem=theorem, norm=norm, walls=None)
    assert refused(refusal, "walls", "not equal to the data")


def test_a_velocity_that_the_lift_changes_is_a_defect(tmp_path):
    """epsilon t on the walls starts with a velocity that the data do not have."""
    stated, net = string(lambda b, x, t, one: b.mul(t, x), 1e-2)
    report = prove(tmp_path, stated, net, theorem="wave", norm="L2")
    # v = 0, so all of it is lift.
    assert number(report) >= 1e-2 * np.sqrt(8 / 3)
    stated, net = string(lambda b, x, t, one: b.mul(t, b.ipow(x, extra=2)), 1e-2)
    report = prove(tmp_path, stated, net, theorem="wave", norm="L2")
    assert refused(report, "initial defect", "give a tree `initial`")
    report = prove(tmp_path, stated, net, theorem="wave", norm="L2",
                   start=uniform_tree([4], 4))  # fmt: skip
    assert number(report) >= 1e-2 * np.sqrt(2 * 16 / 5)


def drifting(epsilon):
    """exp(-0.1 pi^2 t) sin(pi x) + epsilon t."""
    b = Builder()
    x, t = b.coordinate("x"), b.coordinate("t")
    rate, weight = b.constant("-0.1*pi^2"), b.weight("epsilon", ())
    exact = b.mul(b.exp(b.mul(rate, t)), b.sinpi(x))
    program = b.program(u=b.add(exact, b.mul(weight, t)))
    return program, {"epsilon": np.array(epsilon)}


@pytest.mark.parametrize("theorem, norm", [("energy", "L2"), ("wave", "L2")])
def test_only_one_space_coordinate_is_lifted(tmp_path, theorem, norm):
    second = theorem == "wave"

    def build(b, d):
        rate = d(0, 0, 2) if second else d(0, 0, 1)
        return b.sub(b.sub(rate, d(2, 0, 0)), d(0, 2, 0))

    rest = [{"kind": "velocity", "coordinate": "t", "values": ZERO}] if second else []
    stated = problem(
        [axis(n, "0", "1") for n in "xyt"], examples.residual(3, build),
        [initial(ZERO), *rest, dirichlet("x"), dirichlet("y")],
    )  # fmt: skip
    b = Builder()
    net = b.program(u=b.mul(b.weight("e", ()), b.coordinate("t"))), {"e": np.array(1.0)}
    report = prove(tmp_path, stated, net, levels=(1, 1, 1), theorem=theorem, norm=norm,
                   walls=uniform_tree((1, 1), 2))  # fmt: skip
    assert refused(report, "walls", "a single space coordinate")


@pytest.mark.parametrize("theorem, norm", [("energy", "L2"), ("wave-supremum", "Linf")])
def test_a_bound_without_the_lift_is_rejected(tmp_path, theorem, norm):
    stated, net = string(lambda b, x, t, one: b.ipow(t, extra=3), 1e-2)
    if theorem == "energy":
        stated, net = examples.heat(), drifting(1e-2)
    draft = write_draft(
        tmp_path, stated, *net, uniform_tree((4, 4), 7), walls=WALLS, theorem=theorem,
        norm=norm, parameters={"slabs": 8},
    )  # fmt: skip
    report = derive(draft)
    bound = report["bound"]["decimal"]
    low = f"{0.9 * float(bound):.2e}".replace("e-0", "e-")
    words = report["statement"].replace(f"at most {bound}", f"at most {low}")
    forged = certificate_from(draft, report, bound=low, statement=words)
    assert "exceeds the claimed" in verify(forged)["reason"]
    value = json.loads(draft.read_text())
    del value["trees"]["walls"]
    draft.write_text(json.dumps(value))
    assert "not equal to the data" in verify(certificate_from(draft, report))["reason"]


# A maximum principle takes the defect as it is.


def test_a_wall_defect_enters_the_maximum_as_it_is(tmp_path):
    report = maximum(tmp_path, examples.heat(), drifting(1e-2))
    # e_t = epsilon, and on the walls it is epsilon t, up to t = 1/2.
    assert 5e-3 <= number(report) <= 1.001e-2
    (walls,) = [h for h in report["hypotheses"] if h["name"] == "walls"]
    assert walls["status"] == "checked" and "of the data" in walls["detail"]


def maximum(folder, stated, net, levels=(3, 4), degree=6, **options):
    return prove(folder, stated, net, levels=levels, degree=degree, walls=None,
                 theorem="maximum-principle", norm="Linf", **options)  # fmt: skip


@pytest.mark.parametrize("rate", ["-3", "0", "2", "8"])
def test_a_wall_defect_grows_or_stays(tmp_path, rate):
    """u_t = 0.1 u_xx - rate u with zero data, against epsilon cosh(k x), which is a
    solution, so that all of the error comes from the walls.
    """
    c = float(rate)
    k = np.sqrt(abs(c) / 0.1)
    extra = lambda b, d, one, factor: b.mul(factor, d(0, 0))  # noqa: E731
    stated = examples.heat(extra, ("1.0", rate), [initial(ZERO), dirichlet("x")])
    b = Builder()
    x, e = b.coordinate("x"), b.weight("e", ())
    k = b.constant(f"sqrt({abs(int(c)) * 10})")
    phase = b.mul(k, x)
    shape = b.cos(phase) if c < 0 else b.add(b.exp(phase), b.exp(b.neg(phase)))
    net = b.program(u=b.mul(e, shape)), {"e": np.array(1e-3)}
    report = maximum(tmp_path, stated, net, start=uniform_tree([4], 8))
    x = np.linspace(0, 1, 101)
    k = np.sqrt(abs(c) * 10)
    truth = 1e-3 * (2 * np.cosh(k * x) if c >= 0 else np.cos(k * x))
    largest = np.abs(truth).max()
    assert largest <= number(report) <= 1.1 * largest * np.exp(max(-c, 0) / 2) + 1e-4


def test_walls_in_two_dimensions(tmp_path):
    """u_t = u_xx + u_yy with zero data, against a net that misses one wall only."""

    def build(b, d):
        return b.sub(b.sub(d(0, 0, 1), d(2, 0, 0)), d(0, 2, 0))

    stated = problem(
        [axis(n, "0", "1") for n in "xyt"], examples.residual(3, build),
        [initial(ZERO), dirichlet("x"), dirichlet("y")],
    )  # fmt: skip
    b = Builder()
    x, y, e = b.coordinate("x"), b.coordinate("y"), b.weight("e", ())
    # Harmonic, and zero on x = 0 and y = 0.
    net = b.program(u=b.mul(e, b.mul(x, y))), {"e": np.array(1e-2)}
    report = maximum(tmp_path, stated, net, (2, 2, 3), 3, start=uniform_tree((2, 2), 3))
    assert 1e-2 <= number(report) <= 1.001e-2
    stated["conditions"].pop()
    report = maximum(tmp_path, stated, net, (2, 2, 3), 3, start=uniform_tree((2, 2), 3))
    assert refused(report, "walls", "y has no Dirichlet condition")


def test_a_tube_must_hold_the_wall_defect(tmp_path):
    """u_t = 0.1 u_xx + u^2 from zero: a wall defect of 10 leaves every tube."""
    extra = lambda b, d, one: b.neg(b.ipow(d(0, 0), extra=2))  # noqa: E731
    stated = examples.heat(extra, ("1.0",), [initial(ZERO), dirichlet("x")])
    small = maximum(tmp_path, stated, drifting_alone(1e-2))
    assert 1e-2 / 2 <= number(small) <= 1.1e-2
    large = maximum(tmp_path, stated, drifting_alone(30.0))
    assert refused(large, "tube", "every tube")


def drifting_alone(epsilon):
    """epsilon t."""
    b = Builder()
    made = b.program(u=b.mul(b.weight("epsilon", ()), b.coordinate("t")))
    return made, {"epsilon": np.array(epsilon)}


@pytest.mark.parametrize("part", ["bound", "curve"])
def test_a_maximum_without_the_walls_is_rejected(tmp_path, part):
    draft = write_draft(
        tmp_path, examples.heat(), *drifting(1e-2), uniform_tree((3, 4), 6),
        theorem="maximum-principle", norm="Linf", parameters={"slabs": 8},
    )  # fmt: skip
    report = derive(draft)
    changes = {"curve": ["1e-9", *report["curve"][1:]]}
    if part == "bound":
        # What the residual alone would give.
        bound = report["bound"]["decimal"]
        words = report["statement"].replace(f"at most {bound}", "at most 5.01e-3")
        changes = {"bound": "5.01e-3", "statement": words}
    assert "exceeds" in verify(certificate_from(draft, report, **changes))["reason"]


def test_only_a_theorem_that_lifts_takes_the_tree(tmp_path):
    draft = write_draft(
        tmp_path, zero_burgers(), *chord(), uniform_tree((1, 1), 3), walls=WALLS,
        theorem="maximum-principle", norm="Linf", parameters={"slabs": 8},
    )  # fmt: skip
    assert "takes no tree `walls`" in derive_any(draft)["reason"]
    draft = write_draft(
        tmp_path, zero_burgers(), *chord(), uniform_tree((1, 1), 3), walls=WALLS,
        claim="residual", norm="L1",
    )  # fmt: skip
    assert "no theorem" in derive_any(draft)["reason"]


def derive_any(draft):
    """What `derive` prints, whatever its exit code."""
    from material import call

    _, output = call("derive", draft)
    return json.loads(output)


def lifted_case(ends, data, seed):
    """A random net on a domain with its walls lifted, and the case it had before."""
    stated = problem(
        [axis("x", *ends), axis("t", "0", "1")],
        examples.burgers()["residual"],
        [initial(ZERO), *data],
    )
    program, shapes = network_program(["x", "t"], (4, 3), lambda b, net, *_: net)
    algebra = Algebra()
    where = json.dumps(stated).encode()
    read = read_problem(where, "problem", algebra)
    content = safetensors(random_weights(shapes, seed))
    network, tensors = read_network(
        json.dumps(program).encode(), File("w", content, ""), read, algebra
    )
    trees = {"residual": read_tree(uniform_tree((1, 1), 3), 2, "t"),
             "walls": read_tree(WALLS, 1, "w")}  # fmt: skip
    subject = Subject(read, network, tensors)
    return Case(subject, algebra, trees, {}), subject


def point(subject, place):
    """The network's value at a normalized point, up to rounding."""
    centers = np.array(place, float)[:, None]
    chunk = Chunk(subject, ["x", "t"], centers, np.zeros((2, 1)), 1, {})
    model = chunk.field("u")
    value = sum(c for m, c in model.terms.items() if not any(m))
    assert np.all(model.radius < 1e-9)
    return float(np.broadcast_to(value, (1,))[0])


def wave_in_time():
    b = Builder()
    return b.program(u=b.sinpi(b.coordinate("t")))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ends", [("-1", "1"), ("0", "2*pi"), ("1/3", "0.7")])
def test_the_lifted_network_is_the_formula(seed, ends):
    data = [dirichlet("x", "lower", wave_in_time()),
            dirichlet("x", "upper", constant_program(u="1/7"))]  # fmt: skip
    case, before = lifted_case(ends, data, seed)
    found = lift(case, case.axis("x"))
    assert found is not None and set(found.misses) == {"lower", "upper"}
    walls = found.misses
    assert found.supremum == max(w.max() for w in walls.values())
    assert found.together <= (walls["lower"] + walls["upper"]).max() * (1 + 1e-8)
    for side in walls:
        case.wall("x", side)
    generator = np.random.default_rng(seed)
    for s, t in generator.random((20, 2)):
        low = point(before, (0, t)) - float(arb(t).sin_pi())
        high = point(before, (1, t)) - 1 / 7
        wanted = point(before, (s, t)) - low * (1 - s) - high * s
        assert abs(point(case.subject, (s, t)) - wanted) < 1e-12
        assert abs(low) <= walls["lower"].max() and abs(high) <= walls["upper"].max()
    for t in (0.0, 0.3, 1.0):
        assert abs(point(case.subject, (0, t)) - float(arb(t).sin_pi())) < 1e-12
        assert abs(point(case.subject, (1, t)) - 1 / 7) < 1e-12


def test_a_length_that_does_not_cancel_exactly_is_refused(tmp_path):
    """(1 + pi) / (1 + pi) is not seen to be 1, so nothing is claimed."""
    stated = zero_burgers()
    stated["coordinates"][0] = axis("x", "0", "1+pi")
    report = prove(tmp_path, stated, chord())
    assert refused(report, "walls", "not equal to the data")


def test_the_walls_bound_is_taken_over_all_times(tmp_path):
    """A defect that is large only at the end must count: epsilon t^8."""
    b = Builder()
    t, e = b.coordinate("t"), b.weight("e", ())
    program = b.program(u=b.mul(e, b.ipow(t, extra=8)))
    report = prove(tmp_path, zero_burgers(), (program, {"e": np.array(1e-2)}),
                   walls=uniform_tree([0], 9), degree=9)  # fmt: skip
    assert 2e-2 <= number(report) <= 2.01e-2


@pytest.mark.parametrize("claim, norm, parameters", [
    ("range", "range", {"field": "u", "orders": [0, 0]}),
    ("lipschitz", "l2", {"fields": ["u"]}),
])  # fmt: skip
def test_a_claim_about_the_network_takes_no_walls(tmp_path, claim, norm, parameters):
    draft = write_draft(
        tmp_path, examples.burgers(), *examples.burgers_net(), uniform_tree((1, 1), 3),
        walls=bytes([3]), claim=claim, norm=norm, parameters=parameters,
    )  # fmt: skip
    status, output = call("derive", draft)
    assert status == 2 and "no theorem and one tree" in output

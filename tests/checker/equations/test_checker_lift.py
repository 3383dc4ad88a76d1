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
    assert "no theorem and no parameters" in derive_any(draft)["reason"]


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

"""A maximum principle takes a wall defect as it is, without a lift."""

import examples
import numpy as np
import pytest
from examples import ZERO, axis, dirichlet, initial, problem
from lifting import drifting
from material import (
    Builder,
    certificate_from,
    derive,
    uniform_tree,
    verify,
    write_draft,
)
from proofs import SLABS, number, prove, refused


def maximum(folder, stated, net, levels=(3, 4), degree=6, **options):
    return prove(folder, stated, net, "maximum-principle", levels=levels,
                 degree=degree, **options)  # fmt: skip


def drifting_alone(epsilon):
    """epsilon t."""
    b = Builder()
    made = b.program(u=b.mul(b.weight("epsilon", ()), b.coordinate("t")))
    return made, {"epsilon": np.array(epsilon)}


def test_a_wall_defect_enters_the_maximum_as_it_is(tmp_path):
    report = maximum(tmp_path, examples.heat(), drifting(1e-2))
    # e_t = epsilon, and on the walls it is epsilon t, up to t = 1/2.
    assert 5e-3 <= number(report) <= 1.001e-2
    (walls,) = [h for h in report["hypotheses"] if h["name"] == "walls"]
    assert walls["status"] == "checked" and "of the data" in walls["detail"]


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


@pytest.mark.parametrize("part", ["bound", "curve"])
def test_a_maximum_without_the_walls_is_rejected(tmp_path, part):
    draft = write_draft(
        tmp_path, examples.heat(), *drifting(1e-2), uniform_tree((3, 4), 6),
        theorem="maximum-principle", norm="Linf", parameters=SLABS,
    )  # fmt: skip
    report = derive(draft)
    changes = {"curve": ["1e-9", *report["curve"][1:]]}
    if part == "bound":
        # What the residual alone would give.
        bound = report["bound"]["decimal"]
        words = report["statement"].replace(f"at most {bound}", "at most 5.01e-3")
        changes = {"bound": "5.01e-3", "statement": words}
    assert "exceeds" in verify(certificate_from(draft, report, **changes))["reason"]

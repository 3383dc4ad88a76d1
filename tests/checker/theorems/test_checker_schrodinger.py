"""Schroedinger equations: known errors are bounded, and what must be refused."""

import math

import numpy as np
import pytest
from examples import axis, dirichlet, initial, periodic, problem
from material import Builder, constant_program, uniform_tree
from proofs import number, prove, refused

ZERO = constant_program(p="0", q="0")


def energy(folder, made, candidate, **options):
    """Derives, and has the certificate verified."""
    options = {"levels": (3, 3), "degree": 8, "norm": "L2"} | options
    return prove(folder, made, candidate, "schrodinger", **options)


def equation(a="0.5", k=None, change=None, sign=1, order=("real", "imaginary"),
             conditions=None, ends=("0", "2*pi"), x=False):  # fmt: skip
    """i w_t + a w_xx + k |w|^2 w = 0, w = p + i q, as two real equations.

    `change(b, name, d, terms)` may change the terms of one of them.
    """
    b = Builder()
    d = {
        (f, o): b.derivative(f, *o)
        for f in "pq" for o in ((0, 0), (1, 0), (2, 0), (0, 1))
    }  # fmt: skip
    extra = [b.coordinate("x")] if x else []
    half, strength = b.constant(a), b.constant(k or "1.0")
    outputs = {}
    for name in order:
        m, o = ("q", "p") if name == "real" else ("p", "q")
        rate = d[m, (0, 1)] if name == "imaginary" else b.neg(d[m, (0, 1)])
        made = b.add(rate, b.mul(half, d[o, (2, 0)]))
        if k is not None:
            square = b.add(b.ipow(d["p", (0, 0)], extra=2),
                           b.ipow(d["q", (0, 0)], extra=2))  # fmt: skip
            made = b.add(made, b.mul(strength, b.mul(square, d[o, (0, 0)])))
        made = change(b, name, d, made, *extra) if change else made
        outputs[f"_{len(outputs)}"] = made if sign > 0 else b.neg(made)
    program = b.program(**outputs)
    axes = [axis("x", *ends), axis("t", "0", "1")]
    conditions = conditions or [initial(plane(1)), periodic("x")]
    return problem(axes, program, conditions, ("p", "q"))


def plane(wave, amplitude="1"):
    """The data amplitude exp(i wave x)."""
    b = Builder()
    x, k, a = b.coordinate("x"), b.constant(f"{wave}.0"), b.constant(amplitude)
    phase = b.mul(k, x)
    return b.program(p=b.mul(a, b.cos(phase)), q=b.mul(a, b.sin(phase)))


def travelling(wave, frequency, epsilon, amplitude="1", shape="t"):
    """amplitude exp(i (wave x - frequency t)), plus epsilon t in the real part."""
    b = Builder()
    x, t = b.coordinate("x"), b.coordinate("t")
    k, f = b.constant(f"{wave}.0"), b.constant(frequency)
    a, e = b.constant(amplitude), b.weight("epsilon", ())
    phase = b.sub(b.mul(k, x), b.mul(f, t))
    p, q = b.mul(a, b.cos(phase)), b.mul(a, b.sin(phase))
    wrong = b.mul(e, t) if shape == "t" else e
    return b.program(p=b.add(p, wrong), q=q), {"epsilon": np.array(epsilon)}


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("order", [("real", "imaginary"), ("imaginary", "real")])
def test_free_waves(tmp_path, sign, order):
    """However the system is written, the error t epsilon is bounded almost exactly."""
    made = equation(sign=sign, order=order)
    report = energy(tmp_path, made, travelling(1, "0.5", 1e-3))
    error = 1e-3 * math.sqrt(2 * math.pi)
    assert error <= number(report) <= 1.01 * error
    assert report["verdict"] == "proved"


def test_the_conjugate_equation(tmp_path):
    report = energy(tmp_path, equation(a="-0.5"), travelling(1, "-0.5", 1e-3))
    assert 1e-3 * math.sqrt(2 * math.pi) <= number(report) <= 3e-3


def test_initial_defects_are_kept(tmp_path):
    report = energy(tmp_path, equation(), travelling(1, "0.5", 1e-3, shape="1"),
                    start=uniform_tree([3], 6))  # fmt: skip
    error = 1e-3 * math.sqrt(2 * math.pi)
    assert error <= number(report) <= 1.01 * error


def amplified(k):
    """The maximum that follows from mass and energy for exp(ix)/2 on [0, 2 pi]."""
    mass, gradient, fourth = math.pi / 2, math.pi / 2, math.pi / 8
    ratio = k / 0.5
    if ratio > 0:
        inner = ratio**2 * mass**3 / 16 + gradient
        inner += ratio / 2 * (mass**2 / (2 * math.pi) - fourth)
        x = ratio * mass**1.5 / 4 + math.sqrt(inner)
    else:
        x = math.sqrt(gradient - ratio / 2 * fourth)
    return math.sqrt(mass / (2 * math.pi) + math.sqrt(mass) * x)


@pytest.mark.parametrize("k, frequency", [(1, "0.25"), (-1, "0.75")])
def test_cubic_waves(tmp_path, k, frequency):
    """Stokes waves exp(i (x - (1/2 - k/4) t)) / 2, focusing and defocusing."""
    made = equation(k=f"{k}.0" if k > 0 else "-1",
                    conditions=[initial(plane(1, "0.5")), periodic("x")])  # fmt: skip
    candidate = travelling(1, frequency, 1e-4, "0.5")
    report = energy(tmp_path, made, candidate, levels=(4, 3))
    error = 1e-4 * math.sqrt(2 * math.pi)
    details = {h["name"]: h["detail"] for h in report["hypotheses"]}
    maximum = float(details["maximum"].split()[4])
    assert 0.5 < amplified(k) <= maximum <= amplified(k) * 1.0001
    growth = math.exp(0.501 * (0.501 + maximum))
    assert error <= number(report) <= 1.5 * error * growth


def test_constants_on_the_torus(tmp_path):
    """w = 1/2 on length 2: without M/L inside, a root of a negative number."""
    half = constant_program(p="0.5", q="0")
    conditions = [initial(half), periodic("x")]
    made = equation(k="1.0", conditions=conditions, ends=("0", "2"))
    candidate = travelling(0, "-0.25", 1e-4, "0.5")
    report = energy(tmp_path, made, candidate)
    details = {h["name"]: h["detail"] for h in report["hypotheses"]}
    mass = 0.5
    x = mass**1.5 / 2 + math.sqrt(mass**3 / 4 - 2 / 16 + mass**2 / 2)
    bound = math.sqrt(mass / 2 + math.sqrt(mass) * x)
    assert bound * 0.9999 <= float(details["maximum"].split()[4]) <= bound * 1.0001
    assert number(report) >= 1e-4 * math.sqrt(2)


def test_real_potential(tmp_path):
    """i w_t + w_xx / 2 - V w with V = 1/2 + x^2 walls: w = 0, and errors only add."""

    def well(b, name, d, made, x):
        o = "p" if name == "real" else "q"
        return b.sub(made, b.mul(b.mul(x, x), d[o, (0, 0)]))

    entry = dirichlet("x", values=ZERO)
    made = equation(change=well, conditions=[initial(ZERO), entry], ends=("0", "1"),
                    x=True)  # fmt: skip
    b = Builder()
    x, t, one = b.coordinate("x"), b.coordinate("t"), b.constant("1")
    e = b.weight("epsilon", ())
    bump = b.mul(b.mul(e, t), b.mul(x, b.sub(one, x)))
    candidate = b.program(p=bump, q=b.neg(bump)), {"epsilon": np.array(1e-3)}
    report = energy(tmp_path, made, candidate)
    assert 1e-3 / math.sqrt(15) <= number(report) <= 3e-3


def term(text):
    """Refused terms by name."""

    def change(b, name, d, made, *_):
        o, m = ("p", "q") if name == "real" else ("q", "p")
        zero = (0, 0)
        return {
            "imaginary potential": lambda: b.add(made, d[m, zero]),
            "unequal potentials": lambda: (
                b.add(made, d[o, zero]) if name == "real" else made
            ),
            "half a cubic": lambda: b.add(made, b.ipow(d[o, zero], extra=3)),
            "quintic": lambda: b.add(made, b.ipow(d[o, zero], extra=5)),
            "drift": lambda: b.add(made, d[o, (1, 0)]),
            "viscosity": lambda: b.add(made, d[m, (2, 0)]),
            "rate": lambda: (
                b.add(made, d["p", (0, 1)]) if name == "imaginary" else made
            ),
        }[text]()

    return change


@pytest.mark.parametrize(
    "text, words",
    [
        ("imaginary potential", "does not know"),
        ("unequal potentials", "not real and imaginary part"),
        ("half a cubic", "not a real constant times"),
        ("quintic", "does not know"),
        ("drift", "does not know"),
        ("viscosity", "does not know"),
        ("rate", "is not 1 or -1"),
    ],
)
def test_other_equations_are_refused(tmp_path, text, words):
    report = energy(tmp_path, equation(change=term(text)), travelling(1, "0.5", 1e-3))
    assert refused(report, "equation", words)


def test_cubic_with_a_potential_or_with_walls_that_force_is_refused(tmp_path):
    def potential(b, name, d, made, *_):
        return b.add(made, d["p" if name == "real" else "q", (0, 0)])

    made = equation(k="1.0", change=potential)
    report = energy(tmp_path, made, travelling(1, "0.5", 1e-3))
    assert refused(report, "equation", "neither potential nor forcing")
    one = constant_program(p="1", q="0")
    conditions = [initial(one), dirichlet("x", values=one)]
    made = equation(k="1.0", conditions=conditions, ends=("0", "1"))
    b = Builder()
    x, t, unit = b.coordinate("x"), b.coordinate("t"), b.constant("1")
    e = b.weight("epsilon", ())
    bump = b.mul(b.mul(e, t), b.mul(x, b.sub(unit, x)))
    candidate = b.program(p=b.add(unit, bump), q=bump), {"epsilon": np.array(1e-3)}
    report = energy(tmp_path, made, candidate)
    assert refused(report, "walls", "must be zero")


def test_the_seam_is_looked_at(tmp_path):
    made = equation(ends=("0", "3"))
    report = energy(tmp_path, made, travelling(1, "0.5", 1e-3))
    assert refused(report, "walls", "corner or jump")

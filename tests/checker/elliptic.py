"""Elliptic equations, candidates and barriers, and what the checker says of them."""

import hashlib

import numpy as np
from examples import axis, dirichlet, problem, residual
from material import (
    Builder,
    certificate_from,
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


def _mixed(build, constants, coordinates):
    """A residual that may also have u_xy."""
    b = Builder()
    orders = [(0, 0), (1, 0), (0, 1), (2, 0), (0, 2), (1, 1)]
    table = {o: b.derivative("u", *o) for o in orders}
    rest = [b.coordinate(name) for name in coordinates]
    rest += [b.constant(value) for value in constants]
    return b.program(_0=build(b, lambda *o: table[o], *rest))


def plane(build, constants=(), coordinates=(), conditions=None):
    conditions = conditions or [dirichlet("x"), dirichlet("y")]
    return problem(PLANE, _mixed(build, constants, coordinates), conditions)


def bump(epsilon, shift="0"):
    """epsilon x (1 - x) + shift."""
    b = Builder()
    x, one, s = b.coordinate("x"), b.constant("1"), b.constant(shift)
    e = b.weight("epsilon", ())
    made = b.mul(e, b.mul(x, b.sub(one, x)))
    made = made if shift == "0" else b.add(made, s)
    return b.program(u=made), {"epsilon": np.array(epsilon)}


def dome(epsilon):
    """epsilon x (1 - x) y (1 - y)."""
    b = Builder()
    x, y, one = b.coordinate("x"), b.coordinate("y"), b.constant("1")
    e = b.weight("epsilon", ())
    made = b.mul(b.mul(x, b.sub(one, x)), b.mul(y, b.sub(one, y)))
    return b.program(u=b.mul(e, made)), {"epsilon": np.array(epsilon)}


def square(b, d, *rest):
    return b.sub(b.neg(d(2)), b.ipow(d(0), extra=2))


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


PARABOLA = polynomial("0.1", "1", "-1")


def minus_bend(b, d, *rest):
    return b.neg(d(2))


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


def sine_barrier():
    b = Builder()
    x, half, tenth = b.coordinate("x"), b.constant("0.8"), b.constant("0.1")
    zero = b.constant("0")
    return b.program(barrier=b.sinpi(b.add(b.mul(half, x), tenth)), correction=zero)

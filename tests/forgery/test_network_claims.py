"""Ranges and Lipschitz constants that say more than what was proved."""

import math
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from .genuine import T, X, dirichlet, genuine, initial, problem
from .material import (
    JSON,
    Bundle,
    call,
    checker,
    constant,
    derivative,
    program,
    uniform,
    verify,
    weight,
)
from .nets import evaluate
from .tables import rejected

GENERATOR = np.random.default_rng(5)
WIDTH = 6
TENSORS = {
    "net.0": GENERATOR.normal(size=(WIDTH, 2)),
    "net.1": GENERATOR.normal(size=WIDTH),
    "net.2": GENERATOR.normal(size=WIDTH),
    "net.3": GENERATOR.normal(size=WIDTH),
}
RANGE: JSON = {"claim": "range", "norm": "range"}
SLOPES: JSON = {"claim": "lipschitz", "parameters": {"fields": ["u"]}}
CLAIMS: dict[str, JSON] = {
    "u": {**RANGE, "parameters": {"field": "u", "orders": [0, 0]}},
    "u_x": {**RANGE, "parameters": {"field": "u", "orders": [1, 0]}},
    "u_xxtt": {**RANGE, "parameters": {"field": "u", "orders": [2, 2]}},
    "v": {**RANGE, "parameters": {"field": "v", "orders": [0, 0]}},
    "l2": {**SLOPES, "norm": "l2"},
    "linf": {**SLOPES, "norm": "linf"},
    "both": {**SLOPES, "norm": "l2", "parameters": {"fields": ["u", "v"]}},
}
LINEAR = ("u", "l2", "linf", "both")
for _name in LINEAR:
    _claim = CLAIMS[_name]
    _parameters = {**_claim["parameters"], "method": "linear"}
    CLAIMS[f"linear {_name}"] = {**_claim, "parameters": _parameters}


def bundle(kind: str, activation: str = "tanh") -> Bundle:
    """Two fields u and v of one hidden layer, over [0, 1] x [0, 2]."""
    residual = program(_0=derivative("u", 0, 1) - derivative("v", 1, 0))
    made = problem({"x": ("0", "1"), "t": ("0", "2")}, residual, initial(u="0", v="0"),
                   fields=("u", "v"))  # fmt: skip
    hidden = call("matvec", weight("net.0", WIDTH, 2), call("stack", X, T))
    hidden = call(activation, hidden + weight("net.1", WIDTH))
    u = call("dot", weight("net.2", WIDTH), hidden)
    v = call("dot", weight("net.3", WIDTH), hidden) + constant("4")
    claim = {"theorem": "", **CLAIMS[kind]}
    tree = {"residual": uniform((4, 5), 1 if "linear" in kind else 3)}
    return Bundle(made, program(u=u, v=v), dict(TENSORS), tree, claim)


@cache
def _once(kind: str, activation: str) -> Bundle:
    with TemporaryDirectory() as folder:
        return bundle(kind, activation).derived(Path(folder))


def proved(kind: str, activation: str = "tanh") -> Bundle:
    """A genuine certificate, to be edited."""
    return _once(kind, activation).copy()


def values(activation: str = "tanh") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points, and both fields there."""
    x, t = np.meshgrid(np.linspace(0, 1, 101), np.linspace(0, 2, 201), indexing="ij")
    hidden = np.stack([x, t], -1) @ TENSORS["net.0"].T + TENSORS["net.1"]
    hidden = np.tanh(hidden) if activation == "tanh" else np.maximum(hidden, 0)
    points = np.stack([x, t], -1).reshape(-1, 2)
    fields = [(hidden @ TENSORS[f"net.{i}"]).ravel() for i in (2, 3)]
    return points, fields[0], fields[1] + 4


@pytest.mark.parametrize("activation", ["tanh", "max0"])
@pytest.mark.parametrize("kind", ["u", "v", "linear u"])
def test_ranges_hold_and_are_tight(kind, activation, tmp_path):
    report = verify(proved(kind, activation), tmp_path)
    assert report["accepted"], report
    low, high = map(float, report["interval"])
    kind = kind.removeprefix("linear ")
    _, u, v = values(activation)
    truth = u if kind == "u" else v
    assert low <= truth.min() and truth.max() <= high
    assert high - low <= 1.1 * (truth.max() - truth.min())
    assert (
        f"{report['interval'][0]} <= {kind} <= {report['interval'][1]}, where"
        in (report["statement"])
    )
    assert "on x in [0, 1], t in [0, 2]" in report["statement"].replace(
        "the domain is", "on"
    )
    assert float(report["bound"]["decimal"]) >= max(-low, high)


@pytest.mark.parametrize("activation", ["tanh", "max0"])
@pytest.mark.parametrize(
    "kind", ["l2", "linf", "both", "linear l2", "linear linf", "linear both"]
)
def test_lipschitz_constants_hold_and_are_tight(kind, activation, tmp_path):
    bound = float(verify(proved(kind, activation), tmp_path)["bound"]["decimal"])
    kind = kind.removeprefix("linear ")
    points, u, v = values(activation)
    fields = np.stack([u, v], -1) if kind == "both" else u[:, None]
    pick = np.random.default_rng(0).integers(0, len(points), (2, 200_000))
    pick[1, :100_000] = np.minimum(pick[0, :100_000] + 1, len(points) - 1)
    order = np.inf if kind == "linf" else 2
    change = np.linalg.norm(fields[pick[0]] - fields[pick[1]], order, axis=1)
    step = np.linalg.norm(points[pick[0]] - points[pick[1]], order, axis=1)
    assert np.all(change <= bound * step + 1e-12)
    hidden = points @ TENSORS["net.0"].T + TENSORS["net.1"]
    slope = 1 - np.tanh(hidden) ** 2 if activation == "tanh" else 1.0 * (hidden > 0)
    rows = [(slope * TENSORS[f"net.{i}"]) @ TENSORS["net.0"] for i in (2, 3)]
    rows = np.stack(rows if kind == "both" else rows[:1], 1)
    size = (
        np.abs(rows).sum(2).max(1) if kind == "linf" else np.sqrt((rows**2).sum((1, 2)))
    )
    assert size.max() <= bound <= 1.6 * size.max()


@pytest.mark.parametrize("kind", ["u_x", "u_xxtt"])
def test_ranges_of_derivatives_are_true(kind, tmp_path):
    """Against Hermite-like closed forms of the derivatives of tanh."""
    report = verify(proved(kind), tmp_path)
    low, high = map(float, report["interval"])
    points, _, _ = values()
    s = np.tanh(points @ TENSORS["net.0"].T + TENSORS["net.1"])
    a, b = TENSORS["net.0"].T
    c = TENSORS["net.2"]
    if kind == "u_x":
        truth = ((1 - s**2) * a) @ c
    else:
        truth = ((1 - s**2) * (16 * s - 24 * s**3) * (a * b) ** 2) @ c
    assert low <= truth.min() and truth.max() <= high
    assert f"<= {kind} <=" in report["statement"]


@pytest.mark.parametrize("kind", ["u_x", "u_xxtt"])
def test_derivatives_of_a_net_with_kinks_are_refused(kind, tmp_path):
    report = checker("derive", bundle(kind, "max0").write(tmp_path, draft=True))
    rejected(report, "", "max0 is not differentiable")


def moved(text: str, up: bool) -> str:
    """One unit of the last digit more or less."""
    number = Decimal(text)
    unit = Decimal(1).scaleb(number.as_tuple().exponent)
    result = number + unit if up else number - unit
    digits = f"{result:f}"
    return digits


@pytest.mark.parametrize("kind", ["u", "v", "u_x", "linear u"])
@pytest.mark.parametrize("end", [0, 1])
def test_a_range_that_is_one_unit_too_short_is_refused(kind, end, tmp_path):
    forged = proved(kind)
    old = forged.claim["interval"][end]
    new = moved(old, up=end == 0)
    forged.claim["interval"][end] = new
    forged.claim["statement"] = forged.claim["statement"].replace(old, new, 1)
    rejected(verify(forged, tmp_path), "interval", "is not within the claimed one")


@pytest.mark.parametrize("kind", ["u", "v"])
def test_a_longer_range_is_accepted_with_its_own_statement(kind, tmp_path):
    forged = proved(kind)
    old = list(forged.claim["interval"])
    forged.claim["interval"] = ["-1e3", "1234.5"]
    rejected(verify(forged, tmp_path), "statement", "not the one that follows")
    words = f"{old[0]} <= {kind} <= {old[1]}"
    assert words in forged.claim["statement"]
    forged.claim["statement"] = forged.claim["statement"].replace(
        words, f"-1e3 <= {kind} <= 1234.5"
    )
    assert verify(forged, tmp_path)["accepted"]


@pytest.mark.parametrize(
    "kind", ["l2", "linf", "both", "u", "linear l2", "linear linf"]
)
def test_a_bound_that_is_one_unit_too_low_is_refused(kind, tmp_path):
    forged = proved(kind)
    old = forged.claim["bound"]
    forged.claim["bound"] = moved(old, up=False)
    forged.claim["statement"] = forged.claim["statement"].replace(
        f"<= {old} |", f"<= {forged.claim['bound']} |"
    )
    rejected(verify(forged, tmp_path), "bound", "exceeds the claimed one")


def claims(base: str, **entries) -> Bundle:
    """A genuine certificate with some entries of the claim replaced."""
    forged = proved(base)
    forged.claim.update(entries)
    return forged


FORGED = {
    "another field": (
        lambda: claims("u", bound="1e3", **CLAIMS["v"]), "interval", "not within",
    ),
    "another derivative": (
        lambda: claims("u", bound="1e3", **CLAIMS["u_x"]), "interval", "not within",
    ),
    "the other norm": (lambda: claims("l2", norm="linf"), "", ""),
    "fewer fields": (lambda: _fewer_fields(), "statement", "not the one"),
    "more fields": (lambda: claims("l2", **CLAIMS["both"]), "bound", "exceeds"),
    "no fields": (
        lambda: claims("l2", parameters={"fields": []}), "fields", "distinct",
    ),
    "a field twice": (
        lambda: claims("l2", parameters={"fields": ["u", "u"]}), "fields", "distinct",
    ),
    "an unknown field": (
        lambda: claims("l2", parameters={"fields": ["w"]}), "fields", "distinct",
    ),
    "a field that is a number": (
        lambda: claims("l2", parameters={"fields": [1]}), "fields", "its form",
    ),
    "an unknown field of a range": (
        lambda: claims("u", parameters={"field": "w", "orders": [0, 0]}),
        "parameters", "no such derivative",
    ),
    "too few orders": (
        lambda: claims("u", parameters={"field": "u", "orders": [0]}),
        "parameters", "no such derivative",
    ),
    "too high an order": (
        lambda: claims("u", parameters={"field": "u", "orders": [5, 0]}), "orders", "",
    ),
    "a negative order": (
        lambda: claims("u", parameters={"field": "u", "orders": [-1, 0]}), "orders", "",
    ),
    "an order that is no number": (
        lambda: claims("u", parameters={"field": "u", "orders": [True, 0]}), "", "",
    ),
    "missing parameters": (lambda: claims("u", parameters={}), "parameters", "lacks"),
    "further parameters": (
        lambda: claims("l2", parameters={"fields": ["u"], "slabs": 1}),
        "parameters", "unknown key",
    ),
    "the residual's norm": (lambda: claims("u", norm="Linf"), "norm", "is `range`"),
    "an unknown norm": (lambda: claims("l2", norm="l1"), "norm", "l2` or `linf`"),
    "a theorem": (lambda: claims("u", theorem="barrier"), "theorem", "no theorem"),
    "a range as a Lipschitz constant": (
        lambda: claims("u", **CLAIMS["l2"]), "certificate", "unknown key 'interval'",
    ),
    "a Lipschitz constant as a range": (
        lambda: claims("l2", **CLAIMS["u"]), "certificate", "lacks the key 'interval'",
    ),
    "one end": (lambda: claims("u", interval=["0"]), "interval", "two ends"),
    "three ends": (lambda: claims("u", interval=["0"] * 3), "interval", "two ends"),
    "an end that is no decimal": (
        lambda: claims("u", interval=["-inf", "1"]), "interval", "its form",
    ),
    "an end with a plus": (
        lambda: claims("u", interval=["-1", "+1"]), "interval", "its form",
    ),
    "ends exchanged": (
        lambda: claims("u", interval=proved("u").claim["interval"][::-1]),
        "interval", "not within",
    ),
    "an unknown method": (
        lambda: claims("u", parameters={"field": "u", "orders": [0, 0], "method": "x"}),
        "method", "not `linear`",
    ),
    "a method that is a list": (
        lambda: claims("l2", parameters={"fields": ["u"], "method": ["linear"]}),
        "method", "not `linear`",
    ),
    "a derivative by linear bounds": (
        lambda: claims(
            "linear u", parameters={"field": "u", "orders": [1, 0], "method": "linear"}
        ),
        "method", "fields themselves",
    ),
    "linear bounds on leaves of another degree": (
        lambda: _as_linear("l2"), "residual", "the degree 1",
    ),
    "linear bounds of a residual": (
        lambda: _residual_with_method(), "theorem", "no parameter but slabs",
    ),
    "more than five coordinates without linear bounds": (
        lambda: _with_coordinates("l2", 4), "coordinates", "only linear bounds",
    ),
    "a solution of more than five coordinates": (
        lambda: _with_coordinates("theorem", 4), "coordinates", "more than five",
    ),
    "an interval of a residual": (lambda: _residual_with_interval(), "certificate", ""),
}  # fmt: skip


def _fewer_fields() -> Bundle:
    """The constant of both fields is also one of u alone, but that is other words."""
    forged = claims("both", parameters={"fields": ["u"]})
    forged.claim["bound"] = "1e3"
    return forged


def _as_linear(kind: str) -> Bundle:
    forged = proved(kind)
    forged.claim["parameters"]["method"] = "linear"
    return forged


def _residual_with_method() -> Bundle:
    forged = genuine("residual_maximum")
    forged.claim["parameters"] = {"method": "linear"}
    return forged


def _with_coordinates(kind: str, more: int) -> Bundle:
    """With further coordinates, and for `theorem` a claim about the solution."""
    forged = proved("linear l2" if kind == "theorem" else kind)
    axes = [{"name": f"x{i}", "lower": "0", "upper": "1"} for i in range(more)]
    forged.problem["coordinates"] += axes
    for entry in forged.problem["residual"]["inputs"]:
        if entry["kind"] == "derivative":
            entry["orders"] += [0] * more
    if kind == "theorem":
        forged.claim.update(claim="solution", theorem="barrier", norm="Linf")
    return forged


def _residual_with_interval() -> Bundle:
    forged = genuine("residual_maximum")
    forged.claim["interval"] = ["-1", "1"]
    return forged


@pytest.mark.parametrize("name", FORGED)
def test_forged_claims_are_refused(name, tmp_path):
    made, where, reason = FORGED[name]
    rejected(verify(made(), tmp_path), where, reason)


@pytest.mark.parametrize("change", ["weights", "activation", "domain", "tree"])
@pytest.mark.parametrize("kind", ["u", "l2", "linear u", "linear linf"])
def test_another_net_or_domain_is_noticed(kind, change, tmp_path):
    """Every hash made anew; the statement is that of the old claim with new hashes."""
    forged = proved(kind)
    if change == "weights":
        forged.tensors["net.2"] = 1.5 * forged.tensors["net.2"]
    elif change == "activation":
        name = next(op for op in forged.network["ops"] if op[0] == "tanh")
        name[0] = "neg"
    elif change == "domain":
        forged.problem["coordinates"][1]["upper"] = "9"
    else:
        forged.trees["residual"] = uniform((0, 0), int("linear" in kind))
    report = verify(forged, tmp_path)
    rejected(report, "", "")


@pytest.mark.parametrize("kind", ["u", "linear u"])
def test_an_undefined_network_is_refused(kind, tmp_path):
    forged = bundle(kind)
    forged.network = program(u=constant("1") / (X - constant("1/2")), v="0")
    forged.tensors = {}
    report = checker("derive", forged.write(tmp_path, draft=True))
    rejected(report, "", "not proved to stay away from zero")


@pytest.mark.parametrize("kind", ["l2", "linear l2"])
def test_constants_and_single_inputs(kind):
    """A field that depends on nothing has the constant zero, and one point as range."""
    made = bundle(kind)
    made.network, made.tensors = program(u="1/3", v=T), {}
    with TemporaryDirectory() as folder:
        report = checker("derive", made.write(Path(folder), draft=True))
        assert report["accepted"] and float.fromhex(report["bound"]["hex"]) < 1e-140
        made.claim = {"theorem": "", **CLAIMS["u"]}
        report = checker("derive", made.write(Path(folder), draft=True))
    assert report["interval"] == ["0.333333", "0.333334"]
    assert math.isclose(float.fromhex(report["bound"]["hex"]), 1 / 3)


def test_the_example_evaluates_like_the_checker_reads_it():
    """The reference values above are those of the program itself."""
    points, u, _ = values()
    given = {**TENSORS, "x": points[:, 0], "t": points[:, 1]}
    assert dirichlet("x")["coordinate"] == "x"
    found = evaluate(bundle("u").network, {k: v for k, v in given.items()})["u"]
    assert np.allclose(np.ravel(found), u)

"""Claims that say more than what was proved."""

from decimal import Decimal

import pytest

from .genuine import MADE, genuine
from .material import Bundle, verify
from .tables import Forgeries, assert_refused, rejected

forgery = Forgeries()


def less(text: str) -> str:
    """A decimal with one unit less in its last digit."""
    sign, digits, exponent = Decimal(text).as_tuple()
    number = int("".join(map(str, digits))) - 1
    return f"{number}e{exponent}"


@pytest.mark.parametrize("name", MADE)
def test_genuine_certificates_are_accepted(name, tmp_path):
    report = verify(genuine(name), tmp_path)
    assert report["accepted"], report
    assert report["statement"] == genuine(name).claim["statement"]
    assert float.fromhex(report["bound"]["hex"]) <= float(report["bound"]["decimal"])


@pytest.mark.parametrize("name", MADE)
def test_a_bound_that_is_one_unit_too_low_is_refused(name, tmp_path):
    bundle = genuine(name)
    bundle.restate(less(bundle.claim["bound"]))
    rejected(verify(bundle, tmp_path), "bound", "exceeds the claimed one")


@pytest.mark.parametrize("name", [n for n in MADE if genuine(n).claim["curve"]])
def test_every_entry_of_the_curve_is_compared(name, tmp_path):
    for entry in range(len(genuine(name).claim["curve"])):
        bundle = genuine(name)
        curve = bundle.claim["curve"]
        curve[entry] = less(curve[entry])
        rejected(verify(bundle, tmp_path), "curve", "in the curve")


def test_an_error_that_fades_is_bounded_where_it_is_largest(tmp_path):
    """It is 0.001 at first, and far below at the end of every slab."""
    bundle = genuine("fading")
    assert all(float(entry) >= 1e-3 for entry in bundle.claim["curve"])
    bundle.claim["curve"] = ["9.99e-4"] * 8
    bundle.restate("9.99e-4")
    rejected(verify(bundle, tmp_path), "bound", "exceeds the claimed one")


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("factor", ["1.01", "3", "1e9"])
def test_a_weaker_claim_is_accepted_with_its_own_statement(name, factor, tmp_path):
    bundle = genuine(name)
    curve = bundle.claim["curve"]
    bundle.claim["curve"] = [str(Decimal(v) * Decimal(factor)) for v in curve]
    bundle.claim["curve"] = [f"{Decimal(v):f}" for v in bundle.claim["curve"]]
    bundle.restate(f"{Decimal(bundle.claim['bound']) * Decimal(factor):f}")
    report = verify(bundle, tmp_path)
    assert report["accepted"], report
    assert report["bound"]["decimal"] == bundle.claim["bound"]
    assert f"at most {bundle.claim['bound']}, where" in report["statement"]


@pytest.mark.parametrize("name", MADE)
def test_a_weaker_bound_under_the_old_words_is_refused(name, tmp_path):
    bundle = genuine(name)
    bundle.claim["bound"] = "1e9"
    rejected(verify(bundle, tmp_path), "statement", "not the one that follows")


@pytest.mark.parametrize("text", ["0", "0.0", "1e-400", "0e400", "0.000e5", "00"])
@pytest.mark.parametrize("name", ["logistic", "heat", "residual_mean"])
def test_bounds_of_nothing_are_refused(name, text, tmp_path):
    bundle = genuine(name)
    bundle.restate(text)
    rejected(verify(bundle, tmp_path), "bound", "exceeds the claimed one")


@pytest.mark.parametrize(
    "text",
    [
        "-1", "+1", "1e5000", "1e-401", "1e+2", "1E2", "1e", ".5", "5.", "1/2", "0x1p3",
        "NaN", "Infinity", "inf", "", " 1", "1 ", "1\n", "1_0", "1,5", "pi", "sqrt(4)",
        "\u0661", "1e0000000001", "1" * 4001,
    ],
)  # fmt: skip
def test_bounds_that_are_no_decimals_are_refused(text, tmp_path):
    bundle = genuine("logistic")
    bundle.claim["bound"] = text
    report = verify(bundle, tmp_path)
    rejected(report, "", "")
    assert any(word in report["reason"] for word in ("form", "decimal", "exponent"))


@pytest.mark.parametrize("value", [1, 0, [], {}, ["1"], None, True, 0.5])
@pytest.mark.parametrize("key", ["bound", "curve", "verdict", "statement", "theorem"])
def test_values_of_another_type_are_refused(key, value, tmp_path):
    bundle = genuine("logistic")
    if (key, value) == ("curve", []):
        value = ["1"]
    bundle.claim[key] = value
    rejected(verify(bundle, tmp_path), "", "")


@forgery("heat", "curve", "has not 4 entries")
def curve_shortened(b: Bundle):
    b.claim["curve"].pop()


@forgery("heat", "curve", "has not 4 entries")
def curve_lengthened(b: Bundle):
    b.claim["curve"].append(b.claim["bound"])


@forgery("heat", "curve", "has not 4 entries")
def curve_left_out(b: Bundle):
    b.claim["curve"] = []


@forgery("logistic", "curve", "has not 0 entries")
def curve_invented(b: Bundle):
    b.claim["curve"] = ["1e-9"]


@forgery("layered", "verdict", "'proved under assumptions' and no other")
def verdict_upgraded(b: Bundle):
    b.claim["verdict"] = "proved"


@forgery("layered", "statement", "not the one that follows")
def assumption_concealed(b: Bundle):
    statement = b.claim["statement"]
    assert (
        statement.startswith("Proved under assumptions: ") and "Assumed:" in statement
    )
    b.claim["statement"] = "Proved: " + statement.partition(": ")[2]


@forgery("layered", "statement", "not the one that follows")
def assumption_dropped(b: Bundle):
    b.claim["statement"] = b.claim["statement"].partition(" Assumed:")[0]


@forgery("logistic", "verdict", "'proved' and no other")
def verdict_embellished(b: Bundle):
    b.claim["verdict"] = "proved beyond doubt"


@forgery("logistic", "statement", "not the one that follows")
def statement_about_a_longer_time(b: Bundle):
    b.claim["statement"] = b.claim["statement"].replace("t in [0, 1]", "t in [0, 9]")


@forgery("logistic", "statement", "not the one that follows")
def statement_with_a_smaller_bound(b: Bundle):
    bound = b.claim["bound"]
    b.restate("1e-9")
    b.claim["bound"] = bound


@forgery("logistic", "statement", "does not have its form")
def statement_in_another_alphabet(b: Bundle):
    statement = b.claim["statement"]
    b.claim["statement"] = statement.replace("Proved", "\u0420roved")


@forgery("logistic", "statement", "not the one that follows")
def statement_with_a_blank_more(b: Bundle):
    b.claim["statement"] += " "


@forgery("logistic", "statement", "not the one that follows")
def statement_with_an_addition(b: Bundle):
    b.claim["statement"] += " The same holds for every other net."


@forgery("logistic", "statement", "does not have its form")
def statement_with_a_line_feed(b: Bundle):
    b.claim["statement"] += "\n"


@forgery("logistic", "statement", "not the one that follows")
def statement_about_other_weights(b: Bundle):
    b.claim["statement"] = b.claim["statement"].replace(b.hashes["weights"], "0" * 64)


@forgery("residual_maximum", "theorem", "not one of those known")
def residual_called_a_solution(b: Bundle):
    b.claim["claim"] = "solution"


@forgery("residual_maximum", "statement", "not the one that follows")
def residual_called_an_error(b: Bundle):
    donor = genuine("logistic")
    donor.restate(b.claim["bound"])
    b.claim["statement"] = donor.claim["statement"]


@forgery("residual_maximum", "parameters", "the parameters are not")
def residual_given_a_theorem(b: Bundle):
    b.claim.update(claim="solution", theorem="ode-tube")


@forgery("residual_maximum", "theorem", "no parameter but slabs")
def residual_with_parameters(b: Bundle):
    b.claim["parameters"] = {"cuts": 1}


@forgery("residual_maximum", "curve", "has not 1 entries")
def residual_on_slabs_without_a_curve(b: Bundle):
    b.claim["parameters"] = {"slabs": 1}


@forgery("residual_mean", "norm", "is not a norm")
def residual_in_an_unknown_norm(b: Bundle):
    b.claim["norm"] = "H1"


@forgery("residual_mean", "bound", "exceeds the claimed one")
def residual_maximum_under_a_mean(b: Bundle):
    b.claim["norm"] = "Linf"


@forgery("logistic", "theorem", "no theorem")
def solution_called_a_residual(b: Bundle):
    b.claim["claim"] = "residual"


@forgery("logistic", "theorem", "not one of those known")
def claim_of_another_kind(b: Bundle):
    b.claim["claim"] = "size"


for _base, _theorem, _where, _reason in (
    ("logistic", "l1-contraction", "norm", "the norm L1"),
    ("logistic", "barrier", "parameters", "the parameters are not"),
    ("burgers", "maximum-principle", "norm", "the norm Linf"),
    ("heat", "transport", "equation", "no first derivative"),
    ("advection", "maximum-principle", "equation", "no second derivative"),
    ("burgers", "transport", "norm", "the norm Linf"),
    ("heat", "ode-tube", "parameters", "the parameters are not"),
    ("heat", "Maximum-Principle", "theorem", "not one of those known"),
    ("heat", "", "theorem", "not one of those known"),
    ("heat", "__class__", "theorem", "not one of those known"),
):
    forgery.add(
        f"theorem {_theorem!r} for {_base}", _base,
        lambda b, name=_theorem: b.claim.update(theorem=name), _where, _reason,
    )  # fmt: skip


@forgery("heat", "equation", "second derivative is not a negative")
def maximum_as_l1_with_growth(b: Bundle):
    b.problem["residual"]["ops"][-1][0] = "add"
    b.claim.update(theorem="l1-contraction", norm="L1")


@forgery("burgers", "bound", "exceeds the claimed")
def conservation_law_under_the_maximum_principle(b: Bundle):
    b.claim.update(theorem="maximum-principle", norm="Linf")


for _base, _norm in (
    ("heat", "L1"),
    ("burgers", "Linf"),
    ("poisson", "L2"),
    ("heat", ""),
):
    forgery.add(
        f"norm {_norm!r} for {_base}", _base,
        lambda b, name=_norm: b.claim.update(norm=name), "norm", "the theorem gives",
    )  # fmt: skip

for _value in (0, -4, 3, 8192, "4", [4], {}, 999_999_999_999_999):
    forgery.add(
        f"slabs {_value!r}", "heat",
        lambda b, value=_value: b.claim.update(parameters={"slabs": value}),
        "slabs", "not a power of two",
    )  # fmt: skip


@forgery("heat", "curve", "has not 8 entries")
def slabs_doubled(b: Bundle):
    b.claim["parameters"] = {"slabs": 8}


@forgery("heat", "bound", "exceeds the claimed one")
def slabs_merged(b: Bundle):
    b.claim.update(parameters={"slabs": 1}, curve=[b.claim["bound"]])


@forgery("heat", "parameters", "the parameters are not")
def slabs_left_out(b: Bundle):
    b.claim["parameters"] = {}


@forgery("heat", "parameters", "the parameters are not")
def parameter_more(b: Bundle):
    b.claim["parameters"]["tube"] = "1"


for _value, _reason in (
    ("0", "as the theorem wants it"),
    ("0.0e9", "as the theorem wants it"),
    (1, "as the theorem wants it"),
    (["0.01"], "as the theorem wants it"),
    ("-0.01", "not a decimal"),
    ("NaN", "not a decimal"),
    ("", "not a decimal"),
    ("1/100", "not a decimal"),
    ("1e-5000", "larger than 400"),
):
    forgery.add(
        f"tube {_value!r}", "logistic",
        lambda b, value=_value: b.claim["parameters"].update(tube=value), "", _reason,
    )  # fmt: skip

for _value, _where, _reason in (
    ("1e-5", "tube", "leaves the tube of radius 1e-5 on leaf 0: [0.0, 0.25]"),
    ("1e-400", "tube", "leaves the tube"),
    ("100", "tube", "leaves the tube"),
    ("1e400", "leaf 0: [0.0, 0.25]", "not finite"),
):
    forgery.add(
        f"tube of radius {_value}", "logistic",
        lambda b, value=_value: b.claim["parameters"].update(tube=value),
        _where, _reason,
    )  # fmt: skip


@forgery("logistic", "bound", "exceeds the claimed one")
def tube_widened(b: Bundle):
    b.claim["parameters"]["tube"] = "0.5"


@forgery("oscillator", "bound", "exceeds the claimed one")
def logarithmic_norm_swapped(b: Bundle):
    b.claim["parameters"]["logarithmic_norm"] = "infinity"


for _value in ("1", "two", "", 2, ["2"]):
    forgery.add(
        f"logarithmic norm {_value!r}", "oscillator",
        lambda b, value=_value: b.claim["parameters"].update(logarithmic_norm=value),
        "", "not as the theorem wants it",
    )  # fmt: skip


@forgery.parametrize()
def test_forged_claims_are_refused(forgery, tmp_path):
    assert_refused(forgery, tmp_path)

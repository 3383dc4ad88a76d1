"""The rules: how each primitive of JAX becomes operations of a program, by family.

`docs/primitives.md` is written from these tables; `docs/rules.md` tells how to add one.
"""

from ._lowerings import (
    Rule,
    absolute,
    broadcast,
    clamp,
    concatenate,
    cube_root,
    cumulative_sum,
    dot_general,
    elu,
    fold,
    formula,
    halved,
    inverse_cosine,
    inverse_sine,
    inverse_tangent,
    iota,
    known_power,
    leaky_relu,
    logaddexp,
    maximum,
    minimum,
    operation,
    real_power,
    reshape,
    reverse,
    same,
    slice_of,
    sum_of,
    transpose,
)

families: dict[str, dict[str, Rule]] = {
    "Arithmetic": {
        **{name: operation(name) for name in ("add", "sub", "mul", "div", "neg")},
        "add_any": operation("add"),
    },
    "Elementary functions": {
        **{
            name: operation(name)
            for name in "exp log sin cos tanh logistic erf".split()
        },
        "log2": formula(
            "log(a) / log(2)",
            lambda e, c, a: e("div", [e("log", [a]), e("log", [c(2)])]),
        ),
        "one_minus_square": formula(
            "1 - ipow(a, 2)", lambda e, c, a: e("sub", [c(1), e("ipow", [a], 2)])
        ),
        "log1p": formula("log(1 + a)", lambda e, c, a: e("log", [e("add", [c(1), a])])),
        "expm1": formula("exp(a) - 1", lambda e, c, a: e("sub", [e("exp", [a]), c(1)])),
        "exp2": formula(
            "exp(a log(2))",
            lambda e, c, a: e("exp", [e("mul", [a, e("log", [c(2)])])]),
        ),
        "erfc": formula("1 - erf(a)", lambda e, c, a: e("sub", [c(1), e("erf", [a])])),
        "tan": formula(
            "sin(a) / cos(a)", lambda e, c, a: e("div", [e("sin", [a]), e("cos", [a])])
        ),
        "cosh": formula(
            "(exp(a) + exp(-a)) / 2", lambda e, c, a: halved(e, c, a, "add")
        ),
        "sinh": formula(
            "(exp(a) - exp(-a)) / 2", lambda e, c, a: halved(e, c, a, "sub")
        ),
        "asinh": formula("log(a + sqrt(a^2 + 1))", inverse_sine),
        "acosh": formula("log(a + sqrt(a^2 - 1)), a > 1", inverse_cosine),
        "atanh": formula("(log(1 + a) - log(1 - a)) / 2", inverse_tangent),
    },
    "Powers and roots": {
        "square": operation("ipow", 2),
        "integer_pow": known_power,
        "pow": real_power,
        "sqrt": operation("sqrt"),
        "rsqrt": formula(
            "1 / sqrt(a)", lambda e, c, a: e("div", [c(1), e("sqrt", [a])])
        ),
        "cbrt": formula("exp(log(a) / 3), a > 0", cube_root),
    },
    "Kinks (ranges and Lipschitz constants only)": {
        "max": formula("b + max0(a - b)", maximum),
        "min": formula("a - max0(a - b)", minimum),
        "abs": formula("2 max0(a) - a", absolute),
        "clamp": formula("max, then min", clamp),
        "reduce_max": fold("max of the entries", maximum),
        "reduce_min": fold("min of the entries", minimum),
    },
    "Vectors and matrices": {
        "dot_general": dot_general,
        "reduce_sum": sum_of,
        "reduce_prod": fold("mul of the entries", lambda e, c, a, b: e("mul", [a, b])),
        "cumsum": cumulative_sum,
        "transpose": transpose,
        "stack": operation("stack"),
        "broadcast_in_dim": broadcast,
        "concatenate": concatenate,
        "slice": slice_of,
        "rev": reverse,
        "iota": iota,
        "squeeze": reshape,
        "reshape": reshape,
    },
    "No operation": dict.fromkeys(
        (
            *("copy", "copy_p", "convert_element_type", "stop_gradient"),
            *("name", "sharding_constraint"),
        ),
        same,
    ),
}

rules: dict[str, Rule] = {
    name: rule for family in families.values() for name, rule in family.items()
}

rearranging = frozenset(
    {"transpose", "broadcast_in_dim", "concatenate", "slice", "rev", "squeeze"}
    | {"reshape", *families["No operation"]}
)
"""Rules that move numbers about without computing; so their type does not matter."""

inlined = (
    *("jit", "pjit", "closed_call", "core_call", "custom_jvp_call"),
    *("custom_vjp_call", "checkpoint", "remat2"),
)
"""Calls, whose bodies are lowered in their place."""

recognized: dict[str, Rule] = {
    "sinpi": operation("sinpi"),
    "cospi": operation("cospi"),
    "logaddexp": formula("b + softplus(a - b)", logaddexp),
    "leaky_relu": formula("b a + (1 - b) max0(a)", leaky_relu),
    "elu": formula("max0(a) + b (exp(-max0(-a)) - 1)", elu),
    "hard_tanh": formula("max, then min", lambda e, c, a: clamp(e, c, c(-1), a, c(1))),
}
"""Library functions that are recognized as a whole, by their own traces."""

_branch = "Write one smooth formula, or state the problem on each side by itself."
_jump = "A function with jumps has no enclosure that shrinks with the box."
refused: dict[str, tuple[str, str]] = {
    **{
        name: ("compares numbers, as where does", _branch)
        for name in ("eq", "ne", "lt", "le", "gt", "ge")
    },
    "select_n": ("chooses between formulas by a comparison (where)", _branch),
    "cond": ("branches on a value (cond)", _branch),
    "while": ("loops until a value is reached (while)", "Unroll the loop in Python."),
    "scan": ("loops by scan", "Unroll the loop in Python."),
    **{
        name: (f"jumps ({name})", _jump)
        for name in ("sign", "floor", "ceil", "round", "rem")
    },
    "gather": (
        "picks entries by a computed index",
        "Index by numbers known in Python.",
    ),
    "dynamic_slice": (
        "picks entries by a computed index",
        "Index by numbers known in Python.",
    ),
    "split": ("splits an array into several", "Take slices of it instead."),
    "sort": ("sorts", "Sorting has no rule; use sums or products of the entries."),
    **{
        name: (f"uses {name}, which the language has not", "Use other functions.")
        for name in ("atan", "asin", "acos", "atan2", "lgamma", "digamma")
    },
}
"""Primitives that have no rule on purpose, with the reason and the remedy."""

"""Lowers ordinary JAX code to a program. The rules are the table at the end."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend import core as jex

from ._builder import Builder
from ._errors import CertaxError, sentence
from ._functions import cospi, sinpi
from ._programs import Input, Program

_name = re.compile(r"[A-Za-z_][A-Za-z0-9_.#]{0,127}")
_largest_power = 64


@lru_cache
def _known_calls(shapes: tuple[tuple[int, ...], ...]) -> dict[str, str]:
    """Library functions by the text of their own traces on arrays of these shapes.

    Their bodies hold primitives that the program language has not (select_n, round),
    so they are recognized whole; a user's function of the same name is not.
    """
    functions = {1: (sinpi, cospi), 2: (jnp.logaddexp,)}.get(len(shapes), ())
    structs = [jax.ShapeDtypeStruct(shape, jnp.float64) for shape in shapes]
    found = {}
    with jax.enable_x64(True):
        for function in functions:
            (equation,) = jax.make_jaxpr(function)(*structs).jaxpr.eqns
            found[str(_inner(equation))] = function.__name__
    return found


def _inner(equation: Any) -> Any:
    """The body of a call, or None."""
    return equation.params.get("jaxpr") or equation.params.get("call_jaxpr")


def trace(
    function: Callable[..., Sequence[Any]],
    inputs: Sequence[Input],
    outputs: Sequence[str],
    what: str,
) -> Program:
    """Traces `function(*inputs)` into a program.

    **Arguments:**

    - `function`: takes one float64 array for each input, returns one scalar an output.
    - `inputs`: in the order of the arguments.
    - `outputs`: names of what is returned.
    - `what`: what is being traced, for messages: "the residual".

    **Raises:** `CertaxError` if the code branches on values, leaves float64, or uses a
    primitive that has no rule; the primitive is named.
    """
    _check_names([item.name for item in dict.fromkeys(inputs)], what)
    structs = [jax.ShapeDtypeStruct(item.shape, jnp.float64) for item in inputs]
    with jax.enable_x64(True):
        closed = _jaxpr(function, structs, what)
        lowering = _Lowering(what)
        handles = [lowering.builder.input(item) for item in inputs]
        results = lowering.run(closed.jaxpr, closed.consts, handles)
    for name, handle in zip(outputs, results, strict=True):
        if lowering.builder.shapes[handle] != ():
            raise CertaxError(
                f"{sentence(what)} gives an array of shape "
                f"{lowering.builder.shapes[handle]} for {name!r}, not one number.",
                value=str(lowering.builder.shapes[handle]),
                remedy="Return one scalar for each.",
            )
    return lowering.builder.build(dict(zip(outputs, results, strict=True)))


def _check_names(names: Sequence[str], what: str) -> None:
    for name, count in Counter(names).items():
        if count > 1 or not _name.fullmatch(name):
            why = "cannot be written to a file" if count == 1 else "occurs twice"
            raise CertaxError(
                f"In {what} the name {name!r} {why}.",
                value=name,
                remedy="Names are distinct, short, and of ASCII letters, digits and _.",
            )


def _jaxpr(function: Callable, structs: Sequence[Any], what: str) -> Any:
    try:
        # Strict promotion is what makes a float32 number visible.
        with jax.numpy_dtype_promotion("strict"):
            return jax.make_jaxpr(function)(*structs)
    except (
        jax.errors.ConcretizationTypeError,
        jax.errors.TracerArrayConversionError,
        jax.errors.TracerIntegerConversionError,
    ) as error:
        raise CertaxError(
            f"{sentence(what)} asks for a number where only a symbol is known "
            f"({type(error).__name__}).",
            remedy="Use jax.numpy instead of math, numpy and Python's if; "
            "write +u where jax.lax wants an array.",
        ) from None
    except (TypeError, ValueError, OverflowError) as error:
        first = (str(error).splitlines() or [""])[0]
        kinds = re.findall(r"'(b?float\d+|u?int\d+)'|(complex)", first)
        kinds = sorted(a or b for a, b in kinds)
        if kinds and "promotion" in first:
            raise CertaxError(
                f"{sentence(what)} mixes numbers of type {' and '.join(kinds)}.",
                value=kinds[0],
                remedy="Write them as Python numbers, in float64 or as constants.",
            ) from None
        remedy = "Use jax.numpy functions of numbers and vectors."
        if "__jax_array__" in first:
            first = "a field stands where an array is wanted"
            remedy = "Write +u there, or use the jax.numpy function."
        raise CertaxError(
            f"{sentence(what)} cannot be traced: {first.rstrip('.')}.", remedy=remedy
        ) from error


class _Lowering:
    def __init__(self, what: str):
        self.what, self.builder = what, Builder()

    def refuse(self, why: str, remedy: str) -> CertaxError:
        return CertaxError(f"{sentence(self.what)} {why}.", remedy=remedy)

    def constant(self, value: Any) -> int:
        array = np.asarray(value)
        if array.dtype == np.float32:
            raise self.refuse(
                "holds a float32 constant", "Write it in float64 or as an expression."
            )
        if array.dtype.kind not in "fiu" or array.ndim > 1:
            raise self.refuse(
                f"holds a constant of shape {array.shape} and type {array.dtype}",
                "Make a matrix a leaf of the net; other constants must be numbers.",
            )
        if not np.all(np.isfinite(array)):
            raise self.refuse("holds a constant that is not finite", "Look where.")
        items = [self.builder.literal(Fraction(v)) for v in array.ravel().tolist()]
        return self.builder.emit("stack", items) if array.ndim else items[0]

    def run(self, jaxpr: Any, consts: Sequence[Any], args: Sequence[int]) -> list[int]:
        values: dict[Any, int] = dict(zip(jaxpr.invars, args, strict=True))
        values |= {
            v: self.constant(c) for v, c in zip(jaxpr.constvars, consts, strict=True)
        }

        def read(v: Any) -> int:
            return self.constant(v.val) if isinstance(v, jex.Literal) else values[v]

        # What only a dead branch of a library function needs is never lowered.
        live = {v for v in jaxpr.outvars if not isinstance(v, jex.Literal)}
        kept = []
        for equation in reversed(jaxpr.eqns):
            if any(v in live for v in equation.outvars):
                kept.append(equation)
                live |= {v for v in equation.invars if not isinstance(v, jex.Literal)}
        for equation in reversed(kept):
            arguments = [read(v) for v in equation.invars]
            results = self.equation(equation, arguments)
            values |= dict(zip(equation.outvars, results, strict=True))
        return [read(v) for v in jaxpr.outvars]

    def equation(self, equation: Any, args: list[int]) -> list[int]:
        name, params = equation.primitive.name, equation.params
        if name in ("jit", "pjit", "closed_call", "core_call", "custom_jvp_call"):
            inner = _inner(equation)
            shapes = tuple(v.aval.shape for v in equation.invars)
            known = _known_calls(shapes).get(str(inner))
            if known is not None:
                return [_calls[known](self, args, params)]
            return self.run(inner.jaxpr, inner.consts, args)
        rule = _rules.get(name)
        if rule is None:
            raise self.refuse(
                f"uses the primitive {name!r}, which has no rule",
                "See docs/format.md for the operations that have.",
            )
        dtype = equation.outvars[0].aval.dtype
        if dtype != np.float64:
            raise self.refuse(
                f"leaves float64 at {name!r} (it makes {dtype})",
                "Keep everything in float64.",
            )
        ranks = [len(self.builder.shapes[a]) for a in args]
        if max(ranks, default=0) > 1 and rule not in (_same, _dot_general):
            raise self.refuse(
                f"uses {name!r} on a matrix", "A matrix only multiplies vectors: W @ v."
            )
        result = rule(self, args, params)
        expected = equation.outvars[0].aval.shape
        if _squeezed(expected) != _squeezed(self.builder.shapes[result]):
            raise self.refuse(
                f"uses {name!r} with shapes that the language has not",
                "Use numbers, vectors, and matrices times vectors only.",
            )
        return [result]


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n for n in shape if n != 1)


def _vector(low: _Lowering, handle: int) -> list[int]:
    shape = low.builder.shapes[handle]
    if shape == ():
        return [handle]
    return [low.builder.emit("index", [handle], i) for i in range(shape[0])]


def _slice(low: _Lowering, args: list[int], params: Mapping[str, Any]) -> int:
    items = _vector(low, args[0])
    start, limit = params["start_indices"], params["limit_indices"]
    if len(start) != 1 or params["strides"] not in (None, (1,)):
        raise low.refuse("slices an array of rank 2", "Slice vectors only.")
    picked = items[start[0] : limit[0]]
    return picked[0] if len(picked) == 1 else low.builder.emit("stack", picked)


def _concatenate(low: _Lowering, args: list[int], params: Mapping[str, Any]) -> int:
    items = [item for a in args for item in _vector(low, a)]
    return items[0] if len(items) == 1 else low.builder.emit("stack", items)


def _reshape(low: _Lowering, args: list[int], params: Mapping[str, Any]) -> int:
    shape = low.builder.shapes[args[0]]
    if shape == (1,):
        return low.builder.emit("index", args, 0)
    return args[0]


def _broadcast(low: _Lowering, args: list[int], params: Mapping[str, Any]) -> int:
    shape = _squeezed(params["shape"])
    if len(shape) > 1:
        raise low.refuse("broadcasts to rank 2", "Use vectors.")
    return low.builder.broadcast(args[0], shape) if shape else args[0]


def _dot_general(low: _Lowering, args: list[int], params: Mapping[str, Any]) -> int:
    (left, right), batch = params["dimension_numbers"]
    first, second = args
    shapes = [low.builder.shapes[a] for a in args]
    ranks = [len(s) for s in shapes]
    if batch == ((), ()) and len(left) == 1:
        if ranks == [2, 1] and tuple(left) == (1,):
            return low.builder.emit("matvec", [first, second])
        if ranks == [1, 2] and tuple(right) == (1,):
            return low.builder.emit("matvec", [second, first])
        if ranks == [1, 1]:
            return low.builder.emit("dot", [first, second])
        if ranks == [2, 0] and shapes[0][1] == 1:
            vector = low.builder.emit("stack", [second])
            return low.builder.emit("matvec", [first, vector])
        if 0 in ranks and sum(ranks) <= 1:
            return low.builder.emit("mul", args)
    raise low.refuse(
        f"multiplies arrays of ranks {ranks} in a way the language has not",
        "Write W @ v with a weight matrix W and a vector v.",
    )


def _power(low: _Lowering, args: list[int], params: Mapping[str, Any]) -> int:
    return _integer_power(low, args[0], params["y"])


def _integer_power(low: _Lowering, base: int, exponent: int) -> int:
    emit = low.builder.emit
    if abs(exponent) > _largest_power:
        raise low.refuse(
            f"has the power {exponent}", f"Powers go up to {_largest_power}."
        )
    if exponent == 0:
        return low.constant(1.0)
    if exponent < 0:
        return emit("div", [low.constant(1.0), _integer_power(low, base, -exponent)])
    return base if exponent == 1 else emit("ipow", [base], exponent)


def _general_power(low: _Lowering, args: list[int], params: Mapping[str, Any]) -> int:
    emit, exponent = low.builder.emit, low.builder.exact(args[1])
    if exponent is not None and exponent.denominator == 1:
        return _integer_power(low, args[0], int(exponent))
    if low.builder.is_named_integer(args[1]):
        raise low.refuse(
            "has a named constant with an integer value as an exponent",
            "Write the integer as a number, as in u**2.",
        )
    return emit("exp", [emit("mul", [args[1], emit("log", [args[0]])])])


def _logaddexp(low: _Lowering, args: list[int], params: Mapping[str, Any]) -> int:
    emit = low.builder.emit
    return emit("add", [args[1], emit("softplus", [emit("sub", args)])])


def _sum(low: _Lowering, args: list[int], params: Mapping[str, Any]) -> int:
    scalar = low.builder.shapes[args[0]] == ()
    return args[0] if scalar else low.builder.emit("sum", args)


def _maximum(low: _Lowering, args: list[int], params: Mapping[str, Any]) -> int:
    emit = low.builder.emit
    return emit("add", [args[1], emit("max0", [emit("sub", args)])])


def _plain(op: str, extra: int | None = None) -> Callable:
    return lambda low, args, params: low.builder.emit(op, args, extra)


def _same(low: _Lowering, args: list[int], params: Mapping[str, Any]) -> int:
    return args[0]


def _formula(formula: Callable) -> Callable:
    def rule(low: _Lowering, args: list[int], params: Mapping[str, Any]) -> int:
        return formula(low.builder.emit, low.constant, args[0])

    return rule


_calls = {
    "sinpi": _plain("sinpi"),
    "cospi": _plain("cospi"),
    "logaddexp": _logaddexp,
}
_plain_names = "add sub mul div neg sin cos tanh exp log sqrt logistic erf stack"
_rules: dict[str, Callable[[_Lowering, list[int], Mapping[str, Any]], int]] = {
    **{name: _plain(name) for name in _plain_names.split()},
    "add_any": _plain("add"),
    "reduce_sum": _sum,
    "square": _plain("ipow", 2),
    "integer_pow": _power,
    "pow": _general_power,
    "max": _maximum,
    "dot_general": _dot_general,
    "broadcast_in_dim": _broadcast,
    "concatenate": _concatenate,
    "slice": _slice,
    "squeeze": _reshape,
    "reshape": _reshape,
    "copy": _same,
    "copy_p": _same,
    "convert_element_type": _same,
    "stop_gradient": _same,
    "log1p": _formula(lambda e, c, a: e("log", [e("add", [c(1.0), a])])),
    "expm1": _formula(lambda e, c, a: e("sub", [e("exp", [a]), c(1.0)])),
    "rsqrt": _formula(lambda e, c, a: e("div", [c(1.0), e("sqrt", [a])])),
    "erfc": _formula(lambda e, c, a: e("sub", [c(1.0), e("erf", [a])])),
    "cosh": _formula(
        lambda e, c, a: e(
            "mul", [c(0.5), e("add", [e("exp", [a]), e("exp", [e("neg", [a])])])]
        )
    ),
    "sinh": _formula(
        lambda e, c, a: e(
            "mul", [c(0.5), e("sub", [e("exp", [a]), e("exp", [e("neg", [a])])])]
        )
    ),
}

"""Lowers ordinary JAX code to a program. The rules are the table at the end."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend import core as jex

from ._builder import Builder
from ._errors import CertaxError
from ._functions import cospi, sinpi
from ._programs import Input, Program

_scalar = jax.ShapeDtypeStruct((), jnp.float64)


def _calls(function: Callable) -> str:
    """The text of a library function's own trace, by which its calls are known."""
    with jax.enable_x64(True):
        (equation,) = jax.make_jaxpr(function)(_scalar).jaxpr.eqns
    return str(equation.params["jaxpr"])


def _known_calls() -> dict[str, str]:
    # Their bodies hold primitives that the program language has not (select_n, max),
    # so they are recognized whole; a user's function of the same name is not.
    return {
        _calls(sinpi): "sinpi",
        _calls(cospi): "cospi",
        _calls(jax.nn.softplus): "softplus",
    }


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
    structs = [jax.ShapeDtypeStruct(item.shape, jnp.float64) for item in inputs]
    with jax.enable_x64(True):
        try:
            closed = jax.make_jaxpr(function)(*structs)
        except (
            jax.errors.ConcretizationTypeError,
            jax.errors.TracerArrayConversionError,
            jax.errors.TracerIntegerConversionError,
        ) as error:
            raise CertaxError(
                f"{what.capitalize()} asks for a number where only a symbol is known "
                f"({type(error).__name__}).",
                remedy="Use jax.numpy instead of math, numpy and Python's if; "
                "write +u where jax.lax wants an array.",
            ) from None
        lowering = _Lowering(what)
        handles = [lowering.builder.input(item) for item in inputs]
        results = lowering.run(closed.jaxpr, closed.consts, handles)
    for name, handle in zip(outputs, results, strict=True):
        if lowering.builder.shapes[handle] != ():
            raise CertaxError(
                f"{what.capitalize()} gives an array of shape "
                f"{lowering.builder.shapes[handle]} for {name!r}, not one number.",
                value=str(lowering.builder.shapes[handle]),
                remedy="Return one scalar for each.",
            )
    return lowering.builder.build(dict(zip(outputs, results, strict=True)))


class _Lowering:
    def __init__(self, what: str):
        self.what, self.builder = what, Builder()
        self.calls = _known_calls()

    def refuse(self, why: str, remedy: str) -> CertaxError:
        return CertaxError(f"{self.what.capitalize()} {why}.", remedy=remedy)

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
        inner = params.get("jaxpr") or params.get("call_jaxpr")
        if name in ("jit", "pjit", "closed_call", "core_call", "custom_jvp_call"):
            known = self.calls.get(str(inner))
            if known is not None:
                return [self.builder.emit(known, args)]
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
    if exponent == 0:
        return low.constant(1.0)
    if exponent < 0:
        return emit("div", [low.constant(1.0), _integer_power(low, base, -exponent)])
    return base if exponent == 1 else emit("ipow", [base], exponent)


def _general_power(low: _Lowering, args: list[int], params: Mapping[str, Any]) -> int:
    emit, exponent = low.builder.emit, low.builder.exact(args[1])
    if exponent is not None and exponent.denominator == 1 and abs(exponent) <= 64:
        return _integer_power(low, args[0], int(exponent))
    return emit("exp", [emit("mul", [args[1], emit("log", [args[0]])])])


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


_plain_names = "add sub mul div neg sin cos tanh exp log sqrt logistic erf stack"
_rules: dict[str, Callable[[_Lowering, list[int], Mapping[str, Any]], int]] = {
    **{name: _plain(name) for name in _plain_names.split()},
    "add_any": _plain("add"),
    "reduce_sum": _plain("sum"),
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

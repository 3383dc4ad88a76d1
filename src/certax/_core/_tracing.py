"""Lowers ordinary JAX code to a program; the rules are the tables of `_rules.py`."""

import functools
import inspect
import re
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import nn
from jax.core import Tracer
from jax.extend import core as jex

from ._builder import Builder
from ._errors import CertaxError, sentence
from ._functions import cospi, sinpi
from ._lowerings import squeezed
from ._programs import Input, Program
from ._rules import inlined, rearranging, recognized, refused, rules

_name = re.compile(r"[A-Za-z_][A-Za-z0-9_.#]{0,127}")
transposed_mark = ".transposed"


@lru_cache
def _known_calls(shapes: tuple[tuple[int, ...], ...]) -> dict[str, str]:
    """Library functions by the text of their own traces on arrays of these shapes.

    Their bodies hold primitives that the program language has not (select_n, round),
    so they are recognized whole; a user's function of the same name is not.
    """
    functions: list[Callable] = [sinpi, cospi, nn.leaky_relu, nn.elu, nn.hard_tanh]
    if len(shapes) == 2:
        # A parameter may be an array or a Python number, which JAX traces otherwise.
        functions = [jnp.logaddexp, nn.leaky_relu, nn.elu]
        functions += [_with_number(nn.leaky_relu), _with_number(nn.elu)]
    found = {}
    with jax.enable_x64(True):
        for function in functions if len(shapes) <= 2 else ():
            count = len(inspect.signature(function).parameters)
            structs = [jax.ShapeDtypeStruct(s, jnp.float64) for s in shapes[:count]]
            (equation,) = jax.make_jaxpr(function)(*structs).jaxpr.eqns
            found[str(_inner(equation))] = function.__name__
    return found


def _with_number(function: Callable) -> Callable:
    @functools.wraps(function)
    def applied(a):
        return function(a, 0.5)

    del applied.__wrapped__
    return applied


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


def trace_function(
    function: Callable[..., Sequence[Any]],
    shapes: Sequence[tuple[int, ...]],
    coordinates: Sequence[str],
    what: str,
) -> tuple[Program, dict[str, Any]]:
    """Traces a function of numbers and vectors, with whatever arrays it captures.

    **Arguments:**

    - `function`: takes one float64 array for each shape, returns scalars.
    - `shapes`: `()` or `(n,)` for each argument.
    - `coordinates`: a name for each entry of each argument, in order.
    - `what`: what is being traced, for messages: "the function".

    **Returns:** the program, whose outputs are named `0`, `1`, ..., and its weights:
    the captured arrays, which may be tracers of a transformation around this call.

    **Raises:** `CertaxError` as `trace` does.
    """
    structs = [jax.ShapeDtypeStruct(shape, jnp.float64) for shape in shapes]
    names = iter(coordinates)
    with jax.enable_x64(True):
        closed = _jaxpr(function, structs, what, promotion="standard")
        lowering = _Lowering(what, function=True)
        emit, given = lowering.builder.emit, lowering.builder.input
        handles = []
        for shape in shapes:
            entries = [
                given(Input(next(names), "coordinate")) for _ in range(prod(shape))
            ]
            handles.append(emit("stack", entries) if shape else entries[0])
        captured: dict[str, Any] = {}
        constants = []
        for number, value in enumerate(closed.consts):
            tracer = isinstance(value, Tracer)
            if np.ndim(value) == 0 and not tracer:
                constants.append(lowering.constant(value))
                continue
            name = f"captured.{number}"
            captured[name] = jnp.asarray(value, jnp.float64)
            item = Input(name, "weight", shape=np.shape(value))
            if len(item.shape) > 2:
                raise lowering.refuse(
                    f"captures an array of shape {item.shape}",
                    "Use numbers, vectors and matrices.",
                )
            constants.append(given(item))
        results = lowering.run(closed.jaxpr, constants, handles, lowered=True)
    outputs = {str(i): handle for i, handle in enumerate(results)}
    program = lowering.builder.build(outputs)
    weights = {}
    for item in program.of_kind("weight"):
        base = captured[item.name.removesuffix(transposed_mark)]
        weights[item.name] = base.T if item.name.endswith(transposed_mark) else base
    return program, weights


def _check_names(names: Sequence[str], what: str) -> None:
    for name, count in Counter(names).items():
        if count > 1 or not _name.fullmatch(name):
            why = "cannot be written to a file" if count == 1 else "occurs twice"
            raise CertaxError(
                f"In {what} the name {name!r} {why}.",
                value=name,
                remedy="Names are distinct, short, and of ASCII letters, digits and _.",
            )


def _jaxpr(
    function: Callable, structs: Sequence[Any], what: str, promotion: str = "strict"
) -> Any:
    try:
        # Strict promotion is what makes a float32 number visible.
        with jax.numpy_dtype_promotion(promotion):
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
    """Lowers one jaxpr. For a function, as opposed to a net, what it captures may be
    matrices and float32 numbers, and a matrix may be transposed.
    """

    def __init__(self, what: str, function: bool = False):
        self.what, self.builder, self.function = what, Builder(), function

    def refuse(self, why: str, remedy: str) -> CertaxError:
        return CertaxError(f"{sentence(self.what)} {why}.", remedy=remedy)

    def constant(self, value: Any) -> int:
        array = np.asarray(value)
        if array.dtype == np.float32 and not self.function:
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

    def transposed(self, matrix: int) -> int:
        item = self.builder.input_of(matrix)
        if not self.function or item is None:
            raise self.refuse(
                "multiplies a vector by a transposed matrix",
                "Write W @ v with a weight matrix W and a vector v.",
            )
        plain = item.name.endswith(transposed_mark)
        name = item.name.removesuffix(transposed_mark)
        name = name if plain else name + transposed_mark
        return self.builder.input(Input(name, "weight", shape=item.shape[::-1]))

    def run(
        self,
        jaxpr: Any,
        consts: Sequence[Any],
        args: Sequence[int],
        lowered: bool = False,
    ) -> list[int]:
        """The handles of the outputs; `lowered` says that `consts` are handles too."""
        known = consts if lowered else [self.constant(c) for c in consts]
        values: dict[Any, int] = dict(zip(jaxpr.invars, args, strict=True))
        values |= dict(zip(jaxpr.constvars, known, strict=True))

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
        if name in inlined:
            inner = _inner(equation)
            shapes = tuple(v.aval.shape for v in equation.invars)
            known = _known_calls(shapes).get(str(inner))
            if known is not None:
                return [recognized[known].lower(self, args, params)]
            # The body of a checkpoint is not closed; it has no constants.
            body = getattr(inner, "jaxpr", inner)
            return self.run(body, getattr(inner, "consts", ()), args)
        rule = rules.get(name)
        if rule is None:
            why, remedy = refused.get(
                name, ("", "See docs/primitives.md for those that have.")
            )
            raise self.refuse(
                f"uses the primitive {name!r}, which has no rule"
                + (f": it {why}" if why else ""),
                remedy,
            )
        dtype = equation.outvars[0].aval.dtype
        moved = self.function and name in rearranging and dtype == np.float32
        if dtype != np.float64 and not moved:
            raise self.refuse(
                f"leaves float64 at {name!r} (it makes {dtype})",
                "Keep everything in float64.",
            )
        ranks = [len(self.builder.shapes[a]) for a in args]
        if max(ranks, default=0) > 1 and not rule.matrices:
            raise self.refuse(
                f"uses {name!r} on a matrix", "A matrix only multiplies vectors: W @ v."
            )
        result = rule.lower(self, args, params)
        expected = equation.outvars[0].aval.shape
        if squeezed(expected) != squeezed(self.builder.shapes[result]):
            raise self.refuse(
                f"uses {name!r} with shapes that the language has not",
                "Use numbers, vectors, and matrices times vectors only.",
            )
        return [result]

"""Equations in fields and their derivatives, traced into programs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._core import (
    AbstractShape,
    CertaxError,
    Field,
    Input,
    Program,
    most_derivatives,
    multi_indices,
    sentence,
    trace,
)
from ._binding import number


def derivative_name(
    field: str, coordinates: Sequence[str], orders: Sequence[int]
) -> str:
    """`u`, `u.t`, `u.xx`: how programs call a derivative."""
    letters = "".join(c * n for c, n in zip(coordinates, orders, strict=True))
    return f"{field}.{letters}" if letters else field


def trace_equations(
    function: Callable[[Mapping[str, Any]], Any],
    domain: AbstractShape,
    fields: Sequence[str],
    constants: Mapping[str, str],
    what: str,
    normals: Sequence[str] = (),
) -> Program:
    """The program of a function of all that has a name, fields, coordinates and
    constants, with the outputs `0`, `1`, ..., one an equation.

    **Raises:** `CertaxError` if it cannot be traced, returns no equation, or does not
    depend on any field.

    On a piece of a boundary `normals` names the components of the outward normal.
    """
    orders = multi_indices(domain.dimension, most_derivatives(domain.dimension))
    inputs = [
        Input(derivative_name(f, domain.names, o), "derivative", field=f, orders=o)
        for f in fields
        for o in orders
    ]
    inputs += [Input(n, "coordinate") for n in (*domain.names, *normals)]
    inputs += [Input(n, "constant", value=v) for n, v in constants.items()]

    def equations(*arrays: Any) -> list[Any]:
        arrays_by_name = {i.name: a for i, a in zip(inputs, arrays, strict=True)}
        available: dict[str, Any] = {
            n: arrays_by_name[n] for n in (*domain.names, *normals, *constants)
        }
        for f in fields:
            values = {
                o: arrays_by_name[derivative_name(f, domain.names, o)] for o in orders
            }
            available[f] = Field(f, domain.names, values)
        result = function(available)
        several = isinstance(result, tuple | list)
        return [number(r, what) for r in (result if several else [result])]

    # The number of equations is known only after the call, so count first.
    count = _count(equations, inputs, what)
    names = [str(i) for i in range(count)]
    program = trace(equations, inputs, names, what)
    if not program.of_kind("derivative"):
        raise CertaxError(
            f"{sentence(what)} does not depend on any field.",
            remedy="It must return an expression in the unknowns.",
        )
    return program


def _count(equations: Callable, inputs: Sequence[Input], what: str) -> int:
    counted: list[int] = []

    def count(*arrays: Any) -> list[Any]:
        results = equations(*arrays)
        if not results:
            raise CertaxError(
                f"{sentence(what)} returns no equation.",
                remedy="Return a number, or a tuple with one number for each equation.",
            )
        counted.append(len(results))
        return results[:1]

    trace(count, inputs, ["0"], what)
    return counted[0]

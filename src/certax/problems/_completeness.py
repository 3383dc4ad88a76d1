"""Whether there are as many conditions as the equations' orders ask for."""

from collections.abc import Sequence

import numpy as np

from .._core import AbstractShape, CertaxError, Program, TracedCondition

_missing = -1000


def check_completeness(
    domain: AbstractShape,
    fields: Sequence[str],
    residual: Program,
    conditions: Sequence[TracedCondition],
) -> None:
    """Counts conditions against the order in each coordinate.

    In a coordinate of order m one equation takes m conditions. A system takes the
    largest sum of orders that pairs every equation with a field of its own (Jacobi's
    number); that is an upper bound of its true order, met unless leading terms cancel.
    Periodicity is always enough, and a coordinate without derivatives takes none. The
    coordinates of a domain that is no box are not counted here.

    **Raises:** `CertaxError` if there are too few or too many.

    ??? cite "Reference"

        ```bibtex
        @article{jacobi2009looking,
            title={Looking for the order of a system of arbitrary ordinary differential
                   equations},
            author={Jacobi, Carl Gustav Jacob},
            note={translated by Fran{\\c{c}}ois Ollivier},
            journal={Applicable Algebra in Engineering, Communication and Computing},
            volume={20}, year={2009}}
        ```
    """
    for axis, name in enumerate(domain.names):
        here = [c for c in conditions if c.coordinate == name]
        if name not in domain.straight or any(c.kind == "periodic" for c in here):
            continue
        orders = _orders(residual, fields, axis)
        order = int(orders.max())
        if order >= 1:
            _check_coordinate(name, orders, order, here)
        elif any(_count(c) for c in here):
            raise _error(
                f"The equation has no derivative in {name!r}, and a condition is given "
                "there.",
                name,
                "Leave it out: what the equation says there is all that holds.",
            )


def _check_coordinate(
    name: str, orders: np.ndarray, order: int, here: Sequence[TracedCondition]
) -> None:
    given = sum(_count(c) for c in here)
    needed = _jacobi_number(orders) or order
    kinds = {c.kind for c in here}
    remedy = "Add Initial, Dirichlet, Periodic, Neumann, Robin or Condition for it."
    start = f"The equation has a derivative of order {order} in {name!r}, "
    if not here:
        raise _error(f"{start}and a condition is missing there.", name, remedy)
    if given < needed and kinds == {"initial"}:
        what = "the velocity" if order == 2 else "a condition at its other end"
        remedy = (
            "Give Initial its velocity, or make the first derivative a field "
            f"of its own: a system of first order in {name} needs initial data only."
        )
        raise _error(f"{start}and {what} is missing there.", name, remedy)
    ends = {side for c in here for side in c.sides}
    evolves = bool(kinds & {"initial", "terminal"})
    if order >= 2 and not evolves and not {"lower", "upper"} <= ends:
        what = "a condition at its other end"
        raise _error(f"{start}and {what} is missing there.", name, remedy)
    if given < needed:
        what = f"which asks for {needed} conditions, and {given} are given there."
        raise _error(start + what, name, remedy)
    equations, unknowns = orders.shape
    # A first-order equation may have data at both ends of space: those of the outflow
    # idle. In time nothing flows out, but a pressure may have its initial value.
    most = int(np.maximum(orders.max(axis=0), 1 if evolves else 2).sum())
    if equations == unknowns and given > most:
        what = f"which admits {most} conditions, and {given} are given there."
        raise _error(start + what, name, "Leave out what is too much.")


def _error(message: str, name: str, remedy: str) -> CertaxError:
    last = "With complete=False the problem is taken as it is."
    return CertaxError(message, value=name, remedy=f"{remedy} {last}")


def _count(condition: TracedCondition) -> int:
    program = condition.program
    return 0 if program is None else len(program.outputs) * len(condition.sides)


def _orders(residual: Program, fields: Sequence[str], axis: int) -> np.ndarray:
    """The order of each field in each equation, very negative where it is absent."""
    orders = np.full((len(residual.outputs), len(fields)), _missing)
    for row, output in enumerate(residual.outputs.values()):
        for index in _reached(residual, output):
            item = residual.inputs[index]
            if item.kind == "derivative":
                column = list(fields).index(item.field)
                orders[row, column] = max(orders[row, column], item.orders[axis])
    return orders


def _reached(program: Program, output: int) -> set[int]:
    """The inputs that a value is computed from."""
    found, waiting, first = set(), [output], len(program.inputs)
    while waiting:
        index = waiting.pop()
        if index in found:
            continue
        found.add(index)
        if index >= first:
            waiting += program.ops[index - first][1]
    return {index for index in found if index < first}


def _jacobi_number(orders: np.ndarray) -> int | None:
    """The largest sum of one entry from each row and column, if any is possible."""
    if orders.shape[0] != orders.shape[1]:
        return None
    if orders.shape == (1, 1):
        return int(orders[0, 0])
    from scipy.optimize import linear_sum_assignment

    total = int(orders[linear_sum_assignment(orders, maximize=True)].sum())
    return total if total >= 0 else None

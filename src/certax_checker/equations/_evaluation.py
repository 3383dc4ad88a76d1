"""What evaluating a network in floating point adds: `docs/theory/evaluation.md`.

Each computed value is its operation at the computed arguments plus some eta, bounded in
`_rounding.py`. With all eta multiplied by s from 0 to 1, the field moves by the
integral over s of the sum of eta times its derivative with respect to that value.
"""

import numpy as np
from flint import arb, fmpq

from ..kernel._algebra import enclose
from ..kernel._errors import Malformed
from ..kernel._functions import above
from ..kernel._jets import reshaped
from ..kernel._leaves import Chunk, Subject, sweep
from ..kernel._models import TINY, UP, Array, Model, add, matvec, multiply, total
from ..kernel._numbers import decimal, round_up
from ..kernel._program import Operation
from ..kernel._statement import Wording
from ..kernel._trees import Tree
from ._case import Case, Proof
from ._means import euclidean
from ._rounding import Evaluation, Rounding, Value

DEGREE = 2
CORRECT = ("neg", "max0", "add", "sub", "mul", "div", "sqrt", "ipow", "stack", "index",
           "broadcast", "sum", "dot", "matvec")  # fmt: skip


def evaluated(case: Case, network: Subject, chosen: Evaluation, claim: str, norm: str,
              proof: Proof) -> Proof:  # fmt: skip
    """What is proved of the network's evaluation, from what is of the network itself.

    **Arguments:** `network`, the subject as it was read.
    """
    fits = claim == "solution" and norm in ("Linf", "L1", "L2")
    if not (fits or (claim == "range" and not any(case.parameters["orders"]))):
        reason = "an evaluation has values, and no derivatives that a bound could hold"
        raise Malformed(reason, "evaluation")
    error = round_up(evaluation_error(network, case.trees["residual"], chosen))
    exact = decimal(error)
    size = arb(fmpq(exact.numerator, exact.denominator))
    times = [c.coordinate for c in case.problem.of_kind("initial")]
    space = arb(1)
    for axis in case.problem.coordinates:
        space *= arb(1) if axis.name in times else enclose(axis.length)
    added = size * {"L1": space, "L2": space.sqrt()}.get(norm, arb(1))
    detail = f"{chosen.rules}: at most {error} from exact arithmetic"
    case.passed("evaluation", detail)
    if any(o.name not in CORRECT for o in network.network.operations):
        limit = f"within {chosen.ulps} units in the last place of {chosen.format}"
        detail = f"elementary functions are evaluated {limit}"
        case.passed("elementary functions", detail, "assumed")
    ends = proof.interval
    if ends:
        ends = -above(size - arb(ends[0])), above(arb(ends[1]) + size)
    return proof._replace(
        bound=above(arb(proof.bound) + added),
        curve=[above(arb(value) + added) for value in proof.curve],
        interval=ends,
        wording=_wording(chosen, norm, error),
    )


def _wording(chosen: Evaluation, norm: str, error: str) -> Wording:
    """A format's numbers have no measure: means are those of functions nearby."""
    place = f"wherever all coordinates are {chosen.format} numbers, "
    if norm not in ("L1", "L2"):
        return Wording(place, how="", after=f" {chosen.rules}")
    before = f"any measurable function that stays within {error} of "
    after = f", as does, {place}its evaluation {chosen.rules}"
    return Wording(before=before, after=after)


def evaluation_error(subject: Subject, tree: Tree, chosen: Evaluation) -> float:
    """A bound of |evaluated network - network| where all coordinates are numbers of the
    format; of several fields, of the Euclidean length.

    **Raises:** `Refusal` where a value may exceed the format's range.
    """
    names = [axis.name for axis in subject.problem.coordinates]
    small = tree._replace(degrees=np.minimum(tree.degrees, DEGREE))

    def quantity(chunk: Chunk) -> tuple[Array, ...]:
        made = Rounding(chunk, chosen)
        fields = subject.network.outputs.values()
        return (euclidean([_backward(made, i) for i in fields]),)

    (found,) = sweep(subject, small, names, quantity, orders=[(0,) * len(names)])
    return float(found.max())


def _backward(made: Rounding, output: int) -> Array:
    """The sum of all eta times the output's derivatives by the values, bounded."""
    adjoints: dict[int, Model] = {output: made.jets.one}
    found = np.zeros(1)
    for index in range(output, -1, -1):
        if index not in adjoints:
            continue
        adjoint, value = adjoints.pop(index), made.values[index]
        part = adjoint.bound * value.local * UP
        found = found + (np.add.reduce(part, axis=0) if part.ndim > 1 else part)
        if index >= made.first:
            operation = made.operations[index - made.first]
            for argument, model in _pushed(made, operation, adjoint, value):
                old = adjoints.get(argument)
                adjoints[argument] = model if old is None else add(old, model)
    return np.minimum(found * UP + TINY, made.values[output].error)


def _pushed(made: Rounding, operation: Operation, adjoint: Model, value: Value
            ) -> list[tuple[int, Model]]:  # fmt: skip
    """The derivatives by the arguments, by the chain rule."""
    name, arguments = operation.name, operation.arguments
    if value.slopes:
        degree = made.jets.degree
        return [
            (i, multiply([(adjoint, slope)], degree))
            for i, slope in zip(arguments, value.slopes, strict=True)
        ]
    if name == "matvec":
        return [(arguments[1], matvec(made.matrix(operation).T, adjoint))]
    if name == "stack":
        parts = [reshaped("index", adjoint, k) for k in range(len(arguments))]
        return list(zip(arguments, parts, strict=True))
    if name == "broadcast":
        return [(arguments[0], total(adjoint))]
    rows = len(made.values[arguments[0]].model.bound)
    whole = reshaped("broadcast", adjoint, rows)
    if name == "index":
        only = np.zeros((rows, 1))
        only[operation.extra] = 1.0
        mask = Model({made.jets.constant: only}, np.zeros((rows, 1)))
        whole = multiply([(whole, mask)], made.jets.degree)
    return [(arguments[0], whole)]

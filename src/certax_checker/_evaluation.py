"""What evaluating a network in floating point adds: `docs/theory/evaluation.md`.

Each computed value is its operation at the computed arguments plus some eta, bounded in
`_rounding.py`. With all eta multiplied by s from 0 to 1, the field moves by the
integral over s of the sum of eta times its derivative with respect to that value.
"""

import numpy as np
from flint import arb, fmpq

from ._algebra import enclose
from ._case import Case, Proof
from ._documents import Certificate, Evaluation
from ._errors import Malformed
from ._functions import above
from ._jets import reshaped
from ._leaves import Chunk, Subject, sweep
from ._models import TINY, UP, Array, Model, add, euclidean, matvec, multiply, total
from ._numbers import decimal, round_up
from ._program import Operation
from ._rounding import Rounding, Value
from ._trees import Tree

DEGREE = 2
CORRECT = ("neg", "max0", "add", "sub", "mul", "div", "sqrt", "ipow", "stack", "index",
           "broadcast", "sum", "dot", "matvec")  # fmt: skip


def rules(chosen: Evaluation) -> str:
    """How the network is evaluated, in words."""
    form = chosen.format
    return (
        f"in {form}, weights and constants rounded to {form}, every operation rounded "
        "to nearest, sums in any order and with or without fused multiplication"
    )


def evaluated(case: Case, network: Subject, certificate: Certificate,
              proof: Proof) -> Proof:  # fmt: skip
    """What is proved of the network's evaluation, from what is of the network itself.

    **Arguments:** `network`, the subject as it was read.
    """
    chosen, norm = certificate.evaluation, certificate.norm
    if chosen is None:
        return proof
    claim, orders = certificate.claim, certificate.parameters.get("orders", [])
    fits = claim == "solution" and norm in ("Linf", "L1", "L2")
    if not (fits or (claim == "range" and not any(orders))):
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
    detail = f"{rules(chosen)}: at most {error} from exact arithmetic"
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
        evaluation=error,
    )


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

"""How the residual changes with the fields, and the coefficients of an equation."""

from collections.abc import Mapping

import numpy as np

from ..kernel._jets import Index, Jet, Jets, lower_set
from ..kernel._leaves import Chunk
from ..kernel._models import Model, add, widen
from ..kernel._program import Input

ABSENT = Model({}, np.zeros(1))
"""The function that is zero."""


def expansion(chunk: Chunk, at: Mapping[str, Jet] | None, along: Mapping[str, Jet],
              order: int = 1, tube: float = 0.0) -> list[Model]:  # fmt: skip
    """Taylor coefficients of s -> residual(v + s along), of one equation, at 0.

    v is `at`, or the network, plus anything within `tube` of zero, with the
    derivatives of `at`.
    """
    jets = Jets(chunk.length, chunk.degree, [(k,) for k in range(order + 1)])

    def value(entry: Input) -> Jet:
        model = chunk.derivative(entry.field, entry.orders, at)
        model = model if any(entry.orders) else widen(model, tube)
        slope = chunk.derivative(entry.field, entry.orders, along)
        return {(0,): model, (1,): slope}

    made = chunk.equations(jets, value)[0]
    return [made.get(i, ABSENT) for i in jets.indices]


def shifted(chunk: Chunk, count: int) -> list[Model]:
    """The residual with u + s for the one field u, its derivatives kept, by powers of s
    from 0 to `count`; the whole of it if it is such a polynomial.
    """
    one = Model({chunk.plain.constant: np.ones(1)}, np.zeros(1))
    along = {chunk.subject.problem.fields[0]: {chunk.plain.zero: one}}
    return expansion(chunk, None, along, order=count)


def jacobian(chunk: Chunk, tube: float = 0.0) -> list[list[Model]]:
    """The residual's derivatives with respect to the fields, equation by equation.

    Each field ranges over all values within `tube` of the network's.
    """
    names = chunk.subject.problem.fields
    units = [tuple(int(a == b) for b in names) for a in names]
    jets = Jets(chunk.length, chunk.degree, lower_set(units))

    def value(entry: Input) -> Jet:
        model = chunk.derivative(entry.field, entry.orders)
        if any(entry.orders):
            return {jets.zero: model}
        unit = units[names.index(entry.field)]
        return {jets.zero: widen(model, tube), unit: jets.one}

    made = chunk.equations(jets, value)
    return [[jet.get(unit, ABSENT) for unit in units] for jet in made]


def coefficient(chunk: Chunk, orders: Index, along: Index) -> Model:
    """A derivative of the coefficient of D^orders u where u vanishes.

    **Arguments:** `orders` of the one field's derivative, `along` of the coefficient's
    derivative, at most the first. The equation must be a polynomial in the field and
    its derivatives, linear in the latter.
    """
    jets = Jets(chunk.length, chunk.degree, lower_set([along]), directed=True)

    def at(chosen: Index | None) -> Model:
        def value(entry: Input) -> Jet:
            return {jets.zero: jets.one if entry.orders == chosen else ABSENT}

        return chunk.equations(jets, value)[0].get(along, ABSENT)

    return add(at(orders), at(None), -1)

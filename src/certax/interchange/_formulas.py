"""Formulas in a net's description: text to operations of the program."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .._core import CertaxError
from .._core._exact import parse_formula
from ._activations import functions
from ._tensors import Arithmetic, Constant, Row, Tensor, bounded

_largest_power = 64


@dataclass(frozen=True)
class _Value:
    """A number of the program with the operators of formulas."""

    arithmetic: Arithmetic
    tensor: Tensor

    def _with(self, tensor: Tensor) -> "_Value":
        return _Value(self.arithmetic, tensor)

    def _binary(self, op: str, other: "_Value") -> "_Value":
        return self._with(self.arithmetic.binary(op, self.tensor, other.tensor))

    def __add__(self, other: "_Value") -> "_Value":
        return self._binary("add", other)

    def __sub__(self, other: "_Value") -> "_Value":
        return self._binary("sub", other)

    def __mul__(self, other: "_Value") -> "_Value":
        return self._binary("mul", other)

    def __truediv__(self, other: "_Value") -> "_Value":
        return self._binary("div", other)

    def __neg__(self) -> "_Value":
        if isinstance(self.tensor, Constant):
            return self._with(Constant(np.asarray(-self.tensor.values)))
        return self._with(self.arithmetic.unary("neg", self.tensor))

    def __pow__(self, exponent: int) -> "_Value":
        if abs(exponent) > _largest_power:
            raise CertaxError(
                f"A formula has the power {exponent}.",
                value=exponent,
                remedy=f"Powers go up to {_largest_power}.",
            )
        one = self._with(Constant(np.array(Fraction(1), object)))
        if exponent == 0:
            return one
        if exponent < 0:
            return one / self**-exponent
        if isinstance(self.tensor, Constant):
            power = np.asarray(self.tensor.exact() ** exponent, object)
            return self._with(Constant(bounded(power)))
        if exponent == 1:
            return self
        return self._with(self.arithmetic.unary("ipow", self.tensor, exponent))


def formula(arithmetic: Arithmetic, text: str, names: Mapping[str, Row]) -> Row:
    """A formula's value, a number of the program.

    **Arguments:**

    - `text`: with the grammar of `docs/format.md`, section 2, names and functions.
    - `names`: the values of its names.

    **Raises:** `CertaxError` if the text is no formula in these names.
    """

    def applied(name: str):
        function = functions[name]
        return lambda value: value._with(function(arithmetic, value.tensor))

    def number(value: Fraction) -> _Value:
        return _Value(arithmetic, Constant(np.array(value, object)))

    try:
        value = parse_formula(
            text,
            number,
            lambda: _Value(arithmetic, arithmetic.number("pi")),
            {name: applied(name) for name in functions},
            {name: _Value(arithmetic, row) for name, row in names.items()},
        )
    except ValueError as error:
        raise CertaxError(
            f"The formula {text[:60]!r} cannot be evaluated: {error}.",
            value=text[:60],
            remedy="Write it with smaller numbers.",
        ) from None
    return arithmetic.row(value.tensor)

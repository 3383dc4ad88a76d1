"""Real numbers as balls: what is taken as exact, and how they leave as floats."""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import wraps
from typing import ParamSpec, TypeVar

from flint import arb, ctx, fmpq

from ._errors import CertaxError

Given = ParamSpec("Given")
Made = TypeVar("Made")


def with_bits(bits: int) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """A decorator: runs a function with so many bits in every ball."""

    def decorated(function: Callable[Given, Made]) -> Callable[Given, Made]:
        @wraps(function)
        def run(*args: Given.args, **kwargs: Given.kwargs) -> Made:
            with ctx.workprec(bits):
                return function(*args, **kwargs)

        return run

    return decorated


def ball(value: float | int | Fraction) -> arb:
    """The number itself; a float means its binary value."""
    if isinstance(value, Fraction):
        return arb(fmpq(value.numerator, value.denominator))
    return arb(value)


def above(value: arb) -> float:
    """A float that is certainly at least the number, or infinity."""
    if not value.is_finite():
        return math.inf
    found = float(value.upper())
    while math.isfinite(found) and not arb(found) >= value:
        found = math.nextafter(found, math.inf)
    return found


def below(value: arb) -> float:
    """A float that is certainly at most the number, or minus infinity."""
    return -above(-value)


def total(values: Sequence[arb]) -> arb:
    return sum(values, arb(0))


def positive_number(name: str, value: float | str | Fraction) -> Fraction:
    """A positive number; text is a decimal, a float its binary value.

    **Raises:** `CertaxError` if it is not positive and finite.
    """
    try:
        number = Fraction(Decimal(value)) if isinstance(value, str) else Fraction(value)
    except (ArithmeticError, ValueError, TypeError):
        number = Fraction(0)
    if number <= 0:
        raise CertaxError(
            f"`{name}` is {value}, and the theorems need it to be positive.",
            value=value,
            remedy=f"Give a positive number as `{name}`.",
        )
    return number

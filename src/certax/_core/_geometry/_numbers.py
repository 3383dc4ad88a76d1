"""Sums and extremes of exact numbers."""

from collections.abc import Iterable
from fractions import Fraction

from .._errors import CertaxError
from .._exact import expression, parse, to_float


def rational(text: str) -> Fraction | None:
    """The number of an expression without roots and π, else None."""

    def irrational(*_: Fraction) -> Fraction:
        raise CertaxError("The number is not known to be rational.")

    try:
        return parse(text, Fraction, irrational, irrational)
    except CertaxError:
        return None


def nearest_rational(text: str) -> Fraction:
    """The number itself if it is rational, else its nearest double."""
    exact = rational(text)
    return Fraction(to_float(text)) if exact is None else exact


def sum_of(first: str, second: str, sign: int = 1) -> str:
    """The expression of first ± second."""
    one, two = rational(first), rational(second)
    if one is not None and two is not None:
        return expression(one + sign * two)
    return f"({first}){'+' if sign > 0 else '-'}({second})"


def smallest(texts: Iterable[str]) -> str:
    """The expression of the least number."""
    return min(texts, key=nearest_rational)


def largest(texts: Iterable[str]) -> str:
    """The expression of the greatest number."""
    return max(texts, key=nearest_rational)

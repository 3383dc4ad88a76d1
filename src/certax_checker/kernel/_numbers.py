"""Exact numbers: their grammar, and the decimals that bounds are written in."""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from ._algebra import ONE, Algebra, Polynomial, rational
from ._errors import Malformed

DECIMAL = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?")
TOKEN = re.compile(rf"{DECIMAL.pattern}|pi|sqrt\(|[-+*/^()]")


def decimal(text: str) -> Fraction:
    """The rational number that a decimal denotes."""
    if not DECIMAL.fullmatch(text) or len(text) > 4000:
        raise Malformed(f"{text[:40]!r} is not a decimal")
    digits, _, exponent = text.partition("e")
    if len(exponent.lstrip("-")) > 9 or abs(int(exponent or "0")) > 400:
        raise Malformed(f"the exponent of {text[:40]!r} is larger than 400")
    return Fraction(digits) * Fraction(10) ** int(exponent or "0")


def parse(text: object, algebra: Algebra) -> Polynomial:
    """The exact value of an expression of section 2 of `docs/format.md`."""
    if type(text) is not str or len(text) > 4000:
        raise Malformed(f"{str(text)[:40]!r} is not an expression of 4,000 characters")
    packed = text.replace(" ", "")
    tokens = TOKEN.findall(packed)
    if "".join(tokens) != packed or not tokens:
        raise Malformed(f"{text[:40]!r} is not an exact number")
    tokens.reverse()
    depth = 0

    def take(*wanted: str) -> str:
        return tokens.pop() if tokens and tokens[-1] in wanted else ""

    def total() -> Polynomial:
        nonlocal depth
        depth += 1
        if depth > 50:
            raise Malformed(f"{text[:40]!r} is nested deeper than 50")
        value = -product() if take("-") else product()
        while sign := take("+", "-"):
            value = value + product() if sign == "+" else value - product()
        depth -= 1
        return value

    def product() -> Polynomial:
        value = power()
        while sign := take("*", "/"):
            factor = power()
            value = value * factor if sign == "*" else algebra.divide(value, factor)
        return value

    def power() -> Polynomial:
        base = atom()
        if not take("^"):
            return base
        negative = bool(take("-"))
        digits = tokens.pop() if tokens else ""
        if not digits.isdigit() or len(digits) > 9 or int(digits) > 400:
            raise Malformed(f"{text[:40]!r} has an exponent that is no integer to 400")
        if not base and int(digits) == 0:
            raise Malformed(f"{text[:40]!r} contains 0^0")
        value = ONE
        for _ in range(int(digits)):
            value = value * base
        return algebra.divide(ONE, value) if negative else value

    def atom() -> Polynomial:
        if take("pi"):
            return algebra.pi
        opening = take("sqrt(", "(")
        if opening:
            value = total()
            if not take(")"):
                raise Malformed(f"{text[:40]!r} lacks a closing bracket")
            return algebra.root(value, closed=True) if opening == "sqrt(" else value
        if not tokens or not DECIMAL.fullmatch(tokens[-1]):
            raise Malformed(f"{text[:40]!r} is not an exact number")
        return rational(decimal(tokens.pop()))

    value = total()
    if tokens:
        raise Malformed(f"{text[:40]!r} is not an exact number")
    return value


def signed_decimal(text: str) -> Fraction:
    """The rational number that a decimal with or without a minus sign denotes."""
    return -decimal(text[1:]) if text.startswith("-") else decimal(text)


def round_down(value: float, precision: int) -> str:
    """The largest decimal of so many significant digits that is at most `value`."""
    return _rounded(value, precision, ROUND_FLOOR)


def round_up(value: float, precision: int = 3) -> str:
    """The least decimal of so many significant digits that is at least `value`."""
    return _rounded(value, precision, ROUND_CEILING)


def _rounded(value: float, precision: int, rounding: str) -> str:
    """A decimal in the grammar of section 2, perhaps behind a minus sign."""
    context = Context(prec=precision, rounding=rounding, Emax=999)
    rounded = context.create_decimal(Decimal(value))
    if not rounded:
        return "0"
    sign, size, exponent = "-" * (rounded < 0), rounded.copy_abs(), rounded.adjusted()
    if -3 <= exponent <= 3:
        plain = format(size, "f")
        return sign + (plain.rstrip("0").rstrip(".") if "." in plain else plain)
    digits = "".join(map(str, size.as_tuple().digits)).rstrip("0")
    return f"{sign}{digits[0]}{'.' * (len(digits) > 1)}{digits[1:]}e{exponent}"

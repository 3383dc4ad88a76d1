"""Real numbers given exactly: the expressions of `docs/format.md`, section 2."""

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeVar

import flint

from ._errors import CertaxError

_number = r"\d+(?:\.\d+)?(?:e-?\d+)?"
_token = re.compile(rf"\s*({_number}|pi|sqrt|[-+*/^()])", re.ASCII)
_formula_token = re.compile(rf"\s*({_number}|[A-Za-z_]\w*|[-+*/^()])", re.ASCII)
_longest, _deepest, _largest_exponent = 4000, 50, 400

T = TypeVar("T")


class _Arithmetic:
    """How to build a value from the parts of an expression."""

    def __init__(
        self,
        number: Callable,
        pi: Callable,
        sqrt: Callable,
        names: Mapping[str, Any] | None = None,
        functions: Mapping[str, Callable] | None = None,
    ):
        self.number, self.pi, self.sqrt = number, pi, sqrt
        self.names, self.functions = names or {}, functions or {}


def _tokens(text: str, pattern: re.Pattern[str]) -> list[str]:
    if len(text) > _longest:
        raise _malformed(text, f"it is longer than {_longest} characters")
    found, position = [], 0
    while position < len(text.rstrip()):
        match = pattern.match(text, position)
        if match is None:
            raise _malformed(
                text, f"{text[position:].strip()[:12]!r} is not part of it"
            )
        found.append(match.group(1))
        position = match.end()
    return found


def _malformed(text: str, why: str) -> CertaxError:
    return CertaxError(
        f"{text[:60]!r} is not an exact number: {why}.",
        value=text[:60],
        remedy="Use integers, decimals, pi, sqrt(...), + - * / ^ and parentheses.",
    )


class _Parser:
    def __init__(self, text: str, arithmetic: _Arithmetic):
        pattern = _formula_token if arithmetic.names else _token
        self.text, self.tokens, self.position = text, _tokens(text, pattern), 0
        self.arithmetic, self.depth = arithmetic, 0

    def peek(self) -> str:
        done = self.position >= len(self.tokens)
        return "" if done else self.tokens[self.position]

    def take(self) -> str:
        token = self.peek()
        self.position += 1
        return token

    def expect(self, token: str) -> None:
        if self.take() != token:
            raise _malformed(self.text, f"{token!r} is missing")

    def sum(self) -> Any:
        negative = self.peek() == "-"
        if negative:
            self.take()
        value = self.product()
        value = -value if negative else value
        while self.peek() in ("+", "-"):
            sign, term = self.take(), self.product()
            value = value + term if sign == "+" else value - term
        return value

    def product(self) -> Any:
        value = self.power()
        while self.peek() in ("*", "/"):
            sign, factor = self.take(), self.power()
            value = value * factor if sign == "*" else value / factor
        return value

    def power(self) -> Any:
        base = self.atom()
        if self.peek() != "^":
            return base
        self.take()
        negative = self.peek() == "-"
        if negative:
            self.take()
        exponent = self.take()
        if not exponent.isdigit() or int(exponent) > _largest_exponent:
            raise _malformed(self.text, f"{exponent!r} is not a usable exponent")
        return base ** (-int(exponent) if negative else int(exponent))

    def atom(self) -> Any:
        token = self.take()
        if token == "pi":
            return self.arithmetic.pi()
        if token in self.arithmetic.names:
            return self.arithmetic.names[token]
        function = self.arithmetic.functions.get(token)
        if token == "sqrt":
            function = self.arithmetic.sqrt
        if function is not None or token == "(":
            self.depth += 1
            if self.depth > _deepest:
                raise _malformed(self.text, "it is nested too deeply")
            if function is not None:
                self.expect("(")
            value = self.sum()
            self.expect(")")
            self.depth -= 1
            return value if function is None else function(value)
        if token and token[0].isdigit():
            mantissa, _, exponent = token.partition("e")
            if exponent and abs(int(exponent)) > _largest_exponent:
                raise _malformed(self.text, f"{token!r} has too large an exponent")
            return self.arithmetic.number(
                Fraction(mantissa) * Fraction(10) ** int(exponent or 0)
            )
        raise _malformed(self.text, f"{token!r} stands where a number should")


def parse(
    text: str,
    number: Callable[[Fraction], T],
    pi: Callable[[], T],
    sqrt: Callable[[T], T],
) -> T:
    """Evaluates an expression in any arithmetic that has + - * / and `**`.

    **Arguments:**

    - `text`: the expression.
    - `number`, `pi`, `sqrt`: how the arithmetic makes its values.

    **Raises:** `CertaxError` if the text is no expression or divides by zero.
    """
    return _parsed(_Parser(text, _Arithmetic(number, pi, sqrt)))


def parse_formula(
    text: str,
    number: Callable[[Fraction], T],
    pi: Callable[[], T],
    functions: Mapping[str, Callable[[T], T]],
    names: Mapping[str, T],
) -> T:
    """Evaluates a formula: an expression that may also hold names and functions.

    **Arguments:**

    - `number`, `pi`: how the arithmetic makes its values.
    - `functions`: by name, `sqrt` among them.
    - `names`: the values of the names, at least one.

    **Raises:** `CertaxError` if the text is no formula in these names.
    """
    arithmetic = _Arithmetic(number, pi, functions["sqrt"], names, functions)
    try:
        return _parsed(_Parser(text, arithmetic))
    except CertaxError as error:
        raise CertaxError(
            error.message.replace("is not an exact number", "is not a formula"),
            value=text[:60],
            remedy=f"Use numbers, pi, + - * / ^, parentheses, the names "
            f"{', '.join(names)} and the functions {', '.join(functions)}.",
        ) from None


def _parsed(parser: _Parser) -> Any:
    text = parser.text
    try:
        value = parser.sum()
    except ZeroDivisionError:
        raise _malformed(text, "it divides by zero") from None
    if parser.position != len(parser.tokens):
        raise _malformed(text, f"{parser.peek()!r} is left over")
    return value


def enclosure(text: str) -> flint.arb:
    """The number as an Arb ball of 128 bits."""
    with flint.ctx.workprec(128):
        value = parse(
            text,
            lambda q: flint.arb(flint.fmpq(q.numerator, q.denominator)),
            flint.arb.pi,
            lambda ball: ball.sqrt(),
        )
    if not value.is_finite():
        raise _malformed(text, "its value is not a finite real number")
    return value


def to_float(text: str) -> float:
    """The double nearest to the number, up to one unit in the last place."""
    return float(enclosure(text).mid())


def expression(value: int | float | str | Fraction) -> str:
    """The exact expression of a number that a user wrote.

    A float means exactly its binary value.

    **Raises:** `CertaxError` if the value is no finite number, or larger than doubles
    are.
    """
    text = _expression(value)
    if not math.isfinite(to_float(text)):
        raise CertaxError(
            f"The number {str(value)[:40]} is larger than any double.",
            value=str(value)[:40],
            remedy="State the problem in other units.",
        )
    return text


def _expression(value: int | float | str | Fraction) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        raise CertaxError(
            f"{value!r} is not a number.",
            value=repr(value),
            remedy="Give an int, a float or an expression such as '0.01/pi'.",
        )
    if isinstance(value, float) and not math.isfinite(value):
        raise CertaxError(
            f"A constant is {value}, which is not a finite number.",
            value=str(value),
            remedy="Look where it was computed.",
        )
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    return f"{exact.numerator}/{exact.denominator}"

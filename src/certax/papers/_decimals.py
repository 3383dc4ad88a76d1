"""Numbers that may only be rounded upward."""

from fractions import Fraction
from math import ceil, log10


def rounded_up(value: Fraction, digits: int = 3) -> str:
    """The least decimal number with so many digits, or one more, that is not smaller.

    **Arguments:**

    - `value`: at least 0.
    - `digits`: at least 2.
    """
    if value == 0:
        return "0"
    # The logarithm of a quotient of integers of any size.
    size = log10(value.numerator) - log10(value.denominator)
    exponent = ceil(size) - digits
    figures = str(ceil(value / Fraction(10) ** exponent))
    return f"{figures[0]}.{figures[1:]}e{exponent + len(figures) - 1}"

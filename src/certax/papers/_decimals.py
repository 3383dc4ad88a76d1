"""Numbers that may only be rounded upward."""

from fractions import Fraction
from math import ceil, log10


def rounded_up(value: Fraction, digits: int = 3) -> str:
    """The least decimal number with so many digits, or one more, that is not smaller.

    **Arguments:**

    - `value`: at least 0.
    """
    if value == 0:
        return "0"
    # The logarithm of a quotient of integers of any size.
    size = log10(value.numerator) - log10(value.denominator)
    exponent = ceil(size) - digits
    return f"{ceil(value / Fraction(10) ** exponent)}e{exponent}"

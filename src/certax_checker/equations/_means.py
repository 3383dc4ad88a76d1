"""Means of models over a leaf, from which integral norms are made.

The roundings are those of section 1 of `docs/theory/checker-arithmetic.md`.
"""

import math
from collections.abc import Sequence

import numpy as np

from ..kernel._models import TINY, UNIT, UP, Array, Model, products


def mean_square_root(a: Model) -> Array:
    """An upper bound of the root of the mean of g^2 over a leaf."""
    mean: Array | float = 0.0
    items = tuple(a.terms)
    for alpha, beta, gamma in products(items, items, 2**30):
        if all(exponent % 2 == 0 for exponent in gamma):
            divisor = math.prod(exponent + 1 for exponent in gamma)
            mean = mean + a.terms[alpha] * a.terms[beta] / float(divisor)
    slack = (len(items) ** 2 + 2) * UNIT * a.total * a.total * UP + TINY
    return (np.sqrt((np.maximum(mean, 0.0) + slack) * UP) + a.radius) * UP


def euclidean(values: Sequence[Array]) -> Array:
    """An upper bound of the length of vectors with these bounds of their entries."""
    made = values[0]
    for value in values[1:]:
        made = np.sqrt((made * made + value * value) * UP + TINY) * UP
    return made


def mean_below(a: Model) -> Array:
    """A lower bound of the mean of g over a leaf."""
    mean: Array | float = 0.0
    for alpha, x in a.terms.items():
        if all(exponent % 2 == 0 for exponent in alpha):
            divisor = math.prod(exponent + 1 for exponent in alpha)
            mean = mean + x / float(divisor)
    slack = ((len(a.terms) + 2) * UNIT * a.total + a.radius) * UP + TINY
    return mean - slack - (np.abs(mean) + slack) * 2.0**-50

"""Approximate distance functions, in operations that programs have.

All are normalized to first order: zero on the boundary with a derivative of one along
the inward normal, and positive inside.

??? cite "References"

    ```bibtex
    @article{biswas2004approximate,
        title={Approximate distance fields with non-vanishing gradients},
        author={Biswas, Arpan and Shapiro, Vadim},
        journal={Graphical Models}, volume={66}, number={3}, pages={133--159},
        year={2004}}
    @article{sukumar2022exact,
        title={Exact imposition of boundary conditions with distance functions in
               physics-informed deep neural networks},
        author={Sukumar, N. and Srivastava, Ankit},
        journal={Computer Methods in Applied Mechanics and Engineering},
        volume={389}, pages={114333}, year={2022}}
    ```
"""

import operator
from collections.abc import Sequence
from functools import reduce

import jax.numpy as jnp
from jaxtyping import Array


def joined(distances: Sequence[Array]) -> Array:
    """The distance to several pieces, 1 / (1/φ₁ + ... + 1/φₙ).

    This R-equivalence of first order does not depend on the order of the pieces.
    """
    if len(distances) == 1:
        return distances[0]
    return 1.0 / reduce(operator.add, [1.0 / d for d in distances])


def conjunction(distances: Sequence[Array]) -> Array:
    """Positive where all are: the R₀-conjunction φ₁ + φ₂ − √(φ₁² + φ₂²), in turn."""
    return reduce(lambda a, b: a + b - jnp.sqrt(a * a + b * b), distances)


def disjunction(distances: Sequence[Array]) -> Array:
    """Positive where one is: the R₀-disjunction φ₁ + φ₂ + √(φ₁² + φ₂²), in turn."""
    return reduce(lambda a, b: a + b + jnp.sqrt(a * a + b * b), distances)


def trimmed(line: Array, trim: Array) -> Array:
    """The distance to the part of a curve `line = 0` that lies where `trim` is
    positive: √(f² + ((√(t² + f⁴) − t) / 2)²).
    """
    square = line * line
    excess = 0.5 * (jnp.sqrt(trim * trim + square * square) - trim)
    return jnp.sqrt(square + excess * excess)


def ball(offsets: Sequence[Array], radius: Array) -> Array:
    """(R² − |x − c|²) / (2R): positive in the ball, negative outside."""
    squares = sum(o * o for o in offsets)
    return (radius * radius - squares) / (2.0 * radius)

"""Scrambled Sobol points: functions of a seed and a step, and of nothing else."""

import math

import numpy as np

from ._errors import CertaxError


def sobol_points(
    number: int, dimension: int, *, seed: int, step: int = 0, stream: int = 0
) -> np.ndarray:
    """The first `number` points of a scrambled Sobol sequence in the unit cube.

    The scrambling depends on `seed`, `step` and `stream` only. Returns shape
    `(number, dimension)`.

    **Raises:** `CertaxError` if no point is asked for.
    """
    from scipy.stats import qmc

    if number < 1:
        raise CertaxError(f"The number of points must be positive, but is {number}.")
    generator = np.random.default_rng([seed, step, stream])
    sequence = qmc.Sobol(dimension, scramble=True, rng=generator)
    return sequence.random_base2(max(0, math.ceil(math.log2(number))))[:number]

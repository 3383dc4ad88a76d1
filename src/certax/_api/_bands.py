"""Bands for new measurements, calibrated by those that were held out."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._core import CertaxError
from ..problems import Data

Fields = dict[str, np.ndarray]


@dataclass(frozen=True)
class AbstractBands(ABC):
    r"""Fields of several samples of an answer, with calibrated bands.

    The band of a field is $m(x) \pm q \sqrt{s(x)^2 + \sigma^2}$ with the samples' mean
    m and standard deviation s, the deviation σ of the training data from m, and the
    factor q from the measurements that were held out (split conformal prediction): a
    new measurement, drawn like the held-out ones, is inside with a probability of at
    least `level`, whatever the samples are.

    Source: Lei et al., Distribution-free predictive inference for regression, Journal
    of the American Statistical Association 113 (2018).
    """

    level: float
    factors: Mapping[str, float]
    noise: Mapping[str, float]
    held_out: Data

    @abstractmethod
    def samples(self, **coordinates: Any) -> Fields:
        """Every field's values, with the samples as first axis."""

    def mean(self, **coordinates: Any) -> Fields:
        """The samples' mean of every field."""
        return {f: v.mean(axis=0) for f, v in self.samples(**coordinates).items()}

    def deviation(self, **coordinates: Any) -> Fields:
        """The samples' standard deviation of every field."""
        values = self.samples(**coordinates).items()
        return {f: v.std(axis=0, ddof=1) for f, v in values}

    def band(self, **coordinates: Any) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Lower and upper ends for a new measurement, of every measured field."""
        values, bands = self.samples(**coordinates), {}
        for field, factor in self.factors.items():
            mean, spread = values[field].mean(axis=0), values[field].std(axis=0, ddof=1)
            half = factor * np.hypot(spread, self.noise[field])
            bands[field] = (mean - half, mean + half)
        return bands

    def coverage(self, data: Data) -> dict[str, float]:
        """The share of measured values inside the band, by field."""
        bands = self.band(**data.points)
        shares = {}
        for field, (lower, upper) in bands.items():
            inside = (lower <= data.values[field]) & (data.values[field] <= upper)
            shares[field] = float(np.mean(inside))
        return shares

    def calibration(self, rest: Data, kept: Data, rank: int) -> tuple[Mapping, Mapping]:
        """Factors and noise: the factor is the held-out score of the given rank."""
        seen = self.mean(**rest.points)
        values = self.samples(**kept.points)
        factors, noise = {}, {}
        for field, measured in rest.values.items():
            noise[field] = rms_misfit(measured, seen[field])
            mean, spread = values[field].mean(axis=0), values[field].std(axis=0, ddof=1)
            missed = np.abs(kept.values[field] - mean)
            scores = np.sort(missed / np.hypot(spread, noise[field]))
            factors[field] = float(scores[rank - 1])
        return factors, noise


def rms_misfit(measured: np.ndarray, found: np.ndarray) -> float:
    """The root mean square; where data are met exactly, rounding is what remains."""
    least = 1e-12 * float(np.max(np.abs(measured))) or 1e-12
    return max(least, float(np.sqrt(np.mean((measured - found) ** 2))))


def held_out_rank(number: int, level: float, held_out: float) -> tuple[int, int]:
    """How many of so many measurements calibrate, and the rank of the factor's score.

    **Raises:** `CertaxError` for shares that are none, and too few data for the level.
    """
    for name, value in (("level", level), ("held_out", held_out)):
        if not 0 < value < 1:
            raise CertaxError(
                f"{name} = {value} is not between 0 and 1.",
                value=value,
                remedy="Choose a share, such as 0.9 for level and 0.25 for held_out.",
            )
    count = round(held_out * number)
    rank = math.ceil((count + 1) * level)
    if rank > count:
        wanted = math.ceil(level / (1 - level))
        raise CertaxError(
            f"Bands of level {level:g} need {wanted} held-out measurements, and "
            f"{held_out:g} of {number} are {count}.",
            value=count,
            remedy="Give more data, hold out a larger share, or lower the level.",
        )
    return count, rank


def some_of(data: Data, rows: np.ndarray) -> Data:
    """The measurements of these numbers."""
    return Data(
        {name: np.asarray(v)[rows] for name, v in data.points.items()},
        {name: np.asarray(v)[rows] for name, v in data.values.items()},
    )

"""Inequalities of theorems along what was recorded: do they hold, and by how much."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Inequality:
    """`left` ≤ `right`, entry by entry.

    **Attributes:**

    - `margin`: the least of (right − left)/max(|left|, |right|): near 1 where there is
      much room, 0 where there is equality, negative where it is violated.
    """

    name: str
    left: np.ndarray
    right: np.ndarray

    @property
    def margin(self) -> float:
        left, right = np.broadcast_arrays(self.left, self.right)
        size = np.maximum(np.abs(left), np.abs(right))
        # Where both are 0 there is equality; NaN is no inequality that holds.
        room = (right - left) / np.where(size == 0, 1, size)
        return float(np.min(np.where(np.isnan(room), -np.inf, room)))

    @property
    def holds(self) -> bool:
        """Up to a relative 10⁻⁹ of rounding."""
        return self.margin >= -1e-9


def checked(inequalities: list[Inequality]) -> dict[str, Any]:
    """For a row: whether all hold, the least margin, and whose that is."""
    worst = min(inequalities, key=lambda i: i.margin)
    return {
        "inequalities": len(inequalities),
        "all hold": all(i.holds for i in inequalities),
        "least margin": worst.margin,
        "of": worst.name,
    }


def linear_fit(bounds: np.ndarray, errors: np.ndarray) -> tuple[float, float]:
    """The slope of errors against bounds of attacks by least squares, and R²."""
    slope, offset = np.polyfit(bounds, errors, 1)
    left = np.sum((errors - slope * bounds - offset) ** 2)
    return float(slope), float(1 - left / np.sum((errors - errors.mean()) ** 2))

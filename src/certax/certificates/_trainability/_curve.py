"""What a theorem says of the loss after every number of steps, as few numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Form = Literal["geometric", "entropy", "level"]


@dataclass(frozen=True)
class Curve:
    r"""A bound of a loss as a function of the number of steps k and of the step h.

    - `"geometric"`: $E (1 - h \mu)^k$ with `start` E and `rate` μ;
    - `"entropy"`: $c + o \min(1, \sqrt{K/2})$ with $K = K_0 e^{-\alpha h k} + b h$, for
      `excess` c, `oscillation` o, `start` K₀, `rate` α and `bend` b;
    - `"level"`: `start`, for every k.

    The numbers are rounded so that the bound is larger; the formula itself is only
    drawn, in floating point.

    **Attributes:**

    - `quantity`: what is bounded.
    - `above`: whether that is a loss above its minimum.
    - `step`, `limit`: of the run, and the largest admissible one.
    """

    form: Form
    quantity: str
    above: bool
    numbers: Mapping[str, float]
    step: float
    limit: float

    def at(self, count: float, step: float | None = None) -> float:
        """The bound after `count` steps of the size `step`."""
        n, h = self.numbers, self.step if step is None else step
        match self.form:
            case "geometric":
                return n["start"] * max(0.0, 1 - h * n["rate"]) ** count
            case "entropy":
                entropy = n["start"] * math.exp(-n["rate"] * h * count) + n["bend"] * h
                share = min(1.0, math.sqrt(entropy / 2))
                return n["excess"] + n["oscillation"] * share
            case _:
                return n["start"]

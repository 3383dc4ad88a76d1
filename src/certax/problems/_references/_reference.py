"""The form in which every reference solution is handed over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np


@final
@dataclass(frozen=True)
class Reference:
    """What a neural net is compared with, and how far that itself can be trusted.

    **Attributes:**

    - `name`: the problem's name.
    - `method`: how the values are computed, and how their accuracy was measured.
    - `accuracy`: the measured (not proved) absolute distance, in the maximum norm over
        all fields, from an independent method. An error of a net below this figure
        means nothing.
    - `evaluate`: `evaluate(*axes)` takes one one-dimensional float64 array of points
        for each coordinate, in the problem's order of coordinates, and returns a tuple
        of one array per field, of shape `(len(axes[0]), len(axes[1]), ...)`.
    """

    name: str
    method: str
    accuracy: float
    evaluate: Callable[..., tuple[np.ndarray, ...]]

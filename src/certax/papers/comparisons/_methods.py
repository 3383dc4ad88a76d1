"""Optimizers by name, with the settings from which the best is chosen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import optax


@dataclass(frozen=True)
class Method:
    """An optimizer.

    **Attributes:**

    - `make`: from the settings, of which `rate` is one, to an optax transformation. It
      is a function of a module: compiled steps are kept by it.
    - `grid`: settings that are tried; a single one is not chosen but given.
    - `decays`: whether the rate falls at the task's milestones.
    """

    key: str
    words: str
    make: Callable[..., optax.GradientTransformation]
    grid: tuple[Mapping[str, float], ...]
    decays: bool = True

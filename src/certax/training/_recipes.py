"""A recipe: which optimizer works for how many steps on how many points."""

from dataclasses import dataclass, field

import numpy as np

from certax._core import CertaxError

from ._balancing import AbstractBalancing
from ._losses import ResidualLoss
from ._memory import Size
from ._optimizer import AbstractOptimizer
from ._sampling import AbstractSampler, UniformSampler


@dataclass(frozen=True)
class Phase:
    """A number of steps with one optimizer.

    - `steps`: how many; `None` until the run stops.
    - `points`: number of collocation points.
    - `redraw_every`: steps between draws of the points; `None` draws once.
    - `report_every`: steps between progress records, where convergence is judged too.
    """

    name: str
    optimizer: AbstractOptimizer
    steps: int | None
    points: int
    sampler: AbstractSampler = field(default_factory=UniformSampler)
    redraw_every: int | None = None
    report_every: int = 100

    def __post_init__(self):
        for name in ("steps", "points", "redraw_every", "report_every"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise CertaxError(
                    f"{name} of phase {self.name!r} must be positive, but is {value}."
                )


@dataclass(frozen=True)
class Convergence:
    """When a run has converged, judged at progress records of the last phase.

    Either the residual's root mean square on fresh points is at most `residual_rms`, or
    for `patience` steps its lowest value has not fallen by the factor `improvement`.
    """

    residual_rms: float = 0.0
    patience: int | None = None
    improvement: float = 0.98


@dataclass(frozen=True)
class Recipe:
    """Phases one after the other, and when to stop.

    - `widths`: suggested widths of the hidden layers.
    - `chunk_size`, `streams`: how sums over points are cut up (see `ResidualLoss`).
    - `fresh_points`: number of points that are never trained on.
    - `balancing`: how the terms of the residual are weighed against each other.
    """

    name: str
    phases: tuple[Phase, ...]
    widths: tuple[int, ...]
    convergence: Convergence = field(default_factory=Convergence)
    chunk_size: int = 500
    streams: int = 2
    fresh_points: int = 4096
    balancing: AbstractBalancing | None = None

    def __post_init__(self):
        if not self.phases:
            raise CertaxError(f"Recipe {self.name!r} needs at least one phase.")
        for phase in self.phases[:-1]:
            if phase.steps is None:
                raise CertaxError(
                    f"Phase {phase.name!r} of recipe {self.name!r} never ends, so the "
                    "phases after it are never reached; give it a number of steps."
                )

    def check(self, loss: ResidualLoss, weights: np.ndarray, dimension: int) -> None:
        """Refuses a problem that this recipe cannot take, before anything is done.

        **Raises:** `CertaxError` when a phase needs more memory than there is, or when
        there is nothing to balance.
        """
        terms = loss.number_of_terms(weights, dimension)
        if self.balancing is not None and terms == 1:
            raise CertaxError(
                "The residual has one term, so there is nothing to balance.",
                value=terms,
                remedy="Leave training.balancing out, or set training.hard=false.",
            )
        for phase in self.phases:
            chunk = min(self.chunk_size, phase.points)
            phase.optimizer.check(
                Size(weights.size, phase.points * terms, chunk * terms, self.streams)
            )

    @property
    def is_endless(self) -> bool:
        """Neither the steps of the phases nor convergence would end a run."""
        criterion = self.convergence
        return (
            self.phases[-1].steps is None
            and criterion.patience is None
            and criterion.residual_rms == 0
        )

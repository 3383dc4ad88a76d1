"""A training run as a record: what was trained, on what, and how."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..._core import CertaxError
from ..._core._balls import positive_number
from .._hypotheses import Hypothesis, checked, failed
from ._adaptive import adam_guarantee, rmsprop_guarantee
from ._balls import above, in_balls, matrix, total
from ._clipping import delta_gclip_guarantee
from ._descent import gradient_descent_guarantee
from ._guarantee import Guarantee
from ._landscape import landscape
from ._langevin import diffusion_guarantee, langevin_guarantee
from ._net import ShallowNet, finite
from ._tangent import shallow_tangent


@dataclass(frozen=True, eq=False)
class TrainingRun:
    """What was trained and how, for [`certax.certify`][].

    **Arguments:**

    - `net`: with its data and loss, a [`certax.ShallowNet`][].
    - `algorithm`: `"gradient-descent"`, `"rmsprop"`, `"adam"`, `"langevin"`,
      `"sgd-diffusion"` or `"delta-gclip"`.
    - `hyperparameters`: by the names of the algorithm's guarantee: `temperature`,
      `accuracy`, `step`, `floor`, `threshold`, `offset`, `decay`.
    - `regularization`: λ, as text or a float; `None` for δ-GClip, whose theorem has no
      weight decay.
    - `start`: the weights at the start, shape `(width, dimension)`; Langevin Monte
      Carlo and the diffusion have their own.
    - `unproved`: whether steps above the admissible one are allowed, and marked so.
    - `losses`: what was recorded, for the page: the regularized loss, of Langevin Monte
      Carlo the mean over its chains of the one without the regularizer, of δ-GClip half
      the sum of squares. One for each of `steps`.
    - `steps`: the numbers of steps at which; by default 0, 1, 2, ...

    **Raises:** `CertaxError` for an unknown algorithm or hyperparameter, where the
    regularization or the start is missing or has no place, and for losses that are not
    finite or steps that do not rise.

    !!! example

        ```python
        options = {"temperature": 1, "accuracy": 0.1}
        run = cx.TrainingRun(net, "langevin", options, regularization="0.2")
        print(cx.certify(run, claim="trainability"))
        ```
    """

    net: ShallowNet
    algorithm: str
    hyperparameters: Mapping[str, float | str] = field(default_factory=dict)
    regularization: float | str | None = None
    start: Any = None
    unproved: bool = False
    losses: Any = None
    steps: Any = None

    def __post_init__(self):
        if self.losses is not None or self.steps is not None:
            losses, steps = _recorded(self.losses, self.steps)
            object.__setattr__(self, "losses", losses)
            object.__setattr__(self, "steps", steps)
        if self.algorithm not in _algorithms:
            raise CertaxError(
                f"There is no algorithm {self.algorithm!r} with a certificate.",
                value=self.algorithm,
                remedy=f"Choose from {', '.join(_algorithms)}.",
            )
        _bind(self.algorithm, self.hyperparameters)
        clipped = self.algorithm == "delta-gclip"
        if clipped and self.regularization is not None:
            raise CertaxError(
                "The theorem on delta-GClip does not cover weight decay.",
                value=self.regularization,
                remedy="Leave `regularization` away.",
            )
        if not clipped:
            weight = 0.0 if self.regularization is None else self.regularization
            positive_number("regularization", weight)
        if self.algorithm in _started:
            if self.start is None:
                raise CertaxError(
                    "The weights at the start are missing.",
                    remedy="Give them as `start`, of shape (width, dimension).",
                )
            object.__setattr__(self, "start", finite("start", self.start, 2))
            self.net.activities(self.start)
        elif self.start is not None:
            raise CertaxError(
                f"The theorem on {self.algorithm} has its own start.",
                remedy="Leave `start` away; the guarantee says from which law.",
            )

    def guarantee(self) -> Guarantee:
        """What the algorithm's theorem says.

        **Raises:** `CertaxError` for a step above the admissible one.
        """
        return _algorithms[self.algorithm](self, **self.hyperparameters)


def _descent(
    run: TrainingRun, accuracy: float | str, step: float | None = None
) -> Guarantee:
    assert run.regularization is not None
    ground = landscape(run.net, run.regularization)
    return gradient_descent_guarantee(
        ground, run.start, accuracy, step, unproved=run.unproved
    )


def _rmsprop(
    run: TrainingRun,
    accuracy: float | str,
    offset: float | str,
    decay: float | str = "0.999",
) -> Guarantee:
    known = _sublevel(run)
    if isinstance(known, Guarantee):
        return known
    bend, slope, gap, along = known
    return rmsprop_guarantee(bend, slope, gap, accuracy, offset, decay, along=along)


def _adam(run: TrainingRun, accuracy: float | str) -> Guarantee:
    known = _sublevel(run)
    if isinstance(known, Guarantee):
        return known
    bend, slope, gap, along = known
    return adam_guarantee(bend, slope, gap, accuracy, along=along)


@in_balls
def _sublevel(run: TrainingRun) -> tuple[float, float, float, Hypothesis] | Guarantee:
    """L, σ and D of a method under which the loss never rises.

    Where it is at most its value E at the start, λ‖W‖² ≤ 2E, as the unregularized loss
    is not negative; so the gradient is no longer than G + √(2λE).
    """
    assert run.regularization is not None
    ground = landscape(run.net, run.regularization)
    if ground.smoothness is None or ground.slope is None:
        reason = "softplus with the squared loss has no global smoothness"
        lost = failed("smoothness", reason)
        return Guarantee(
            run.algorithm, reason, (*ground.hypotheses, lost), reason=reason
        )
    entries = matrix(run.start).tolist()
    square = total([entry**2 for row in entries for entry in row])
    energy = run.net.risk(run.start) + ground.weight * square / 2
    slope = ground.slope + (2 * ground.weight * energy).sqrt()
    said = "everywhere, and the gradient's length is bounded where the loss has not "
    along = checked("smoothness", said + "risen above its value at the start")
    return above(ground.smoothness), above(slope), above(energy), along


def _langevin(
    run: TrainingRun,
    temperature: float | str,
    accuracy: float | str,
    step: float | None = None,
) -> Guarantee:
    assert run.regularization is not None
    ground = landscape(run.net, run.regularization)
    return langevin_guarantee(
        ground, temperature, accuracy, step, unproved=run.unproved
    )


def _diffusion(run: TrainingRun, temperature: float | str) -> Guarantee:
    assert run.regularization is not None
    return diffusion_guarantee(landscape(run.net, run.regularization), temperature)


def _clipped(
    run: TrainingRun,
    floor: float | str,
    accuracy: float | str,
    step: float | None = None,
    threshold: float | str = "1",
) -> Guarantee:
    return delta_gclip_guarantee(
        shallow_tangent(run.net, run.start),
        floor,
        accuracy,
        step,
        threshold,
        unproved=run.unproved,
    )


def _recorded(losses: Any, steps: Any) -> tuple[np.ndarray, np.ndarray]:
    """**Raises:** `CertaxError` unless there is a loss for every step of a record."""
    values = finite("losses", np.asarray([]) if losses is None else losses, 1)
    found = finite("steps", np.arange(len(values)) if steps is None else steps, 1)
    if len(values) != len(found) or np.any(np.diff(found) <= 0) or found[0] < 0:
        raise CertaxError(
            f"A record of {len(values)} losses at {len(found)} steps is none.",
            value=len(found),
            remedy="Give one loss for each number of steps, and these rising from 0.",
        )
    return values, found


_algorithms: Mapping[str, Callable[..., Guarantee]] = {
    "gradient-descent": _descent,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "langevin": _langevin,
    "sgd-diffusion": _diffusion,
    "delta-gclip": _clipped,
}
_started = ("gradient-descent", "rmsprop", "adam", "delta-gclip")


def _bind(algorithm: str, given: Mapping[str, Any]) -> None:
    parameters = list(inspect.signature(_algorithms[algorithm]).parameters.values())[1:]
    names = [p.name for p in parameters]
    missing = [p.name for p in parameters if p.default is p.empty]
    for name in (*given, *missing):
        if name not in names or name not in given:
            what = "needs the" if name in names else "has no"
            raise CertaxError(
                f"{algorithm} {what} hyperparameter {name!r}.",
                value=name,
                remedy=f"Give {', '.join(missing)}; there are {', '.join(names)}.",
            )

"""Evolution on a circle or a torus, by Fourier series and steps of ETDRK4."""

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import final

import numpy as np

from ._exponential import StepWeights, weighted_step

Waves = tuple[np.ndarray, ...]


@final
@dataclass(frozen=True, eq=False)
class PeriodicEvolution:
    """c' = L c + N(c) for the Fourier coefficients c of real fields on a torus.

    The trajectory is computed at the first question, kept at every `stride`-th step,
    and shared by all later ones. A requested time is reached from the last kept step,
    by steps and one shorter step, so that its value does not depend on which other
    times are requested.

    **Arguments:**

    - `lower`, `upper`: the torus' ends, one number for each space coordinate.
    - `points`: on the grid, an even number for each space coordinate.
    - `end`: the time until which to go, from zero.
    - `steps`: until then.
    - `start`: the fields at time zero, a function of the coordinates' meshes.
    - `linear`: L of each field, a function of the wave numbers.
    - `nonlinear`: N, a function of coefficients, of `values` (which turns coefficients
      into values on the grid) and of the wave numbers; it returns coefficients.
    - `stride`: see above.
    """

    lower: tuple[float, ...]
    upper: tuple[float, ...]
    points: tuple[int, ...]
    end: float
    steps: int
    start: Callable[..., tuple[np.ndarray, ...]]
    linear: Callable[[Waves], np.ndarray]
    nonlinear: Callable[["Torus", np.ndarray], np.ndarray]
    stride: int = 1
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __call__(self, *axes: np.ndarray) -> tuple[np.ndarray, ...]:
        """The fields on a tensor grid of the space coordinates and of the time."""
        *space, times = axes
        found = self._coefficients(times)
        for axis, (x, lower, upper) in enumerate(
            zip(space, self.lower, self.upper, strict=True)
        ):
            waves = self.torus.signed[axis]
            phase = np.multiply.outer(x - lower, 2 * np.pi / (upper - lower) * waves)
            last = axis == len(space) - 1
            # The coefficients that the transform of real values leaves out.
            weights = np.where(waves > 0, 2.0, 1.0) if last else np.ones(len(waves))
            basis = np.exp(1j * phase) * weights
            # Contracted axes leave at 2, and arrive at the end.
            found = np.tensordot(found, basis, axes=(2, 1))
        found = np.real(np.moveaxis(found, 1, -1))  # the times last
        return tuple(np.ascontiguousarray(values) for values in found)

    @functools.cached_property
    def torus(self) -> "Torus":
        return Torus(self.lower, self.upper, self.points)

    @functools.cached_property
    def _diagonal(self) -> np.ndarray:
        return self.linear(self.torus.waves)

    def _rate(self, coefficients: np.ndarray, _: float) -> np.ndarray:
        return self.nonlinear(self.torus, coefficients)

    @functools.cached_property
    def _step(self) -> StepWeights:
        return StepWeights.of(self._diagonal, self.end / self.steps)

    @functools.cached_property
    def _kept(self) -> list[np.ndarray]:
        mesh = np.meshgrid(*self.torus.axes, indexing="ij")
        current = self.torus.coefficients(
            np.stack(np.broadcast_arrays(*self.start(*mesh)))
        )
        kept = [current]
        for number in range(1, self.steps + 1):
            current = weighted_step(self._step, self._rate, current, 0.0)
            if number % self.stride == 0:
                kept.append(current)
        return kept

    def _coefficients(self, times: np.ndarray) -> np.ndarray:
        """At each time: of shape (fields, times, coefficients...)."""
        with self._lock:
            kept = self._kept
        length = self.end / self.steps
        found = np.empty((len(kept[0]), len(times), *kept[0].shape[1:]), complex)
        for column, time in enumerate(times):
            node = min(int(time / length), self.steps)
            number = min(node // self.stride, len(kept) - 1)
            current = kept[number]
            for _ in range(node - number * self.stride):
                current = weighted_step(self._step, self._rate, current, 0.0)
            beyond = time - node * length
            if beyond:
                weights = StepWeights.of(self._diagonal, beyond)
                current = weighted_step(weights, self._rate, current, 0.0)
            found[:, column] = current
        return found


@final
@dataclass(frozen=True)
class Torus:
    """A grid on a torus with its wave numbers and transforms."""

    lower: tuple[float, ...]
    upper: tuple[float, ...]
    points: tuple[int, ...]

    @functools.cached_property
    def axes(self) -> list[np.ndarray]:
        return [
            lower + (upper - lower) * np.arange(n) / n
            for lower, upper, n in zip(self.lower, self.upper, self.points, strict=True)
        ]

    @functools.cached_property
    def signed(self) -> list[np.ndarray]:
        """Numbers of waves on each axis; the last has those of real values only. The
        highest, which has no sign, is left out as zero."""
        found = [np.fft.fftfreq(n, 1 / n) for n in self.points[:-1]]
        found.append(np.fft.rfftfreq(self.points[-1], 1 / self.points[-1]))
        return [
            np.where(2 * np.abs(k) == n, 0.0, k)
            for k, n in zip(found, self.points, strict=True)
        ]

    @functools.cached_property
    def waves(self) -> Waves:
        """Wave numbers, each of a shape that broadcasts against the coefficients."""
        scaled = [
            2 * np.pi / (upper - lower) * k
            for lower, upper, k in zip(self.lower, self.upper, self.signed, strict=True)
        ]
        return tuple(np.meshgrid(*scaled, indexing="ij", sparse=True))

    @functools.cached_property
    def _kept_modes(self) -> np.ndarray:
        """Zero where a wave number is the highest, else one."""
        full = [np.fft.fftfreq(n, 1 / n) for n in self.points[:-1]]
        full.append(np.fft.rfftfreq(self.points[-1], 1 / self.points[-1]))
        mesh = np.meshgrid(*full, indexing="ij", sparse=True)
        keep = [2 * np.abs(k) < n for k, n in zip(mesh, self.points, strict=True)]
        return functools.reduce(np.logical_and, keep)

    def coefficients(self, values: np.ndarray) -> np.ndarray:
        from scipy.fft import rfftn

        axes = tuple(range(values.ndim - len(self.points), values.ndim))
        found = np.asarray(rfftn(values, axes=axes, norm="forward"))
        return found * self._kept_modes

    def values(self, coefficients: np.ndarray) -> np.ndarray:
        from scipy.fft import irfftn

        count = coefficients.ndim
        axes = tuple(range(count - len(self.points), count))
        return np.asarray(irfftn(coefficients, self.points, axes=axes, norm="forward"))

"""The course of a run: from one position to the next, a function of nothing else."""

import math
from typing import Any, NamedTuple

import numpy as np

from ._balancing import BalanceState
from ._batches import Batch, batch
from ._losses import ResidualLoss
from ._optimizer import StepInfo
from ._outcomes import Outcome
from ._recipes import Phase, Recipe
from ._sampling import Region, fresh_points, only_inside


class Position(NamedTuple):
    """Everything the next step depends on.

    - `step`, `phase`, `phase_step`: steps done, index of the phase, steps done in it.
    - `stalls`: steps in a row at which the optimizer found no way on.
    - `lowest_rms`, `lowest_rms_step`: what convergence is judged by.
    - `data`, `state`: the points and the optimizer's state on them.
    - `balance`: the factors of the terms, where they are balanced.
    """

    step: int
    phase: int
    phase_step: int
    stalls: int
    lowest_rms: float
    lowest_rms_step: int
    data: Batch
    state: Any
    balance: BalanceState | None

    @property
    def weights(self) -> np.ndarray:
        return self.state.weights

    @property
    def is_finite(self) -> bool:
        return bool(np.isfinite(self.state.value) and np.isfinite(self.weights).all())


class Look(NamedTuple):
    """What was seen after a step; `fresh_rms` is `None` between records."""

    phase: str
    loss: float
    fresh_rms: float | None
    info: StepInfo


class Course:
    """The steps of a recipe on a loss, for one seed; `inside` tells which points of the
    unit cube are of the domain, all by default.
    """

    def __init__(
        self,
        loss: ResidualLoss,
        dimension: int,
        recipe: Recipe,
        seed: int,
        inside: Region | None = None,
    ):
        self.loss = loss
        self.dimension = dimension
        self.recipe = recipe
        self.seed = seed
        self.inside = inside
        draw = lambda number: fresh_points(number, dimension, seed=seed)
        fresh = only_inside(draw, recipe.fresh_points, inside)
        self._fresh = self._batch(fresh, None)

    def begin(self, weights: np.ndarray) -> Position:
        """The position before the first step."""
        return self._enter(0, 0, weights, self._first_balance(weights))

    def template(self, weights: np.ndarray, phase: int) -> Position:
        """A position in `phase` of the right structure and shapes, to load into."""
        chosen = self.recipe.phases[phase]
        balance = self._first_balance(weights)
        data = self._batch(np.full((chosen.points, self.dimension), 0.5), balance)
        state = chosen.optimizer.init(self.loss, weights, data)
        return Position(0, phase, 0, 0, math.inf, 0, data, state, balance)

    def look(self, position: Position) -> Look:
        """What is to be seen without a step."""
        return Look(
            self._phase(position).name,
            float(position.state.value),
            self._fresh_rms(position.weights, position.balance),
            StepInfo(),
        )

    def ending(self, position: Position) -> Outcome | None:
        """`CONVERGED`, `MAX_STEPS` when all phases are over, or `None`: go on."""
        if position.phase < len(self.recipe.phases) - 1:
            return None
        convergence = self.recipe.convergence
        waited = position.step - position.lowest_rms_step
        impatient = convergence.patience is not None and waited >= convergence.patience
        if (
            position.lowest_rms <= convergence.residual_rms
            or impatient
            or self._is_stuck(position)
        ):
            return Outcome.CONVERGED
        return Outcome.MAX_STEPS if self._is_over(position) else None

    def advance(self, position: Position) -> tuple[Position, Look]:
        """One step, and what follows from it: a redraw or the next phase."""
        phase = self._phase(position)
        state, info = phase.optimizer.update(self.loss, position.state, position.data)
        position = position._replace(
            step=position.step + 1,
            phase_step=position.phase_step + 1,
            stalls=position.stalls + 1 if info.stalled else 0,
            state=state,
        )
        over = self._is_over(position) or self._is_stuck(position)
        rms = None
        if position.is_finite and (
            over or not position.phase_step % phase.report_every
        ):
            rms = self._fresh_rms(position.weights, position.balance)
            position = self._judged(position, rms)
        look = Look(phase.name, float(state.value), rms, info)
        if not position.is_finite or self.ending(position) is not None:
            return position, look
        if over:
            following = position.phase + 1
            return self._enter(
                position.step, following, state.weights, position.balance
            ), look
        return self._renewed(position), look

    def _judged(self, position: Position, rms: float) -> Position:
        """With the lowest residual so far, of the terms as they are, not balanced."""
        if position.balance is not None:
            rms = self._fresh_rms(position.weights, None)
        convergence = self.recipe.convergence
        if (
            rms < convergence.improvement * position.lowest_rms
            or rms <= convergence.residual_rms
        ):
            return position._replace(lowest_rms=rms, lowest_rms_step=position.step)
        return position

    def _renewed(self, position: Position) -> Position:
        """With new points or factors, where the recipe has them now."""
        phase, balancing = self._phase(position), self.recipe.balancing
        data, balance = position.data, position.balance
        if balancing is not None and balance is not None:
            if not position.step % balancing.every:
                balance = balancing.update(
                    *(self.loss, position.weights, data, balance),
                    seed=self.seed,
                    step=position.step,
                )
                data = data._replace(balance=balance.factors)
        every = phase.redraw_every
        if every is not None and (position.stalls or not position.phase_step % every):
            data = self._draw(phase, position.step, position.weights, balance)
        if data is position.data:
            return position
        state = phase.optimizer.renew(self.loss, position.state, data)
        return position._replace(data=data, state=state, balance=balance)

    def _first_balance(self, weights: np.ndarray) -> BalanceState | None:
        balancing = self.recipe.balancing
        if balancing is None:
            return None
        return balancing.init(self.loss, weights, self._fresh)

    def _enter(
        self, step: int, phase: int, weights: np.ndarray, balance: BalanceState | None
    ) -> Position:
        chosen = self.recipe.phases[phase]
        data = self._draw(chosen, step, weights, balance)
        state = chosen.optimizer.init(self.loss, weights, data)
        return Position(step, phase, 0, 0, math.inf, step, data, state, balance)

    def _draw(
        self, phase: Phase, step: int, weights: np.ndarray, balance: BalanceState | None
    ) -> Batch:
        draw = lambda number: phase.sampler.draw(
            number,
            self.dimension,
            lambda points: self._norms(weights, points),
            seed=self.seed,
            step=step,
        )
        points = only_inside(draw, phase.points, self.inside)
        return self._batch(points, balance)

    def _norms(self, weights: np.ndarray, points: np.ndarray) -> np.ndarray:
        """The residual's norms, zero outside of the domain."""
        if self.inside is None:
            return self.loss.norms(weights, points)
        inside = self.inside(points)
        norms = np.zeros(len(points))
        norms[inside] = self.loss.norms(weights, points[inside])
        return norms

    def _batch(self, points: np.ndarray, balance: BalanceState | None) -> Batch:
        recipe = self.recipe
        data = batch(points, chunk_size=recipe.chunk_size, streams=recipe.streams)
        return data if balance is None else data._replace(balance=balance.factors)

    def _phase(self, position: Position) -> Phase:
        return self.recipe.phases[position.phase]

    def _is_over(self, position: Position) -> bool:
        steps = self._phase(position).steps
        return steps is not None and position.phase_step >= steps

    def _is_stuck(self, position: Position) -> bool:
        # The first stall leads to a redraw, where the phase has redraws.
        return position.stalls > (self._phase(position).redraw_every is not None)

    def _fresh_rms(self, weights: np.ndarray, balance: BalanceState | None) -> float:
        fresh = self._fresh
        if balance is not None:
            fresh = fresh._replace(balance=balance.factors)
        value = self.loss.value(weights, fresh)
        return math.sqrt(value) if value >= 0 else math.nan

"""Soft, boundary-included and initial-included nets, trained with Adam."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from ._flows import (
    Flow,
    Points,
    along,
    boundary_included,
    fractional_error,
    initial_included,
    layered_initial,
    mean_square,
)
from ._networks import Activation, Fields, initial_parameters, minimize, network


@dataclass(frozen=True)
class Training:
    """How a net is trained: `points` inside, and `sides` at the start and on the walls
    of each coordinate, as many if there is no such number.
    """

    width: int
    depth: int
    points: int
    steps: int
    rate: float = 1e-3
    activation: Activation = jax.nn.swish
    sides: int | None = None

    def facts(self) -> dict[str, Any]:
        """The numbers that a row keeps."""
        found = {**vars(self), "activation": self.activation.__name__}
        return {name: value for name, value in found.items() if value is not None}

    def sizes(self, flow: Flow) -> tuple[int, ...]:
        return (flow.dimension, *(self.width,) * self.depth, flow.fields)


def ansatz(flow: Flow, method: str, as_published: bool, net: Fields) -> Fields:
    """û of a method: vanilla, boundary or initial."""
    match method:
        case "boundary":
            return boundary_included(flow, net)
        case "initial" if as_published and flow.published.layer is not None:
            return layered_initial(flow, net, flow.published.layer)
        case "initial":
            return initial_included(flow, net)
        case _:
            return net


def wall_data(flow: Flow, axis: int, as_published: bool) -> Fields:
    """What û is compared with on the walls of a coordinate.

    As published, all components are compared with the data of component `axis`.
    """
    if not as_published or flow.fields == 1:
        return flow.exact
    column = flow.published.walls or (lambda axis, point: flow.exact(point)[axis])
    return lambda point: jnp.full((flow.fields,), column(axis, point))


def loss_terms(
    flow: Flow, method: str, as_published: bool
) -> Callable[[Fields, Points, Points, list[tuple[int, Points]]], Any]:
    """The loss of û on points inside, at the start and on the walls, weights one."""
    forgets_start = as_published and flow.published.forgets_start

    def loss(fields, inside, start, walls):
        total = mean_square(partial(flow.residual, fields), inside)
        if method != "initial" and not forgets_start:
            total += mean_square(lambda p: fields(p) - flow.exact(p), start)
        for axis, points in () if method == "boundary" else walls:
            data = wall_data(flow, axis, as_published)
            misfit = mean_square(lambda p, g=data: fields(p) - g(p), points)
            # The authors' code takes the mean over the columns too.
            total += misfit / (flow.fields if as_published else 1)
        if flow.slope and not as_published:
            right = walls[0][1].at[:, 0].set(flow.upper[0])
            distance = lambda p: fields(p) - flow.exact(p)
            total += mean_square(along(distance, 0), right)
        return total

    return loss


def draw_points(flow: Flow, training: Training, as_published: bool, key):
    keys = jax.random.split(key, 3)
    inside = flow.draw(keys[0], training.points)
    sides = training.sides or training.points
    start = flow.draw(keys[1], sides)
    given = flow.published.start if as_published else None
    at = flow.lower[-1] if given is None else given
    return (
        inside,
        start.at[:, -1].set(at),
        flow.draw_walls(keys[2], sides),
    )


def train(
    flow: Flow, method: str, training: Training, *, as_published: bool, seed: int
) -> tuple[Fields, float]:
    """Trains one net on points drawn once; û and its loss."""
    keys = jax.random.split(jax.random.key(seed), 3)
    points = draw_points(flow, training, as_published, keys[0])
    terms = loss_terms(flow, method, as_published)

    def fields(parameters):
        net = network(parameters, training.activation)
        return ansatz(flow, method, as_published, net)

    parameters = initial_parameters(keys[1], training.sizes(flow))
    parameters, loss = minimize(
        lambda p, _: terms(fields(p), *points),
        parameters,
        keys[2],
        steps=training.steps,
        rate=training.rate,
    )
    return fields(parameters), float(loss)


def measured(
    flow: Flow, method: str, training: Training, *, as_published: bool, seed: int
) -> dict[str, Any]:
    """The fractional error and the loss of a trained net."""
    fields, loss = train(flow, method, training, as_published=as_published, seed=seed)
    error = jax.jit(lambda: fractional_error(flow, fields))()
    return {"fractional error": float(error), "loss": loss}


def untrained(flow: Flow, method: str, as_published: bool) -> dict[str, Any]:
    """The error of an ansatz with N = 0, or of the frozen initial field."""
    zero = lambda point: jnp.zeros(flow.fields)
    if method == "frozen":
        fields = flow.start
    else:
        fields = ansatz(flow, method, as_published, zero)
    error = jax.jit(lambda: fractional_error(flow, fields))()
    return {"fractional error": float(error)}

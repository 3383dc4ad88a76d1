"""Training a net with an optimizer, step by step."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from ..architectures import apply
from ..datasets import Labeled
from ._methods import Method
from ._task import Task

_judged_at_once = 1000


@dataclass(frozen=True, eq=False)
class Trained:
    """A net after training.

    **Attributes:**

    - `optimizer_state`: of the last step.
    - `loss`: its mean over the last epoch, as training saw it.
    """

    net: Any
    state: Any
    optimizer_state: Any
    loss: float


def train(
    task: Task, method: Method, settings: Mapping[str, float], seed: int
) -> Trained:
    """A net trained with fixed settings; the seed draws the start, the order of the
    examples and all noise. Ends early where the loss is not finite, which is then NaN.
    """
    data, key = task.data.train, jax.random.key(seed)
    net, state = task.build(jax.random.fold_in(key, 0))
    order = np.random.default_rng(seed)
    weights = eqx.filter(net, eqx.is_inexact_array)
    memory = method.make(**settings).init(weights)
    batch = task.batch or len(data)
    steps, mean = 0, math.nan
    for epoch in range(task.epochs):
        passed = sum(epoch >= part * task.epochs for part in task.milestones)
        fall = 0.1**passed if method.decays else 1.0
        # The rate is an argument of the compiled step, the rest is part of it.
        now = dict(settings) | {"rate": jnp.float32(settings["rate"] * fall)}
        rows = order.permutation(len(data))
        losses = []
        for start in range(0, len(data) - batch + 1, batch):
            chosen = rows[start : start + batch]
            steps += 1
            loss, state, gradient = _gradient(
                task,
                net,
                state,
                (jnp.asarray(data.inputs[chosen]), jnp.asarray(data.labels[chosen])),
                jax.random.fold_in(key, steps),
            )
            net, memory = _step(method.make, now, gradient, memory, net)
            losses.append(loss)
        mean = float(np.mean([float(loss) for loss in losses]))
        if not math.isfinite(mean):
            break
    return Trained(net, state, memory, mean if math.isfinite(mean) else math.nan)


def mean_score(task: Task, trained: Trained, part: Labeled) -> float:
    """The mean score over a part of the data, with batch normalization at rest."""
    judge = eqx.nn.inference_mode(trained.net)
    total = 0.0
    for start in range(0, len(part), _judged_at_once):
        some = part.part(start, start + _judged_at_once)
        inputs, labels = jnp.asarray(some.inputs), jnp.asarray(some.labels)
        total += float(_total_score(task, judge, trained.state, inputs, labels))
    return total / len(part)


@eqx.filter_jit
def _gradient(task: Task, net, state, examples, key):
    inputs, labels = examples
    a, b = jax.random.split(key)
    inputs = task.prepare(scaled(task, inputs), a)

    def loss(net):
        outputs, after = apply(net, state, inputs, b)
        each = task.losses(outputs, inputs, labels)
        total = jnp.sum(each) if task.summed else jnp.mean(each)
        # Reported for each example; what is minimized may be the sum.
        return total, (after, jnp.mean(each))

    found = eqx.filter_value_and_grad(loss, has_aux=True)(net)
    (_, (after, mean)), gradient = found
    return mean, after, gradient


@eqx.filter_jit
def _step(make, settings, gradient, memory, net):
    weights = eqx.filter(net, eqx.is_inexact_array)
    changes, memory = make(**settings).update(gradient, memory, weights)
    return eqx.apply_updates(net, changes), memory


@eqx.filter_jit
def _total_score(task: Task, net, state, inputs, labels):
    inputs = task.prepare(scaled(task, inputs), None)
    outputs, _ = apply(net, state, inputs, jax.random.key(0))
    return jnp.sum(task.scores(outputs, inputs, labels))


def scaled(task: Task, inputs):
    """Bytes become numbers in [0, 1]; words stay what they are."""
    if inputs.dtype == jnp.int32:
        return inputs
    return inputs.astype(jnp.float32) / task.data.white

"""Nets at random and at their worst, and exact derivatives of their losses."""

import numpy as np
from scipy.special import expit

from certax.certificates._trainability import ShallowNet

names = ("sigmoid", "tanh", "softplus")
kinds = [(name, loss) for name in names for loss in ("squared", "logistic")]
smooth_kinds = [kind for kind in kinds if kind != ("softplus", "squared")]


def random_net(seed, activation, loss, width=3, points=4, dimension=2):
    """Some nets have one point, one gate or outlying targets, where bounds are near."""
    rng = np.random.default_rng(seed)
    width = 1 if seed % 3 == 0 else width
    points = 1 if seed % 2 == 0 else points
    outer = rng.normal(size=width) * rng.choice([0.3, 1.0, 3.0])
    inputs = rng.normal(size=(points, dimension)) * rng.choice([0.3, 1.0, 2.0])
    targets = rng.normal(size=points) * rng.choice([0.1, 1.0, 5.0])
    if loss == "logistic":
        targets = np.where(targets > 0, 1.0, -1.0)
    return ShallowNet(outer, activation, inputs, targets, loss)


def sigma(name, z):
    """The activation and its two derivatives."""
    if name == "tanh":
        t = np.tanh(z)
        return t, 1 - t**2, -2 * t * (1 - t**2)
    s = expit(z)
    if name == "sigmoid":
        return s, s * (1 - s), s * (1 - s) * (1 - 2 * s)
    return np.logaddexp(0, z), s, s * (1 - s)


def derivatives(net, weights, regularization=0.0):
    """The regularized loss, its gradient, and its Hessian over the flat weights."""
    a, x, y = net.outer, net.inputs, net.targets
    value, first, second = sigma(net.activation, x @ weights.T)
    f = value @ a
    if net.loss == "squared":
        loss, slope, bend = (f - y) ** 2 / 2, f - y, np.ones_like(f)
    else:
        loss = np.logaddexp(0, -y * f)
        slope, bend = -y * expit(-y * f), expit(f) * expit(-f)
    size, count = weights.size, len(y)
    rows = np.einsum("ij,id->ijd", first * a, x)
    flat = rows.reshape(count, size)
    hessian = np.einsum("i,ip,iq->pq", bend, flat, flat) / count
    blocks = np.einsum("i,ij,id,ie->jde", slope, second * a, x, x) / count
    whole = hessian.reshape(*weights.shape, *weights.shape)
    for j, block in enumerate(blocks):
        whole[j, :, j, :] += block
    gradient = np.einsum("i,ijd->jd", slope, rows) / count
    return (
        loss.mean() + regularization / 2 * np.sum(weights**2),
        gradient + regularization * weights,
        hessian + regularization * np.eye(size),
    )


def some_weights(seed, net, count=20):
    """Small, large, and such that every gate is where its curvature is the largest."""
    rng = np.random.default_rng(seed)
    shape = (count, net.width, net.inputs.shape[1])
    plain = rng.normal(size=shape) * 10.0 ** rng.uniform(-2, 1.5, size=(count, 1, 1))
    x = net.inputs[0]
    marks = rng.choice([-2, -1, 0, 1, 2], size=(count, net.width, 1))
    return [*plain, *(0.6585 * x / (x @ x) * marks)]

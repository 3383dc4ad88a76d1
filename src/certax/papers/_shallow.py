"""Regularized nets of depth two on made data, and their losses in NumPy."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from jaxtyping import Float
from scipy.special import expit

from ..certificates import Landscape, ShallowNet, landscape

Weights = Float[np.ndarray, "times width dimension"]


@dataclass(frozen=True)
class Task:
    """A net f(x; W) = Σ a_j σ(w_j · x) with a_j = `outer`, and data for it.

    **Attributes:**

    - `loss`: `"squared"` or `"logistic"`.
    - `outer`: of all gates; their signs alternate if `alternating`.
    - `points`, `dimension`: x is uniform on the unit sphere.
    """

    activation: str
    loss: str
    width: int = 10
    dimension: int = 4
    points: int = 30
    outer: float = 0.1
    alternating: bool = False

    def net(self, seed: int) -> ShallowNet:
        """With labels of a teacher of the same kind, and some noise."""
        return _net(self, seed)

    def landscape(self, seed: int, regularization: str) -> Landscape:
        return _landscape(self, seed, regularization)


@cache
def _net(task: Task, seed: int) -> ShallowNet:
    random = np.random.default_rng([seed, task.points, task.dimension])
    x = random.normal(size=(task.points, task.dimension))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    teacher = random.normal(size=task.dimension)
    clean = expit(3 * x @ teacher)
    noise = random.normal(size=task.points)
    if task.loss == "squared":
        y = np.clip(clean + 0.1 * noise, 0, 1)
    else:
        y = np.where(clean + 0.2 * noise > 0.5, 1.0, -1.0)
    signs = (-1.0) ** np.arange(task.width) if task.alternating else 1.0
    outer = task.outer * np.ones(task.width) * signs
    return ShallowNet(outer, task.activation, x, y, task.loss)  # type: ignore[arg-type]


@cache
def _landscape(task: Task, seed: int, regularization: str) -> Landscape:
    return landscape(task.net(seed), regularization)


@cache
def pointwise(task: Task, seed: int, regularization: str) -> tuple[float, float, float]:
    """The largest ρ, β and G of the loss of one point: what holds for any batch."""
    net = task.net(seed)
    grounds = [
        landscape(
            ShallowNet(net.outer, net.activation, x[None], y[None], net.loss),
            regularization,
        ).constants
        for x, y in zip(net.inputs, net.targets, strict=True)
    ]
    names = ("threshold", "smoothness", "gradient_bound")
    rho, beta, slope = (
        max(g[name].value if name in g else np.inf for g in grounds) for name in names
    )
    return rho, beta, slope


def value_and_gradient(
    net: ShallowNet, weights: Weights
) -> tuple[Float[np.ndarray, " times"], Weights]:
    """The unregularized loss L and its gradient, for each of many W."""
    before = np.einsum("nd,tpd->tnp", net.inputs, weights)
    after, slopes = _sigma(net.activation, before)
    f, y = after @ net.outer, net.targets
    if net.loss == "squared":
        losses, pulls = (f - y) ** 2 / 2, f - y
    else:
        losses, pulls = np.logaddexp(0, -y * f), -y * expit(-y * f)
    weighted = pulls[..., None] * slopes * net.outer / len(y)
    return losses.mean(axis=1), np.einsum("tnp,nd->tpd", weighted, net.inputs)


def regularized(
    net: ShallowNet, weights: Weights, regularization: str
) -> tuple[Float[np.ndarray, " times"], Weights]:
    """The regularized loss L̃ and its gradient."""
    weight = float(Fraction(regularization))
    losses, gradients = value_and_gradient(net, weights)
    squares = np.sum(weights**2, axis=(1, 2))
    return losses + weight / 2 * squares, gradients + weight * weights


def minimizer(
    net: ShallowNet, regularization: str, start: Float[np.ndarray, "width dimension"]
) -> Float[np.ndarray, "width dimension"]:
    """A stationary point by gradient descent on all data and BFGS."""
    from scipy.optimize import minimize

    def flat(vector):
        loss, gradient = regularized(
            net, vector.reshape(1, *start.shape), regularization
        )
        return loss[0], gradient.ravel()

    found = minimize(
        flat, start.ravel(), jac=True, method="BFGS", options={"gtol": 1e-13}
    )
    return _polished(net, regularization, found.x.reshape(start.shape))


def _polished(net: ShallowNet, regularization: str, weights: np.ndarray) -> np.ndarray:
    """Steps of gradient descent until rounding decides."""
    step = 1 / landscape(net, regularization).constants["smoothness"].value
    for _ in range(2000):
        gradient = regularized(net, weights[None], regularization)[1][0]
        weights = weights - step * gradient
        if np.linalg.norm(gradient) < 1e-15:
            break
    return weights


def _sigma(name: str, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """σ and σ'."""
    if name == "tanh":
        value = np.tanh(z)
        return value, 1 - value**2
    value = expit(z)
    if name == "sigmoid":
        return value, value * (1 - value)
    return np.logaddexp(0, z), value

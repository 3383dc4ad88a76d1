"""A net of depth two with its data, as the theorems take it."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

import numpy as np
from flint import arb, arb_mat
from jaxtyping import Float

from ..._core import CertaxError
from ..._core._balls import positive_number
from ._activations import Activation, activation
from ._balls import ball, in_balls, largest, matrix, total

Loss = Literal["squared", "logistic"]


@dataclass(frozen=True, eq=False)
class ShallowNet:
    r"""The net $f(x; W) = \sum_j a_j \sigma(w_j \cdot x)$ and the data it is fitted to.

    Only $W$ is trained. A bias is an input that is 1 for every point; it is then
    regularized as every other weight. The loss $L$ is the mean over the points of
    $\frac12 (f - y)^2$, or of $\ln(1 + e^{-yf})$ for labels $\pm 1$.

    **Arguments:**

    - `outer`: $a$, fixed, shape `(width,)`.
    - `activation`: `"sigmoid"`, `"tanh"` or `"softplus"`.
    - `inputs`: $x$, shape `(points, dimension)`.
    - `targets`: $y$, shape `(points,)`.
    - `loss`: `"squared"` or `"logistic"`.

    **Raises:** `CertaxError` for shapes that do not fit, numbers that are not finite,
    labels other than ±1 for the logistic loss, and activations without the constants.

    !!! example

        ```python
        net = cx.ShallowNet(outer=[0.5, -0.5], activation="tanh", inputs=x, targets=y)
        ```
    """

    outer: Float[np.ndarray, " width"]
    activation: str
    inputs: Float[np.ndarray, "points dimension"]
    targets: Float[np.ndarray, " points"]
    loss: Loss = "squared"

    def __post_init__(self):
        for name, rank in (("outer", 1), ("inputs", 2), ("targets", 1)):
            object.__setattr__(self, name, finite(name, getattr(self, name), rank))
        activation(self.activation)
        if len(self.inputs) != len(self.targets):
            raise CertaxError(
                f"There are {len(self.inputs)} inputs and {len(self.targets)} targets.",
                value=(len(self.inputs), len(self.targets)),
                remedy="Give one target for each input.",
            )
        if self.loss not in ("squared", "logistic"):
            raise CertaxError(
                f"There is no loss {self.loss!r}.",
                value=self.loss,
                remedy="Choose squared or logistic.",
            )
        other = self.targets[np.abs(self.targets) != 1.0]
        if self.loss == "logistic" and len(other):
            raise CertaxError(
                f"The logistic loss takes labels 1 and -1, and one is {other[0]}.",
                value=float(other[0]),
                remedy="Write the classes as 1 and -1.",
            )

    @property
    def width(self) -> int:
        return len(self.outer)

    @property
    def parameters(self) -> int:
        """How many numbers W has."""
        return self.width * self.inputs.shape[1]

    @cached_property
    def sigma(self) -> Activation:
        return activation(self.activation)

    @cached_property
    def outer_balls(self) -> list[arb]:
        return [arb(float(entry)) for entry in self.outer]

    @cached_property
    def target_balls(self) -> list[arb]:
        return [arb(float(entry)) for entry in self.targets]

    @cached_property
    @in_balls
    def lengths(self) -> list[arb]:
        """‖xᵢ‖."""
        rows = matrix(self.inputs).tolist()
        return [total([entry**2 for entry in row]).sqrt() for row in rows]

    @in_balls
    def activities(self, weights: Any) -> arb_mat:
        """w_j · xᵢ, a row for each point.

        **Raises:** `CertaxError` if the weights are not of shape `(width, dimension)`.
        """
        given = finite("weights", weights, 2)
        wanted = (self.width, self.inputs.shape[1])
        if given.shape != wanted:
            raise CertaxError(
                f"The weights have the shape {given.shape}.",
                value=given.shape,
                remedy=f"This net has weights of the shape {wanted}.",
            )
        return matrix(self.inputs) * matrix(given).transpose()

    @in_balls
    def outputs(self, weights: Any) -> list[arb]:
        """f(xᵢ; W)."""
        sigma = self.sigma
        return [
            total(
                [a * sigma.value(z) for a, z in zip(self.outer_balls, row, strict=True)]
            )
            for row in self.activities(weights).tolist()
        ]

    @in_balls
    def risk(self, weights: Any) -> arb:
        """L(W)."""
        return self.mean_loss(self.outputs(weights))

    @in_balls
    def mean_loss(self, outputs: list[arb]) -> arb:
        """The mean of the loss at the outputs."""
        pairs = list(zip(outputs, self.target_balls, strict=True))
        if self.loss == "squared":
            return total([(f - y) ** 2 / 2 for f, y in pairs]) / len(pairs)
        softplus = activation("softplus")
        return total([softplus.value(-y * f) for f, y in pairs]) / len(pairs)

    @in_balls
    def ends(self) -> tuple[arb, arb] | None:
        """Bounds of f over all x and W, if σ is bounded."""
        low, high = self.sigma.lower, self.sigma.upper
        if low is None or high is None:
            return None
        pairs = [(a * low, a * high) for a in self.outer_balls]
        return total([a.min(b) for a, b in pairs]), total([a.max(b) for a, b in pairs])

    @cached_property
    @in_balls
    def sizes(self) -> tuple[arb, arb, arb]:
        """‖a‖₁, ‖a‖₂ and ‖a‖∞."""
        absolute = [abs(a) for a in self.outer_balls]
        euclidean = total([a**2 for a in absolute]).sqrt()
        return total(absolute), euclidean, largest(absolute)


def finite(name: str, value: Any, rank: int) -> np.ndarray:
    """The numbers as float64.

    **Raises:** `CertaxError` if they are not finite, or not of the rank.
    """
    array = np.asarray(value, np.float64)
    if array.ndim != rank or not array.size:
        raise CertaxError(
            f"`{name}` has the shape {array.shape}.",
            value=array.shape,
            remedy=f"It must have {rank} axes and not be empty.",
        )
    wrong = np.argwhere(~np.isfinite(array))
    if len(wrong):
        index = tuple(int(i) for i in wrong[0])
        raise CertaxError(
            f"`{name}` is {array[index]} at {list(index)}, and no theorem is about "
            "such data.",
            value=float(array[index]),
            remedy="Remove the points that are not finite.",
        )
    return array


def positive(name: str, value: float | str | Fraction) -> arb:
    """A positive number as a ball."""
    return ball(positive_number(name, value))


def share(name: str, value: float | str | Fraction) -> arb:
    """A number in (0, 1] as a ball.

    **Raises:** `CertaxError` for any other.
    """
    number = positive_number(name, value)
    if number > 1:
        raise CertaxError(
            f"`{name}` is {value}, and the theorem needs it in (0, 1].",
            value=value,
            remedy=f"Give at most 1 as `{name}`.",
        )
    return ball(number)

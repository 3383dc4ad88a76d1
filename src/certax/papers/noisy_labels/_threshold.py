"""How small a net can be and still train below the variance of its labels."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """What the theorem needs to know.

    **Attributes:**

    - `labels`: their number N.
    - `bound`: B with |y| ≤ B.
    - `radius`: W, of the ball of weights.
    - `reach`: X with |x| ≤ X for the net's inputs.
    - `inputs`, `outputs`: of the net.
    """

    labels: int
    bound: float
    radius: float
    reach: float
    inputs: int
    outputs: int

    def parameters(self, width: int) -> int:
        """Of a net with one hidden layer and all biases."""
        return width * (self.inputs + 1 + self.outputs) + self.outputs

    def lipschitz(self, width: int) -> float:
        """J: of one output in the weights, √(k + 1 + W² (1 + X²)) for tanh."""
        return math.sqrt(width + 1 + self.radius**2 * (1 + self.reach**2))


def log_probability(setting: Setting, width: int, eta: float) -> float:
    """Logarithm of a bound of the probability that any weights in the ball have an
    empirical risk of at most σ² - η.

    P ≤ 2 exp(-N η²/(288 B⁴)) + (1 + 48 W B J / η)^d exp(-N η²/(1152 B⁴)), for
    independent labels with noise of equal variance, whatever non-negative terms the
    risk has beside the labels' mean square.
    """
    exponent = setting.labels * eta**2 / setting.bound**4
    ratio = 48 * setting.radius * setting.bound * setting.lipschitz(width) / eta
    first = math.log(2) - exponent / 288
    second = setting.parameters(width) * math.log1p(ratio) - exponent / 1152
    high = max(first, second)
    return high + math.log1p(math.exp(min(first, second) - high))


def least_width(setting: Setting, eta: float, failure: float = 0.01) -> int:
    """The least width that is not excluded with probability 1 - `failure`.

    1 means that the theorem says nothing.
    """
    if eta <= 0:
        return 1
    width = 1
    while log_probability(setting, width, eta) <= math.log(failure):
        width += 1
    return width


def labels_that_exclude(setting: Setting, eta: float, failure: float = 0.01) -> float:
    """How many labels exclude width 1 with probability 1 - `failure`."""
    scale = setting.bound**4 / eta**2
    ratio = 48 * setting.radius * setting.bound * setting.lipschitz(1) / eta
    first = 288 * math.log(4 / failure)
    second = setting.parameters(1) * math.log1p(ratio) + math.log(2 / failure)
    return math.ceil(scale * max(first, 1152 * second))

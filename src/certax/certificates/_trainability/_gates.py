"""GLM-Tron for one ReLU gate: recovery, also under data poisoning."""

from dataclasses import dataclass

from flint import arb

from ..._core import CertaxError
from .._hypotheses import Hypothesis, assumed, checked
from ._balls import above, below, in_balls
from ._guarantee import (
    Constant,
    Guarantee,
    admissible,
    admit,
    at_least,
    at_most,
    steps,
)
from ._net import positive, share


@dataclass(frozen=True, eq=False)
class GateMoments:
    r"""Moments of the inputs that the theorem needs, with $w^*$ the true weights.

    **Attributes:**

    - `gated`: $\lambda_1 = \lambda_{\min} E[1\{w^* x > 0\} x x^\top]$; `clear`:
      $\lambda_2$, the same with $w^* x > 2\theta$.
    - `batch`: $c_b = \lambda_{\max}(Q/b + (1 - 1/b) \Sigma^2)$; `quartic`:
      $\lambda_{\max}(Q)$, $Q = E[1\{w^* x > 0\} \|x\|^2 x x^\top]$.
    - `length`: $E[1\{w^* x > 0\} \|x\|]$; `square`: $E\|x\|^2$.
    """

    gated: arb
    clear: arb
    batch: arb
    quartic: arb
    length: arb
    square: arb
    law: Hypothesis


@in_balls
def gaussian_gate(
    dimension: int, batch: int, bound: float | str = 0, least: float | str = 1
) -> GateMoments:
    r"""The moments for $x \sim N(0, I)$.

    **Arguments:**

    - `bound`: θ, that of the attack; 0 without one.
    - `least`: a bound from below of ‖w*‖, which matters where there is an attack.

    !!! example

        ```python
        moments = gaussian_gate(dimension=10, batch=16)
        glm_tron_guarantee(moments, start=1, accuracy=1e-3)["iterations"]
        ```
    """
    if dimension < 1 or batch < 1:
        raise CertaxError(
            f"Dimension {dimension} and batch {batch} are not positive.",
            value=(dimension, batch),
            remedy="Give positive integers.",
        )
    d, b = arb(dimension), arb(batch)
    theta = attack(bound)
    far = 2 * theta / positive("least", least)
    clear = (far / arb(2).sqrt()).erfc() / 2
    gated, quartic = arb(1) / 2, (d + 2) / 2
    length = arb(2).sqrt() * ((d + 1) / 2).gamma() / (d / 2).gamma() / 2
    law = assumed("law", "inputs are standard normal, a fresh batch in every step")
    crossed = quartic / b + (1 - 1 / b) / 4
    return GateMoments(gated, clear, crossed, quartic, length, d, law)


def attack(bound: float | str) -> arb:
    """θ as a ball; 0 means that there is none."""
    return arb(0) if bound in (0, 0.0, "0") else positive("bound", bound)


@in_balls
def glm_tron_guarantee(
    moments: GateMoments,
    start: float | str,
    accuracy: float | str,
    step: float | None = None,
    confidence: float | str = "0.9",
    *,
    bound: float | str = 0,
    probability: float | str = 1,
    unproved: bool = False,
) -> Guarantee:
    r"""Recovery of $w^*$ from $y = \max(0, w^* x) + \xi$ by the label-gated update
    $w \leftarrow w + \frac\eta b \sum 1\{y_i > \theta\} (y_i - w x_i) x_i$.

    Without attack $E\|e_t\|^2 \le (1 - 2\eta\lambda_1 + \eta^2 c_b)^t \|e_0\|^2$; with
    $|\xi| \le \theta$ at the probability β, $\eta \le \lambda_2 / 4c$ gives $E\|e_t\|^2
    \le (1 - \eta\lambda_2/2)^t \|e_0\|^2$ plus a floor that no number of steps removes.

    **Arguments:**

    - `moments`: of the inputs, for example `gaussian_gate`.
    - `start`: ‖w₀ − w*‖, or a bound of it; `accuracy`: the distance that is wanted.
    - `step`: η; by default the best one, or the largest admissible under attack.
    - `confidence`: 1 − δ with which the distance is reached (Markov's inequality).
    - `bound`, `probability`: θ and β of the attack.

    **Raises:** `CertaxError` for steps above the admissible one.

    !!! cite

        ```bibtex
        @article{karmakar2022provable,
          title={Provable training of a {ReLU} gate with an iterative non-gradient
                 algorithm},
          author={Karmakar, Sayar and Mukherjee, Anirbit},
          journal={Neural Networks}, year={2022}, doi={10.1016/j.neunet.2022.03.040}
        }
        ```
    """
    theta, chance = attack(bound), share("probability", probability)
    far, wanted = positive("start", start), positive("accuracy", accuracy)
    failure = risk_of_failure(confidence)
    poisoned = bool(theta > 0)
    if poisoned:
        limit = moments.clear / (4 * moments.quartic)
        default = arb(below(limit))
    else:
        # Strictly below 2 lambda_1 / c_b, where the factor would be 1.
        limit = 2 * moments.gated / moments.batch * (1 - arb(2) ** -30)
        default = arb(below(moments.gated / moments.batch))
    given = default if step is None else positive("step", step)
    beyond = admit(given, limit.lower(), unproved, "recovers by the theorem")
    floor = arb(0)
    if poisoned:
        factor = 1 - given * moments.clear / 2
        kappa, square = chance * moments.length, chance * moments.square
        floor = 2 * theta**2 * kappa**2 / moments.clear**2
        floor += 4 * given * theta**2 * square / moments.clear
    else:
        factor = 1 - 2 * given * moments.gated + given**2 * moments.batch
    hypotheses = [moments.law, checked("moments", "the least eigenvalue is positive")]
    if poisoned:
        said = "attacks come independently, given the input; their size may adapt"
        hypotheses.append(assumed("attack", said))
    return recovery(
        "GLM-Tron",
        Recovery(far, wanted, failure, factor, floor, limit),
        tuple(hypotheses),
        beyond,
    )


def risk_of_failure(confidence: float | str) -> arb:
    """1 − the confidence.

    **Raises:** `CertaxError` unless that lies strictly between 0 and 1.
    """
    failure = 1 - share("confidence", confidence)
    if not failure > 0:
        raise CertaxError(
            "The theorem promises nothing with certainty.",
            value=confidence,
            remedy="Take a confidence below 1, such as 0.9.",
        )
    return failure


@dataclass(frozen=True, eq=False)
class Recovery:
    """E‖e_t‖² ≤ factor^t ‖e₀‖² + floor, and what is wanted of it."""

    start: arb
    accuracy: arb
    failure: arb
    factor: arb
    floor: arb
    limit: arb


def recovery(
    name: str, found: Recovery, hypotheses: tuple[Hypothesis, ...], beyond: bool
) -> Guarantee:
    """The steps to the accuracy with the confidence, if the floor admits it."""
    constants: dict[str, Constant] = {
        "factor": at_most(found.factor, "of the mean squared distance in every step"),
        "floor": at_most(found.floor.sqrt(), "root mean square distance for ever"),
        "step": admissible(found.limit, "step eta"),
    }
    if beyond:
        statement = "the step is above the admissible one, so nothing is proved"
        return Guarantee(name, statement, hypotheses, constants, unproved=True)
    # Markov: P(‖e‖ > ε) ≤ E‖e‖² / ε².
    room = found.failure * found.accuracy**2 - found.floor
    if not room > 0:
        needed = (found.floor / found.failure).sqrt()
        constants["least_accuracy"] = at_least(needed, "accuracy that can be promised")
        reason = (
            f"the floor admits no accuracy below {above(needed):.3g} with this "
            "confidence"
        )
        return Guarantee(name, reason, hypotheses, constants, True, reason)
    ratio = (found.start**2 / room).max(arb(1)).log()
    if found.factor > 0:
        count = ratio / -found.factor.log()
    else:
        count = arb(1)
    constants["iterations"] = steps(count, "steps to the accuracy with the confidence")
    many = constants["iterations"].value
    statement = (
        f"after {many:.3g} steps the weights are within {above(found.accuracy):.3g} of "
        f"the true ones with probability at least {1 - above(found.failure):.3g}"
    )
    vacuous = above(found.start) <= above(found.accuracy)
    reason = "the start is that near already" if vacuous else ""
    return Guarantee(name, statement, hypotheses, constants, vacuous, reason)

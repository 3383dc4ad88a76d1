"""Neuro-Tron: a depth-two net whose sensing matrices are known, under poisoning."""

from typing import Any

import numpy as np
from flint import arb, arb_mat

from ..._core import CertaxError
from ..._core._balls import positive_number
from .._hypotheses import assumed, checked, failed
from ._balls import (
    ball,
    below,
    in_balls,
    largest_eigenvalue,
    least_eigenvalue,
    matrix,
)
from ._gates import Recovery, attack, recovery, risk_of_failure
from ._guarantee import Guarantee, admit
from ._net import finite, positive, share


@in_balls
def neuro_tron_guarantee(
    sensing: Any,
    batch: int,
    start: float | str,
    accuracy: float | str,
    step: float | None = None,
    confidence: float | str = "0.9",
    *,
    mixing: Any = None,
    leak: float | str = 0,
    scale: float | str = 1,
    variance: float | str = 1,
    fourth_moment: float | str = 3,
    bound: float | str = 0,
    probability: float | str = 1,
    unproved: bool = False,
) -> Guarantee:
    r"""Recovery of $w^*$ in $f(x) = \frac qk \sum_i \sigma_\alpha(w \cdot A_i x)$ by
    $w \leftarrow w + \eta M \frac1b \sum (y_i - f(x_i)) x_i$.

    The inputs have independent coordinates of one symmetric law; then the mean step is
    linear, $E\,\Delta = -\eta H (w - w^*)$ with $H = \frac{q(1 + \alpha)}2 M \Sigma
    \bar A^\top$. With $\lambda = \lambda_{\min}((H + H^\top)/2) > 0$ and $\eta \le
    \lambda / 4c$, $E\|e_t\|^2 \le (1 - \eta\lambda/2)^t \|e_0\|^2$ plus a floor of the
    order of θβ, 0 without attack.

    **Arguments:**

    - `sensing`: $A_i$, shape `(gates, weights, inputs)`; `batch`: b.
    - `start`: ‖w₀ − w*‖; `accuracy`: the distance that is wanted, with `confidence`.
    - `mixing`: M, shape `(weights, inputs)`; by default the mean of the $A_i$.
    - `leak`: α in [0, 1]; `scale`: q.
    - `variance`, `fourth_moment`: of a coordinate of the inputs, E x² and E x⁴. The
      fourth must exist: Student's law with four degrees of freedom has none.
    - `bound`, `probability`: θ and β of the attack.

    **Raises:** `CertaxError` for steps above the admissible one and moments that no law
    has.

    !!! cite

        ```bibtex
        @article{karmakar2023depth2,
          title={Depth-2 neural networks under a data-poisoning attack},
          author={Karmakar, Sayar and Mukherjee, Anirbit and Papamarkou, Theodore},
          journal={Neurocomputing}, year={2023}, doi={10.1016/j.neucom.2023.02.034}
        }
        ```
    """
    array = finite("sensing", sensing, 3)
    gates, rows, inputs = array.shape
    parts = [matrix(part) for part in array]
    mean = sum(parts[1:], parts[0]) * (arb(1) / gates)
    given = mean if mixing is None else _mixing(mixing, (rows, inputs))
    slope = arb(0) if leak in (0, 0.0, "0") else share("leak", leak)
    outer = positive("scale", scale)
    second, fourth = moments(variance, fourth_moment)
    check_batch(batch)
    theta, chance = attack(bound), share("probability", probability)
    far, wanted = positive("start", start), positive("accuracy", accuracy)
    failure = risk_of_failure(confidence)
    mean_step = given * mean.transpose() * (outer * (1 + slope) * second / 2)
    half = (mean_step + mean_step.transpose()) * (arb(1) / 2)
    least = least_eigenvalue(half)
    if not least > 0:
        reason = "the symmetric part of M Sigma mean(A)^T is not positive definite"
        lost = failed("drift", reason)
        return Guarantee("Neuro-Tron", reason, (lost,), reason=reason)
    size = largest_eigenvalue(given * given.transpose())
    whole = largest_eigenvalue(mean_step * mean_step.transpose())
    # E x_i² ‖x‖² of independent coordinates; a(x)² ≤ (1/k) Σ ‖A_i x‖².
    each = fourth + (inputs - 1) * second**2
    spread = ball(0)
    for part in parts:
        spread = spread + (part.transpose() * part).trace() / gates
    crossed = size * outer**2 * spread * each / batch + (1 - arb(1) / batch) * whole
    limit = least / (4 * crossed)
    eta = arb(below(limit)) if step is None else positive("step", step)
    beyond = admit(eta, limit.lower(), unproved, "recovers by the theorem")
    square = inputs * second
    floor = 2 * theta**2 * size * chance**2 * square / least**2
    floor += 4 * eta * theta**2 * size * chance * square / least
    hypotheses = [
        checked("drift", "the symmetric part of the mean step is positive definite"),
        assumed(
            "law",
            "coordinates independent, of one law that is exactly symmetric, with these "
            "moments; fresh batches",
        ),
    ]
    if theta > 0:
        said = "attacks come independently, given the input; their size may adapt"
        hypotheses.append(assumed("attack", said))
    return recovery(
        "Neuro-Tron",
        Recovery(far, wanted, failure, 1 - eta * least / 2, floor, limit),
        tuple(hypotheses),
        beyond,
    )


def _mixing(value: Any, shape: tuple[int, int]) -> arb_mat:
    array: np.ndarray = finite("mixing", value, 2)
    if array.shape != shape:
        raise CertaxError(
            f"`mixing` has the shape {array.shape}.",
            value=array.shape,
            remedy=f"It must have the shape {shape}, as each sensing matrix.",
        )
    return matrix(array)


def moments(variance: float | str, fourth_moment: float | str) -> tuple[arb, arb]:
    """Both as balls.

    **Raises:** `CertaxError` for those that no law has.
    """
    second = positive_number("variance", variance)
    fourth = positive_number("fourth_moment", fourth_moment)
    if fourth < second**2:
        raise CertaxError(
            f"No law has the variance {variance} and the fourth moment "
            f"{fourth_moment}.",
            value=fourth_moment,
            remedy="The fourth moment is at least the squared variance.",
        )
    return ball(second), ball(fourth)


def check_batch(batch: int) -> None:
    """**Raises:** `CertaxError` for an empty batch."""
    if batch < 1:
        raise CertaxError("The batch is empty.", value=batch, remedy="Take at least 1.")

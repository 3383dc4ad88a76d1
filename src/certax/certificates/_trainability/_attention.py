"""One layer of attention: a Lyapunov function for every positive regularization."""

from typing import Any, Literal

import numpy as np
from flint import arb

from ..._core import CertaxError
from .._hypotheses import assumed, checked
from ._balls import above, in_balls, largest, matrix, total
from ._guarantee import Constant, Guarantee, at_least, at_most
from ._isoperimetry import drift_constant
from ._net import finite, positive

Projection = Literal["none", "frozen", "trained"]


@in_balls
def attention_guarantee(
    tokens: Any,
    targets: Any,
    key_dimension: int,
    regularization: float | str,
    temperature: float | str,
    *,
    heads: int = 1,
    projection: Projection = "none",
) -> Guarantee:
    r"""Regression by softmax attention, $f(X) = \sum_h P_h X W_{v,h}$.

    $P_h = \mathrm{softmax}(X W_{q,h} W_{k,h}^\top X^\top / \sqrt{d_k})$ by rows, the
    loss $\frac1{2n} \sum \|f - Y\|_F^2$, and $\frac\lambda2$ times the squared norms of
    all weights. $Q = 1 + (1 + K/\lambda)\|W_v\|^2 + \frac12 \|(W_q, W_k)\|^2$ satisfies
    $AQ \le c - \frac{2\lambda}s Q$, so the Gibbs measure has a Poincaré constant.

    **Arguments:**

    - `tokens`: shape `(points, length, dimension)`, length at least 2.
    - `targets`: shape `(points, length, values)`.
    - `projection`: after the heads. `"trained"` is refused: then the proof fails.

    **Raises:** `CertaxError` for trained projections, sequences of one token and data
    that are not finite.

    !!! cite

        ```bibtex
        @article{sun2026convergent,
          title={Convergent stochastic training of attention and understanding {LoRA}},
          author={Sun, Mingfei and Kumar, Dibyakanti and Frangi, Alejandro F. and
                  Mukherjee, Anirbit and others},
          journal={arXiv:2605.07959}, year={2026}
        }
        ```
    """
    if projection != "none":
        raise CertaxError(
            f"An output projection that is {projection} is not covered.",
            value=projection,
            remedy="Merge the projection into the value matrices; with a trained one "
            "the Lyapunov argument is false.",
        )
    x, y = finite("tokens", tokens, 3), finite("targets", targets, 3)
    if x.shape[:2] != y.shape[:2] or x.shape[1] < 2 or min(heads, key_dimension) < 1:
        raise CertaxError(
            f"Tokens of shape {x.shape} and targets of shape {y.shape} do not fit.",
            value=(x.shape, y.shape),
            remedy="Give one target for each token and at least two tokens; heads and "
            "key dimension are positive.",
        )
    weight, s = (
        positive("regularization", regularization),
        positive("temperature", temperature),
    )
    length, dimension = x.shape[1:]
    longest = largest([norm for point in x for norm in _norms(point)])
    wholes = [total([norm**2 for norm in _norms(point)]) for point in y]
    farthest, many = largest(wholes).sqrt(), arb(length)
    pull = (
        4
        * many.log()
        * (many * longest**2 + many.sqrt() * longest * farthest / 2)
        * heads
    )
    dim_values = heads * dimension * y.shape[2]
    dim_keys = 2 * heads * dimension * key_dimension
    below_zero = total(wholes) / (4 * len(wholes))
    ratio = 1 + pull / weight
    lost = 2 * ratio * below_zero + pull
    excess = 2 * ratio * dim_values + dim_keys + 2 / s * (weight + lost)
    # Half of the rate, and the convex set {Q ≤ level}, an ellipsoid.
    theta, level = weight / s, excess * s / weight
    square = (level - 1).max(arb(0))
    reached = (many * heads).sqrt() * longest * square.sqrt() + farthest
    spread = 2 / s * (reached**2 / 2 + weight * square)
    poincare = drift_constant(theta, excess, 2 * (2 * square).sqrt(), spread)
    constants: dict[str, Constant] = {
        "pull": at_most(pull, "K in |<U, grad_U L>| <= K (1 + |Wv|^2)"),
        "drift": at_most(excess, "c in AQ <= c - (2 lambda / s) Q"),
        "drift_rate": at_least(2 * weight / s, "2 lambda / s in the same"),
        "poincare": at_most(poincare, "Poincaré constant, by the Lyapunov function"),
        "diffusion_rate": at_least(s / (2 * poincare), "rate of the diffusion"),
    }
    vacuous = above(poincare) > 1e9
    return Guarantee(
        "attention regression",
        "the Gibbs measure satisfies a Poincaré inequality, so the diffusion converges "
        "to it exponentially; Villani's third condition is not proved, and discrete "
        "steps need a tamed drift",
        (
            checked("data", f"{len(x)} sequences of {length} tokens, all finite"),
            checked("regularization", "the same on queries, keys and values"),
            assumed("model", "softmax attention without a trained output projection"),
        ),
        constants,
        vacuous,
        "the constant is finite and of no use" if vacuous else "",
    )


def _norms(point: np.ndarray) -> list[arb]:
    rows = matrix(point).tolist()
    return [total([entry**2 for entry in row]).sqrt() for row in rows]

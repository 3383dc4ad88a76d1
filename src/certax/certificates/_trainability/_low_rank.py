"""Low-rank adaptation of a shallow net: dissipativity and isoperimetry."""

from typing import Any

from ..._core import CertaxError
from .._hypotheses import assumed, checked
from ._balls import above, in_balls, largest, total
from ._guarantee import Constant, Guarantee, at_least, at_most
from ._landscape import oscillation
from ._net import ShallowNet, positive


@in_balls
def lora_guarantee(
    net: ShallowNet,
    base: Any,
    rank: int,
    regularization: float | str,
    temperature: float | str,
) -> Guarantee:
    r"""Training $A, B$ in $f = a \cdot \sigma((W_0 + BA) x)$ with $\frac\lambda2
    (\|A\|^2 + \|B\|^2)$ added to the squared loss.

    The loss is $(\lambda, b)$-dissipative in $(A, B)$ for every $\lambda > 0$, and its
    Gibbs measure has $C_{LS} \le \frac s{2\lambda} e^{2\,\mathrm{osc}/s}$, in which
    neither the rank nor the width occurs but through ‖a‖₁. It is not globally smooth
    (a polynomial of degree four in $(A, B)$), so no step of the plain Langevin
    algorithm is admissible: its drift must be tamed.

    **Arguments:**

    - `base`: W₀, shape `(width, dimension)`; `rank`: that of BA.

    **Raises:** `CertaxError` for unbounded activations and for other losses.

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
    weight, s = positive("regularization", regularization), temperature
    heat, bound, reach = positive("temperature", s), net.sigma.bound, net.sigma.reach
    if net.loss != "squared" or bound is None or reach is None:
        raise CertaxError(
            f"The theorem on low-rank adaptation does not cover {net.activation} with "
            f"the {net.loss} loss.",
            value=net.activation,
            remedy="Take sigmoid or tanh, which are bounded, and the squared loss.",
        )
    if rank < 1:
        raise CertaxError("The rank is not positive.", value=rank, remedy="Take 1.")
    first, _, _ = net.sizes
    terms = []
    for row, y in zip(net.activities(base).tolist(), net.target_balls, strict=True):
        far = largest([abs(z) for z in row])
        terms.append((abs(y) + first * bound) * (reach + net.sigma.slope * far))
    defect = 2 * first * total(terms) / len(terms)
    swing = oscillation(net)
    assert swing is not None
    sobolev = heat / (2 * weight) * (2 * swing / heat).exp()
    constants: dict[str, Constant] = {
        "rate": at_least(weight, "m in <(A, B), grad> >= m |(A, B)|^2 - b"),
        "defect": at_most(defect, "b in <(A, B), grad> >= m |(A, B)|^2 - b"),
        "oscillation": at_most(swing, "largest minus least value of the loss"),
        "sobolev": at_most(sobolev, "log-Sobolev constant, by the bounded loss"),
        "diffusion_rate": at_least(heat / (2 * sobolev), "rate of the diffusion"),
    }
    vacuous = above(sobolev) > 1e9
    return Guarantee(
        "low-rank adaptation",
        "the Gibbs measure of the factors has a log-Sobolev constant of at most "
        f"{above(sobolev):.3g} for every rank, so the diffusion converges to it; the "
        "loss is not globally smooth, so discrete steps need a tamed drift, for which "
        "nothing is proved here",
        (
            checked("activation", f"{net.activation} is bounded"),
            checked("regularization", "positive, on both factors"),
            assumed("outer", "the outer weights and the base weights are fixed"),
        ),
        constants,
        vacuous,
        "the constant is finite and of no use" if vacuous else "",
    )

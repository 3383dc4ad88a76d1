"""Langevin Monte Carlo and its diffusion: rates, a plan, what it says of the loss."""

from flint import arb

from .._hypotheses import Hypothesis, assumed, checked, cited, failed
from ._balls import above, below, in_balls, total
from ._curve import Curve
from ._guarantee import (
    Constant,
    Guarantee,
    admissible,
    admit,
    at_least,
    at_most,
    recalled,
    steps,
)
from ._isoperimetry import Isoperimetry, describe, isoperimetry
from ._landscape import Landscape
from ._net import positive


def start_divergence(landscape: Landscape, temperature: arb) -> arb:
    r"""KL of the start $N(0, \frac s{2\lambda} I)$ from the Gibbs measure.

    At most (2/s) (sup L − inf L), and (2/s) E L under the start as L ≥ 0.
    """
    net, s = landscape.net, temperature
    if landscape.oscillation is not None:
        return 2 * landscape.oscillation / s
    first, _, _ = net.sizes
    spread = (s / (2 * landscape.weight)).sqrt()
    # |softplus(z)| ≤ ln 2 + |z|, and w·x is normal with deviation spread ‖x‖.
    if net.loss == "logistic":
        mean = total(net.lengths) / len(net.lengths) * spread * (2 / arb.pi()).sqrt()
        return 2 / s * (arb(2).log() * (1 + first) + first * mean)
    squares = [
        # E(|y| + Σ|a|(ln 2 + |z|))² by Minkowski.
        (abs(y) + first * (arb(2).log() + spread * length)) ** 2 / 2
        for y, length in zip(net.target_balls, net.lengths, strict=True)
    ]
    return 2 / s * total(squares) / len(squares)


def excess_risk(landscape: Landscape, temperature: arb) -> arb | None:
    """A bound of the Gibbs measure's mean of the regularized loss above its minimum."""
    if landscape.smoothness is None:
        return None
    scale = landscape.net.parameters * temperature
    growth = arb(1).exp() * landscape.smoothness / landscape.rate
    return scale / 4 * (growth * (2 * landscape.defect / scale + 1)).log()


@in_balls
def langevin_guarantee(
    landscape: Landscape,
    temperature: float | str,
    accuracy: float | str,
    step: float | None = None,
    *,
    unproved: bool = False,
) -> Guarantee:
    r"""A plan for Langevin Monte Carlo with explicit constants.

    $W_{k+1} = W_k - h \nabla V(W_k) + \sqrt{2h}\, \xi_k$ with $V = \frac2s \tilde L$,
    full gradients and exact arithmetic, from $N(0, \frac s{2\lambda} I)$. On the loss
    itself that is a step $2h/s$.

    **Arguments:**

    - `temperature`: s.
    - `accuracy`: of the law in Kullback-Leibler divergence.
    - `step`: h; by default the largest admissible one.
    - `unproved`: whether a larger step is allowed, without a theorem.

    **Raises:** `CertaxError` for a step above the admissible one.

    !!! cite

        ```bibtex
        @article{vempala2019rapid,
          title={Rapid convergence of the unadjusted {L}angevin algorithm:
                 isoperimetry suffices},
          author={Vempala, Santosh and Wibisono, Andre},
          journal={NeurIPS}, year={2019}, note={arXiv:1903.08568}
        }
        ```
    """
    s, wanted = positive("temperature", temperature), positive("accuracy", accuracy)
    found = isoperimetry(landscape, temperature)
    name = "Langevin Monte Carlo"
    if landscape.smoothness is None or found.sobolev_constant is None:
        reason = (
            "softplus with the squared loss has no global smoothness, so no step is "
            "admissible; take sigmoid or tanh, or the logistic loss"
        )
        lost = failed("smoothness", reason)
        return Guarantee(name, reason, (*landscape.hypotheses, lost), reason=reason)
    dimension = landscape.net.parameters
    alpha, bend = 1 / found.sobolev_constant, 2 * landscape.smoothness / s
    limit = alpha / (4 * bend**2) * (wanted / (4 * dimension)).min(arb(1))
    given = arb(below(limit)) if step is None else positive("step", step)
    beyond = admit(given, limit.lower(), unproved, "gives this accuracy by the theorem")
    start = start_divergence(landscape, s)
    constants: dict[str, Constant] = {
        **_isoperimetric(found),
        "smoothness": at_most(landscape.smoothness, "Lipschitz constant of gradients"),
        "step": admissible(limit, "step h on V"),
        "step_on_loss": admissible(2 * limit / s, "step 2h/s on the loss"),
        "start_divergence": at_most(start, "KL at the start"),
    }
    hypotheses = (
        *landscape.hypotheses,
        checked("isoperimetry", describe(found.binding_sobolev or "")),
        cited("rate", "Vempala and Wibisono, arXiv:1903.08568, Theorem 1"),
        assumed(
            "arithmetic", "full gradients and exact arithmetic, exact normal noise"
        ),
    )
    if beyond:
        statement = "the step is above the admissible one, so nothing is proved"
        return Guarantee(name, statement, hypotheses, constants, False, "", True)
    count = (2 * start / wanted).max(arb(1)).log() / (alpha * given)
    constants["iterations"] = steps(count, "steps to the accuracy")
    distance = (wanted / 2).sqrt().min(arb(1))
    constants["total_variation"] = at_most(distance, "distance in total variation")
    vacuous, reason = _risk(landscape, s, distance, constants)
    statement = (
        f"after {constants['iterations'].value:.3g} steps of at most "
        f"{constants['step'].value:.3g} the law of the weights is within "
        f"{above(wanted):.3g} in Kullback-Leibler divergence of the Gibbs measure"
    )
    if landscape.strong_convexity is not None:
        statement += f"; {landscape.advice}"
    curve = None
    if landscape.oscillation is not None:
        excess = excess_risk(landscape, s)
        assert excess is not None
        numbers = {
            "excess": above(excess),
            "oscillation": above(landscape.oscillation),
            "start": above(start),
            "rate": below(alpha),
            "bend": above(8 * dimension * bend**2 / alpha),
        }
        what = "mean of the loss without the regularizer"
        curve = Curve("entropy", what, True, numbers, below(given), below(limit))
    method = f"sobolev_{found.binding_sobolev}"
    return Guarantee(
        *(name, statement, hypotheses, constants, vacuous, reason),
        binding=(method, "sobolev", "smoothness", "excess_risk"),
        curve=curve,
    )


def _risk(
    landscape: Landscape, s: arb, distance: arb, constants: dict[str, Constant]
) -> tuple[bool, str]:
    """Adds the bound of the loss, and says whether it says anything."""
    excess = excess_risk(landscape, s)
    assert excess is not None
    constants["excess_risk"] = at_most(excess, "mean excess of the Gibbs measure")
    if landscape.oscillation is None:
        return True, "no bound of the loss itself follows, as it is unbounded"
    gap = excess + landscape.oscillation * distance
    constants["loss_gap"] = at_most(gap, "mean of L at the end, above the minimum")
    trivial = landscape.at_zero.min(landscape.oscillation)
    if above(gap) >= above(trivial):
        return True, (
            f"the loss is bounded by its minimum plus {above(gap):.3g}, while W = 0 "
            f"is within {above(trivial):.3g} without training; a lower temperature "
            "would be needed, and more steps"
        )
    if constants["iterations"].value > 1e12:
        return True, f"{constants['iterations'].value:.3g} steps cannot be made"
    return False, ""


def _isoperimetric(found: Isoperimetry) -> dict[str, Constant]:
    what = f"Poincaré constant, by {describe(found.binding)}"
    made = {"poincare": at_most(found.poincare_constant, what)}
    if found.sobolev_constant is not None:
        what = f"log-Sobolev constant, by {describe(found.binding_sobolev or '')}"
        made["sobolev"] = at_most(found.sobolev_constant, what)
    for name, value in {**found.sobolev, **found.poincare}.items():
        kind = "log-Sobolev" if name in found.sobolev else "Poincaré"
        key = f"{'sobolev' if name in found.sobolev else 'poincare'}_{name}"
        made[key] = at_most(value, f"{kind} constant, by {describe(name)}")
    return made


@in_balls
def diffusion_guarantee(landscape: Landscape, temperature: float | str) -> Guarantee:
    r"""Exponential convergence of $dW = -\nabla \tilde L\, dt + \sqrt s\, dB$.

    The distance is $\|\rho - \pi_s\|_{\pi_s^{-1}}$, and the rate $s / (2 C_P)$. It
    holds for every λ > 0, unbounded activations included.

    !!! cite

        ```bibtex
        @article{shi2023learning,
          title={On learning rates and {S}chr{\"o}dinger operators},
          author={Shi, Bin and Su, Weijie and Jordan, Michael I.},
          journal={Journal of Machine Learning Research}, volume={24}, year={2023}
        }
        ```
    """
    s = positive("temperature", temperature)
    found = isoperimetry(landscape, temperature)
    constants = _isoperimetric(found)
    rate = s / (2 * found.poincare_constant)
    constants["rate"] = at_least(rate, "exponential rate of the diffusion")
    constants["critical"] = recalled(landscape.critical, "published threshold lambda_c")
    if landscape.oscillation is not None:
        squared = (2 * landscape.oscillation / s).exp() - 1
        constants["start"] = at_most(squared, "squared distance of the normal start")
    hypotheses: tuple[Hypothesis, ...] = (
        *landscape.hypotheses,
        checked("isoperimetry", describe(found.binding)),
        assumed("start", "the start has a density with finite distance"),
    )
    statement = (
        f"the law of the diffusion approaches the Gibbs measure at the rate "
        f"{constants['rate'].value:.3g}; {landscape.advice}"
    )
    reason = "the rate is finite and of no use" if found.useless else ""
    kind = "sobolev" if found.binding in found.sobolev else "poincare"
    return Guarantee(
        "diffusion of SGD",
        statement,
        hypotheses,
        constants,
        found.useless,
        reason,
        binding=(f"{kind}_{found.binding}", "poincare"),
    )

"""RMSProp and Adam with the steps of their proofs, and how many of them."""

from flint import arb

from ..._core import CertaxError
from .._hypotheses import Hypothesis, assumed, cited
from ._balls import above, in_balls
from ._guarantee import (
    Constant,
    Guarantee,
    admissible,
    at_least,
    at_most,
    steps,
)
from ._net import positive, share

_along = assumed(
    "smoothness",
    "the gradient is Lipschitz with the given constant and no longer than the given "
    "bound, along the run",
)


@in_balls
def rmsprop_guarantee(
    smoothness: float | str,
    gradient_bound: float | str,
    gap: float | str,
    accuracy: float | str,
    offset: float | str,
    decay: float | str = "0.999",
    *,
    along: Hypothesis = _along,
) -> Guarantee:
    r"""Deterministic RMSProp: $v_t = \beta_2 v_{t-1} + (1 - \beta_2)(g_t^2 + \xi)$,
    $x_{t+1} = x_t - \alpha g_t / \sqrt{v_t}$, $v_0 = 0$.

    With $\alpha = \sqrt{(1 - \beta_2) \xi} / L$ a gradient of length ε is met within
    $\frac{2L}{\varepsilon^2} \sqrt{\frac{\sigma^2 + \xi}{(1 - \beta_2) \xi}}\, D$
    steps.

    **Arguments:**

    - `smoothness`: L; `gradient_bound`: σ; `gap`: D ≥ f(x₁) − inf f.
    - `offset`: ξ; `decay`: β₂ in (0, 1).
    - `along`: what vouches for L and σ along the run; by default they are assumed.

    !!! cite

        ```bibtex
        @article{de2018convergence,
          title={Convergence guarantees for {RMSProp} and {ADAM} in non-convex
                 optimization and an empirical comparison to {N}esterov acceleration},
          author={De, Soham and Mukherjee, Anirbit and Ullah, Enayat},
          journal={arXiv:1807.06766}, year={2018}
        }
        ```
    """
    bend, sigma = positive("smoothness", smoothness), _bound(gradient_bound)
    drop, wanted = positive("gap", gap), positive("accuracy", accuracy)
    least = _forgetting(decay) * positive("offset", offset)
    most = sigma**2 + positive("offset", offset)
    step = least.sqrt() / bend
    count = 2 * bend / wanted**2 * (most / least).sqrt() * drop
    constants: dict[str, Constant] = {"step": admissible(step, "step alpha")}
    return _counted("RMSProp", count, constants, (along,), wanted, sigma)


@in_balls
def stochastic_rmsprop_guarantee(
    smoothness: float | str,
    gradient_bound: float | str,
    gap: float | str,
    accuracy: float | str,
    offset: float | str,
    decay: float | str = "0.999",
    *,
    moment: float | str = 1,
) -> Guarantee:
    r"""RMSProp with noisy gradients and constant hyperparameters.

    For an unbiased oracle with $E|g_i| \le \kappa |\partial_i f|$ in every coordinate,
    $\min_t E\|\nabla f\|^2 \le \frac1c (\frac D{\alpha T} + \frac{\alpha L \sigma^2}
    {2 (1 - \beta_2) \xi})$ with $c = (\sigma^2 + \xi)^{-1/2} - r ((1 - \beta_2)
    \xi)^{-1/2}$ and $r = \frac{\kappa - 1}{\kappa + 1}$. At κ = 1 all gradients of the
    summands agree in sign, which is the condition recalled as the paper's.

    **Arguments:**

    - `moment`: κ ≥ 1; the rest as for `rmsprop_guarantee`.
    """
    bend, sigma = positive("smoothness", smoothness), _bound(gradient_bound)
    drop, wanted = positive("gap", gap), positive("accuracy", accuracy)
    least = _forgetting(decay) * positive("offset", offset)
    most, kappa = sigma**2 + positive("offset", offset), positive("moment", moment)
    if not kappa >= 1:
        raise CertaxError(
            f"The moment ratio {moment} is below 1.",
            value=moment,
            remedy="It is at least 1, as the oracle is unbiased.",
        )
    name, ratio = "stochastic RMSProp", (kappa - 1) / (kappa + 1)
    margin = 1 / most.sqrt() - ratio / least.sqrt()
    hypotheses = (
        _along,
        assumed(
            "oracle",
            f"unbiased, no coordinate's mean size is above {above(kappa):.6g} times "
            "that of its mean; rarely true of mini-batches, and false near "
            "stationary points",
        ),
    )
    if not margin > 0:
        reason = "the moment ratio is too large for these parameters"
        failed_one = Hypothesis("margin", "failed", reason)
        return Guarantee(name, reason, (*hypotheses, failed_one), reason=reason)
    count = 2 * bend * sigma**2 * drop / (least * wanted**4 * margin**2)
    # The best constant step for so many steps.
    step = (2 * drop * least / (bend * sigma**2 * count)).sqrt()
    constants: dict[str, Constant] = {
        "step": admissible(step, "step alpha, for that many steps"),
        "margin": at_least(margin, "c in the bound"),
    }
    return _counted(name, count, constants, hypotheses, wanted, sigma)


@in_balls
def adam_guarantee(
    smoothness: float | str,
    gradient_bound: float | str,
    gap: float | str,
    accuracy: float | str,
    *,
    printed: bool = False,
    along: Hypothesis = _along,
) -> Guarantee:
    r"""Deterministic Adam, $x_{t+1} = x_t - \alpha_t m_t / (\sqrt{v_t} + \xi)$, without
    bias correction, with $\beta_1 = \frac\varepsilon{\varepsilon + 2\sigma}$ and
    $\xi = 2\sigma$.

    With $\alpha_t = s \|g_t\|^2 / (1 - \beta_1^t)^2$, $s = \frac2{3 L (\varepsilon +
    2\sigma)}$, a gradient of length ε is met within $18 L (\varepsilon + 2\sigma)^2 D /
    \varepsilon^4$ steps.

    **Arguments:**

    - `printed`: whether to take the step that is recalled as the paper's, $s =
      \frac{4\varepsilon}{3L (\varepsilon + 2\sigma)^2}$, which needs more steps:
      $\frac94 L (\varepsilon + 2\sigma)^4 D / (\sigma\varepsilon^5)$.
    """
    bend, sigma = positive("smoothness", smoothness), _bound(gradient_bound)
    drop, wanted = positive("gap", gap), positive("accuracy", accuracy)
    whole = wanted + 2 * sigma
    if printed:
        scale = 4 * wanted / (3 * bend * whole**2)
        count = arb(9) / 4 * bend * whole**4 * drop / (sigma * wanted**5)
    else:
        scale = 2 / (3 * bend * whole)
        count = 18 * bend * whole**2 * drop / wanted**4
    constants: dict[str, Constant] = {
        "momentum": at_most(wanted / whole, "beta_1"),
        "offset": at_most(2 * sigma, "xi, outside of the root"),
        "step_scale": admissible(scale, "s in alpha_t = s |g_t|^2 / (1 - beta_1^t)^2"),
    }
    hypotheses = [along]
    if printed:
        source = "De, Mukherjee and Ullah, arXiv:1807.06766; the step as recalled"
        hypotheses.append(cited("step", source))
    return _counted("Adam", count, constants, tuple(hypotheses), wanted, sigma)


def _bound(gradient_bound: float | str) -> arb:
    return positive("gradient_bound", gradient_bound)


def _forgetting(decay: float | str) -> arb:
    """1 − β₂."""
    left = 1 - share("decay", decay)
    if not left > 0:
        raise CertaxError(
            "A decay of 1 never forgets, and the theorem needs it below.",
            value=decay,
            remedy="Take a decay such as 0.999.",
        )
    return left


def _counted(
    name: str,
    count: arb,
    constants: dict[str, Constant],
    hypotheses: tuple[Hypothesis, ...],
    wanted: arb,
    sigma: arb,
) -> Guarantee:
    # The steps are floats below their balls, which costs less than this.
    count = count * (1 + arb(2) ** -40)
    constants["iterations"] = steps(count, "steps until the gradient is that short")
    many = constants["iterations"].value
    vacuous, reason = False, ""
    if above(sigma) <= above(wanted):
        vacuous, reason = True, "every gradient is that short already"
    elif many > 1e12:
        vacuous, reason = True, f"{many:.3g} steps cannot be made"
    statement = (
        f"within {many:.3g} steps a gradient of length {above(wanted):.3g} is met"
    )
    return Guarantee(name, statement, hypotheses, constants, vacuous, reason)

"""delta-GClip: regularized gradient clipping under a Polyak-Lojasiewicz condition."""

from typing import Literal

from flint import arb

from .._hypotheses import assumed, checked, failed
from ._balls import above, below, in_balls
from ._curve import Curve
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
from ._tangent import Tangent

Norm = Literal["global", "group"]


@in_balls
def delta_gclip_guarantee(
    tangent: Tangent,
    floor: float | str,
    accuracy: float | str,
    step: float | None = None,
    threshold: float | str = "1",
    *,
    norm: Norm = "global",
    unproved: bool = False,
) -> Guarantee:
    r"""Geometric convergence of $w \leftarrow w - h(w) g$ to zero loss.

    $h = \eta \min(1, \max(\delta, \gamma / \|g\|))$, the loss $\frac12\|F - y\|^2$ (a
    sum over the points), no weight decay. On the ball around the start of radius $R$
    with $R(\sigma_{\min} - R\,\mathrm{Lip}_J) \ge 2 \|F - y\|$ the condition holds with
    $\mu = (\sigma_{\min} - R\,\mathrm{Lip}_J)^2$; the iterates stay in it and the loss
    falls by $1 - \eta\delta\mu$ in every step.

    **Arguments:**

    - `tangent`: from `shallow_tangent` or `tangent`.
    - `floor`: δ in (0, 1]; 1 is gradient descent.
    - `accuracy`: of the loss.
    - `step`: η; by default the largest admissible one. `threshold`: γ.
    - `norm`: `"group"` if every parameter group is clipped by its own norm, as released
      code does; the ball is then larger by $(1 + \delta) / (2\sqrt\delta)$.

    **Raises:** `CertaxError` for δ outside (0, 1] and steps above the admissible one.

    !!! cite

        ```bibtex
        @article{tucat2025regularized,
          title={Regularized gradient clipping provably trains wide and deep neural
                 networks},
          author={Tucat, Matteo and Mukherjee, Anirbit and Sun, Mingfei and Sen,
                  Procheta and Rivasplata, Omar},
          journal={Transactions on Machine Learning Research}, year={2025}
        }
        ```
    """
    name = "delta-GClip"
    delta, wanted = share("floor", floor), positive("accuracy", accuracy)
    positive("threshold", threshold)
    grow = (1 + delta) / (2 * delta.sqrt()) if norm == "group" else arb(1)
    sigma, change = tangent.least.max(arb(0)).sqrt().lower(), tangent.change.upper()
    residual = tangent.residual.upper()
    room = sigma**2 - 8 * change * residual * grow
    constants: dict[str, Constant] = {
        "least_eigenvalue": at_least(tangent.least, "of the tangent kernel, at start"),
        "change": at_most(change, "Lipschitz constant of the Jacobian"),
        "residual": at_most(residual, "length of outputs minus targets, at start"),
    }
    found = _ball(sigma, change, residual * grow, room)
    if found is None:
        reason = (
            f"the least singular value {above(sigma):.3g} of the Jacobian would have "
            f"to be at least {above((8 * change * residual * grow).sqrt()):.3g}: the "
            "net is too narrow, or starts too far from the targets"
        )
        lost = failed("PL*", reason)
        hypotheses = (*tangent.hypotheses, lost)
        return Guarantee(name, reason, hypotheses, constants, reason=reason)
    radius, mu = found
    stretch = tangent.greatest.upper().sqrt() + change * radius
    beta = stretch**2 + change * (residual + stretch * radius)
    limit = arb(below(1 / beta))
    given = limit if step is None else positive("step", step)
    beyond = admit(given, limit, unproved, "the smoothness on the ball admits")
    constants |= {
        "radius": at_most(radius, "distance that the weights ever have from the start"),
        "mu": at_least(mu, "mu of the PL* condition on the ball"),
        "smoothness": at_most(beta, "Lipschitz constant of the gradient on the ball"),
        "step": admissible(limit, "step eta"),
    }
    hypotheses = (
        *tangent.hypotheses,
        checked("PL*", "on the ball, by the fixed point of its radius"),
        checked("smoothness", "on the ball"),
        assumed("update", "full gradients, exact arithmetic, no weight decay"),
    )
    if beyond:
        statement = "the step is above the admissible one, so nothing is proved"
        return Guarantee(name, statement, hypotheses, constants, False, "", True)
    factor = given * delta * mu
    constants["factor"] = at_most(1 - factor, "of the loss in every step")
    count = (residual**2 / (2 * wanted)).max(arb(1)).log() / -(-factor).log1p()
    constants["iterations"] = steps(count, "steps to the accuracy")
    many = constants["iterations"].value
    statement = f"after {many:.3g} steps the loss is at most {above(wanted):.3g}"
    vacuous = many > 1e12
    reason = f"{many:.3g} steps cannot be made" if vacuous else ""
    curve = Curve(
        *("geometric", "loss", False),
        {"start": above(residual**2 / 2), "rate": below(delta * mu)},
        below(given),
        below(limit),
    )
    return Guarantee(
        *(name, statement, hypotheses, constants, vacuous, reason),
        binding=("least_eigenvalue", "change", "residual"),
        curve=curve,
    )


def _ball(sigma: arb, change: arb, residual: arb, room: arb) -> tuple[arb, arb] | None:
    """A radius R with R (σ − change R) ≥ 2 residual, verified, and μ on its ball."""
    if not room > 0 or not sigma > 0:
        return None
    closed = 4 * residual / (sigma + room.sqrt())
    radius = (closed * (1 + arb(2) ** -40)).upper()
    left = sigma - change * radius
    if not left > 0 or not radius * left >= 2 * residual:
        return None
    return radius, (left**2).lower()


@in_balls
def stochastic_gclip_guarantee(
    smoothness: float,
    variance: float,
    start_gap: float,
    floor: float,
    step: float,
    iterations: int,
    *,
    decoupled: bool = False,
    unproved: bool = False,
) -> Guarantee:
    r"""The mean squared gradient of δ-GClip with noisy gradients.

    $\frac1T \sum E\|\nabla f\|^2 \le \frac{2 (f_0 - f^*)}{\eta\delta T} +
    \frac{\theta^2}\delta$ for $E\|g - \nabla f\|^2 \le \theta^2$ and $\eta \le
    1/\beta$; with $h$ from an independent batch and unbiased gradients the floor is
    $\beta\eta\theta^2/\delta$.

    **Arguments:**

    - `smoothness`: β; `variance`: θ²; `start_gap`: f₀ − f*; `floor`: δ.
    - `decoupled`: whether h comes from an independent batch.
    """
    beta, delta = positive("smoothness", smoothness), share("floor", floor)
    square = positive("variance", variance)
    eta, limit = positive("step", step), (1 / beta).lower()
    beyond = admit(eta, limit, unproved, "the smoothness admits")
    gap, count = positive("start_gap", start_gap), positive("iterations", iterations)
    noise = beta * eta * square / delta if decoupled else square / delta
    constants = {
        "step": admissible(limit, "step eta"),
        "floor": at_most(noise, "what no number of steps removes"),
    }
    hypotheses = [
        assumed("smoothness", "the given constant holds along the run"),
        assumed("noise", "the given variance bounds that of the gradients"),
    ]
    if decoupled:
        hypotheses.append(assumed("batches", "unbiased, h from an independent one"))
    name = "stochastic delta-GClip"
    if beyond:
        statement = "the step is above the admissible one, so nothing is proved"
        return Guarantee(name, statement, tuple(hypotheses), constants, unproved=True)
    mean = 2 * gap / (eta * delta * count) + noise
    constants["mean_square"] = at_most(mean, "mean squared length of the gradient")
    # A smooth function has ‖∇f‖² ≤ 2β (f − f*), at the start as well.
    trivial = 2 * beta * gap
    vacuous = above(mean) >= above(trivial)
    reason = "the start satisfies this bound already" if vacuous else ""
    statement = f"the mean squared gradient is at most {above(mean):.3g}"
    return Guarantee(name, statement, tuple(hypotheses), constants, vacuous, reason)

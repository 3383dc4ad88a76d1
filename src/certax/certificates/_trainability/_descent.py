"""Gradient descent on the regularized loss of a shallow net."""

from typing import Any

from flint import arb

from .._hypotheses import assumed, checked, failed
from ._balls import above, below, in_balls, matrix, total
from ._curve import Curve
from ._guarantee import Guarantee, admissible, admit, at_most, steps
from ._landscape import Landscape
from ._net import finite, positive


@in_balls
def gradient_descent_guarantee(
    landscape: Landscape,
    start: Any,
    accuracy: float | str,
    step: float | None = None,
    *,
    unproved: bool = False,
) -> Guarantee:
    r"""Gradient descent: linear to the minimum above the threshold, else stationary.

    With $\eta \le 1/\beta$: if $\mu = \lambda - \rho > 0$, then $\tilde L(W_k) - \min
    \le (1 - \eta\mu)^k (\tilde L(W_0) - \min)$; in any case $\min_{j<k} \|\nabla \tilde
    L(W_j)\|^2 \le 2 \tilde L(W_0) / (\eta k)$.

    **Arguments:**

    - `start`: W₀, shape `(width, dimension)`.
    - `accuracy`: of the loss if it is strongly convex, else of the gradient's length.
    - `step`: η; by default the largest admissible one.

    **Raises:** `CertaxError` for a step above 1/β, unless `unproved`.
    """
    wanted, name = positive("accuracy", accuracy), "gradient descent"
    if landscape.smoothness is None:
        reason = "softplus with the squared loss has no global smoothness"
        lost = failed("smoothness", reason)
        return Guarantee(name, reason, (*landscape.hypotheses, lost), reason=reason)
    limit = arb(below(1 / landscape.smoothness))
    given = limit if step is None else positive("step", step)
    why = "makes the loss fall by the theorem, 1/beta"
    beyond = admit(given, limit, unproved, why)
    entries = matrix(finite("start", start, 2)).tolist()
    square = total([entry**2 for row in entries for entry in row])
    # The loss is not negative, so this bounds the gap.
    gap = landscape.net.risk(start) + landscape.weight * square / 2
    constants = dict(landscape.constants)
    constants["step"] = admissible(limit, "step 1/beta")
    constants["start_gap"] = at_most(gap, "regularized loss at the start")
    convex = landscape.strong_convexity
    hypotheses = (
        *landscape.hypotheses,
        checked("smoothness", "the gradient is Lipschitz everywhere"),
        assumed("arithmetic", "full gradients and exact arithmetic"),
    )
    if beyond:
        statement = "the step is above the admissible one, so nothing is proved"
        return Guarantee(name, statement, hypotheses, constants, False, "", True)
    if convex is None:
        count = 2 * gap / (given * wanted**2)
        what = "a gradient of at most this length is met"
    else:
        factor = 1 - given * convex
        constants["factor"] = at_most(factor, "of the gap in every step")
        count = (gap / wanted).max(arb(1)).log() / -(-given * convex).log1p()
        what = "the regularized loss is this near its minimum"
    constants["iterations"] = steps(count, f"steps until {what}")
    many = constants["iterations"].value
    statement = (
        f"within {many:.3g} steps {what}: {above(wanted):.3g}; {landscape.advice}"
    )
    vacuous = many > 1e12
    reason = f"{many:.3g} steps cannot be made" if vacuous else ""
    numbers = {"start": above(gap)}
    if convex is not None:
        numbers["rate"] = below(convex)
    curve = Curve(
        "level" if convex is None else "geometric",
        "regularized loss",
        convex is not None,
        numbers,
        below(given),
        below(limit),
    )
    fast = ("smoothness", "start_gap")
    return Guarantee(
        *(name, statement, hypotheses, constants, vacuous, reason),
        binding=fast if convex is None else ("strong_convexity", *fast),
        curve=curve,
    )

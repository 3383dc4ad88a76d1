"""The verbs: whether a loss with a regularizer is a Villani function."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from flint import arb

from ..._core import NetworkSettings
from ..._core._balls import positive_number
from ...nn import Ansatz
from ...problems import Problem
from ._balls import in_balls
from ._claims import check_bounds
from ._curved import Function
from ._equations import equation_loss
from ._loss import AbstractLoss
from ._outcome import (
    RayRow,
    VillaniGrowth,
    fails,
    observed,
    proved,
    proved_above,
    whole_loss,
)
from ._rays import Ray, sampled, spoils
from ._regularizers import AbstractRegularizer, PowerRegularizer
from ._search import adversarial
from ._shallow import Trained
from ._theorem import Split, growth_radius


def villani_growth(
    problem: Problem,
    net: Ansatz | NetworkSettings,
    regularizer: AbstractRegularizer,
    *,
    temperature: float = 1.0,
    trained: Trained = "all",
    points: int = 16,
    search: bool = True,
    seed: int = 0,
) -> VillaniGrowth:
    r"""Whether the loss of a linear problem with a regularizer is a Villani function.

    That asks for $V \to \infty$, $\int e^{-2V/s} < \infty$ and
    $\|\nabla V\|^2/s - \Delta V \to \infty$ for every s > 0 (`docs/theory/villani.md`).

    **Arguments:**

    - `problem`: its equations are linear.
    - `net`: with one hidden layer, as `cx.NetworkSettings(width=4)` or an
      [`certax.nn.Ansatz`][].
    - `regularizer`: [`certax.diagnostics.PowerRegularizer`][], or one's own.
    - `temperature`: s for the radius and the table.
    - `trained`: `"all"` weights, or the `"outer"` ones of a linear last layer.
    - `points`: of collocation.
    - `search`: whether to look for adversarial directions; else suspected ones only.
    - `seed`: of the points, of a net from settings, and of the search.

    **Returns:** verdict, radius, direction and the table of rays.

    **Raises:** `CertaxError` if the problem is not linear, or the net has more hidden
    layers or an activation that is not bounded.

    !!! example

        ```python
        found = cx.diagnostics.villani_growth(
            heat, cx.NetworkSettings(width=4), cx.diagnostics.frobenius("0.1")
        )
        print(found)
        ```

    ??? cite "Reference"

        ```bibtex
        @article{shi2023learning,
            title={On learning rates and {S}chr{\\"o}dinger operators},
            author={Shi, Bin and Su, Weijie and Jordan, Michael I.},
            journal={Journal of Machine Learning Research}, volume={24}, year={2023},
            note={arXiv:2004.06977}}
        ```
    """
    loss = equation_loss(problem, net, points=points, trained=trained, seed=seed)
    return villani_growth_of(
        loss, regularizer, temperature=temperature, search=search, seed=seed
    )


def villani_growth_of(
    loss: AbstractLoss,
    regularizer: AbstractRegularizer,
    *,
    temperature: float = 1.0,
    search: bool = True,
    seed: int = 0,
) -> VillaniGrowth:
    """The same for any loss: [`certax.diagnostics.OperatorLoss`][] of a DeepONet,
    [`certax.diagnostics.CallableLoss`][], or one's own.

    **Arguments:**

    - `loss`: never negative; without `bounds` nothing is proved of it.
    - `regularizer`, `temperature`, `search`, `seed`: as for `villani_growth`.

    **Raises:** `CertaxError` if the loss cannot be enclosed, or the temperature is not
    positive.

    !!! example

        ```python
        wells = CallableLoss(lambda theta, xp: (theta @ theta - 1) ** 2, parameters=3)
        villani_growth_of(wells, NoRegularizer()).verdict
        ```
    """
    s = float(positive_number("temperature", temperature))
    whole = partial(whole_loss, loss, regularizer)
    suspected, of = loss.rays(), (loss, regularizer)
    found: tuple[Ray, ...] = ()
    if search:
        found = adversarial([loss, regularizer], loss.size, s, suspected, seed)
    # One ray is always looked at, so that a loss without enclosures is refused.
    alike = Ray(
        np.zeros(loss.size), np.full(loss.size, loss.size**-0.5), "all grow alike"
    )
    tried = [*suspected, *found, alike]
    known = _radius(loss, regularizer, s)
    if known is not None:
        radius, split = known
        rows = _table(whole, tried, s)
        return VillaniGrowth(*of, proved, s, radius, split, None, rows)
    for ray in tried:
        failed = _failure(loss, regularizer, whole, ray, s)
        if failed is not None:
            row, threshold, hot = failed
            others = [other for other in tried if other is not ray]
            rows = (row, *_table(whole, others, hot))
            return VillaniGrowth(*of, fails, hot, None, None, threshold, rows)
    rows = _table(whole, tried, s)
    return VillaniGrowth(*of, observed, s, None, None, None, rows)


@in_balls
def _radius(
    loss: AbstractLoss, regularizer: AbstractRegularizer, temperature: float
) -> tuple[float, Split] | None:
    bounds = loss.bounds()
    if bounds is None or not isinstance(regularizer, PowerRegularizer):
        return None
    check_bounds(loss, bounds)
    return growth_radius(bounds, regularizer, arb(temperature))


@in_balls
def _failure(
    loss: AbstractLoss,
    regularizer: AbstractRegularizer,
    whole: Function,
    ray: Ray,
    temperature: float,
) -> tuple[RayRow, float | None, float] | None:
    """A failure at this temperature, or at one where Theorem 2 proves it: the row, the
    temperature above which it is proved, and the one of the row.
    """
    threshold = proved_above(loss, regularizer, ray)
    s = temperature if threshold is None else max(temperature, 2.0 * threshold)
    shown = spoils(whole, ray, arb(s))
    if shown is None:
        return None
    _, samples = shown
    return RayRow(ray, samples), threshold, s


def _table(
    whole: Function, rays: Sequence[Ray], temperature: float
) -> tuple[RayRow, ...]:
    rows = [RayRow(ray, sampled(whole, ray, arb(temperature))) for ray in rays]
    return tuple(sorted(rows, key=lambda row: row.samples[-1].lower))

"""Claims about the net itself: the range of a derivative, Lipschitz constants."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from .._core import CertaxError, highest_order
from ..bounds import (
    Branched,
    Budget,
    Quantity,
    Refinement,
    branched_lipschitz,
    branched_range,
    lipschitz_quantity,
    range_quantity,
    refine,
)
from ..problems import Problem, Solution
from ._certificate import Certificate
from ._drafts import Draft, Progress, Search, Trees

_degrees = {1: 7, 2: 4, 3: 3, 4: 2, 5: 2}
_norms = ("l2", "linf")
_most_with_taylor_models = 5
# Kinks lie on surfaces, which no number of boxes resolves.
_most_parts = 20_000


def certify_range(
    solution: Solution,
    search: Search,
    field: str | None = None,
    derivative: str | Sequence[str] = (),
    progress: Progress | None = None,
) -> Certificate:
    """The range of a field, or of one of its derivatives, over the domain.

    **Arguments:**

    - `field`: its name; may be left out where there is one only.
    - `derivative`: the coordinates to differentiate by, as in `"x,x"`.

    **Raises:** `CertaxError` for an unknown field or coordinate.
    """
    problem = solution.problem
    chosen = _field(problem, field)
    orders = derivative_orders(problem, derivative)
    counted = zip(problem.domain.names, orders, strict=True)
    marks = [name for name, count in counted for _ in range(count)]
    written = f"{chosen}_{''.join(marks)}" if marks else chosen
    if marks and _has_kinks(solution):
        return Certificate(
            "range",
            "range",
            "",
            "not applicable",
            reason=f"the net has a kink (max0), so {written} does not exist everywhere",
        )
    many = problem.domain.dimension > _most_with_taylor_models
    if marks and many:
        most = _most_with_taylor_models
        reason = f"derivatives are enclosed in at most {most} coordinates"
        return Certificate("range", "range", "", "not applicable", reason=reason)
    draft = Draft(solution, "range", "", "range", evaluation=search.evaluation)
    parameters = {"field": chosen, "orders": list(orders)}
    stem = f"certificate-range-{written}"
    network, weights = solution.network, solution.weights
    if many or _has_kinks(solution):
        found = branched_range(
            network, weights, problem.domain, chosen, _budget(search), progress
        )
        return _linear(draft, stem, found, parameters)
    quantity, _ = range_quantity(network, weights, _ends(problem), chosen, orders)
    return _certified(draft, stem, quantity, search, parameters, progress)


def certify_lipschitz(
    solution: Solution,
    search: Search,
    norm: str = "l2",
    field: str | None = None,
    progress: Progress | None = None,
) -> Certificate:
    """A Lipschitz constant of a field, or of all of them together, on the domain.

    **Arguments:**

    - `norm`: `"l2"` or `"linf"`, of the coordinates and of the fields.

    **Raises:** `CertaxError` for an unknown field or norm.
    """
    if norm not in _norms:
        raise CertaxError(
            f"There is no norm {norm!r} for Lipschitz constants.",
            value=norm,
            remedy=f"Choose from {', '.join(_norms)}.",
        )
    problem = solution.problem
    fields = problem.fields if field is None else (_field(problem, field),)
    squared = norm == "l2"
    if squared:
        tolerance = (1.0 + search.tolerance) ** 2 - 1.0
        search = replace(search, tolerance=tolerance, target=search.target**2)
    stem = "-".join(["certificate-lipschitz", norm, *([] if field is None else fields)])
    draft = Draft(solution, "lipschitz", "", norm, evaluation=search.evaluation)

    def root(leaves: int, bound: float, attained: float) -> None:
        if progress is not None:
            power = 0.5 if squared else 1.0
            progress(leaves, bound**power, max(attained, 0.0) ** power)

    parameters = {"fields": list(fields)}
    network, weights = solution.network, solution.weights
    many = problem.domain.dimension > _most_with_taylor_models
    if many or _has_kinks(solution):
        found = branched_lipschitz(
            network, weights, problem.domain, fields, norm, _budget(search), root
        )
        return _linear(draft, stem, found, parameters)
    quantity = lipschitz_quantity(network, weights, _ends(problem), fields, norm)
    return _certified(draft, stem, quantity, search, parameters, root)


def derivative_orders(
    problem: Problem, derivative: str | Sequence[str]
) -> tuple[int, ...]:
    """How often each coordinate occurs in `"x,x"`.

    **Raises:** `CertaxError` for an unknown coordinate or too high an order.
    """
    given = derivative.split(",") if isinstance(derivative, str) else derivative
    marks = [mark.strip() for mark in given if mark.strip()]
    names = problem.domain.names
    for mark in marks:
        if mark not in names:
            raise CertaxError(
                f"There is no coordinate {mark!r} to differentiate by.",
                value=mark,
                remedy=f"Name some of {', '.join(names)}, as in {names[0]},{names[0]}.",
            )
    if len(marks) > highest_order:
        raise CertaxError(
            f"A derivative of order {len(marks)} is asked for.",
            value=len(marks),
            remedy=f"Orders go up to {highest_order}.",
        )
    return tuple(marks.count(name) for name in names)


def _field(problem: Problem, field: str | None) -> str:
    if field is None and len(problem.fields) == 1:
        return problem.fields[0]
    if field not in problem.fields:
        asked = "No field is named" if field is None else f"There is no field {field!r}"
        raise CertaxError(
            f"{asked}.",
            value=field,
            remedy=f"Choose from {', '.join(problem.fields)}.",
        )
    return field


def _has_kinks(solution: Solution) -> bool:
    return any(op == "max0" for op, _, _ in solution.network.ops)


def _ends(problem: Problem) -> dict[str, tuple[str, str]]:
    domain = problem.domain
    pairs = zip(domain.lower, domain.upper, strict=True)
    return dict(zip(domain.names, pairs, strict=True))


def _certified(
    draft: Draft,
    stem: str,
    quantity: Quantity,
    search: Search,
    parameters: dict[str, Any],
    progress: Callable[[int, float, float], None] | None,
) -> Certificate:
    dimension = quantity.dimension
    refinement = Refinement(
        "supremum",
        search.tolerance,
        search.degree or _degrees[dimension],
        (max(1, 6 // dimension),) * dimension,
        target=search.target,
        seconds=search.seconds,
        boxes=search.boxes,
    )
    enclosed = refine(
        quantity, refinement, progress, search.executor, search.checkpoint
    )
    trees = Trees({"residual": (enclosed.tree, refinement.degree)}, enclosed.seconds)
    return draft.confirm(trees, parameters).certificate(stem)


def _budget(search: Search) -> Budget:
    parts = min(search.boxes, _most_parts)
    return Budget(search.tolerance, search.target, float(search.seconds), parts)


def _linear(
    draft: Draft, stem: str, found: Branched, parameters: dict[str, Any]
) -> Certificate:
    """The claim on a tree whose leaves carry backward linear bounds."""
    # Linear bounds have the degree 1.
    trees = Trees({"residual": (found.tree, 1)}, found.seconds)
    return draft.confirm(trees, parameters | {"method": "linear"}).certificate(stem)

"""How well an equation holds beside the size of its own terms, and beside functions
that need no training. All of it is sampled.
"""

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from .._core import Input, Program, evaluate, expression
from ..problems import Problem, Solution, holds, point_derivatives
from ..training import fresh_points
from ._measure import is_inside, positions
from ._objective import known_inputs

# The residual beside its own terms. At a third the terms do not balance at all; above a
# hundredth the answer has, as a rule, an error that one can see.
no_balance = 0.3
poor_balance = 0.01
_points = 4096
# On the faces, where layers hide that no point inside would hit.
_face_points = 256
# What counts as a front: this share of the points.
_front = 0.01


@dataclass(frozen=True)
class Balance:
    """A residual and the terms it is the sum of.

    - `residual`: its root mean square.
    - `terms`: that of the sum of the sizes of its terms.
    - `front_share`: how much of the sum of squares one per cent of the points hold.
    """

    residual: float
    terms: float
    front_share: float

    @property
    def relative(self) -> float:
        """The residual beside its terms; 1 where there are none, which says nothing."""
        return self.residual / self.terms if self.terms > 0 else 1.0


def balance(solution: Solution) -> Balance:
    """Of the equations, on fresh points and on the faces that have conditions."""
    inside, faces = sample_points(solution)
    points = np.concatenate([inside, faces])
    values, terms = equation_terms(solution, solution.problem.residual, points)
    # What is infinite or no number says so itself.
    with np.errstate(all="ignore"):
        squares = np.sum(values[: len(inside)] ** 2, axis=1)
        worst = np.sort(squares)[-max(1, int(_front * len(inside))) :].sum()
        share = float(worst / squares.sum()) if squares.sum() > 0 else 0.0
        return Balance(_rms(values), _rms(terms), share)


def sample_points(solution: Solution) -> tuple[np.ndarray, np.ndarray]:
    """Fresh points of the domain, and points on every face that has a condition."""
    domain = solution.problem.domain
    unit = fresh_points(
        _points, domain.dimension, seed=int(solution.details.get("seed", 0))
    )
    inside = domain.physical(unit)
    inside = inside[is_inside(domain, inside)]
    faces = [inside[:0]]
    for condition in solution.problem.conditions:
        if condition.piece:
            # On curved boundaries a net may have no derivatives.
            continue
        for position in positions(domain, condition):
            face = inside[:_face_points].copy()
            face[:, domain.names.index(condition.coordinate)] = position
            faces.append(face)
    return inside, np.concatenate(faces)


def equation_terms(
    solution: Solution, equations: Program, points: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What is left of equations at points, and how large their terms are there.

    The terms of R(u, u_x, ...) are taken as |∂R/∂u · u| + |∂R/∂u_x · u_x| + ..., exact
    where R is linear, or |R(0)| where that is larger.

    **Arguments:**

    - `equations`: a program of derivatives.
    - `points`: shape `(n, d)`, or `(n, 2 d)` with the normals of a piece.

    **Returns:** two arrays of shape `(n, equations)`.
    """
    problem, network = solution.problem, solution.network
    names = problem.domain.names
    entries = equations.of_kind("derivative")
    orders = tuple({i.orders: None for i in entries})
    numbers = {n: solution.unknowns.get(n) for n in problem.unknowns}

    def at(weights: dict[str, Array], point: Array) -> tuple[Array, Array]:
        here = point[: len(names)]
        found = point_derivatives(network, names, orders, weights, here)
        known = known_inputs(equations, names, point)
        known |= {n: jnp.asarray(v) for n, v in numbers.items() if n in known}

        def left(derivatives: Array) -> Array:
            inner = {i.name: derivatives[k] for k, i in enumerate(entries)}
            outputs = evaluate(equations, known | inner).values()
            return jnp.stack([jnp.asarray(v, point.dtype) for v in outputs])

        given = jnp.stack([jnp.asarray(found[i.orders][i.field]) for i in entries])
        sizes = jnp.abs(jax.jacfwd(left)(given) * given).sum(axis=1)
        forcing = jnp.abs(left(jnp.zeros_like(given)))
        terms = jnp.fmax(jnp.nan_to_num(sizes), jnp.nan_to_num(forcing))
        value = left(given)
        if not problem.regions or equations is not problem.residual:
            return value, terms
        there = holds(problem.regions, names, point)
        return jnp.where(there, value, 0.0), jnp.where(there, terms, 0.0)

    with jax.enable_x64(True):
        compiled = jax.jit(jax.vmap(at, in_axes=(None, 0)))
        value, terms = compiled(dict(solution.weights), jnp.asarray(points))
    return np.asarray(value), np.asarray(terms)


def untrained(solution: Solution, means: dict[str, float]) -> dict[str, Solution]:
    """Functions that need no training, by name.

    **Arguments:**

    - `means`: of the solution's fields.
    """
    problem = solution.problem
    zeros = {n: np.zeros_like(w) for n, w in solution.weights.items()}
    found = {}
    if zeros:
        found["the ansatz without its net"] = replace(solution, weights=zeros)
    frozen = _frozen(problem)
    if frozen is not None:
        name = "the initial data, frozen"
        found[name] = replace(solution, network=frozen, weights={})
    inputs = tuple(
        Input(f"mean.{n}", "constant", expression(v)) for n, v in means.items()
    )
    constant = Program(inputs, (), {n: k for k, n in enumerate(means)})
    found["the mean of the answer"] = replace(solution, network=constant, weights={})
    return found


def _frozen(problem: Problem) -> Program | None:
    """The data at the beginning, if they are given for all fields."""
    for condition in problem.conditions:
        given = condition.kind in ("initial", "terminal") and condition.values
        if given and set(given.outputs) == set(problem.fields):
            return given
    return None


def _rms(values: np.ndarray) -> float:
    with np.errstate(over="ignore"):
        return float(np.sqrt(np.mean(np.sum(values**2, axis=1))))

"""Inverse problems from noisy data: coefficients, a field, and calibrated bands."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

import certax as cx

from ._figure import Figure

members = 3
level = 0.9
noise = 0.02

Truth = Callable[[np.ndarray], dict[str, np.ndarray]]


@dataclass(frozen=True)
class Task:
    """An inverse problem whose truth is known.

    **Attributes:**

    - `truth`: all fields at points of shape `(n, d)`.
    - `measured`: the fields that are.
    - `coefficients`: the true values of the unknowns.
    - `field`: an unknown field, if there is one.
    - `smoothness`: the weight of its slopes.
    """

    problem: cx.Problem
    truth: Truth
    measured: tuple[str, ...]
    coefficients: Mapping[str, float]
    field: str | None
    count: int
    steps: int
    target: float
    smoothness: float | None = None

    def data(self, seed: int) -> cx.Data:
        """Values at random points with noise of 2 % of their deviation."""
        generator = np.random.default_rng(seed)
        domain = self.problem.domain
        low, high = np.array(domain.lower_floats), np.array(domain.upper_floats)
        points = low + (high - low) * generator.uniform(size=(self.count, len(low)))
        exact = self.truth(points)
        values = {
            f: exact[f] + noise * np.std(exact[f]) * generator.normal(size=self.count)
            for f in self.measured
        }
        return cx.Data(dict(zip(domain.names, points.T, strict=True)), values)


def burgers() -> Task:
    """The viscosity, 1/10, of a front of Burgers' equation without conditions."""
    problem = cx.Problem(
        name="burgers-viscosity",
        domain=cx.Box(x=(0, 1), t=(0, 1)),
        residual=lambda u, nu: u.t + u * u.x - nu * u.xx,
        conditions=(),
        unknowns={"nu": "1/2"},
    )

    def truth(points):
        return {"u": 1 - np.tanh((points[:, 0] - points[:, 1]) / 0.2)}

    return Task(problem, truth, ("u",), {"nu": 0.1}, None, 200, 60, 0.05)


def diffusivity() -> Task:
    """κ in -(κ u')' = f from u and κ(0): κ = 1 + x/2, u = sin(π x / 2).

    Without its value somewhere κ + c / u' would do as well. At x = 1, where u' = 0, the
    flux says nothing of κ, and noise would choose it: slopes of κ are kept down. Their
    weight is half of the noise's share in the loss, where data weigh a tenth: that is
    known without the truth.
    """

    def residual(u, kappa, x, pi):
        force = (1 + x / 2) * pi**2 * cx.sinpi(x / 2) / 4 - pi * cx.cospi(x / 2) / 4
        return -(kappa * u.xx + kappa.x * u.x) - force

    problem = cx.Problem(
        name="diffusivity",
        domain=cx.Box(x=(0, 1)),
        constants={"pi": "pi"},
        residual=residual,
        conditions=(cx.Dirichlet("x", (0, 1), side="lower"),),
    )

    def truth(points):
        x = points[:, 0]
        return {"u": np.sin(np.pi * x / 2), "kappa": 1 + x / 2}

    share = 0.1 * noise
    return Task(problem, truth, ("u",), {}, "kappa", 120, 60, 0.1, share / 2)


def lorenz() -> Task:
    """The three coefficients of Lorenz' system from a short noisy trajectory.

    In units of ten: in the usual ones the residual is large, outweighs the data, and
    training ends at coefficients that are wrong.
    """
    from scipy.integrate import solve_ivp

    def slope(_, state):
        x, y, z = state
        return [10 * (y - x), x * (28 - z) - y, x * y - 8 * z / 3]

    path = solve_ivp(
        slope, (0, 1), [1, 1, 1], method="DOP853", rtol=1e-11, dense_output=True
    ).sol
    problem = cx.Problem(
        name="lorenz-coefficients",
        domain=cx.Box(t=(0, 1)),
        residual=lambda x, y, z, sigma, rho, beta: (
            (x.t - sigma * (y - x)) / 10,
            (y.t - x * (rho - 10 * z) + y) / 10,
            (z.t - 10 * x * y + beta * z) / 10,
        ),
        conditions=(cx.Initial(("1/10", "1/10", "1/10")),),
        unknowns={"sigma": 5, "rho": 20, "beta": 1},
    )

    def truth(points):
        return dict(zip("xyz", path(points[:, 0]) / 10, strict=True))

    exact = {"sigma": 10.0, "rho": 28.0, "beta": 8 / 3}
    return Task(problem, truth, ("x", "y", "z"), exact, None, 150, 150, 0.05)


def inverse() -> list[Figure]:
    """Errors of what was found, and how often bands cover new data and the truth."""
    return [f for task in (burgers(), diffusivity(), lorenz()) for f in _figures(task)]


def _figures(task: Task, seed: int = 0) -> list[Figure]:
    began = time.monotonic()
    settings = {"training": {"smoothness": task.smoothness}}
    found = cx.ensemble(
        task.problem,
        members,
        data=task.data(seed),
        level=level,
        configuration=cx.Configuration.model_validate(settings),
        seed=seed,
        max_steps=task.steps,
    )
    details = {
        "members": members,
        "steps": task.steps,
        "noise": noise,
        "seconds": round(time.monotonic() - began, 1),
        "load": round(os.getloadavg()[0], 1),
        "unknowns": {n: list(pair) for n, pair in found.unknowns.items()},
    }
    name = task.problem.name
    coverage = found.coverage(task.data(seed + 1000))
    truth = _truth_coverage(task, found)
    return [
        Figure(
            f"{name}: relative error of what was sought",
            task.target,
            _error(task, found),
            details=details,
        ),
        Figure(
            f"{name}: share of new measurements inside the band of {level:.0%}",
            level - 0.1,
            min(coverage.values()),
            at_least=True,
            details={"by field": coverage, "true values": truth},
        ),
    ]


def _grid(task: Task) -> np.ndarray:
    domain = task.problem.domain
    ends = zip(domain.lower_floats, domain.upper_floats, strict=True)
    mesh = np.meshgrid(*[np.linspace(a, b, 41) for a, b in ends], indexing="ij")
    return np.stack([m.ravel() for m in mesh], axis=-1)


def _at(task: Task, points: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip(task.problem.domain.names, points.T, strict=True))


def _error(task: Task, found: cx.Ensemble) -> float:
    """The largest of the coefficients, or relative L² of the field."""
    if task.field is None:
        mean = {name: pair[0] for name, pair in found.unknowns.items()}
        return max(abs(mean[n] / v - 1) for n, v in task.coefficients.items())
    points = _grid(task)
    wanted = task.truth(points)[task.field]
    difference = found.mean(**_at(task, points))[task.field] - wanted
    return float(np.linalg.norm(difference) / np.linalg.norm(wanted))


def _truth_coverage(task: Task, found: cx.Ensemble) -> dict[str, float]:
    """How often the band holds the true field: measured, and promised by nothing."""
    points = _grid(task)
    exact = task.truth(points)
    data = cx.Data(_at(task, points), {f: exact[f] for f in task.measured})
    return found.coverage(data)

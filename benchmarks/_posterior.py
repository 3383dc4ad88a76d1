"""Coverage of Langevin posteriors' bands on fresh measurements."""

import math
import time

import numpy as np

import certax as cx

from ._figure import Figure

level, fresh, noise, held_out = 0.9, 4000, 0.02, 0.5
_small = cx.Configuration.model_validate(
    {"network": {"width": 10, "depth": 2}, "training": {"points": 300}}
)
times = np.linspace(0, 1, 21)


def posterior() -> list[Figure]:
    """A linear problem whose data are all there is, and Burgers' equation."""
    linear = cx.Problem(
        name="diffusion-without-conditions",
        domain=cx.Box(x=(0, 1), t=(0, 1)),
        constants={"nu": "1/10"},
        residual=lambda u, nu: u.t - nu * u.xx,
        conditions=(),
        complete=False,
    )
    rate = 0.1 * math.pi**2

    def heat(x, t):
        return np.exp(-rate * t) * np.cos(np.pi * x)

    from certax.problems import zoo_entry

    entry = zoo_entry("burgers")

    def shock(x, t):
        values = np.empty_like(x)
        for time_ in np.unique(t):
            here = t == time_
            (found,) = entry.reference.evaluate(x[here], np.array([time_]))
            values[here] = found[:, 0]
        return values

    return [
        *_figures("a linear equation", linear, heat, 1),
        *_figures("burgers", entry.problem, shock, 2),
    ]


def _figures(name, problem, truth, seed) -> list[Figure]:
    began = time.monotonic()
    found = cx.posterior(
        problem,
        data=_measured(problem, truth, 400, seed),
        level=level,
        held_out=held_out,
        configuration=_small,
        max_steps=60,
        seed=seed,
    )
    new = _measured(problem, truth, fresh, seed + 1000)
    share = found.coverage(new)["u"]
    kept = len(found.held_out)
    # Given the held-out scores the coverage is about Beta; and these are a sample.
    error = math.sqrt(level * (1 - level) * (1 / kept + 1 / fresh))
    exact = cx.Data(new.points, {"u": truth(**new.points)})
    details = {
        "seconds": round(time.monotonic() - began, 1),
        "standard error": error,
        "coverage": share,
        "true values inside": found.coverage(exact)["u"],
        "R-hat": found.r_hat,
        "effective sample size": found.effective_sample_size,
        "acceptance": found.acceptance,
        "Gaussian": found.gaussian is not None,
        "plan": None if found.plan is None else vars(found.plan),
    }
    return [
        Figure(
            f"{name}: coverage of the {level:.0%} band on fresh measurements, "
            "deviation in standard errors",
            3,
            abs(share - level) / error,
            details=details,
        ),
        Figure(f"{name}: R-hat of the posterior's chains", 1.05, found.r_hat),
    ]


def _measured(problem, truth, count: int, seed: int) -> cx.Data:
    generator = np.random.default_rng(seed)
    domain = problem.domain
    low, high = np.array(domain.lower_floats), np.array(domain.upper_floats)
    points = low + (high - low) * generator.uniform(size=(count, len(low)))
    # The reference is computed time by time.
    points[:, 1] = generator.choice(times, size=count)
    given = dict(zip(domain.names, points.T, strict=True))
    return cx.Data(given, {"u": truth(**given) + noise * generator.normal(size=count)})

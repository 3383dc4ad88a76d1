"""All optimizers on the same nets and points for the same time."""

import contextlib
import signal
from collections.abc import Iterator
from statistics import geometric_mean
from typing import Any

import numpy as np

from ._figure import Figure

problems = ("poisson", "heat", "klein-gordon", "burgers", "allen-cahn-smooth")
seconds, points, width, depth = 5.0, 1000, 20, 2


def optimizers() -> list[Figure]:
    """Relative L2 error of every optimizer over that of the default, at equal processor
    time, compilation left out; seed 0.
    """
    from certax.training import named_optimizers

    default = "levenberg-marquardt"
    rows = []
    for problem in problems:
        for optimizer in named_optimizers:
            rows.append(_row(problem, optimizer))
    errors = {(row["problem"], row["optimizer"]): row["error"] for row in rows}
    figures = []
    for optimizer in named_optimizers:
        ratios = [errors[p, optimizer] / errors[p, default] for p in problems]
        figures.append(
            Figure(
                f"{optimizer}: error over that of {default}, geometric mean of "
                f"{len(problems)} problems, {seconds:.0f} processor seconds each",
                1.0,
                geometric_mean(ratios),
                at_least=True,
                details={"rows": [r for r in rows if r["optimizer"] == optimizer]},
            )
        )
    return figures


@contextlib.contextmanager
def _interrupt_after(processor_seconds: float) -> Iterator[None]:
    """Asks training to stop; on a shared machine the wall clock would be unfair."""
    former = signal.signal(signal.SIGPROF, lambda *_: signal.raise_signal(2))
    signal.setitimer(signal.ITIMER_PROF, processor_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)


def _row(name: str, optimizer: str) -> dict[str, Any]:
    """One run of a problem of the zoo, of whole steps until the time is over."""
    import jax

    from certax._api._initial import initial_network
    from certax._api._measure import measuring_grid
    from certax._api._objective import residual_function
    from certax._api._recipes import fitted_recipe, method_of
    from certax._api._vectors import unflatten
    from certax._core._configuration import configuration_from
    from certax.problems import Solution, zoo_entry
    from certax.training import Outcome, train

    entry = zoo_entry(name)
    problem = entry.problem
    chosen = {"training": {"points": points, "optimizer": optimizer}}
    settings = configuration_from(chosen)
    net = initial_network(problem, settings.network, True, 0, (width,) * depth)
    program, vector = net.program, net.parameters
    recipe = method_of(problem, settings).recipe
    recipe = fitted_recipe(recipe, net.shapes, problem.equations, settings.training)
    residual = residual_function(problem, program, True)
    dimension = problem.domain.dimension
    grid = measuring_grid(problem, entry.reference)
    with jax.enable_x64(True):
        train(residual, vector, dimension, recipe=recipe, seed=1, max_steps=1)
        with _interrupt_after(seconds):
            result = train(
                *(residual, vector, dimension), recipe=recipe, seed=0, max_steps=10**6
            )
    solution = Solution(problem, program, unflatten(result.weights, program), {})
    assert grid.reference is not None
    found = grid.relative_l2(grid.values(solution)).values()
    return {
        "problem": name,
        "optimizer": optimizer,
        "error": float(np.max([v for v in found if v is not None])),
        "fresh_residual_rms": result.progress.fresh_residual_rms,
        "steps": result.steps,
        "converged": result.outcome is Outcome.CONVERGED,
        "weights": vector.size,
    }

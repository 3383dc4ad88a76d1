"""Which net helps which problem, at equal time."""

from typing import Any

import numpy as np

from ._figure import Figure

seconds = 15.0
choices: dict[str, dict[str, Any]] = {
    "mlp": {"kind": "mlp"},
    "mlp, factorized": {"kind": "mlp", "factorized": True},
    "modified-mlp": {"kind": "modified-mlp"},
    "residual-adaptive": {"kind": "residual-adaptive"},
    "gaussian-features": {"kind": "gaussian-features"},
    "fourier-features": {"kind": "fourier-features"},
    "sandwich": {"kind": "sandwich", "scale": 20.0},
    "lagrangian": {"kind": "lagrangian"},
}


def nets() -> list[Figure]:
    """The error of each kind of net over that of the plain one, one seed."""
    figures = []
    for problem in ("burgers", "advection with speed 80", "allen-cahn-smooth"):
        plain = None
        for name, settings in choices.items():
            found = trained(problem, settings)
            if plain is None:
                plain = found["error"]
                continue
            found["error of mlp"] = plain
            figures.append(
                Figure(
                    f"{problem} in {seconds:.0f} s: error of {name} over that of mlp",
                    1.0,
                    found["error"] / plain,
                    details=found,
                )
            )
    return figures


def trained(name: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Relative error in L2, steps and weights of one run in this process."""
    import certax as cx
    from certax._api._measure import measuring_grid
    from certax._core._compilation_cache import enable_compilation_cache

    problem, reference = _problem(name)
    configuration = cx.Configuration(network=cx.NetworkSettings(**settings))
    # What is compiled is kept: the second run is not charged for it.
    enable_compilation_cache()
    cx.solve(problem, configuration=configuration, max_steps=1)
    solution = cx.solve(problem, configuration=configuration, budget=seconds)
    grid = measuring_grid(problem, reference)
    assert grid.reference is not None
    errors = grid.relative_l2(grid.values(solution))
    return {
        "error": max(e for e in errors.values() if e is not None),
        "steps": solution.details["steps"],
        "stored weights": sum(w.size for w in solution.weights.values()),
    }


def _problem(name: str) -> tuple[Any, Any]:
    """A problem of the zoo and its reference, or the fast transport."""
    import jax.numpy as jnp

    import certax as cx
    from certax.problems import Reference, zoo_entry

    if name != "advection with speed 80":
        entry = zoo_entry(name)
        return entry.problem, entry.reference
    problem = cx.Problem(
        name="advection-80",
        domain=cx.Box(x=(0, "2*pi"), t=(0, 1)),
        residual=lambda u: u.t + 80 * u.x,
        conditions=(cx.Initial(lambda x: jnp.sin(x)), cx.Periodic("x")),
    )

    def evaluate(x: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, ...]:
        return (np.sin(np.subtract.outer(x, 80 * t)),)

    return problem, Reference("advection-80", "closed form", 1e-13, evaluate)

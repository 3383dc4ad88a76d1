"""`python -m benchmarks NAME [--json] [--record]`."""

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from . import (
    _adam,
    _checker,
    _clipping,
    _deepxde_comparison,
    _engine,
    _high_dimension,
    _inverse,
    _moments,
    _nets,
    _optimizers,
    _partial_crown,
    _poisson_10d,
    _posterior,
    _provable,
    _recipes,
    _relaxation,
    _scaling,
    _solving,
    _training_papers,
    _villani,
    _zoo,
    soundness,
)
from ._accuracy import accuracy
from ._figure import Figure

Benchmark = Callable[[], list[Figure]]
benchmarks: dict[str, Benchmark] = {
    "start": _solving.start,
    "adam": _adam.adam,
    "deepxde": _deepxde_comparison.deepxde,
    "compiling": _engine.compiling,
    "glorot": _engine.glorot,
    "checker": _checker.checker,
    "scaling": _scaling.scaling,
    "burgers": _solving.burgers,
    "burgers-integral": _solving.burgers_integral,
    "logistic": partial(_solving.accuracy, "logistic", 60, 1e-8, 1e-6),
    "pendulum": partial(_solving.accuracy, "pendulum", 60, 1e-8, 1e-6),
    "heat": partial(_solving.accuracy, "heat", 60, 2e-7, 1e-5),
    "poisson": partial(_solving.accuracy, "poisson", 60, 5e-8, 1e-5),
    "poisson-barrier": _solving.poisson_barrier,
    "poisson-1d": partial(_solving.accuracy, "poisson-1d", 60, 5e-8, 1e-5),
    "poisson-3d": partial(_solving.accuracy, "poisson-3d", 60, 5e-8, 1e-5),
    "poisson-10d": _poisson_10d.poisson_10d,
    "high-dimension": _high_dimension.high_dimension,
    "partial-crown": _partial_crown.partial_crown,
    "relaxation": _relaxation.relaxation,
    "advection": partial(_solving.accuracy, "advection", 60, 3e-6, 5e-5),
    "allen-cahn": partial(_solving.accuracy, "allen-cahn", 180, 1e-3, 0),
    "optimizers": _optimizers.optimizers,
    "optimizer-overhead": _provable.optimizer_overhead,
    "langevin": _provable.langevin,
    "lmc-moments": _moments.lmc_moments,
    "posterior": _posterior.posterior,
    "clipping": _clipping.clipping,
    "neuro-tron": _training_papers.neuro_tron,
    "rates": _training_papers.rates,
    "inverse": _inverse.inverse,
    "recipes": _recipes.recipes,
    "villani": _villani.villani,
    "soundness": soundness.soundness,
    "nets": _nets.nets,
    **accuracy,
    "zoo": _zoo.zoo,
    "netbounds": _solving.netbounds,
    "allen-cahn-smooth": partial(_solving.accuracy, "allen-cahn-smooth", 180, 1e-3, 1),
}


def _plain(value: Any) -> Any:
    """NumPy's numbers and arrays as Python's."""
    return value.tolist()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("name", nargs="*", choices=[[], *benchmarks])
    parser.add_argument("--json", action="store_true", help="one object a line")
    parser.add_argument("--record", action="store_true", help="write the results file")
    arguments = parser.parse_args()
    if not arguments.name:
        print("\n".join(benchmarks))
    for name in arguments.name:
        figures = [f.as_json() for f in benchmarks[name]()]
        for figure in figures:
            line = {k: v for k, v in figure.items() if k != "details"}
            chosen = figure if arguments.json else line
            print(json.dumps(chosen, default=_plain), flush=True)
        if arguments.record:
            path = Path(__file__).parent / "results" / f"{name}.json"
            path.parent.mkdir(exist_ok=True)
            text = json.dumps(figures, indent=1, default=_plain)
            path.write_text(text + "\n")


if __name__ == "__main__":
    main()

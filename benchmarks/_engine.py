"""The enclosures alone: how long they compile, and how fast they get tight."""

import subprocess
import sys
import time
from statistics import median

import numpy as np

from ._figure import Figure

# A process of its own for each, with nothing compiled before.
_compiling = """
import sys, time
import jax
jax.config.update("jax_enable_compilation_cache", False)
from benchmarks._engine import first_enclosure
print(first_enclosure(sys.argv[1], *map(int, sys.argv[2:])))
"""
_zoo_degrees = {1: 9, 2: 5, 3: 3, 4: 2, 5: 2}


def first_enclosure(name: str, degree: int, width: int, depth: int) -> float:
    """Seconds from a random net to the first enclosure of its residual."""
    from certax._api._initial import initial_network
    from certax._api._vectors import unflatten
    from certax._core import NetworkSettings
    from certax.bounds import Refinement, refine
    from certax.certificates._quantities import residual_quantity
    from certax.problems import zoo_entry

    problem = zoo_entry(name).problem
    settings = NetworkSettings(width=width, depth=depth)
    net = initial_network(problem, settings, True, 0, (width,))
    network, weights = net.program, unflatten(net.parameters, net.program)
    quantity = residual_quantity(problem, network, weights)
    cuts = (1,) * quantity.dimension
    began = time.perf_counter()
    refine(quantity, Refinement("supremum", 1e9, degree, cuts))
    return time.perf_counter() - began


def _fresh(name: str, degree: int, width: int, depth: int) -> float:
    arguments = [str(a) for a in (name, degree, width, depth)]
    done = subprocess.run(
        [sys.executable, "-c", _compiling, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def compiling() -> list[Figure]:
    """Compilation for nine layers of 20, and for every problem of the zoo."""
    from certax.problems import zoo

    figures = []
    for degree, target in ((2, 5.0), (3, 10.0)):
        runs = [_fresh("burgers", degree, 20, 9) for _ in range(3)]
        figures.append(
            Figure(
                "compilation, nine layers of 20, two coordinates, second "
                f"derivatives, degree {degree}, seconds",
                target,
                median(runs),
                details={"runs": runs},
            )
        )
    each = {
        name: _fresh(name, _zoo_degrees[entry.problem.domain.dimension], 20, 3)
        for name, entry in zoo().items()
    }
    figures.append(
        Figure(
            "compilation, slowest problem of the zoo, 3 layers of 20, seconds",
            30.0,
            max(each.values()),
            details={"problems": each},
        )
    )
    return figures


def glorot() -> list[Figure]:
    """Random Glorot nets and the Burgers residual: the supremum within a tenth."""
    figures = []
    for width, depth, degree, target in ((32, 3, 2, 0.2), (20, 8, 3, 1.5)):
        found = [_glorot(width, depth, degree, seed) for seed in (0, 1, 2)]
        figures.append(
            Figure(
                f"random Glorot net {depth}x{width}: bound within 1.1 of the sampled "
                "supremum of |r|, seconds",
                target,
                median(seconds for seconds, _, _ in found),
                details={
                    "runs": [seconds for seconds, _, _ in found],
                    "ratios": [ratio for _, ratio, _ in found],
                    "leaves": [leaves for _, _, leaves in found],
                    "degree": degree,
                },
            )
        )
    return figures


def _glorot(width: int, depth: int, degree: int, seed: int) -> tuple[float, float, int]:
    """Seconds once compiled, the bound over the sampled supremum, and the leaves."""
    from certax._api._initial import initial_network
    from certax._api._vectors import unflatten
    from certax._core import NetworkSettings
    from certax.bounds import Refinement, refine
    from certax.certificates._quantities import residual_quantity
    from certax.problems import Solution, zoo_entry

    problem = zoo_entry("burgers").problem
    settings = NetworkSettings(width=width, depth=depth)
    net = initial_network(problem, settings, False, seed, (width,))
    network, weights = net.program, unflatten(net.parameters, net.program)
    generator = np.random.default_rng(seed)
    for name, w in weights.items():
        if w.ndim == 2:
            limit = np.sqrt(6.0 / sum(w.shape))
            weights[name] = generator.uniform(-limit, limit, w.shape)
        else:
            weights[name] = np.zeros_like(w)
    solution = Solution(problem, network, weights, {})
    points = generator.uniform([-1, 0], [1, 1], (2**18, 2))
    sampled = float(np.abs(solution.residual(points)).max())
    quantity = residual_quantity(problem, network, weights)
    refinement = Refinement("supremum", 0.0, degree, (3, 3), target=1.1 * sampled)
    refine(quantity, Refinement("supremum", 1e9, degree, (1, 1)))
    began = time.perf_counter()
    enclosed = refine(quantity, refinement)
    seconds = time.perf_counter() - began
    bound = float(enclosed.bounds.supremum.max())
    if not enclosed.reached:
        raise RuntimeError(f"the target was not reached: {bound / sampled}")
    return seconds, bound / sampled, len(enclosed.leaves)

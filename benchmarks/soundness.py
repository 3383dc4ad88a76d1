"""The soundness campaign: enclosures against the truth, a million times.

Random Taylor models, kinks, jets, functions at the edges of their domains, programs
with derivatives up to order four, intervals of JAX functions over boxes of every size,
and residuals of the zoo, as compiled functions, compared with exact rational numbers
and Arb. Every claim |f(ξ) - p(ξ)| <= radius is asked at places where the enclosed
functions lie at the edges of their enclosures. One violation is a bug of the highest
kind; `tests/bounds/test_soundness.py` runs a short campaign with every test run.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator

import flint
import jax
import numpy as np

from ._exact import exact_models as exact
from ._figure import Figure
from ._sound_models import edges, functions, kinks, matrices, ring
from ._sound_programs import programs, residuals, transformed

Group = Callable[[exact.Score, np.random.Generator], Iterator[None]]
shares: dict[str, tuple[Group, float]] = {
    "ring": (ring, 0.45),
    "matrices": (matrices, 0.1),
    "kinks": (kinks, 0.1),
    "functions": (functions, 0.15),
    "edges": (edges, 0.06),
    "programs": (programs, 0.07),
    "transformed": (transformed, 0.03),
    "residuals": (residuals, 0.04),
}


def campaign(count: int, seed: int) -> dict[str, dict]:
    """At least `count` comparisons, shared among the groups; what each group found."""
    found = {}
    for number, (name, (group, share)) in enumerate(shares.items()):
        rng, score = np.random.default_rng([seed, number]), exact.Score()
        started = time.process_time()
        before = flint.ctx.prec, flint.ctx.cap
        with jax.enable_x64(True):
            flint.ctx.prec = 300
            for _ in group(score, rng):
                flint.ctx.prec = 300
                if score.comparisons >= share * count:
                    break
        flint.ctx.prec, flint.ctx.cap = before
        found[name] = {
            "comparisons": score.comparisons,
            "undecided": score.undecided,
            "violations": len(score.violations),
            "first_violations": score.violations[:3],
            "closest": score.closest,
            "cpu_seconds": round(time.process_time() - started, 1),
        }
        print(name, json.dumps(found[name]), file=sys.stderr, flush=True)
    return found


def soundness(count: int = 1_000_000, seed: int = 0) -> list[Figure]:
    """How many comparisons were made, and how many failed."""
    groups = campaign(count, seed)
    total = lambda key: float(sum(group[key] for group in groups.values()))
    versions = {"jax": jax.__version__, "python-flint": flint.__version__}
    details = {"seed": seed, "versions": versions, "groups": groups}
    return [
        Figure(
            "soundness: comparisons with exact numbers and Arb",
            count,
            total("comparisons"),
            at_least=True,
            details=details,
        ),
        Figure("soundness: violations", 0, total("violations")),
        Figure(
            "soundness: comparisons that Arb left undecided",
            0.01 * count,
            total("undecided"),
        ),
    ]

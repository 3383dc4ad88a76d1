"""`python -m benchmarks.soundness COUNT [--record]`: enclosures against the truth.

Random Taylor models, jets, differentiated programs and residuals of the zoo, all as
compiled functions, compared with exact rational numbers and Arb. Every claim
|f(ξ) - p(ξ)| <= radius is asked at places where the enclosed functions lie at the edges
of their enclosures. One violation is an error, and the process ends with status one.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import flint
import jax
import jax.numpy as jnp
import numpy as np
from flint import fmpq

from certax.bounds import _jets, _taylor_models as tm
from certax.bounds._jets import Jet, JetSpace, closed_downwards
from certax.bounds._taylor_models import Space, TaylorModel

from ._figure import machine

_root = Path(__file__).parents[1]
sys.path[:0] = [str(_root / "tests"), str(_root / "tests" / "bounds")]

import exact_models as exact  # noqa: E402
import test_jets  # noqa: E402
import test_leaves  # noqa: E402
from helpers import ansatz_of, solution_of  # noqa: E402

from certax.problems import names, zoo  # noqa: E402

Group = Callable[[exact.Score, np.random.Generator], Iterator[None]]
_positive = ("log", "sqrt", "reciprocal")


def _full(a: TaylorModel, shape: tuple[int, ...]) -> TaylorModel:
    """With every coefficient present: one compiled function serves all models."""
    coefficients = tuple(
        jnp.broadcast_to(0.0 if c is None else c, shape) for c in a.coefficients
    )
    radius = tm.tiny if a.radius is None else a.radius
    return TaylorModel(coefficients, jnp.broadcast_to(radius, shape))


def ring(score: exact.Score, rng: np.random.Generator) -> Iterator[None]:
    """Sums, differences, products, squares and linear combinations."""
    shape = (200,)
    operations: list[tuple[str, Callable, Callable]] = [
        ("sum", lambda a, b, s: tm.add(a, b), lambda x, y: x + y),
        ("difference", lambda a, b, s: tm.add(a, b, -1.0), lambda x, y: x - y),
        ("product", tm.multiply, lambda x, y: x * y),
        (
            "x^2 + 2xy",
            lambda a, b, s: tm.product_sum([(a, a), (a, b), (b, a)], s),
            lambda x, y: x * x + 2 * x * y,
        ),
    ]
    compiled = [
        (name, space, jax.jit(lambda a, b, f=f, s=space: f(a, b, s)), truth)
        for space in (Space(1, 5), Space(2, 3), Space(3, 2))
        for name, f, truth in operations
    ]
    while True:
        for name, space, f, truth in compiled:
            first, second = (str(k) for k in rng.choice(exact.kinds, 2))
            a = _full(exact.random_model(rng, space, shape, first), shape)
            b = _full(exact.random_model(rng, space, shape, second), shape)
            what, result = f"{name} of {first}, {second}", f(a, b)
            exact.compare_pointwise(
                score, rng, what, [a, b], result, truth, space, shape, 3
            )
            yield


def matrices(score: exact.Score, rng: np.random.Generator) -> Iterator[None]:
    """Matrices times vectors that lie at the worst edges of their enclosures."""
    space, boxes = Space(2, 2), 16
    run = jax.jit(tm.matvec)
    while True:
        rows, columns = 4, int(rng.choice([1, 3, 20]))
        kind = str(rng.choice(exact.kinds))
        weight = exact.random_magnitudes(rng, (rows, columns), kind)
        shape = (columns, boxes)
        a = _full(exact.random_model(rng, space, shape, "ordinary"), shape)
        result = run(jnp.asarray(weight), a)
        given = exact.Reader(a, space, shape)
        found = exact.Reader(result, space, (rows, boxes))
        for box in range(boxes):
            (point,) = exact.random_points(rng, 2, 1)
            for row in range(rows):
                total = fmpq(0)
                for j, w in enumerate(exact.rational(w) for w in weight[row]):
                    sign = 1.0 if w >= 0 else -1.0
                    total += w * given.member(j * boxes + box, point, sign)
                entry = row * boxes + box
                if found.finite[entry]:
                    away = total - found.polynomial(entry, point)
                    score.compare(away, found.radius(entry), f"row of {kind}")
        yield


def functions(score: exact.Score, rng: np.random.Generator) -> Iterator[None]:
    """Elementary functions of jets whose entries are chosen independently."""
    shape = (64,)
    space = Space(2, 3)
    jets = JetSpace(space, closed_downwards({(2, 0), (0, 1)}))
    compiled = {
        name: jax.jit(lambda a, n=name: _jets.compose(n, a, jets))
        for name in exact.functions
    }
    while True:
        for name, f in compiled.items():
            low, high = (0.5, 9.0) if name in _positive else (-8.0, 8.0)
            width = 10.0 ** rng.uniform(-14, 0) if rng.random() < 0.9 else 0.0
            argument: Jet = {}
            for order in jets.orders:
                model = _full(exact.random_model(rng, space, shape, "ordinary"), shape)
                if not any(order):
                    scaled = [c * width for c in model.coefficients[1:]]
                    center = jnp.asarray(rng.uniform(low, high, shape))
                    reach = jnp.asarray(10.0 ** rng.uniform(-17, -1, shape)) * width
                    model = TaylorModel((center, *scaled), jnp.maximum(reach, tm.tiny))
                argument[order] = model
            result = f(argument)
            _compare(score, rng, f"{name}, {width}", argument, result, name, jets)
            yield


def _compare(score, rng, what, argument, result, name, jets) -> None:
    size = argument[jets.zero].coefficients[0].shape
    given = {o: exact.Reader(m, jets.space, size) for o, m in argument.items()}
    found = {o: exact.Reader(m, jets.space, size) for o, m in result.items()}
    for entry in range(size[0]):
        if not all(r.finite[entry] for r in found.values()):
            continue
        for point in exact.random_points(rng, jets.space.dimension, 2):
            members = {
                o: exact.ball(r.member(entry, point, exact.random_sign(rng)))
                for o, r in given.items()
            }
            truth = exact.jet_function(name, members, jets.orders)
            for order, value in truth.items():
                claimed = exact.ball(found[order].polynomial(entry, point))
                radius = exact.ball(found[order].radius(entry))
                score.compare(value - claimed, radius, f"{what}, order {order}")


def programs(score: exact.Score, rng: np.random.Generator) -> Iterator[None]:
    """Derivatives of random nets on boxes of every size."""
    cases = ((1, 3, 4), (2, 2, 2), (2, 3, 2), (3, 1, 2))
    coordinates = test_jets.names
    while True:
        dimension, degree, highest = cases[int(rng.integers(len(cases)))]
        orders = tuple(exact.derivative_sets(dimension, highest))
        jets = JetSpace(Space(dimension, degree), orders)
        kinds = [str(k) for k in rng.choice(exact.layers, int(rng.integers(1, 4)))]
        program, weights = exact.random_program(
            rng, coordinates[:dimension], kinds, scale=float(rng.choice([0.3, 1.0]))
        )
        count = 160
        centers = rng.uniform(0, 1, (count, dimension))
        sizes = 2.0 ** -rng.integers(2, 31, (count, 1)) * (rng.random((count, 1)) < 0.9)
        halves = sizes * np.ones((1, dimension))
        run = jax.jit(lambda *a: test_jets.enclosed(program, *a, jets))
        jet = run({n: jnp.asarray(w) for n, w in weights.items()}, centers, halves)
        readers = {o: exact.Reader(m, jets.space, (count,)) for o, m in jet.items()}
        for box in range(count):
            for point in exact.random_points(rng, dimension, 2):
                truth = test_jets.differentiated(
                    program, weights, centers[box], halves[box], point, jets
                )
                for order, reader in readers.items():
                    if reader.finite[box]:
                        claimed = exact.ball(reader.polynomial(box, point))
                        radius = exact.ball(reader.radius(box))
                        where = f"{kinds}, order {order}, half {halves[box, 0]}"
                        score.compare(truth[order] - claimed, radius, where)
        yield


def residuals(score: exact.Score, rng: np.random.Generator) -> Iterator[None]:
    """The problems of the zoo with random nets of one shape."""
    entries = {name: zoo()[name].problem for name in names}
    while True:
        for problem in entries.values():
            net = ansatz_of(problem, int(rng.integers(2**31)), width=4, depth=2)
            solution = solution_of(problem, net)
            exponents = [int(e) for e in rng.integers(2, 31, 15)] + [None]
            test_leaves.compare_residuals(
                score,
                rng,
                problem,
                solution.network,
                solution.weights,
                2,
                exponents,
                boxes=2,
                points=8,
            )
            yield


shares: dict[str, tuple[Group, float]] = {
    "ring": (ring, 0.52),
    "matrices": (matrices, 0.1),
    "functions": (functions, 0.3),
    "programs": (programs, 0.05),
    "residuals": (residuals, 0.03),
}


def campaign(count: int, seed: int) -> dict:
    """At least `count` comparisons, shared among the groups."""
    found = {}
    for number, (name, (group, share)) in enumerate(shares.items()):
        rng, score = np.random.default_rng([seed, number]), exact.Score()
        started = time.process_time()
        before, flint.ctx.prec = flint.ctx.prec, 300
        with jax.enable_x64(True):
            for _ in group(score, rng):
                flint.ctx.prec = 300
                if score.comparisons >= share * count:
                    break
        flint.ctx.prec = before
        found[name] = {
            "comparisons": score.comparisons,
            "undecided": score.undecided,
            "violations": len(score.violations),
            "first_violations": score.violations[:3],
            "closest": score.closest,
            "cpu_seconds": round(time.process_time() - started, 1),
        }
        print(name, json.dumps(found[name]), flush=True)
    return {
        "seed": seed,
        "comparisons": sum(g["comparisons"] for g in found.values()),
        "undecided": sum(g["undecided"] for g in found.values()),
        "violations": sum(g["violations"] for g in found.values()),
        "groups": found,
        "versions": {"jax": jax.__version__, "python-flint": flint.__version__},
        "machine": machine(),
        "date": datetime.now(UTC).date().isoformat(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soundness")
    parser.add_argument("count", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--record", action="store_true", help="write the results file")
    arguments = parser.parse_args()
    result = campaign(arguments.count, arguments.seed)
    if arguments.record:
        path = Path(__file__).parent / "results" / "soundness.json"
        path.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps({k: v for k, v in result.items() if k != "groups"}))
    sys.exit(1 if result["violations"] else 0)


if __name__ == "__main__":
    main()

"""Groups of the soundness campaign: JAX functions, programs, residuals of the zoo."""

from collections.abc import Callable, Iterator

import flint
import jax
import jax.numpy as jnp
import numpy as np
from flint import arb

from certax.bounds import Interval, enclose
from certax.bounds._jets import JetSpace
from certax.bounds._taylor_models import Space
from certax.problems import names, zoo

from ._exact import (
    ansatz_of,
    exact_jets,
    exact_models as exact,
    solution_of,
    test_jets,
    test_leaves,
)
from ._sound_models import edge

_transformed: dict[str, tuple[Callable, Callable]] = {
    "tanh": (jnp.tanh, lambda x: 1 - 2 / (1 + (2 * x).exp())),
    "swish": (jax.nn.swish, lambda x: x / (1 + (-x).exp())),
    "gelu": (
        lambda x: jax.nn.gelu(x, approximate=False),
        lambda x: x * (1 + (x / arb(2).sqrt()).erf()) / 2,
    ),
    "gaussian": (lambda x: jnp.exp(-(x**2)), lambda x: (-x * x).exp()),
    "wave": (lambda x: jnp.sin(7 * x) * x, lambda x: (7 * x).sin() * x),
    "rational": (lambda x: x / (1 + x**2), lambda x: x / (1 + x * x)),
    "power": (lambda x: (2 + x**2) ** 1.5, lambda x: (2 + x * x) * (2 + x * x).sqrt()),
    "absolute value": (jnp.abs, lambda x: abs(x)),
    "leaky relu": (jax.nn.leaky_relu, lambda x: x if x > 0 else arb(0.01) * x),
}


def transformed(score: exact.Score, rng: np.random.Generator) -> Iterator[None]:
    """`enclose` on degenerate, tiny, huge and adversarial boxes."""
    count = 64
    compiled = [
        (f"{name}, order {n}", jax.jit(jax.vmap(enclose(f, derivative=(n,)))), truth, n)
        for name, (f, truth) in _transformed.items()
        for n in (
            (0, 4) if "lu" not in name[-3:] + name[:8] or name == "gelu" else (0,)
        )
    ]
    while True:
        for name, run, truth, order in compiled:
            low = edge(rng, (count,))
            width = np.abs(low) * 10.0 ** rng.uniform(-17, 1, count)
            high = low + np.where(rng.random(count) < 0.2, 0.0, width)
            bounds = run(Interval(low[:, None], high[:, None]))
            bottom, top = (np.ravel(np.asarray(e)) for e in bounds)
            flint.ctx.prec, flint.ctx.cap = 3000, 5
            for box in np.flatnonzero(np.isfinite(bottom) & np.isfinite(top)):
                for share in (0.0, 1.0, rng.random()):
                    x = min(low[box] + share * (high[box] - low[box]), high[box])
                    x = max(x, low[box])
                    if order:
                        value = truth(flint.arb_series([arb(x), 1]))[order] * 24
                    else:
                        value = truth(arb(x))
                    ends_ = [
                        exact.ball(exact.rational(e)) for e in (bottom[box], top[box])
                    ]
                    middle = (ends_[0] + ends_[1]) / 2
                    score.compare(value - middle, (ends_[1] - ends_[0]) / 2, name)
            yield


def programs(score: exact.Score, rng: np.random.Generator) -> Iterator[None]:
    """Derivatives of random nets on boxes of every size."""
    cases = ((1, 3, 4), (2, 2, 2), (2, 3, 2), (3, 1, 2), (2, 1, 4))
    coordinates = test_jets.names
    while True:
        dimension, degree, highest = cases[int(rng.integers(len(cases)))]
        orders = tuple(exact_jets.derivative_sets(dimension, highest))
        jets = JetSpace(Space(dimension, degree), orders)
        kinds = [str(k) for k in rng.choice(exact_jets.layers, int(rng.integers(1, 4)))]
        program, weights = exact_jets.random_program(
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

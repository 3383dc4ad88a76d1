"""Taylor models against exact arithmetic: random models, and adversarial values of the
functions that they enclose.

A model claims |f(ξ) - p(ξ)| <= radius for *every* f; so the tests let f take any value
between the ends of its enclosure and ask whether the result of an operation, in exact
rational numbers or Arb balls, lies in the enclosure that was computed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import jax.numpy as jnp
import numpy as np
from flint import arb, fmpq

from certax.bounds import _taylor_models as tm
from certax.bounds._taylor_models import Space, TaylorModel

Point = tuple[fmpq, ...]
MultiIndex = tuple[int, ...]
kinds = ("ordinary", "integers", "constant", "wide", "subnormal", "huge", "small")


@dataclass
class Score:
    """How many comparisons were made, and which failed or could not be decided.

    `closest` is the largest |difference| / radius met: the claims are not idle.
    """

    comparisons: int = 0
    undecided: int = 0
    closest: float = 0.0
    violations: list[str] = field(default_factory=list)

    def compare(self, difference: fmpq | arb, radius: fmpq | arb, where: str) -> None:
        """One claim |difference| <= radius."""
        self.comparisons += 1
        size = abs(difference)
        if size <= radius:
            if radius > 0:
                self.closest = max(self.closest, float(arb(size) / arb(radius)))
            return
        if isinstance(size, fmpq) or size > radius:
            self.violations.append(f"{where}: |{difference}| > {radius}")
        else:
            self.undecided += 1

    def check(self, at_least: int = 1) -> None:
        assert not self.violations, self.violations[:3]
        assert self.comparisons >= at_least
        assert self.undecided <= 0.01 * self.comparisons


def rational(number: float) -> fmpq:
    return fmpq(*float(number).as_integer_ratio())


def ball(number: fmpq) -> arb:
    return arb(number)


def random_points(rng: np.random.Generator, dimension: int, count: int) -> list[Point]:
    """Corners, the center and random places of [-1, 1]^d."""
    found = []
    for _ in range(count):
        mode = rng.integers(4)
        entries = (
            rng.choice([-1.0, 1.0], dimension)
            if mode < 2
            else (
                rng.integers(-64, 65, dimension) / 64.0
                if mode == 2
                else rng.uniform(-1, 1, dimension)
            )
        )
        found.append(tuple(rational(e) for e in entries))
    return found


def random_magnitudes(rng: np.random.Generator, shape, kind: str) -> np.ndarray:
    signs = rng.choice([-1.0, 1.0], shape)
    match kind:
        case "ordinary" | "constant":
            return rng.normal(size=shape)
        case "integers":
            return rng.integers(-9, 10, shape).astype(float)
        case "wide":
            return signs * 10.0 ** rng.uniform(-320, 150, shape)
        case "subnormal":
            return signs * rng.integers(0, 1000, shape) * 2.0**-1074
        case "huge":
            return signs * 10.0 ** rng.uniform(100, 150, shape)
        case "small":
            return signs * 10.0 ** rng.uniform(-250, -30, shape)
    raise ValueError(kind)


def random_model(
    rng: np.random.Generator, space: Space, shape: tuple[int, ...], kind: str
) -> TaylorModel:
    """A model with arrays of the given shape; some coefficients are known to vanish."""
    coefficients: list = []
    decay = 2.0 ** -rng.integers(0, 12)
    for m in space.monomials:
        skip = rng.random() < 0.2 or (kind == "constant" and sum(m) > 0)
        values = random_magnitudes(rng, shape, kind) * decay ** sum(m)
        values = np.where(rng.random(shape) < 0.1, 0.0, values)
        coefficients.append(None if skip and any(m) else jnp.asarray(values))
    size = sum((np.abs(c) for c in coefficients if c is not None), np.zeros(shape))
    relative = 10.0 ** rng.uniform(-17, 0, shape)
    radius = np.where(rng.random(shape) < 0.2, 0.0, np.minimum(size, 1e200) * relative)
    exact = kind in ("integers", "constant") or rng.random() < 0.2
    return TaylorModel(
        tuple(coefficients), None if exact else jnp.asarray(np.maximum(radius, tm.tiny))
    )


class Reader:
    """A model's numbers as exact rationals, entry by entry."""

    def __init__(self, model: TaylorModel, space: Space, shape: tuple[int, ...]):
        self.space = space
        arrays = [*model.coefficients, model.radius]
        flat = [
            np.zeros(shape) if a is None else np.broadcast_to(np.asarray(a), shape)
            for a in arrays
        ]
        self.table = np.stack(flat, -1).reshape(-1, len(arrays))
        self.finite = np.isfinite(self.table).all(axis=1)

    def __len__(self) -> int:
        return len(self.table)

    def radius(self, entry: int) -> fmpq:
        return rational(self.table[entry, -1])

    def polynomial(self, entry: int, point: Point) -> fmpq:
        total = fmpq(0)
        row = self.table[entry].tolist()
        for c, m in zip(row[:-1], self.space.monomials, strict=True):
            if c:
                term = rational(c)
                for x, n in zip(point, m, strict=True):
                    term *= x**n
                total += term
        return total

    def member(self, entry: int, point: Point, sign: float) -> fmpq:
        """The value of a function in the enclosure; at its edge for sign ±1."""
        return self.polynomial(entry, point) + rational(sign) * self.radius(entry)


def random_sign(rng: np.random.Generator) -> float:
    return float(rng.choice([-1.0, 1.0, 1.0, -1.0, 0.0, rng.uniform(-1, 1)]))


def compare_pointwise(
    score: Score,
    rng: np.random.Generator,
    what: str,
    arguments: Sequence[TaylorModel],
    result: TaylorModel,
    truth: Callable[..., fmpq | arb],
    space: Space,
    shape: tuple[int, ...],
    points: int = 3,
) -> None:
    """Whether an elementwise operation encloses the exact one on members."""
    readers = [Reader(a, space, shape) for a in arguments]
    found = Reader(result, space, shape)
    for entry in range(len(found)):
        if not found.finite[entry] or not all(r.finite[entry] for r in readers):
            continue
        for point in random_points(rng, space.dimension, points):
            members = [r.member(entry, point, random_sign(rng)) for r in readers]
            exact = truth(*members)
            claimed = found.polynomial(entry, point)
            if isinstance(exact, arb):
                claimed = ball(claimed)
            score.compare(exact - claimed, found.radius(entry), f"{what} at {point}")

"""Backward linear relaxation: every value of a program between affine functions of its
coordinates, on many boxes at once (CROWN [zhang2018efficient]).

What is to be bounded from below is Λ v. Going backward through the operations Λ is
moved from a value to its arguments; where a function bends, its line below stands for
it where Λ is positive, and its line above where Λ is negative. Every rounding of a
coefficient is paid for with the size of the value that it multiplies
(`docs/theory/linear-relaxation.md`).
"""

from collections.abc import Mapping
from copy import copy
from typing import Any, NamedTuple

from ._backward_pass import BackwardPass
from ._line_functions import AbstractArithmetic, tiny, u
from ._linear_programs import LinearProgram, slope_mark
from ._lines import (
    Choice,
    Lines,
    lines,
    one_variable,
    slope_range,
    value_range,
)


class Boxes(NamedTuple):
    """What a program is relaxed on.

    **Attributes:**

    - `low`, `high`: the ends of the coordinates, shape `(boxes, coordinates)`.
    - `cuts`: for some of the program's `nonlinear` values the ends, shape
      `(boxes, n)`, that they are restricted to.
    - `choices`: slopes by the number of the value that bends, shapes `(boxes, n)`.
    """

    low: Any
    high: Any
    cuts: Mapping[int, tuple[Any, Any]] = {}
    choices: Mapping[int, Choice] = {}


class Balls(NamedTuple):
    """Numbers and what they are from the exact ones at most."""

    middle: Any
    radius: Any


class Relaxation:
    """The relaxation of a program on boxes.

    **Attributes:**

    - `low`, `high`: ends of all values, `(boxes, n)`.
    - `defined`: where all operations are, `(boxes,)`.
    - `empty`: where no point meets the cuts, `(boxes,)`.
    """

    def __init__(
        self,
        program: LinearProgram,
        known: Mapping[str, Balls],
        boxes: Boxes,
        arithmetic: AbstractArithmetic,
        refined: bool = True,
    ):
        self.program, self.boxes, self.a = program, boxes, arithmetic
        self.xp = arithmetic.xp
        count = len(boxes.low)
        self.defined = self.xp.ones(count, bool)
        self.empty = self.xp.zeros(count, bool)
        self.low: list[Any] = []
        self.high: list[Any] = []
        self.shares: dict[int, Any] = {}
        self.matrices: dict[int, Any] = {}
        self.lines: dict[int, Lines] = {}
        self.planes: dict[int, Any] = {}
        self.loss = _loss(program)
        axis = 0
        for i, item in enumerate(program.inputs):
            if item.kind == "coordinate":
                low, high = (e[:, axis : axis + 1] for e in (boxes.low, boxes.high))
                axis += 1
            elif len(item.shape) == 2:
                self.matrices[i] = known[item.name].middle
                low = high = self.xp.zeros((1, 1))
            else:
                middle, radius = (self.xp.reshape(e, (1, -1)) for e in known[item.name])
                low, high = middle - radius, middle + radius
                away = (2.0 * u * self.xp.abs(middle) + tiny) * (radius > 0.0)
                low, high = low - away, high + away
            self.low.append(low)
            self.high.append(high)
        wanted = set(program.nonlinear) if refined else set()
        for number in range(len(program.inputs), program.count):
            self._operate(number)
            if number in wanted:
                self._refine(number)

    @classmethod
    def restored(
        cls,
        program: LinearProgram,
        low: list[Any],
        high: list[Any],
        matrices: dict[int, Any],
        rest: dict[int, Lines],
        planes: dict[int, Any],
    ) -> "Relaxation":
        """What backward passes need, as it was found before."""
        made = cls.__new__(cls)
        made.program, made.low, made.high = program, low, high
        made.matrices, made.lines, made.planes = matrices, rest, planes
        made.loss = _loss(program)
        return made

    def with_choices(
        self, choices: Mapping[int, Choice], arithmetic: AbstractArithmetic
    ) -> "Relaxation":
        """The same ends of all values with other slopes of the lines between them."""
        made = copy(self)
        made.a, made.xp, made.lines = arithmetic, arithmetic.xp, dict(self.lines)
        first = len(self.program.inputs)
        for number, choice in choices.items():
            op, (i,), extra = self.program.ops[number - first]
            low, high = self.low[i], self.high[i]
            made.lines[number] = lines(arithmetic, op, extra or 1, low, high, choice)
        return made

    def size(self, i: int) -> Any:
        """Upper bounds of a value's absolute entries."""
        return (
            self.xp.maximum(self.xp.abs(self.low[i]), self.xp.abs(self.high[i])) + tiny
        )

    def _put(self, low: Any, high: Any) -> None:
        xp = self.xp
        low = low - (4.0 * u * xp.abs(low) + tiny)
        high = high + (4.0 * u * xp.abs(high) + tiny)
        self.low.append(xp.where(xp.isnan(low), -xp.inf, low))
        self.high.append(xp.where(xp.isnan(high), xp.inf, high))

    def _operate(self, number: int) -> None:
        """The ends of a value from those of its arguments, and its lines."""
        xp = self.xp
        op, args, extra = self.program.ops[number - len(self.program.inputs)]
        low, high = ([e[i] for i in args] for e in (self.low, self.high))
        plain = op.removeprefix(slope_mark)
        if op == "add":
            self._put(low[0] + low[1], high[0] + high[1])
        elif op == "sub":
            self._put(low[0] - high[1], high[0] - low[1])
        elif op == "neg":
            self._put(-high[0], -low[0])
        elif op == "matvec":
            matrix = self.matrices[args[0]]
            middle = 0.5 * low[1] + 0.5 * high[1]
            reach = xp.maximum(high[1] - middle, middle - low[1])
            reach = reach * (1.0 + 4.0 * u) + self.loss * xp.abs(middle) + tiny
            away = (reach @ (xp.abs(matrix) + tiny).T) * (1.0 + self.loss)
            middle = middle @ matrix.T
            self._put(middle - away, middle + away)
        elif op == "sum":
            away = self.loss * xp.sum(self.size(args[0]), axis=1, keepdims=True)
            sums = (xp.sum(e[0], axis=1, keepdims=True) for e in (low, high))
            self._put(next(sums) - away, next(sums) + away)
        elif op == "stack":
            self._put(xp.concatenate(self._alike(low), 1), self._together(high))
        elif op == "index":
            place = slice(extra, (extra or 0) + 1)
            self._put(low[0][:, place], high[0][:, place])
        elif op == "broadcast":
            ones = xp.ones((1, extra or 1))
            self._put(low[0] * ones, high[0] * ones)
        elif op == "place":
            unit = self.unit(number, extra or 0)
            self._put(low[0] * unit, high[0] * unit)
        elif op == "mul":
            self._multiply(number, args)
        elif op == plain and op in one_variable:
            found = value_range(self.a, op, extra or 1, low[0], high[0])
            self.defined = self.defined & xp.all(found[2], axis=1)
            self._put(*found[:2])
            if not self.program.known[args[0]]:
                choice = self.boxes.choices.get(number, Choice())
                self.lines[number] = lines(
                    self.a, op, extra or 1, low[0], high[0], choice
                )
        elif plain in one_variable:
            self._put(*slope_range(self.a, plain, extra or 1, low[0], high[0]))
        else:
            raise NotImplementedError(op)

    def _alike(self, parts: list[Any]) -> list[Any]:
        rows = max(len(p) for p in parts)
        return [self.xp.broadcast_to(p, (rows, p.shape[1])) for p in parts]

    def _together(self, parts: list[Any]) -> Any:
        return self.xp.concatenate(self._alike(parts), 1)

    def unit(self, number: int, place: int) -> Any:
        size = self.program.sizes[number]
        return 1.0 * (self.xp.arange(size) == place)[None, :]

    def _multiply(self, number: int, args: tuple[int, ...]) -> None:
        """Ends and planes of a product."""
        xp, (one, two) = self.xp, args
        (a, b), (c, d) = ((self.low[i], self.high[i]) for i in args)
        products = [a * c, a * d, b * c, b * d]
        low = xp.minimum(
            xp.minimum(products[0], products[1]), xp.minimum(products[2], products[3])
        )
        high = xp.maximum(
            xp.maximum(products[0], products[1]), xp.maximum(products[2], products[3])
        )
        self._put(low, high)
        known = self.program.known
        if known[one] or known[two]:
            return
        first = len(self.program.inputs)
        if one >= first and self.program.ops[one - first][0].startswith(slope_mark):
            self.lines[number] = self._cone(a, b, c, d)
            return
        # (x - a)(y - c) >= 0 and (b - x)(d - y) >= 0; the mean of both for either side.
        slack = 16.0 * u * self.size(one) * self.size(two) + tiny
        below = 0.5 * (c + d), 0.5 * (a + b), -0.5 * (a * c + b * d) - slack
        above = 0.5 * (c + d), 0.5 * (a + b), -0.5 * (a * d + b * c) + slack
        self.planes[number] = below, above

    def _cone(self, a: Any, b: Any, low: Any, high: Any) -> Lines:
        """Lines below and above y -> s y for all s in [a, b] on [low, high]: of the
        extreme functions min(a y, b y) and max(a y, b y) the chords.
        """
        xp = self.xp
        width = high - low
        made = []
        for pick in (xp.minimum, xp.maximum):
            ends = [(pick(a * y, b * y), y) for y in (low, high)]
            chord = (ends[1][0] - ends[0][0]) / xp.where(width > 0.0, width, 1.0)
            chord = xp.where(width > 0.0, chord, 0.5 * (a + b))
            # Where y has one sign the extreme function is linear.
            largest, smallest = (a, b) if pick is xp.minimum else (b, a)
            chord = xp.where(
                low >= 0.0, largest, xp.where(high <= 0.0, smallest, chord)
            )
            rest = pick(*(value - chord * y for value, y in ends))
            sizes = (xp.abs(a) + xp.abs(b) + xp.abs(chord)) * xp.maximum(-low, high)
            sign = -1.0 if pick is xp.minimum else 1.0
            made.append((chord, rest + sign * (8.0 * u * xp.abs(sizes) + tiny)))
        return Lines(*made)

    def _refine(self, number: int) -> None:
        """Ends by the backward pass, where they are better, and within the cuts."""
        xp = self.xp
        unit = xp.eye(self.program.sizes[number])
        rows = xp.concatenate([unit, -unit])[None]
        backward = BackwardPass(self, rows)
        found = backward.through(number)
        size = len(unit)
        self.shares[number] = {i: s[:, :size] for i, s in backward.shares.items()}
        low = xp.fmax(self.low[number], found[:, :size])
        high = xp.fmin(self.high[number], -found[:, size:])
        if number in self.boxes.cuts:
            least, most = self.boxes.cuts[number]
            low, high = xp.maximum(low, least), xp.minimum(high, most)
            self.empty = self.empty | xp.any(low > high, axis=1)
        self.low[number], self.high[number] = xp.minimum(low, high), high

    def below(self, number: int, rows: Any) -> Any:
        """Lower bounds of `rows` times a value.

        **Arguments:**

        - `rows`: shape `(1 or boxes, s, n)`, exact.

        **Returns:** shape `(boxes, s)`; NaN where nothing is known.
        """
        return BackwardPass(self, rows).through(number)

    def losses(self, number: int, rows: Any) -> dict[int, Any]:
        """How much the lines' distances may cost the bounds of `rows` times a value, by
        the value whose range would have to be smaller, shape `(boxes, n)`; an estimate.
        """
        backward = BackwardPass(self, rows)
        backward.through(number)
        return backward.losses


def _loss(program: LinearProgram) -> float:
    """More than what the roundings of any sum take away of its summands' sizes."""
    terms = program.count + sum(len(arguments) for _, arguments, _ in program.ops)
    widest = max(*program.sizes, *(n for i in program.inputs for n in i.shape), 1)
    return (8.0 * widest + 8.0 * terms + 64.0) * u

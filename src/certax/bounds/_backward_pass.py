"""One backward pass of a linear relaxation, from a value to the coordinates."""

from typing import TYPE_CHECKING, Any

from ._line_functions import tiny, u
from ._lines import Lines

if TYPE_CHECKING:
    from ._linear_relaxation import Relaxation


class BackwardPass:
    """One backward pass: the coefficients that are on their way, the sum so far, the
    sizes of its summands and what roundings of coefficients can have cost.
    """

    def __init__(self, relaxation: "Relaxation", rows: Any):
        self.of, self.xp = relaxation, relaxation.xp
        self.rows = rows
        zero = self.xp.zeros((1, rows.shape[1]))
        self.total, self.sizes, self.cost = zero, zero, zero
        self.moving: dict[int, Any] = {}
        # For the choice of cuts: what each coordinate, and what each bend contributes.
        self.shares: dict[int, Any] = {}
        self.losses: dict[int, Any] = {}

    def through(self, number: int) -> Any:
        self.moving[number] = self.rows
        program = self.of.program
        for i in range(number, -1, -1):
            if i not in self.moving:
                continue
            rows = self.moving.pop(i)
            if program.is_root(i):
                self._conclude(i, rows)
            else:
                self._move(i, rows)
        lost = (self.of.loss * self.sizes + self.cost) * (1.0 + self.of.loss) + tiny
        found = self.total - lost
        return found - 4.0 * u * self.xp.abs(found)

    def _conclude(self, i: int, rows: Any) -> None:
        """Adds the least of `rows` times a value that is anything between its ends."""
        xp, low, high = self.xp, self.of.low[i], self.of.high[i]
        middle = 0.5 * low + 0.5 * high
        reach = xp.maximum(high - middle, middle - low)
        self._add(_dot(rows, middle))
        away = _dot(xp.abs(rows), reach)
        if self.of.program.known[i]:
            pass
        elif i < len(self.of.program.inputs):
            self.shares[i] = away
        else:
            inner = self.of.program.ops[i - len(self.of.program.inputs)]
            self._lose(inner[1][0], rows, reach)
        self.total = self.total - away
        self.sizes = self.sizes + _dot(
            xp.abs(rows) + tiny, xp.abs(middle) + reach + tiny
        )

    def _add(self, part: Any) -> None:
        self.total = self.total + part

    def _push(self, i: int, rows: Any) -> None:
        """Adds rounded coefficients of a value."""
        self._pay(rows, 8.0 * u * self.of.size(i))
        if i in self.moving:
            rows = self.moving[i] + rows
            self._pay(rows, 8.0 * u * self.of.size(i))
        self.moving[i] = rows

    def _pay(self, rows: Any, sizes: Any) -> None:
        self.cost = self.cost + _dot(self.xp.abs(rows) + tiny, sizes + tiny)

    def _move(self, number: int, rows: Any) -> None:
        """From a value to its arguments."""
        xp, of = self.xp, self.of
        op, args, extra = of.program.ops[number - len(of.program.inputs)]
        if number in of.lines:
            bends = op != "mul"
            inner = (
                of.program.ops[args[0] - len(of.program.inputs)] if not bends else None
            )
            cause = args[0] if inner is None else inner[1][0]
            self._along_lines(args[-1], rows, of.lines[number], cause)
        elif number in of.planes:
            self._along_planes(args, rows, of.planes[number])
        elif op in ("add", "sub"):
            self._push(args[0], rows)
            self._push(args[1], rows if op == "add" else -rows)
        elif op == "neg":
            self._push(args[0], -rows)
        elif op == "matvec":
            matrix = of.matrices[args[0]]
            sizes = of.size(args[1]) @ (xp.abs(matrix) + tiny).T
            self._pay(rows, of.loss * sizes)
            self._push(args[1], rows @ matrix)
        elif op == "sum":
            self._push(args[0], rows * xp.ones(of.program.sizes[args[0]]))
        elif op == "stack":
            for place, i in enumerate(args):
                self._push(i, rows[..., place : place + 1])
        elif op == "index":
            self._push(args[0], rows * of.unit(args[0], extra or 0))
        elif op == "broadcast":
            self._pay(rows, of.loss * of.size(args[0]) * xp.ones((1, extra or 1)))
            self._push(args[0], xp.sum(rows, axis=-1, keepdims=True))
        elif op == "place":
            place = extra or 0
            self._push(args[0], rows[..., place : place + 1])
        elif op == "mul":
            fixed, other = args if of.program.known[args[0]] else args[::-1]
            middle = 0.5 * of.low[fixed] + 0.5 * of.high[fixed]
            reach = xp.maximum(of.high[fixed] - middle, middle - of.low[fixed])
            self._pay(rows, (reach * (1.0 + 4.0 * u)) * of.size(other))
            self._push(other, rows * middle[:, None, :])
        else:
            raise NotImplementedError(op)

    def _along_lines(self, argument: int, rows: Any, lines: Lines, cause: int) -> None:
        xp = self.xp
        positive, negative = xp.maximum(rows, 0.0), xp.minimum(rows, 0.0)
        (below, low), (above, high) = lines
        self._add(_dot(positive, low) + _dot(negative, high))
        sizes = _dot(positive, xp.abs(low)) - _dot(negative, xp.abs(high))
        self.sizes = self.sizes + sizes + tiny
        self._push(
            argument, positive * below[:, None, :] + negative * above[:, None, :]
        )
        ends = self.of.low[argument], self.of.high[argument]
        gaps = [(above - below) * x + (high - low) for x in ends]
        self._lose(cause, rows, 0.5 * (gaps[0] + gaps[1]))

    def _lose(self, cause: int, rows: Any, gap: Any) -> None:
        lost = self.xp.sum(self.xp.abs(rows), axis=1) * gap
        self.losses[cause] = self.losses.get(cause, 0.0) + lost

    def _along_planes(self, args: tuple[int, ...], rows: Any, planes: Any) -> None:
        xp = self.xp
        positive, negative = xp.maximum(rows, 0.0), xp.minimum(rows, 0.0)
        below, above = planes
        self._add(_dot(positive, below[2]) + _dot(negative, above[2]))
        sizes = _dot(positive, xp.abs(below[2])) - _dot(negative, xp.abs(above[2]))
        self.sizes = self.sizes + sizes + tiny
        for place, i in enumerate(args):
            moved = (
                positive * below[place][:, None, :]
                + negative * above[place][:, None, :]
            )
            self._push(i, moved)
            gap = 0.25 * (self.of.high[args[0]] - self.of.low[args[0]])
            self._lose(i, rows, gap * (self.of.high[args[1]] - self.of.low[args[1]]))


def _dot(rows: Any, vectors: Any) -> Any:
    """(b, s, n) times (b, n), either of them perhaps for one box only."""
    return (rows @ vectors[..., None])[..., 0]

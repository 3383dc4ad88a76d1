"""The backward pass through a program, and the ends of all its values."""

from collections.abc import Mapping, Sequence

import numpy as np

from ..kernel._functions import SERIES
from ..kernel._models import TINY, UNIT, Array
from ._linear import Lines, Node, Pair, cone_lines, elementwise, sizes

FUNCTIONS = (*SERIES, "max0")


class Relaxed:
    """Values of nodes on boxes, between their ends `low` and `high`.

    **Arguments:** `nodes`; `ends` of the inputs that are no matrices; `matrices`;
    `varying`, the inputs that are coordinates.
    """

    def __init__(self, nodes: Sequence[Node], ends: Mapping[int, Pair],
                 matrices: Mapping[int, Array], varying: set[int]):  # fmt: skip
        self.nodes, self.matrices = nodes, matrices
        self.varying, self.roots = set(varying), set(varying)
        self.lines: dict[int, Lines] = {}
        self.slopes: dict[int, Pair] = {}
        self.low: dict[int, Array] = {i: e[0] for i, e in ends.items()}
        self.high: dict[int, Array] = {i: e[1] for i, e in ends.items()}
        widest = max([1, *(max(m.shape) for m in matrices.values()),
                      *(e[0].shape[1] for e in ends.values()),
                      *(n.extra for n in nodes)])  # fmt: skip
        terms = sum(1 + len(n.arguments) for n in nodes)
        self.loss = (8 * widest + 8 * terms + 64) * UNIT
        self.tight: set[int] = set(ends)
        for i, node in enumerate(nodes):
            if node.name != "input":
                self._add(i, node)

    def size(self, i: int) -> Array:
        """Upper bounds of the absolute values."""
        return sizes(self.low[i], self.high[i])

    def _tighten(self, i: int) -> None:
        """The ends of a value by a backward pass, if they are better."""
        if i not in self.tight and i in self.varying and i not in self.roots:
            n = self.low[i].shape[1]
            unit = np.concatenate([np.eye(n), -np.eye(n)])[None]
            found = self.below(i, unit)
            self.low[i] = np.fmax(self.low[i], found[:, :n])
            self.high[i] = np.fmin(self.high[i], -found[:, n:])
        self.tight.add(i)

    def _add(self, i: int, node: Node) -> None:
        name, args = node.name, node.arguments
        if any(a in self.varying for a in args):
            self.varying.add(i)
        if name in FUNCTIONS:
            self._tighten(args[0])
            low, high = self.low[args[0]], self.high[args[0]]
            self.lines[i], self.slopes[i] = elementwise(name, low, high)
            self._from_lines(i, args[0])
        elif name == "slope":
            self.varying.add(i)
            self.roots.add(i)
            self.low[i], self.high[i] = self.slopes[node.extra]
        elif name == "mul":
            self._multiply(i, *args)
        else:
            self._linear(i, node)

    def _put(self, i: int, low: Array, high: Array) -> None:
        away = 4 * UNIT * np.maximum(np.abs(low), np.abs(high)) + TINY
        low, high = low - away, high + away
        self.low[i] = np.where(np.isnan(low), -np.inf, low)
        self.high[i] = np.where(np.isnan(high), np.inf, high)

    def _from_lines(self, i: int, a: int) -> None:
        (slope, rest), (upper, top) = self.lines[i]
        ends = self.low[a], self.high[a]
        low = np.minimum(*(slope * x + rest for x in ends))
        high = np.maximum(*(upper * x + top for x in ends))
        away = (
            (np.abs(slope) + np.abs(upper)) * self.size(a) + np.abs(rest) + np.abs(top)
        )
        self._put(i, low - 8 * UNIT * away, high + 8 * UNIT * away)
        if self.nodes[i].name == "max0":
            self.low[i] = np.maximum(self.low[i], 0.0)

    def _multiply(self, i: int, a: int, b: int) -> None:
        if a in self.varying and b in self.varying:
            self._tighten(a)
            self._tighten(b)
        pairs = [(x, y) for x in (self.low[a], self.high[a])
                 for y in (self.low[b], self.high[b])]  # fmt: skip
        products = np.broadcast_arrays(*(x * y for x, y in pairs))
        self._put(i, np.minimum.reduce(products), np.maximum.reduce(products))
        if a in self.roots and self.nodes[a].name == "slope" and b in self.varying:
            ends = self.low[a], self.high[a]
            self.lines[i] = cone_lines(ends, self.low[b], self.high[b])

    def _linear(self, i: int, node: Node) -> None:
        name, args, extra = node
        ends = [(self.low[j], self.high[j]) for j in args if j not in self.matrices]
        (low, high), (c, d) = ends[0], ends[-1]
        if name == "add":
            self._put(i, low + c, high + d)
        elif name == "sub":
            self._put(i, low - d, high - c)
        elif name == "neg":
            self.low[i], self.high[i] = -high, -low
        elif name == "index":
            self.low[i], self.high[i] = (e[:, extra : extra + 1] for e in ends[0])
        elif name == "place":
            unit = np.eye(1, self.low[args[1]].shape[1], extra)
            self.low[i], self.high[i] = low * unit, high * unit
        elif name == "broadcast":
            self.low[i], self.high[i] = (np.repeat(e, extra, axis=1) for e in ends[0])
        elif name == "stack":
            for kept, parts in zip(
                (self.low, self.high), zip(*ends, strict=True), strict=True
            ):
                rows = max(map(len, parts))
                kept[i] = np.hstack([np.broadcast_to(p, (rows, 1)) for p in parts])
        else:
            matrix = (
                self.matrices[args[0]]
                if name == "matvec"
                else np.ones((1, low.shape[1]))
            )
            middle = 0.5 * low + 0.5 * high
            reach = np.maximum(high - middle, middle - low) + self.loss * sizes(
                low, high
            )
            away = (reach @ (np.abs(matrix) + TINY).T) * (1.0 + self.loss)
            self._put(i, middle @ matrix.T - away, middle @ matrix.T + away)

    def below(self, number: int, rows: Array) -> Array:
        """Lower bounds of `rows` (1 or boxes, s, n) times a value, (boxes, s)."""
        moving: dict[int, Array] = {}
        total = spent = np.zeros((1, rows.shape[1]))

        def times(rows: Array, vectors: Array) -> Array:
            return (rows @ vectors[..., None])[..., 0]

        def push(i: int, rows: Array, rounded: float = 8 * UNIT) -> None:
            nonlocal spent
            parts = [rows, moving[i] + rows] if i in moving else [rows]
            for part in parts:
                spent = spent + times(np.abs(part) + TINY, rounded * self.size(i))
            moving[i] = parts[-1]

        def settle(rows: Array, low: Array, high: Array) -> None:
            nonlocal total, spent
            positive, negative = np.maximum(rows, 0.0), np.minimum(rows, 0.0)
            total = total + (times(positive, low) + times(negative, high))
            spent = spent + times(np.abs(rows) + TINY, self.loss * sizes(low, high))

        push(number, rows, 0.0)
        for i in range(number, -1, -1):
            if i not in moving:
                continue
            rows = moving.pop(i)
            (name, args, extra), fixed = self.nodes[i], i not in self.varying
            if fixed or i in self.roots:
                settle(rows, self.low[i], self.high[i])
            elif i in self.lines:
                (slope, rest), (upper, top) = self.lines[i]
                settle(rows, rest, top)
                positive, negative = np.maximum(rows, 0.0), np.minimum(rows, 0.0)
                push(args[-1], positive * slope[:, None] + negative * upper[:, None])
            elif name == "mul":
                self._product(args, rows, push, settle)
            elif name == "matvec":
                matrix = self.matrices[args[0]]
                size = self.size(args[1]) @ (np.abs(matrix) + TINY).T
                spent = spent + times(np.abs(rows) + TINY, self.loss * size)
                push(args[1], rows @ matrix)
            elif name in ("add", "sub"):
                push(args[0], rows)
                push(args[1], rows if name == "add" else -rows)
            elif name == "neg":
                push(args[0], -rows)
            elif name == "sum":
                push(args[0], np.repeat(rows, self.low[args[0]].shape[1], axis=2))
            elif name == "broadcast":
                size = np.repeat(self.size(args[0]), extra, axis=1)
                spent = spent + times(np.abs(rows) + TINY, self.loss * size)
                push(args[0], rows.sum(axis=2, keepdims=True))
            elif name == "index":
                push(args[0], rows * np.eye(1, self.low[args[0]].shape[1], extra))
            elif name == "place":
                push(args[0], rows[:, :, extra : extra + 1])
            else:
                for place, j in enumerate(args):
                    push(j, rows[:, :, place : place + 1])
        return total - (spent * (1.0 + 2 * self.loss) + 4 * UNIT * np.abs(total) + TINY)

    def _product(self, args, rows: Array, push, settle) -> None:
        """x y between (x - a)(y - c) >= 0, (b - x)(d - y) >= 0 and their likes."""
        i, j = args
        a, b, c, d = self.low[i], self.high[i], self.low[j], self.high[j]
        slack = 32 * UNIT * self.size(i) * self.size(j) + TINY
        if i in self.varying and j in self.varying:
            below, above = (
                -0.5 * (a * c + b * d) - slack,
                -0.5 * (a * d + b * c) + slack,
            )
            settle(rows, below, above)
            push(i, rows * (0.5 * (c + d))[:, None])
            push(j, rows * (0.5 * (a + b))[:, None])
        else:
            fixed, free = (j, i) if i in self.varying else (i, j)
            middle = 0.5 * self.low[fixed] + 0.5 * self.high[fixed]
            reach = np.maximum(self.high[fixed] - middle, middle - self.low[fixed])
            away = reach * self.size(free) + slack
            settle(rows, -away, away)
            push(free, rows * middle[:, None])

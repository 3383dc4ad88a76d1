"""Tensors of one sample, over a program that is being built.

A net is written for batches, a program for one point: the batch axis has length 1 here,
and nothing may mix it with another axis. What does not depend on the inputs is exact.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from .._core import CertaxError, Input, input_name
from .._core._builder import Builder
from ._weights import Weights

# Longer rows stay vectors; shorter ones are numbers, which normal forms see through.
_longest_row_of_numbers = 16
_most_exact_entries = 2**16
_most_bits = 20_000


@dataclass(frozen=True)
class Constant:
    """An array that does not depend on the inputs; exact where it holds `Fraction`s."""

    values: np.ndarray
    name: str = "constant"

    @property
    def shape(self) -> tuple[int, ...]:
        return self.values.shape

    def exact(self) -> np.ndarray:
        """The same numbers as an array of `Fraction`s."""
        if self.values.dtype == object:
            return self.values
        if self.values.size > _most_exact_entries:
            raise CertaxError(
                f"The constant {self.name} has {self.values.size} entries, too many "
                "for exact arithmetic.",
                value=self.values.size,
                remedy="Fold constants before the net is written.",
            )
        entries = [Fraction(v) for v in self.values.ravel().tolist()]
        return np.array([*entries, None], object)[:-1].reshape(self.shape)


@dataclass(frozen=True)
class Row:
    """What depends on the inputs: one vector of the program, or numbers of it.

    - `shape`: with the batch axis, if `batched`, as a first axis of length 1.
    - `vector`, `cells`: the entries in row-major order; one of both is given.
    """

    shape: tuple[int, ...]
    batched: bool
    vector: int | None = None
    cells: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=int))


Tensor = Row | Constant


class Arithmetic:
    """Operations on tensors that write a program."""

    def __init__(self) -> None:
        self.builder, self.weights = Builder(), Weights()
        self._entries: dict[int, tuple[int, int]] = {}

    def number(self, text: str) -> Row:
        """An exact number, such as `1/sqrt(2)`."""
        item = Input(input_name("literal", text), "constant", value=text)
        return Row((), False, cells=(self.builder.input(item),))

    def cells(self, row: Row) -> tuple[int, ...]:
        """The entries as numbers."""
        if row.vector is None:
            return row.cells
        made = [self.builder.emit("index", [row.vector], i) for i in range(row.size)]
        self._entries |= {cell: (row.vector, i) for i, cell in enumerate(made)}
        return tuple(made)

    def vector(self, row: Row) -> int:
        """The entries as one vector."""
        if row.vector is not None:
            return row.vector
        first = self._entries.get(row.cells[0])
        if first is not None and self.builder.shapes[first[0]] == (row.size,):
            if [self._entries.get(c) for c in row.cells] == [
                (first[0], i) for i in range(row.size)
            ]:
                return first[0]
        return self.builder.emit("stack", row.cells)

    def compact(self, row: Row) -> Row:
        """Long rows as vectors, short ones as numbers."""
        if row.size > _longest_row_of_numbers and row.vector is None:
            return Row(row.shape, row.batched, self.vector(row))
        return row

    def row(self, tensor: Tensor) -> Row:
        """A constant as numbers of the program."""
        if isinstance(tensor, Row):
            return tensor
        numbers = [self.builder.literal(v) for v in tensor.exact().ravel()]
        return Row(tensor.shape, False, cells=tuple(numbers))

    def unary(self, op: str, tensor: Tensor, extra: int | None = None) -> Row:
        """An operation on each entry."""
        row = self.compact(self.row(tensor))
        if row.vector is not None:
            made = self.builder.emit(op, [row.vector], extra)
            return Row(row.shape, row.batched, made)
        cells = tuple(self.builder.emit(op, [c], extra) for c in row.cells)
        return Row(row.shape, row.batched, cells=cells)

    def binary(self, op: str, a: Tensor, b: Tensor) -> Tensor:
        """`add`, `sub`, `mul` or `div`, with NumPy's broadcasting.

        **Raises:** `ValueError` where shapes do not fit or samples would mix,
        `ZeroDivisionError` for a divisor that is zero.
        """
        if op == "div" and isinstance(b, Constant) and (b.values == 0).any():
            raise ZeroDivisionError
        check_size(np.broadcast_shapes(a.shape, b.shape))
        if isinstance(a, Constant) and isinstance(b, Constant):
            return Constant(bounded(_exact[op](a.exact(), b.exact())), a.name)
        shape, batched = _broadcast(a, b)
        size = int(np.prod(shape, dtype=int))
        long = size > _longest_row_of_numbers or any(
            isinstance(t, Row) and t.vector is not None and t.size == size
            for t in (a, b)
        )
        handles = [self._operand(t, shape, long) for t in (a, b)]
        if all(isinstance(h, int) for h in handles):
            made = self.builder.emit(op, handles)  # pyright: ignore[reportArgumentType]
            return Row(shape, batched, *_entries(self.builder, made))
        pairs = zip(*[self._spread(t, shape) for t in (a, b)], strict=True)
        cells = tuple(self.builder.emit(op, pair) for pair in pairs)
        return self.compact(Row(shape, batched, cells=cells))

    def _operand(self, t: Tensor, shape: tuple[int, ...], long: bool) -> int | None:
        """A handle that an operation on whole vectors can take, if there is one."""
        if isinstance(t, Constant):
            flat = t.values.ravel()
            if len(flat) and (flat == flat[0]).all():
                return self.builder.literal(Fraction(flat.tolist()[0]))
            if not long or not _same_size(t.shape, shape):
                return None
            if flat.dtype == np.float64:
                return self.weight(Constant(flat, t.name))
            return self.vector(self.row(t))
        if t.size == 1:
            return self.cells(t)[0]
        return self.vector(t) if long and _same_size(t.shape, shape) else None

    def _spread(self, t: Tensor, shape: tuple[int, ...]) -> list[int]:
        row = self.row(t)
        places = np.broadcast_to(np.arange(row.size).reshape(row.shape), shape)
        cells = self.cells(row)
        return [cells[i] for i in places.ravel()]

    def weight(self, constant: Constant) -> int:
        """An array as a weight of the program.

        **Raises:** `ValueError` where it holds a number that is no double.
        """
        values = constant.values
        if values.dtype == object:
            rounded = values.astype(np.float64)
            if not all(
                Fraction(r) == v for r, v in zip(rounded.flat, values.flat, strict=True)
            ):
                raise ValueError("a computed weight is no floating-point number")
            values = rounded
        name = self.weights.add(constant.name, np.asarray(values, np.float64))
        return self.builder.input(Input(name, "weight", shape=values.shape))

    def apply_matrix(
        self, matrix: Constant, tensor: Tensor, bias: Constant | None = None
    ) -> Row:
        """Matrix times the last axis, which must be the only one beside the batch."""
        row = self.row(tensor)
        if row.size != matrix.shape[1] or row.shape[-1] != row.size:
            raise ValueError(f"shapes {matrix.shape} and {row.shape} do not fit")
        made = self.builder.emit("matvec", [self.weight(matrix), self.vector(row)])
        if bias is not None:
            if bias.shape != matrix.shape[:1]:
                raise ValueError(f"the bias has the shape {bias.shape}")
            made = self.builder.emit("add", [made, self.weight(bias)])
        shape = (*row.shape[:-1], matrix.shape[0])
        return Row(shape, row.batched, *_entries(self.builder, made))

    def rearrange(
        self, tensors: Sequence[Tensor], function: Callable[..., np.ndarray]
    ) -> Tensor:
        """Entries of tensors at other places: `function` does it to arrays."""
        constants = [t for t in tensors if isinstance(t, Constant)]
        if len(constants) == len(tensors):
            moved = function(*[t.values for t in constants])
            return Constant(np.asarray(moved), constants[0].name)
        rows = [self.row(t) for t in tensors]
        check_size((sum(row.size for row in rows),))
        ends = np.cumsum([0, *[row.size for row in rows]])
        places = function(
            *[
                np.arange(start, start + row.size).reshape(row.shape)
                for start, row in zip(ends, rows, strict=False)
            ]
        )
        batched = any(row.batched for row in rows)
        kept = places.ravel().tolist() == list(range(ends[-1]))
        if len(rows) == 1 and kept:
            return Row(places.shape, batched, rows[0].vector, rows[0].cells)
        cells = [cell for row in rows for cell in self.cells(row)]
        return Row(places.shape, batched, cells=tuple(cells[i] for i in places.flat))

    def total(self, row: Row, groups: np.ndarray, shape: tuple[int, ...]) -> Row:
        """Sums over groups of entries; `groups` has one row of places a sum."""
        if len(groups) == 1 and groups.shape[1] == row.size > 1:
            made = self.builder.emit("sum", [self.vector(row)])
            return Row(shape, row.batched, cells=(made,))
        cells, sums = self.cells(row), []
        for group in groups.tolist():
            stacked = self.builder.emit("stack", [cells[i] for i in group])
            one = len(group) == 1
            sums.append(cells[group[0]] if one else self.builder.emit("sum", [stacked]))
        return Row(shape, row.batched, cells=tuple(sums))


def check_size(shape: tuple[int, ...]) -> None:
    """**Raises:** `ValueError` for more entries than any net of a certificate has."""
    if math.prod(shape) > _most_exact_entries:
        raise ValueError(f"it makes {math.prod(shape)} numbers")


def bounded(values: np.ndarray) -> np.ndarray:
    """**Raises:** `ValueError` where exact numbers have grown too long."""
    for value in values.flat:
        if max(map(int.bit_length, value.as_integer_ratio())) > _most_bits:
            raise ValueError(f"an exact constant has more than {_most_bits} bits")
    return values


_exact: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: np.asarray(a + b, object),
    "sub": lambda a, b: np.asarray(a - b, object),
    "mul": lambda a, b: np.asarray(a * b, object),
    "div": lambda a, b: np.asarray(a / b, object),
}


def _entries(builder: Builder, made: int) -> tuple[int | None, tuple[int, ...]]:
    """A vector of one entry as a number."""
    shape = builder.shapes[made]
    if shape == (1,):
        return None, (builder.emit("index", [made], 0),)
    return (made, ()) if shape else (None, (made,))


def _same_size(one: tuple[int, ...], two: tuple[int, ...]) -> bool:
    return np.prod(one, dtype=int) == np.prod(two, dtype=int)


def _broadcast(a: Tensor, b: Tensor) -> tuple[tuple[int, ...], bool]:
    shape = np.broadcast_shapes(a.shape, b.shape)
    rows = [t for t in (a, b) if isinstance(t, Row) and t.batched]
    if any(len(row.shape) != len(shape) for row in rows) or (rows and shape[0] != 1):
        raise ValueError(f"shapes {a.shape} and {b.shape} mix samples of a batch")
    return shape, bool(rows)

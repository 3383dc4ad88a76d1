"""What is enclosed, as data that can be sent anywhere: programs, weights and a degree,
no functions. A batch of boxes is enclosed by a pure function of the two.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import jax
import numpy as np
import safetensors.numpy

from .._core import CertaxError, Program, canonical
from .._version import version
from ._leaves import ball, domain_balls, residual_enclosure

# The number of boxes that one compiled function encloses.
batch = 512
Boxes = np.ndarray
Block = np.ndarray


@dataclass(frozen=True)
class Quantity:
    """Something to be enclosed over a box: a residual of fields.

    **Attributes:**

    - `fields`, `residual`: programs.
    - `ends`: name and exact ends of each axis, in order.
    - `weights`: arrays by name, taken as exact.
    """

    fields: Program
    residual: Program
    ends: Mapping[str, tuple[str, str]]
    weights: Mapping[str, np.ndarray]

    @property
    def dimension(self) -> int:
        return len(self.ends)

    @property
    def volume(self) -> float:
        """The box's volume in physical coordinates, rounded."""
        return float(np.prod(domain_balls(self.ends)[1][0]))


@dataclass(frozen=True)
class Task:
    """A quantity, enclosed by Taylor models of a degree."""

    quantity: Quantity
    degree: int

    @cached_property
    def message(self) -> bytes:
        """The task as bytes: a line of JSON, then the weights as safetensors."""
        quantity = self.quantity
        head = {
            "certax": version(),
            "degree": self.degree,
            "ends": [[n, *ends] for n, ends in quantity.ends.items()],
            "fields": quantity.fields.as_json(),
            "residual": quantity.residual.as_json(),
        }
        weights = {
            name: np.asarray(array, np.float64, order="C")
            for name, array in quantity.weights.items()
        }
        return canonical(head).encode("ascii") + safetensors.numpy.save(weights)

    @staticmethod
    def from_message(message: bytes) -> "Task":
        """**Raises:** `CertaxError` if another version of certax has sent it."""
        line, _, rest = message.partition(b"\n")
        head = json.loads(line)
        if head["certax"] != version():
            raise CertaxError(
                f"A worker has certax {version()}, but the search {head['certax']}.",
                value=version(),
                remedy="Install the same version on all machines.",
                kind="environment",
            )
        quantity = Quantity(
            Program.from_json(head["fields"]),
            Program.from_json(head["residual"]),
            {name: (low, high) for name, low, high in head["ends"]},
            safetensors.numpy.load(rest),
        )
        return Task(quantity, head["degree"])

    @cached_property
    def _enclosure(self) -> Callable[[np.ndarray, np.ndarray], tuple]:
        quantity = self.quantity
        coordinates = tuple(quantity.ends)
        constants = {
            item.name: ball(item.value)
            for program in (quantity.fields, quantity.residual)
            for item in program.of_kind("constant")
        }
        lower, length = domain_balls(quantity.ends)
        # Constants are arguments: other values need no other compiled function.
        fields = _without_values(quantity.fields)
        residual = _without_values(quantity.residual)
        weights = {n: np.asarray(w, np.float64) for n, w in quantity.weights.items()}
        compiled = residual_enclosure(fields, residual, coordinates, self.degree)
        return lambda c, h: compiled(c, h, lower, length, weights, constants)

    def enclose(self, boxes: Boxes) -> Block:
        """Encloses at most `batch` boxes.

        **Arguments:**

        - `boxes`: shape `(n, 2 d)`, centers and half-widths.

        **Returns:** shape `(n, 4 + d)`, the columns of [`LeafBounds`][].
        """
        padded = np.resize(boxes, (batch, boxes.shape[1]))
        dimension = self.quantity.dimension
        with jax.enable_x64(True):
            found = self._enclosure(padded[:, :dimension], padded[:, dimension:])
            columns = [np.asarray(array) for array in found]
        return np.column_stack(columns)[: len(boxes)]


@lru_cache(maxsize=4)
def received(message: bytes) -> Task:
    """The task of a message; what it compiles is kept for the next message alike."""
    return Task.from_message(message)


def enclose_sent(message: bytes, boxes: Boxes) -> Block:
    """Encloses a batch for a task that was sent; what workers do."""
    return received(message).enclose(boxes)


def _without_values(program: Program) -> Program:
    names = [item.name for item in program.of_kind("constant")]
    return program.with_constants(dict.fromkeys(names, ""))

"""The program language of `docs/format.md`, section 3: data, canonical text, and the
interpreter that training uses.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array

from ._functions import cospi, sinpi

Op = tuple[str, tuple[int, ...], int | None]


@dataclass(frozen=True)
class Input:
    """One input of a program; which attributes mean something depends on `kind`."""

    name: str
    kind: str
    value: str = ""
    shape: tuple[int, ...] = ()
    field: str = ""
    orders: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        base: dict[str, Any] = {"name": self.name, "kind": self.kind}
        match self.kind:
            case "weight":
                return base | {"shape": list(self.shape)}
            case "constant":
                return base | {"value": self.value}
            case "derivative":
                return base | {"field": self.field, "orders": list(self.orders)}
            case _:
                return base


@dataclass(frozen=True)
class Program:
    """A straight-line program over the reals in single assignment."""

    inputs: tuple[Input, ...]
    ops: tuple[Op, ...]
    outputs: dict[str, int]

    def __hash__(self) -> int:
        return hash(self.text())

    def as_json(self) -> dict[str, Any]:
        ops = [
            [op, list(arguments)] + ([] if extra is None else [extra])
            for op, arguments, extra in self.ops
        ]
        return {
            "format": "certax-program/1",
            "inputs": [item.as_json() for item in self.inputs],
            "ops": ops,
            "outputs": self.outputs,
        }

    def text(self) -> str:
        return canonical(self.as_json())

    def of_kind(self, kind: str) -> tuple[Input, ...]:
        return tuple(item for item in self.inputs if item.kind == kind)

    def with_constants(self, values: Mapping[str, str]) -> "Program":
        """The program with other expressions for some constants."""
        inputs = tuple(
            replace(i, value=values[i.name])
            if i.kind == "constant" and i.name in values
            else i
            for i in self.inputs
        )
        return replace(self, inputs=inputs)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Program":
        inputs = tuple(
            Input(
                name=item["name"],
                kind=item["kind"],
                value=item.get("value", ""),
                shape=tuple(item.get("shape", ())),
                field=item.get("field", ""),
                orders=tuple(item.get("orders", ())),
            )
            for item in data["inputs"]
        )
        ops = tuple(
            (op[0], tuple(op[1]), op[2] if len(op) > 2 else None) for op in data["ops"]
        )
        return Program(inputs, ops, dict(data["outputs"]))


def canonical(data: Any) -> str:
    """Canonical JSON: sorted keys, no white space, ASCII, one final line feed."""
    return json.dumps(data, sort_keys=True, separators=(",", ":")) + "\n"


def sha256(text: str | bytes) -> str:
    data = text.encode("ascii") if isinstance(text, str) else text
    return hashlib.sha256(data).hexdigest()


unary = {
    "neg": jnp.negative,
    "sqrt": jnp.sqrt,
    "log": jnp.log,
    "exp": jnp.exp,
    "sin": jnp.sin,
    "cos": jnp.cos,
    "tanh": jnp.tanh,
    "logistic": jax.nn.sigmoid,
    "softplus": jax.nn.softplus,
    "erf": jax.scipy.special.erf,
    "sinpi": sinpi,
    "cospi": cospi,
    "max0": lambda x: jnp.maximum(x, 0.0),
}
binary = {
    "add": jnp.add,
    "sub": jnp.subtract,
    "mul": jnp.multiply,
    "div": jnp.divide,
    "matvec": jnp.matmul,
    "dot": jnp.dot,
}
operation_names = {*unary, *binary, "ipow", "sum", "stack", "index", "broadcast"}


def evaluate(program: Program, inputs: Mapping[str, Array]) -> dict[str, Array]:
    """Runs a program in floating point, under any JAX transformation.

    **Arguments:**

    - `inputs`: a value for each input of the program, constants included.
    """
    values = [inputs[item.name] for item in program.inputs]
    for op, arguments, extra in program.ops:
        args = [values[a] for a in arguments]
        match op:
            case "stack":
                value = jnp.stack(args)
            case "index":
                value = args[0][extra]
            case "broadcast":
                value = jnp.broadcast_to(args[0], (extra,))
            case "sum":
                value = jnp.sum(args[0])
            case "ipow":
                value = args[0] ** (extra or 1)
            case _ if op in unary:
                value = unary[op](args[0])
            case _:
                value = binary[op](*args)
        values.append(value)
    return {name: values[index] for name, index in program.outputs.items()}

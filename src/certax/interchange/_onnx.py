"""Nets in ONNX files, read into programs."""

from collections.abc import Sequence
from pathlib import Path

from .._core import AbstractShape, CertaxError, Input
from ._net import Net, build, check_normalization, names_of
from ._onnx_file import Graph, Node, read_graph
from ._onnx_operators import rules
from ._tensors import Arithmetic, Row, Tensor

# What rules and NumPy raise at shapes and attributes that do not fit.
_unusable = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
)


def read_onnx(
    path: Path,
    domain: AbstractShape,
    fields: Sequence[str],
    inputs: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
) -> Net:
    """The net in an ONNX file, as the real function that its graph defines.

    **Arguments:**

    - `path`: the file; it is read as data, and no other file with it.
    - `domain`, `fields`: the problem's.
    - `inputs`, `outputs`: the coordinates and fields in the net's order, all inputs
      of the graph in a row; needed unless the file names them.

    **Raises:** `CertaxError` if the net does not match the problem, uses an operator
    that is not supported, or holds numbers that are not finite.
    """
    graph = read_graph(path)
    arithmetic = Arithmetic()
    values: dict[str, Tensor] = dict(graph.constants)
    values |= _inputs(graph, arithmetic, domain, inputs)
    for node in _needed(graph):
        values |= _apply(node, arithmetic, values)
    rows = []
    for name in graph.outputs:
        if name not in values:
            raise CertaxError(
                f"No node makes the graph's output {name!r}.",
                value=name,
                remedy="Export the net again.",
            )
        rows.append(arithmetic.row(values[name]))
    count = sum(row.size for row in rows)
    own = graph.named.get("outputs")
    if own is None and sorted(graph.outputs) == sorted(fields):
        own = graph.outputs
    names = names_of(outputs, own, count, fields, "output")
    net = build(arithmetic, rows, names)
    check_normalization(net.program, domain)
    return net


def _inputs(
    graph: Graph,
    arithmetic: Arithmetic,
    domain: AbstractShape,
    given: Sequence[str] | None,
) -> dict[str, Row]:
    """The graph's inputs, whose entries are coordinates."""
    sizes = {}
    for name, shape in graph.inputs.items():
        if len(shape) not in (1, 2) or len(shape) == 2 and shape[1] < 1:
            raise CertaxError(
                f"The net's input {name!r} has the shape {list(shape)}.",
                value=str(list(shape)),
                remedy="Export it for inputs of shape (batch, coordinates).",
            )
        # One open axis alone is a batch of numbers.
        sizes[name] = 1 if shape == (-1,) else shape[-1]
    own = graph.named.get("inputs")
    if own is None and set(graph.inputs) == set(domain.names):
        own = tuple(graph.inputs)
    names = names_of(given, own, sum(sizes.values()), domain.names, "input")
    rest, rows = list(names), {}
    for name, shape in graph.inputs.items():
        mine, rest = rest[: sizes[name]], rest[sizes[name] :]
        handles = [arithmetic.builder.input(Input(n, "coordinate")) for n in mine]
        batched = len(shape) == 2 or shape == (-1,)
        here = (1, *shape[1:]) if batched else shape
        rows[name] = Row(here, batched, cells=tuple(handles))
    return rows


def _needed(graph: Graph) -> list[Node]:
    """The nodes that the outputs depend on, in order."""
    wanted, kept = set(graph.outputs), []
    for node in reversed(graph.nodes):
        if wanted & set(node.outputs):
            kept.append(node)
            wanted |= set(node.inputs)
    return kept[::-1]


def _apply(
    node: Node, arithmetic: Arithmetic, values: dict[str, Tensor]
) -> dict[str, Tensor]:
    rule = rules.get(node.operator)
    if rule is None:
        raise CertaxError(
            f"The operator {node.operator} ({node.place}) is not supported.",
            value=node.operator,
            remedy="docs/nets.md lists those that are; write the net with them.",
        )
    unknown = [name for name in node.inputs if name and name not in values]
    if unknown:
        raise CertaxError(
            f"Nothing makes {unknown[0]!r}, which {node.operator} ({node.place}) uses.",
            value=unknown[0],
            remedy="Export the net again.",
        )
    arguments = [values[name] if name else None for name in node.inputs]
    try:
        made = rule(arithmetic, arguments, node.attributes)
    except _unusable as error:
        raise CertaxError(
            f"The operator {node.operator} ({node.place}) is not supported as it is "
            f"used here: {_reason(error)}.",
            value=node.operator,
            remedy="docs/nets.md says what is; write this part of the net otherwise.",
        ) from None
    return dict(zip(node.outputs, made, strict=False))


def _reason(error: Exception) -> str:
    zero = isinstance(error, ZeroDivisionError)
    return "it divides by zero" if zero else " ".join(str(error).split()).rstrip(".")

"""ONNX files as data: nodes, arrays and names, without running anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .._core import CertaxError
from ._files import read_file
from ._tensors import Constant
from ._weights import finite

_most_nodes = 20_000
_domains = ("", "ai.onnx")
_types = ("float16", "float32", "float64", "int32", "int64", "bool")


@dataclass(frozen=True)
class Node:
    """An operation of a graph; `place` says where, for people."""

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]
    place: str


@dataclass(frozen=True)
class Graph:
    """A graph: nodes in order, arrays by name, inputs with their shapes (−1 where a
    length is open), the outputs, and names that the file gives to coordinates and
    fields under the keys `certax.inputs` and `certax.outputs`.
    """

    nodes: tuple[Node, ...]
    constants: Mapping[str, Constant]
    inputs: Mapping[str, tuple[int, ...]]
    outputs: tuple[str, ...]
    named: Mapping[str, tuple[str, ...]]


def read_graph(path: Path) -> Graph:
    """The graph of an ONNX file.

    **Raises:** `CertaxError` if the file is missing, empty, too large, no ONNX, or
    refers to other files, or if the package `onnx` is not installed.
    """
    content = read_file(path)
    try:
        import onnx
    except ImportError:
        raise CertaxError(
            "Reading ONNX files needs the package onnx, which is not installed.",
            value="onnx",
            remedy="Install it with: pip install 'certax[onnx]'.",
            kind="environment",
        ) from None
    try:
        return _graph(onnx.load_model_from_string(content))
    except CertaxError:
        raise
    except Exception as error:
        # Protocol buffers raise errors of many kinds on bytes that are none.
        said = " ".join(str(error).split()).rstrip(".")
        why = said if type(error) is ValueError else type(error).__name__
        raise CertaxError(
            f"{path} cannot be read as an ONNX file: {why}.",
            value=str(path),
            remedy="Export the net again, in one file.",
        ) from None


def _graph(model: Any) -> Graph:
    graph = model.graph
    if not graph.node and not graph.output:
        raise ValueError("it holds no graph")
    if len(graph.node) > _most_nodes:
        raise ValueError(f"it has {len(graph.node)} nodes, more than {_most_nodes}")
    if graph.sparse_initializer:
        raise ValueError("it holds sparse weights, which are not supported")
    constants = {_text(t.name): _array(t, _text(t.name)) for t in graph.initializer}
    inputs = {
        _text(value.name): _shape(value)
        for value in graph.input
        if value.name not in constants
    }
    named = {
        p.key.removeprefix("certax."): tuple(_text(p.value).replace(" ", "").split(","))
        for p in model.metadata_props
        if p.key in ("certax.inputs", "certax.outputs")
    }
    nodes = tuple(_node(node, i) for i, node in enumerate(graph.node))
    outputs = tuple(_text(value.name) for value in graph.output)
    return Graph(nodes, constants, inputs, outputs, named)


def _text(name: Any) -> str:
    """A name; protocol buffers hand over bytes where it is no text."""
    if not isinstance(name, str) or not name.isprintable():
        raise ValueError("it holds a name that is no printable text")
    return name


def _shape(value: Any) -> tuple[int, ...]:
    dims = value.type.tensor_type.shape.dim
    return tuple(d.dim_value if d.HasField("dim_value") else -1 for d in dims)


def _node(node: Any, number: int) -> Node:
    import onnx

    named = f" {_text(node.name)!r}" if node.name else ""
    inputs, outputs = (tuple(map(_text, names)) for names in (node.input, node.output))
    place = f"node {number}{named}, which makes {', '.join(outputs) or 'nothing'}"
    attributes: dict[str, Any] = {}
    for attribute in node.attribute:
        kinds = onnx.AttributeProto
        if attribute.type == kinds.TENSOR:
            attributes[attribute.name] = _array(attribute.t, outputs[0])
        elif attribute.type in (kinds.GRAPH, kinds.GRAPHS, kinds.SPARSE_TENSOR):
            attributes[attribute.name] = None
        else:
            attributes[attribute.name] = onnx.helper.get_attribute_value(attribute)
    plain = node.domain in _domains
    operator = _text(node.op_type)
    operator = operator if plain else f"{_text(node.domain)}::{operator}"
    return Node(operator, inputs, outputs, attributes, place)


def _array(tensor: Any, name: str) -> Constant:
    """A tensor's numbers, exactly.

    **Raises:** `CertaxError` where they are not finite, not real or in another file.
    """
    import onnx

    if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
        raise CertaxError(
            f"The weight {name} is stored in another file, which is not read.",
            value=name,
            remedy="Export the net into one file, without external data.",
        )
    try:
        array = np.asarray(onnx.numpy_helper.to_array(tensor))
    except Exception as error:
        raise CertaxError(
            f"The weight {name} cannot be read: {type(error).__name__}: {error}.",
            value=name,
            remedy="Export the net again.",
        ) from None
    if array.dtype.name not in _types:
        raise CertaxError(
            f"The weight {name} has the type {array.dtype}.",
            value=str(array.dtype),
            remedy="Export the net in float32 or float64, not quantized.",
        )
    if array.dtype.kind == "f":
        return Constant(finite(name, array.astype(np.float64)), name)
    return Constant(array.astype(np.int64), name)

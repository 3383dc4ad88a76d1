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
        model = onnx.load_model_from_string(content)
    except Exception as error:
        # Protocol buffers raise errors of many kinds on bytes that are none.
        raise _no_onnx(path, type(error).__name__) from None
    graph = model.graph
    if not graph.node and not graph.output:
        raise _no_onnx(path, "it holds no graph")
    if len(graph.node) > _most_nodes:
        raise _no_onnx(path, f"it has {len(graph.node)} nodes, more than {_most_nodes}")
    if graph.sparse_initializer:
        raise _no_onnx(path, "it holds sparse weights, which are not supported")
    constants = {t.name: _array(t, t.name) for t in graph.initializer}
    inputs = {
        value.name: _shape(value)
        for value in graph.input
        if value.name not in constants
    }
    named = {
        p.key.removeprefix("certax."): tuple(p.value.replace(" ", "").split(","))
        for p in model.metadata_props
        if p.key in ("certax.inputs", "certax.outputs")
    }
    nodes = tuple(_node(node, i) for i, node in enumerate(graph.node))
    outputs = tuple(value.name for value in graph.output)
    return Graph(nodes, constants, inputs, outputs, named)


def _no_onnx(path: Path, why: str) -> CertaxError:
    return CertaxError(
        f"{path} cannot be read as an ONNX file: {why}.",
        value=str(path),
        remedy="Export the net again, in one file.",
    )


def _shape(value: Any) -> tuple[int, ...]:
    dims = value.type.tensor_type.shape.dim
    return tuple(d.dim_value if d.HasField("dim_value") else -1 for d in dims)


def _node(node: Any, number: int) -> Node:
    import onnx

    named = f" {node.name!r}" if node.name else ""
    place = f"node {number}{named}, which makes {', '.join(node.output)}"
    attributes: dict[str, Any] = {}
    for attribute in node.attribute:
        kinds = onnx.AttributeProto
        if attribute.type == kinds.TENSOR:
            attributes[attribute.name] = _array(attribute.t, node.output[0])
        elif attribute.type in (kinds.GRAPH, kinds.GRAPHS, kinds.SPARSE_TENSOR):
            attributes[attribute.name] = None
        else:
            attributes[attribute.name] = onnx.helper.get_attribute_value(attribute)
    plain = node.domain in _domains
    operator = node.op_type if plain else f"{node.domain}::{node.op_type}"
    return Node(operator, tuple(node.input), tuple(node.output), attributes, place)


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

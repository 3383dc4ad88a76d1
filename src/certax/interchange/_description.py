"""Nets as a safetensors file and a small JSON description: `docs/nets.md`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .._core import AbstractShape, CertaxError, Input, enclosure
from ._activations import functions
from ._files import read_file
from ._formulas import formula
from ._net import Net, build, names_of
from ._tensors import Arithmetic, Constant, Row, Tensor
from ._weights import finite

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,60}$")]
BareFile = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$")]
Key = Annotated[str, Field(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Projection(_Strict):
    """Features f(W z + b) for each function f, one after another."""

    weight: Key
    bias: Key | None = None
    functions: list[str] = Field(min_length=1, max_length=8)


class Layer(_Strict):
    """activation(W h + b) [+ an earlier layer's value].

    `transposed` says that the weight is stored as (inputs, outputs). `add` names the
    value that is added: 0 for the features, k for layer k.
    """

    weight: Key
    bias: Key | None = None
    activation: str = "none"
    transposed: bool = False
    add: Annotated[int, Field(ge=0)] | None = None


class Description(_Strict):
    """A net: inputs, normalization to [−1, 1], features, layers, outputs.

    Formulas of `features` see the inputs after the normalization; those of `outputs`
    the inputs as they are, and the last layer's entries as N0, N1, ...
    """

    format: Literal["certax-net/1"]
    weights: BareFile
    inputs: list[Name] = Field(min_length=1, max_length=64)
    normalization: dict[Name, tuple[str, str]] = {}
    features: list[str | Projection] | None = None
    layers: list[Layer] = Field(min_length=1, max_length=1000)
    outputs: dict[Name, str] | list[Name] | None = None


def read_description(
    path: Path,
    domain: AbstractShape,
    fields: Sequence[str],
    inputs: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
) -> Net:
    """The net that a description and the safetensors file beside it define.

    **Arguments:**

    - `path`: the JSON file.
    - `domain`, `fields`: the problem's.
    - `inputs`, `outputs`: other names than those in the file, in its order.

    **Raises:** `CertaxError` if the files are not as `docs/nets.md` says, or the net
    does not match the problem.
    """
    content = read_file(path)
    try:
        net = Description.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise CertaxError(
            f"{path} describes no net: {place}: {first['msg']}.",
            value=place,
            remedy="docs/nets.md has the format.",
        ) from None
    tensors = _tensors(path.parent / net.weights)
    arithmetic = Arithmetic()
    names = names_of(inputs, net.inputs, len(net.inputs), domain.names, "input")
    here = {
        own: Row((), False, cells=(arithmetic.builder.input(Input(n, "coordinate")),))
        for own, n in zip(net.inputs, names, strict=True)
    }
    scaled = _normalized(arithmetic, net, here, names, domain)
    value = _features(arithmetic, net, scaled, tensors)
    known = [value]
    for number, layer in enumerate(net.layers, start=1):
        known.append(_layer(arithmetic, layer, number, known, tensors))
    rows, own = _outputs(arithmetic, net, known[-1], here)
    order = names_of(outputs, own, len(rows), fields, "output")
    return build(arithmetic, rows, order)


def _tensors(path: Path) -> dict[str, Constant]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    if path.is_symlink():
        raise CertaxError(
            f"{path} is a link to another file.",
            value=str(path),
            remedy="Put the weights themselves beside the description.",
        )
    content = read_file(path)
    try:
        arrays = load(content)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise CertaxError(
            f"{path} cannot be read as safetensors: {error}.",
            value=str(path),
            remedy="Write it with safetensors, in float32 or float64.",
        ) from None
    for name, array in arrays.items():
        if array.dtype not in (np.float32, np.float64) or array.ndim > 2:
            raise CertaxError(
                f"The weight {name} has the type {array.dtype} and the shape "
                f"{list(array.shape)}.",
                value=name,
                remedy="Give vectors and matrices in float32 or float64.",
            )
    return {
        name: Constant(finite(name, array.astype(np.float64)), name)
        for name, array in arrays.items()
    }


def _take(tensors: Mapping[str, Constant], name: str, rank: int) -> Constant:
    if name not in tensors:
        raise CertaxError(
            f"The weights file has no tensor {name!r}.",
            value=name,
            remedy=f"It has {', '.join(tensors) or 'none'}.",
        )
    if len(tensors[name].shape) != rank:
        raise CertaxError(
            f"The tensor {name!r} has the shape {list(tensors[name].shape)}, not "
            f"{rank} axes.",
            value=name,
            remedy="A weight is a matrix, a bias a vector.",
        )
    return tensors[name]


def _normalized(
    arithmetic: Arithmetic,
    net: Description,
    here: Mapping[str, Row],
    names: Sequence[str],
    domain: AbstractShape,
) -> dict[str, Row]:
    """2 (a − lower) / (upper − lower) − 1 for the inputs that have ends."""
    made = dict(here)
    for own, (lower, upper) in net.normalization.items():
        if own not in here:
            raise CertaxError(
                f"The normalization names {own!r}, which is no input of the net.",
                value=own,
                remedy=f"The inputs are {', '.join(net.inputs)}.",
            )
        ends = enclosure(lower), enclosure(upper)
        if not ends[0] < ends[1]:
            raise CertaxError(
                f"The normalization of {own} from {lower} to {upper} has no length.",
                value=own,
                remedy="The first number must be the smaller one.",
            )
        name = names[net.inputs.index(own)]
        axis = domain.names.index(name)
        wanted = domain.lower[axis], domain.upper[axis]
        if enclosure(wanted[0]) < ends[0] or enclosure(wanted[1]) > ends[1]:
            raise CertaxError(
                f"The net's normalization expects {name} in [{lower}, {upper}], the "
                f"problem has [{wanted[0]}, {wanted[1]}].",
                value=name,
                remedy="Check the order of --inputs, and whether the net was trained "
                "on this domain.",
            )
        text = f"2*({own}-({lower}))/(({upper})-({lower}))-1"
        made[own] = formula(arithmetic, text, {own: here[own]})
    return made


def _features(
    arithmetic: Arithmetic,
    net: Description,
    scaled: Mapping[str, Row],
    tensors: Mapping[str, Constant],
) -> Tensor:
    cells: list[int] = []
    plain = _row(arithmetic, [c for row in scaled.values() for c in row.cells])
    for feature in net.features if net.features is not None else list(scaled):
        if isinstance(feature, str):
            cells += formula(arithmetic, feature, scaled).cells
            continue
        inner = _affine(arithmetic, feature.weight, feature.bias, False, plain,
                        tensors, "A feature")  # fmt: skip
        for name in feature.functions:
            cells += arithmetic.cells(_called(arithmetic, name, inner))
    return _row(arithmetic, cells)


def _row(arithmetic: Arithmetic, cells: list[int]) -> Row:
    return arithmetic.compact(Row((len(cells),), False, cells=tuple(cells)))


def _called(arithmetic: Arithmetic, name: str, value: Tensor) -> Row:
    if name != "none" and name not in functions:
        raise CertaxError(
            f"There is no activation {name!r}.",
            value=name,
            remedy=f"Choose from none, {', '.join(functions)}.",
        )
    return arithmetic.row(
        value if name == "none" else functions[name](arithmetic, value)
    )


def _affine(
    arithmetic: Arithmetic,
    weight: str,
    bias: str | None,
    transposed: bool,
    value: Tensor,
    tensors: Mapping[str, Constant],
    what: str,
) -> Row:
    matrix = _take(tensors, weight, 2)
    if transposed:
        matrix = Constant(np.ascontiguousarray(matrix.values.T), matrix.name)
    offset = None if bias is None else _take(tensors, bias, 1)
    try:
        return arithmetic.apply_matrix(matrix, value, offset)
    except ValueError as error:
        raise CertaxError(
            f"{what} does not fit: {error} (weight {weight!r}).",
            value=weight,
            remedy="A weight has the shape (outputs, inputs); see `transposed`.",
        ) from None


def _layer(
    arithmetic: Arithmetic,
    layer: Layer,
    number: int,
    known: Sequence[Tensor],
    tensors: Mapping[str, Constant],
) -> Tensor:
    inner = _affine(arithmetic, layer.weight, layer.bias, layer.transposed, known[-1],
                    tensors, f"Layer {number}")  # fmt: skip
    value = _called(arithmetic, layer.activation, inner)
    if layer.add is None:
        return value
    if layer.add >= number or known[layer.add].shape != value.shape:
        raise CertaxError(
            f"Layer {number} adds the value {layer.add}, which comes later or has "
            "another size.",
            value=layer.add,
            remedy="0 names the features, k the value of layer k.",
        )
    return arithmetic.binary("add", value, known[layer.add])


def _outputs(
    arithmetic: Arithmetic, net: Description, value: Tensor, here: Mapping[str, Row]
) -> tuple[list[Row], Sequence[str] | None]:
    """The outputs and their names."""
    cells = arithmetic.cells(arithmetic.row(value))
    rows = [Row((), False, cells=(cell,)) for cell in cells]
    if not isinstance(net.outputs, dict):
        return rows, net.outputs
    last = {f"N{i}": row for i, row in enumerate(rows)}
    made = [
        formula(arithmetic, text, {**here, **last}) for text in net.outputs.values()
    ]
    return made, list(net.outputs)

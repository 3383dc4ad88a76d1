"""What each ONNX operator means for the tensors of one sample. The table is at the end;
a name that is not in it is refused.

Operators are read as functions of real numbers, so a cast between floating-point types
and dropout at rest change nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ._activations import functions
from ._tensors import Arithmetic, Constant, Row, Tensor

Arguments = Sequence[Tensor | None]
Rule = Callable[[Arithmetic, Arguments, Mapping[str, Any]], list[Tensor]]
_largest_power = 64
_open_end = 2**31 - 1
_floating = (1, 10, 11)  # FLOAT, FLOAT16, DOUBLE


def _given(arguments: Arguments, place: int = 0) -> Tensor:
    tensor = arguments[place] if place < len(arguments) else None
    if tensor is None:
        raise ValueError(f"argument {place} is missing")
    return tensor


def _integers(arguments: Arguments, place: int, attribute: Any) -> list[int] | None:
    """A list of integers: an attribute in old files, an argument in new ones."""
    if attribute is not None:
        return [int(n) for n in np.atleast_1d(attribute)]
    tensor = arguments[place] if place < len(arguments) else None
    if tensor is None:
        return None
    if not isinstance(tensor, Constant) or tensor.values.dtype != np.int64:
        raise ValueError("a shape or place depends on the inputs")
    return np.atleast_1d(tensor.values).tolist()


def _axis(tensor: Tensor, axis: int, rank: int | None = None) -> int:
    """An axis counted from the front, which must not be that of the batch."""
    rank = len(tensor.shape) if rank is None else rank
    if not -rank <= axis < rank:
        raise ValueError(f"there is no axis {axis} in the shape {tensor.shape}")
    axis %= rank
    if axis == 0 and isinstance(tensor, Row) and tensor.batched:
        raise ValueError("it mixes samples of a batch")
    return axis


def _entrywise(op: str) -> Rule:
    def rule(a: Arithmetic, arguments: Arguments, _: Mapping) -> list[Tensor]:
        total = _given(arguments)
        for place in range(1, len(arguments)):
            total = a.binary(op, total, _given(arguments, place))
        return [total]

    return rule


def _function(name: str) -> Rule:
    return lambda a, arguments, _: [functions[name](a, _given(arguments))]


def _negated(a: Arithmetic, arguments: Arguments, _: Mapping) -> list[Tensor]:
    tensor = _given(arguments)
    if isinstance(tensor, Constant):
        return [_like(tensor, np.asarray(-tensor.values))]
    return [a.unary("neg", tensor)]


def _reciprocal(a: Arithmetic, arguments: Arguments, _: Mapping) -> list[Tensor]:
    return [a.binary("div", Constant(np.array(1)), _given(arguments))]


def _power(a: Arithmetic, arguments: Arguments, _: Mapping) -> list[Tensor]:
    base, exponent = _given(arguments), _given(arguments, 1)
    if not isinstance(exponent, Constant) or exponent.values.size != 1:
        raise ValueError("the exponent is not one constant number")
    number = exponent.values.ravel().tolist()[0]
    if number == 0.5:
        return [a.unary("sqrt", base)]
    if number != int(number) or not 0 < abs(number) <= _largest_power:
        raise ValueError(f"the exponent is {number}, no integer up to {_largest_power}")
    power = base if abs(number) == 1 else a.unary("ipow", base, abs(int(number)))
    return [power] if number > 0 else _reciprocal(a, [power], {})


def _gelu(a: Arithmetic, arguments: Arguments, attributes: Mapping) -> list[Tensor]:
    approximate = attributes.get("approximate", b"none") != b"none"
    name = "gelu_tanh" if approximate else "gelu"
    return [functions[name](a, _given(arguments))]


def _leaky(a: Arithmetic, arguments: Arguments, attributes: Mapping) -> list[Tensor]:
    x, slope = _given(arguments), Constant(np.array(attributes.get("alpha", 0.01)))
    rest = a.binary("sub", Constant(np.array(1)), slope)
    above = a.binary("mul", a.unary("max0", x), rest)
    return [a.binary("add", a.binary("mul", x, slope), above)]


def _gemm(a: Arithmetic, arguments: Arguments, attributes: Mapping) -> list[Tensor]:
    matrix = _given(arguments, 1)
    if attributes.get("transA", 0) or not isinstance(matrix, Constant):
        raise ValueError("it multiplies inputs with inputs or transposes a batch")
    values = matrix.values if attributes.get("transB", 0) else matrix.values.T
    scales = [attributes.get(name, 1.0) for name in ("alpha", "beta")]
    bias = arguments[2] if len(arguments) > 2 else None
    if isinstance(bias, Constant) and bias.shape == values.shape[:1]:
        if scales == [1.0, 1.0]:
            return [a.apply_matrix(_like(matrix, values), _given(arguments), bias)]
    made: Tensor = a.apply_matrix(_like(matrix, values), _given(arguments))
    made = a.binary("mul", made, Constant(np.array(scales[0])))
    if bias is not None:
        made = a.binary(
            "add", made, a.binary("mul", bias, Constant(np.array(scales[1])))
        )
    return [made]


def _matmul(a: Arithmetic, arguments: Arguments, _: Mapping) -> list[Tensor]:
    matrix = _given(arguments, 1)
    if not isinstance(matrix, Constant) or len(matrix.shape) != 2:
        raise ValueError("it multiplies with something else than a constant matrix")
    return [a.apply_matrix(_like(matrix, matrix.values.T), _given(arguments))]


def _like(constant: Constant, values: np.ndarray) -> Constant:
    return Constant(values, constant.name)


def _same(a: Arithmetic, arguments: Arguments, _: Mapping) -> list[Tensor]:
    return [_given(arguments)]


def _cast(a: Arithmetic, arguments: Arguments, attributes: Mapping) -> list[Tensor]:
    tensor = _given(arguments)
    if attributes["to"] in _floating:
        if isinstance(tensor, Constant) and tensor.values.dtype == np.int64:
            return [_like(tensor, tensor.values.astype(float))]
        return [tensor]
    if isinstance(tensor, Constant) and tensor.values.dtype == np.int64:
        return [tensor]
    raise ValueError("it rounds to integers")


def _constant(a: Arithmetic, _: Arguments, attributes: Mapping) -> list[Tensor]:
    ((kind, value),) = attributes.items()
    if kind == "value":
        return [value]
    types = {"value_float": float, "value_floats": float,
             "value_int": np.int64, "value_ints": np.int64}  # fmt: skip
    if kind not in types:
        raise ValueError(f"a constant given as {kind}")
    array = np.array(value, types[kind])
    if not np.isfinite(array).all():
        raise ValueError("the constant is not finite")
    return [Constant(array)]


def _concat(a: Arithmetic, arguments: Arguments, attributes: Mapping) -> list[Tensor]:
    parts = [_given(arguments, i) for i in range(len(arguments))]
    longest = max(parts, key=lambda p: isinstance(p, Row) and p.batched)
    axis = _axis(longest, attributes["axis"])
    return [a.rearrange(parts, lambda *arrays: np.concatenate(arrays, axis))]


def _split(a: Arithmetic, arguments: Arguments, attributes: Mapping) -> list[Tensor]:
    tensor = _given(arguments)
    axis = _axis(tensor, attributes.get("axis", 0))
    length = tensor.shape[axis]
    sizes = _integers(arguments, 1, attributes.get("split"))
    if sizes is None:
        count = attributes.get("num_outputs", 0)
        if not 0 < count <= length:
            raise ValueError("it does not say into how many parts")
        step = -(-length // count)
        sizes = [step] * (count - 1) + [length - step * (count - 1)]
    if sum(sizes) != length or min(sizes) < 1:
        raise ValueError(f"the parts {sizes} do not make up the length {length}")
    ends = np.cumsum([0, *sizes])
    parts = [np.arange(low, high) for low, high in zip(ends, ends[1:], strict=False)]
    return [_taken(a, tensor, places, axis) for places in parts]


def _taken(a: Arithmetic, tensor: Tensor, places: np.ndarray, axis: int) -> Tensor:
    return a.rearrange([tensor], lambda array: np.take(array, places, axis))


def _gather(a: Arithmetic, arguments: Arguments, attributes: Mapping) -> list[Tensor]:
    tensor, places = _given(arguments), _given(arguments, 1)
    if not isinstance(places, Constant) or places.values.dtype != np.int64:
        raise ValueError("its indices depend on the inputs")
    axis = _axis(tensor, attributes.get("axis", 0))
    return [_taken(a, tensor, places.values, axis)]


def _slice(a: Arithmetic, arguments: Arguments, attributes: Mapping) -> list[Tensor]:
    tensor = _given(arguments)
    starts = _integers(arguments, 1, attributes.get("starts"))
    ends = _integers(arguments, 2, attributes.get("ends"))
    axes = _integers(arguments, 3, attributes.get("axes"))
    steps = _integers(arguments, 4, None)
    if starts is None or ends is None:
        raise ValueError("it has no start or no end")
    axes = list(range(len(starts))) if axes is None else axes
    for i, axis in enumerate(axes):
        step = steps[i] if steps else 1
        if step == 0:
            raise ValueError("its step is zero")
        length, begin, end = tensor.shape[axis], starts[i], ends[i]
        if axis == 0 and (begin, step) == (0, 1) and end >= _open_end:
            continue  # the whole batch, whatever its length
        last = None if step < 0 and end < -length else end
        places = np.arange(length)[slice(begin, last, step)]
        tensor = _taken(a, tensor, places, _axis(tensor, axis))
    return [tensor]


def _transpose(a: Arithmetic, arguments: Arguments, attributes: Mapping):
    tensor = _given(arguments)
    order = attributes.get("perm") or list(range(len(tensor.shape)))[::-1]
    if isinstance(tensor, Row) and tensor.batched and order[0] != 0:
        raise ValueError("it moves the batch axis")
    return [a.rearrange([tensor], lambda array: np.transpose(array, order))]


def _reshape(a: Arithmetic, arguments: Arguments, attributes: Mapping) -> list[Tensor]:
    tensor = _given(arguments)
    shape = _integers(arguments, 1, attributes.get("shape"))
    if not shape:
        raise ValueError("it has no shape")
    if not attributes.get("allowzero", 0):
        shape = [tensor.shape[i] if n == 0 else n for i, n in enumerate(shape)]
    if isinstance(tensor, Row) and tensor.batched:
        # The batch is counted by the first number, whatever batch was exported.
        rest = shape[1:]
        if -1 in rest and shape[0] < 0:
            raise ValueError("two lengths are open")
        shape = [1, *rest]
    return [a.rearrange([tensor], lambda array: array.reshape(shape))]


def _flatten(a: Arithmetic, arguments: Arguments, attributes: Mapping) -> list[Tensor]:
    tensor = _given(arguments)
    if attributes.get("axis", 1) != 1:
        raise ValueError("it moves the batch axis")
    length = tensor.shape[:1]
    return [a.rearrange([tensor], lambda array: array.reshape((*length, -1)))]


def _squeeze(a: Arithmetic, arguments: Arguments, attributes: Mapping) -> list[Tensor]:
    tensor = _given(arguments)
    axes = _integers(arguments, 1, attributes.get("axes"))
    if axes is None:
        first = 1 if isinstance(tensor, Row) and tensor.batched else 0
        axes = [i for i, n in enumerate(tensor.shape) if n == 1 and i >= first]
    places = tuple(_axis(tensor, axis) for axis in axes)
    return [a.rearrange([tensor], lambda array: np.squeeze(array, places))]


def _unsqueeze(a: Arithmetic, arguments: Arguments, attributes: Mapping):
    tensor = _given(arguments)
    axes = _integers(arguments, 1, attributes.get("axes")) or []
    rank = len(tensor.shape) + len(axes)
    places = tuple(_axis(tensor, axis, rank) for axis in axes)
    return [a.rearrange([tensor], lambda array: np.expand_dims(array, places))]


def _sum(a: Arithmetic, arguments: Arguments, attributes: Mapping) -> list[Tensor]:
    row = a.row(_given(arguments))
    axes = _integers(arguments, 1, attributes.get("axes"))
    if axes is None and row.batched:
        raise ValueError("it mixes samples of a batch")
    axes = list(range(len(row.shape))) if axes is None else axes
    summed = sorted(_axis(row, axis) for axis in axes)
    kept = [i for i in range(len(row.shape)) if i not in summed]
    places = np.arange(row.size).reshape(row.shape).transpose([*kept, *summed])
    count = int(np.prod([row.shape[i] for i in summed], dtype=int))
    keep = attributes.get("keepdims", 1)
    shape = [1 if i in summed else n for i, n in enumerate(row.shape)
             if keep or i in kept]  # fmt: skip
    return [a.total(row, places.reshape(-1, count), tuple(shape))]


def _mean(a: Arithmetic, arguments: Arguments, attributes: Mapping) -> list[Tensor]:
    (total,) = _sum(a, arguments, attributes)
    count = a.row(_given(arguments)).size // a.row(total).size
    return [a.binary("div", total, Constant(np.array(count)))]


rules: dict[str, Rule] = {
    "Add": _entrywise("add"), "Sum": _entrywise("add"),
    "Sub": _entrywise("sub"), "Mul": _entrywise("mul"), "Div": _entrywise("div"),
    "Neg": _negated, "Reciprocal": _reciprocal, "Pow": _power,
    "Tanh": _function("tanh"), "Sigmoid": _function("sigmoid"),
    "Softplus": _function("softplus"), "Sin": _function("sin"),
    "Cos": _function("cos"), "Exp": _function("exp"), "Log": _function("log"),
    "Sqrt": _function("sqrt"), "Erf": _function("erf"), "Sinh": _function("sinh"),
    "Cosh": _function("cosh"), "Mish": _function("mish"), "Relu": _function("relu"),
    "Gelu": _gelu, "LeakyRelu": _leaky,
    "Gemm": _gemm, "MatMul": _matmul, "ReduceSum": _sum, "ReduceMean": _mean,
    "Identity": _same, "Dropout": _same, "Cast": _cast, "Constant": _constant,
    "Concat": _concat, "Split": _split, "Gather": _gather, "Slice": _slice,
    "Transpose": _transpose, "Reshape": _reshape, "Flatten": _flatten,
    "Squeeze": _squeeze, "Unsqueeze": _unsqueeze,
}  # fmt: skip

"""Functions of a net's values, lowered to the operations of a program."""

from collections.abc import Callable

from ._tensors import Arithmetic, Tensor

Function = Callable[[Arithmetic, Tensor], Tensor]


def _plain(op: str) -> Function:
    return lambda a, x: a.unary(op, x)


def gaussian(a: Arithmetic, x: Tensor) -> Tensor:
    """exp(−x²)."""
    return a.unary("exp", a.unary("neg", a.unary("ipow", x, 2)))


def swish(a: Arithmetic, x: Tensor) -> Tensor:
    """x / (1 + e^−x)."""
    return a.binary("mul", x, a.unary("logistic", x))


def mish(a: Arithmetic, x: Tensor) -> Tensor:
    """x tanh(log(1 + e^x))."""
    return a.binary("mul", x, a.unary("tanh", a.unary("softplus", x)))


def gelu(a: Arithmetic, x: Tensor) -> Tensor:
    """x (1 + erf(x / √2)) / 2."""
    inner = a.unary("erf", a.binary("mul", x, a.number("1/sqrt(2)")))
    return _half_of_one_plus(a, x, inner)


def gelu_tanh(a: Arithmetic, x: Tensor) -> Tensor:
    """x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2."""
    cubic = a.binary("mul", a.unary("ipow", x, 3), a.number("0.044715"))
    inner = a.binary("mul", a.binary("add", x, cubic), a.number("sqrt(2/pi)"))
    return _half_of_one_plus(a, x, a.unary("tanh", inner))


def _half_of_one_plus(a: Arithmetic, x: Tensor, y: Tensor) -> Tensor:
    whole = a.binary("mul", x, a.binary("add", y, a.number("1")))
    return a.binary("mul", whole, a.number("1/2"))


def _hyperbolic(op: str) -> Function:
    def function(a: Arithmetic, x: Tensor) -> Tensor:
        pair = a.unary("exp", x), a.unary("exp", a.unary("neg", x))
        return a.binary("mul", a.binary(op, *pair), a.number("1/2"))

    return function


functions: dict[str, Function] = {
    "tanh": _plain("tanh"),
    "sigmoid": _plain("logistic"),
    "softplus": _plain("softplus"),
    "sin": _plain("sin"),
    "cos": _plain("cos"),
    "sinpi": _plain("sinpi"),
    "cospi": _plain("cospi"),
    "exp": _plain("exp"),
    "log": _plain("log"),
    "sqrt": _plain("sqrt"),
    "erf": _plain("erf"),
    "sinh": _hyperbolic("sub"),
    "cosh": _hyperbolic("add"),
    "gaussian": gaussian,
    "swish": swish,
    "mish": mish,
    "gelu": gelu,
    "gelu_tanh": gelu_tanh,
    "relu": _plain("max0"),
}
"""By the names that descriptions of nets use."""

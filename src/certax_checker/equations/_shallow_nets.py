"""Constants of nets of depth two and their losses: `docs/theory/trainability.md`."""

from fractions import Fraction
from functools import reduce

import numpy as np
from flint import arb, arb_mat, fmpq

from ..kernel._errors import Malformed, Refusal
from ..kernel._reader import parse_safetensors

ROWS = 512
Tensors = dict[str, np.ndarray]


def tensors_of(data: bytes, names: tuple[str, ...]) -> Tensors:
    """The outer weights, the inputs, and the targets or the weights.

    **Raises:** `Malformed` unless these are all, in shapes that fit.
    """
    tensors = parse_safetensors(data, "data")
    if set(tensors) != set(names):
        raise Malformed(f"the data are not {', '.join(names)}", "data")
    a, x, other = (tensors[name] for name in names)
    shape = x.shape[:1] if names[-1] == "targets" else (*a.shape, *x.shape[1:])
    if a.ndim != 1 or x.ndim != 2 or other.shape != shape:
        raise Malformed("the shapes of the data do not fit", "data")
    return tensors


def _total(values: list[arb]) -> arb:
    return sum(values, arb(0))


def _power(psd: arb_mat) -> arb:
    """lambda_max <= (trace of A^1024)^(1/1024), as A has no negative eigenvalue."""
    if psd.nrows() == 1:
        return arb(psd[0, 0].upper())
    for _ in range(10):
        psd = psd * psd
    return arb(psd.trace().upper()).root(1024)


def _gram(x: np.ndarray, scales: list[arb]) -> arb_mat:
    """A matrix with the eigenvalues, except 0, of the mean of scale x x^T."""
    if min(x.shape) > ROWS:
        raise Refusal(f"the Gram matrix has more than {ROWS} rows", "inputs")
    roots = [(s / len(scales)).sqrt() for s in scales]
    rows = [[arb(v) * r for v in row] for row, r in zip(x.tolist(), roots, strict=True)]
    made = arb_mat(rows)
    other = made.transpose()
    return made * other if made.nrows() < made.ncols() else other * made


def suprema(activation: str) -> tuple[arb, arb, arb | None, arb | None]:
    """Bounds of |s'|, |s''|, |s| and |z s'(z)|, the latter two of bounded s."""
    if activation == "softplus":
        return arb(1), arb(1) / 4, None, None
    low, high = arb("0.771702"), arb("0.771703")
    # z (1 - tanh(z)^2) rises while 2 z tanh z < 1 and falls afterwards.
    if not (2 * low * low.tanh() < 1 and 2 * high * high.tanh() > 1):
        raise Refusal("the bracket of a maximum fails", "activation")
    reach = high * (1 - low.tanh() ** 2)
    if activation == "tanh":
        return arb(1), 4 / arb(27).sqrt(), arb(1), reach
    if activation == "sigmoid":
        return arb(1) / 4, 1 / arb(108).sqrt(), arb(1), reach / 2
    raise Malformed("the activation is not sigmoid, tanh or softplus", "activation")


def landscape(
    tensors: Tensors, activation: str, loss: str, weight: Fraction
) -> dict[str, arb]:
    """Upper bounds for all inner weights.

    `threshold` is rho with Hess L >= -rho, `smoothness` bounds the Hessian of the
    regularized loss; both are missing for softplus with the squared loss. `defect` is b
    in <W, grad> >= m |W|^2 - b.
    """
    slope, bend, top, reach = suprema(activation)
    a, x, y = (tensors[name] for name in ("outer", "inputs", "targets"))
    strength, n = arb(fmpq(weight.numerator, weight.denominator)), len(y)
    sizes = [abs(arb(v)) for v in a.tolist()]
    one, two = _total(sizes), _total([v**2 for v in sizes]).sqrt()
    squares = [_total([arb(v) ** 2 for v in row]) for row in x.tolist()]
    labels, squared = [abs(arb(v)) for v in y.tolist()], loss == "squared"
    factor = arb(2) if squared else arb(1) / 2
    found = {"critical": factor * slope**2 * reduce(arb.max, squares) * two**2}
    ones = [arb(1)] * n
    moved = ones
    if squared and top is not None:
        moved = [label + one * top for label in labels]
    if reach is not None:
        found["defect"] = one * reach * _total(moved) / n
    elif squared:
        away = [(label + one * arb(2).log()) ** 2 for label in labels]
        found["defect"] = _total(away) / (4 * n)
    else:
        pull = slope * two * _total([v.sqrt() for v in squares]) / n
        found["defect"] = pull**2 / (2 * strength)
    if top is not None or not squared:
        threshold = reduce(arb.max, sizes) * bend * _power(_gram(x, moved))
        newton = two**2 * slope**2 * _power(_gram(x, ones))
        found["threshold"] = threshold
        found["smoothness"] = strength + newton / (1 if squared else 4) + threshold
    return found


def least_tangent_eigenvalue(tensors: Tensors, activation: str) -> arb:
    """Of J J^T, which has no negative eigenvalue: 1 / the largest of the inverse.

    J holds the derivatives of the outputs by the inner weights.
    """
    points, weights = (
        arb_mat([[arb(v) for v in row] for row in tensors[name].tolist()])
        for name in ("inputs", "weights")
    )
    n, outer = points.nrows(), [arb(v) for v in tensors["outer"].tolist()]
    if n > ROWS // 2:
        raise Refusal(f"the tangent kernel has more than {ROWS // 2} rows", "inputs")

    def slope(z: arb) -> arb:
        if activation == "softplus":
            return 1 / (1 + (-z).exp())
        half = 1 if activation == "tanh" else 2
        return (1 / (half * (z / half).cosh())) ** 2

    heights = (points * weights.transpose()).tolist()
    factors = [
        [slope(z) * v for z, v in zip(row, outer, strict=True)] for row in heights
    ]
    made = arb_mat(factors)
    first, second = points * points.transpose(), made * made.transpose()
    kernel = [[first[i, j] * second[i, j] for j in range(n)] for i in range(n)]
    try:
        inverse = arb_mat(kernel).inv()
    except ZeroDivisionError:
        raise Refusal("the tangent kernel may be singular", "kernel") from None
    return 1 / _power(inverse)

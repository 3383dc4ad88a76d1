"""The Allen-Cahn equation by cosine series and exponential Runge-Kutta steps."""

from collections.abc import Callable

import numpy as np

from ._axes import check_axes
from ._exponential import exponential_step
from ._reference import Reference
from ._sinpi import cospi, sinpi

_DIFFUSION = 1e-4
_CHUNK = 1024  # points of x at once, which bounds the memory

_Function = Callable[[np.ndarray, float], np.ndarray]


def allen_cahn() -> Reference:
    r"""u_t = 1e-4 u_xx + 5 (u - u^3), u(x, 0) = x^2 cos(pi x), periodic in x.

    On [-1, 1] x [0, 1]. The initial datum has a corner at the seam x = -1 = 1, where
    its derivative jumps by 4. A plain Fourier series keeps only first order of
    accuracy there at small times. The corner is therefore split off: w, the solution
    of the heat equation w_t = 1e-4 w_xx from -x^2 (which has the same jump), is known
    in closed form, and the series is used for u - w only.

    The datum is even, and stays so: the series has cosines only.
    """
    return _reference("allen-cahn", corner_datum, corner, 4096, 600, 2e-8)


def allen_cahn_smooth() -> Reference:
    """The same equation from u(x, 0) = sin(pi x)^2 cos(pi x), which has no corner."""
    return _reference("allen-cahn-smooth", smooth_datum, nothing, 2048, 800, 3e-10)


def _reference(
    name: str,
    datum: Callable[[np.ndarray], np.ndarray],
    lift: _Function,
    modes: int,
    steps: int,
    accuracy: float,
) -> Reference:
    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes(name, axes, x=(-1.0, 1.0), t=(0.0, 1.0))
        x, t = axes
        return (cosine_solution(x, t, datum, lift, modes=modes, steps=steps),)

    split = "" if lift is nothing else ", the corner split off in closed form"
    return Reference(
        name=name,
        method=(
            f"Cosine series of {modes} modes{split}, and {steps} graded steps of "
            "ETDRK4; measured by refinement in modes and steps, and against spectral "
            "elements with variable-order backward differentiation."
        ),
        accuracy=accuracy,
        evaluate=evaluate,
    )


def corner_datum(x: np.ndarray) -> np.ndarray:
    """x^2 cos(pi x), whose derivative jumps from -2 to 2 at the seam."""
    return x**2 * cospi(x)


def smooth_datum(x: np.ndarray) -> np.ndarray:
    """sin(pi x)^2 cos(pi x), smooth across the seam."""
    return sinpi(x) ** 2 * cospi(x)


def nothing(x: np.ndarray, t: float) -> np.ndarray:
    """The lift of a datum without a corner."""
    return np.zeros_like(x)


def corner(x: np.ndarray, t: float) -> np.ndarray:
    r"""The solution of w_t = D w_xx, periodic on [-1, 1], from w(x, 0) = -x^2.

    With s = 1 - |x| the distance from the seam, -x^2 = -1 + 2 s - s^2. The parabola
    -s^2 becomes -s^2 - 2 D t, and the corner 2 s becomes
    2 s + 4 sqrt(D t) ierfc(s / (2 sqrt(D t))), where
    ierfc(z) = exp(-z^2) / sqrt(pi) - z erfc(z). What the corner's other periods add
    is below exp(-2500).
    """
    from scipy.special import erfc

    smooth = -(x**2) - 2.0 * _DIFFUSION * t
    if t == 0:
        return smooth
    width = np.sqrt(_DIFFUSION * t)
    z = (1.0 - np.abs(x)) / (2.0 * width)
    return smooth + 4.0 * width * (np.exp(-(z**2)) / np.sqrt(np.pi) - z * erfc(z))


def cosine_solution(
    x: np.ndarray,
    t: np.ndarray,
    datum: Callable[[np.ndarray], np.ndarray],
    lift: _Function,
    *,
    modes: int,
    steps: int,
) -> np.ndarray:
    """u_t = 1e-4 u_xx + 5 (u - u^3) from an even, periodic datum, on a tensor grid.

    u = lift + a cosine series. The steps are graded, t_n = (n / steps)^2, because the
    corner's derivatives in time are large at first. Every requested time is reached
    by one step of its own from the last t_n before it, so that its value does not
    depend on which other times are requested.

    **Arguments:**

    - `x`: points of [-1, 1], of shape `(n,)`.
    - `t`: times in [0, 1], of shape `(m,)`, in any order.
    - `datum`: u at time zero.
    - `lift`: a solution of the heat equation, as a function of x and t, such that
        datum - lift is smoother than the datum.
    - `modes`: the highest wave number over pi.
    - `steps`: from t = 0 to t = 1.

    **Returns:** u, of shape `(n, m)`.
    """
    from scipy.fft import dct

    points = np.arange(modes + 1) / modes
    wave_numbers = np.pi * np.arange(modes + 1)
    linear = -_DIFFUSION * wave_numbers**2

    def series(values: np.ndarray) -> np.ndarray:
        coefficients = np.asarray(dct(values, type=1)) / modes
        coefficients[[0, -1]] /= 2.0
        return coefficients

    def values(coefficients: np.ndarray) -> np.ndarray:
        halved = coefficients / 2.0
        halved[[0, -1]] *= 2.0
        return np.asarray(dct(halved, type=1))

    def reaction(coefficients: np.ndarray, time: float) -> np.ndarray:
        u = values(coefficients) + lift(points, time)
        return series(5.0 * (u - u**3))

    def step(coefficients: np.ndarray, start: float, length: float) -> np.ndarray:
        return exponential_step(linear, reaction, coefficients, start, length)

    nodes = (np.arange(steps + 1) / steps) ** 2
    last_node = np.searchsorted(nodes, t, side="right") - 1
    requested = np.empty((modes + 1, len(t)))
    current = series(datum(points) - lift(points, 0.0))
    for number, node in enumerate(nodes):
        for column in np.flatnonzero(last_node == number):
            beyond = t[column] - node
            requested[:, column] = step(current, node, beyond) if beyond else current
        if number < last_node.max(initial=0):
            current = step(current, node, nodes[number + 1] - node)

    solution = np.empty((len(x), len(t)))
    for start in range(0, len(x), _CHUNK):
        rows = slice(start, start + _CHUNK)
        solution[rows] = np.cos(np.multiply.outer(x[rows], wave_numbers)) @ requested
    for column, time in enumerate(t):
        solution[:, column] += lift(x, time)
    return solution

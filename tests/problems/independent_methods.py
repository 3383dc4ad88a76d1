"""Other ways to solve the problems of the zoo, to measure the references by."""

import functools
import math

import numpy as np
from numpy.polynomial import legendre
from scipy.integrate import solve_ivp
from scipy.linalg import eigh
from scipy.sparse import dia_array

from certax.problems._references._exponential import exponential_step

pi = math.pi


class LegendreGalerkin:
    """Eigenfunctions of -d^2/dx^2 on [0, 1] in Shen's basis P_k - P_{k+2}.

    They are normalized to stiffness one, so their mass is 1 / eigenvalue.
    """

    def __init__(self, size: int = 24):
        points, weights = legendre.leggauss(2 * size)
        self.points, self.weights = (points + 1) / 2, weights / 2
        scale = 1 / np.sqrt(2 * (4 * np.arange(size) + 6))
        self.shen = (np.eye(size + 2, size) - np.eye(size + 2, size, -2)) * scale
        basis = self.basis(self.points)
        masses, self.modes = eigh(basis.T @ (self.weights[:, None] * basis))
        self.eigenvalues = 1 / masses

    def basis(self, x):
        return legendre.legvander(2 * x - 1, len(self.shen) - 1) @ self.shen

    def functions(self, x):
        return self.basis(x) @ self.modes

    def loads(self, values):
        return self.functions(self.points).T @ (self.weights * values)


def trapezoid_cole_hopf(x, times):
    """Cole's integrals by the trapezoidal rule."""
    z = np.linspace(-14, 14, 3001)
    result = np.empty((len(x), len(times)))
    for j, t in enumerate(times):
        y = x[:, None] - math.sqrt(0.04 / pi * t) * z
        exponent = -(z**2) - 50 * np.cos(pi * y)
        f = np.exp(exponent - exponent.max(axis=1, keepdims=True))
        result[:, j] = -(np.sin(pi * y) * f).sum(1) / f.sum(1)
    return result


def fourier_burgers(times, steps, modes=1024):
    """Burgers' equation itself by a Fourier series: its points, and u there."""
    points = np.arange(2 * modes) / modes - 1
    wave = pi * np.arange(modes + 1)

    def flux(c, _):
        return -0.5j * wave * np.fft.rfft(np.fft.irfft(c, 2 * modes) ** 2)

    c = np.fft.rfft(-np.sin(pi * points))
    found = []
    for n in range(steps):
        c = exponential_step(-0.01 / pi * wave**2, flux, c, n / steps, 1 / steps)
        if (n + 1) / steps in times:
            found.append(np.fft.irfft(c, 2 * modes))
    return points, np.stack(found, axis=1)


instants = np.logspace(-6, 0, 13)


@functools.cache
def spectral_elements(datum, degree=18, uniform=64):
    """Allen-Cahn on [0, 1] with Neumann walls, since u is even about both ends.

    Gauss-Lobatto elements, halved eight times towards the corner at x = 1, and
    backward differentiation of variable order: another basis, another integrator.
    """
    ends = np.arange(uniform + 1) / uniform
    ends = np.sort([*ends, *(1 - 0.5 ** np.arange(1, 9) / uniform)])
    last = np.eye(degree + 1)[degree]
    nodes = np.array([-1, *legendre.legroots(legendre.legder(last)), 1])
    weights = 2 / (degree * (degree + 1) * legendre.legval(nodes, last) ** 2)
    slopes = legendre.legval(nodes, legendre.legder(np.eye(degree + 1))).T
    slopes = slopes @ np.linalg.inv(legendre.legvander(nodes, degree))
    stiffness = slopes.T @ (weights[:, None] * slopes)

    size = degree * (len(ends) - 1) + 1
    x, mass, band = np.zeros(size), np.zeros(size), np.zeros((2 * degree + 1, size))
    row, column = np.indices(stiffness.shape)
    for e, (a, b) in enumerate(zip(ends[:-1], ends[1:], strict=True)):
        here = slice(degree * e, degree * (e + 1) + 1)
        x[here] = a + (b - a) * (nodes + 1) / 2
        mass[here] += weights * (b - a) / 2
        band[degree + row - column, degree * e + column] += stiffness * 2 / (b - a)
    offsets = np.arange(degree, -degree - 1, -1)
    rows = np.clip(np.arange(size) - offsets[:, None], 0, size - 1)
    linear = -1e-4 * band / mass[rows]
    laplacian = dia_array((linear, offsets), shape=(size, size)).tocsr()

    def jacobian(_, u):
        matrix = linear.copy()
        matrix[degree] += 5 - 15 * u**2
        return matrix

    found = solve_ivp(
        lambda _, u: laplacian @ u + 5 * (u - u**3),
        (0, 1),
        datum(x),
        method="LSODA",
        t_eval=instants,
        rtol=1e-12,
        atol=1e-13,
        lband=degree,
        uband=degree,
        jac=jacobian,
    )
    assert found.success
    return x, found.y


def runge_kutta(right_side, start):
    """Its own steps only: the dense output of DOP853 has a lower order."""
    return solve_ivp(
        right_side, (0, 10), start, "DOP853", rtol=1e-13, atol=1e-16, max_step=0.05
    )

"""Michel's accretion of radiation onto a Schwarzschild black hole of unit mass: inflow
speed u from the horizon through the sonic point r = 3, where the equation is singular.

It is Michel's wind equation with V^2 = 1/3 (pressure a third of the energy density),
cleared of denominators. The smooth solution through the sonic point is meant.
"""

import certax as cx


def residual(u, r):
    square = 2 * r * u**2
    return r * u.r * (r - 2 - square) + u * (2 * r - 7 + square)


problem = cx.Problem(
    name="michel-accretion",
    domain=cx.Box(r=(2, 10)),
    residual=residual,
    conditions=(cx.Initial("sqrt(sqrt(4/27))", at="r"),),
)

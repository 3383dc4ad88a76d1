"""Equations with zero data, to be recognized or refused."""

from typing import Any

import jax.numpy as jnp

import certax as cx
from certax.problems import Problem

zero, walls, seam = cx.Initial(0), cx.Dirichlet("x", 0), cx.Periodic("x")


def in_time(residual, *conditions, **constants) -> Problem:
    """An equation over (x, t) with zero data."""
    return Problem(
        complete=False,
        domain=cx.Box(x=(-1, 1), t=(0, 1)),
        residual=residual,
        constants={"nu": "0.01/pi"} | constants,
        conditions=conditions or (zero, walls),
    )


def waving(residual, *conditions, **constants) -> Problem:
    """An equation of second order in time, from rest."""
    rest = cx.Initial(0, velocity=0)
    return in_time(residual, rest, *(conditions or (walls,)), **constants)


def quantum(residual, *conditions, **constants) -> Problem:
    """A system for real and imaginary part, with zero data."""
    return Problem(
        complete=False,
        domain=cx.Box(x=(-1, 1), t=(0, 1)),
        residual=residual,
        constants=constants,
        conditions=(cx.Initial((0, 0)), *(conditions or (cx.Dirichlet("x", (0, 0)),))),
    )


def flow(residual, *conditions, **constants) -> Problem:
    """An equation for a stream function on a torus."""
    return Problem(
        complete=False,
        domain=cx.Box(x=(0, "2*pi"), y=(0, "2*pi"), t=(0, "1/2")),
        residual=residual,
        constants={"nu": "0.1"} | constants,
        conditions=(
            cx.Initial(lambda x, y: jnp.sin(x) * jnp.sin(y)),
            *(conditions or (cx.Periodic("x"), cx.Periodic("y"))),
        ),
    )


def vorticity(u, nu):
    """The left-hand side of the vorticity equation."""
    carried = u.y * (u.xxx + u.xyy) - u.x * (u.xxy + u.yyy)
    return u.xxt + u.yyt + carried - nu * (u.xxxx + 2 * u.xxyy + u.yyyy)


def in_plane(residual, *conditions, **constants) -> Problem:
    """An equation over (x, y)."""
    return Problem(
        complete=False,
        domain=cx.Box(x=(0, 1), y=(0, "1/2")),
        residual=residual,
        constants=constants,
        conditions=conditions or (walls, cx.Dirichlet("y", 0)),
    )


def ode(residual, initial: Any = 0, **constants) -> Problem:
    """An equation over t."""
    return Problem(
        complete=False,
        domain=cx.Box(t=(0, 1)),
        residual=residual,
        constants=constants,
        conditions=(cx.Initial(initial),),
    )


def on_line(residual, *conditions, **constants) -> Problem:
    """A steady equation over x."""
    return Problem(
        complete=False,
        domain=cx.Box(x=(0, 1)),
        residual=residual,
        constants=constants,
        conditions=conditions or (walls,),
    )

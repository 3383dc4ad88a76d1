"""Steady slow flow past a cylinder in a channel, as in arXiv 2308.08468: the geometry,
the viscosity and the inflow are those of the benchmark of a cylinder that stands a bit
below the middle.
"""

import certax as cx


def residual(u, v, p, nu, diameter):
    # Forces over viscosity and diameter have the unit of the divergence.
    return (
        diameter * (p.x / nu - u.laplacian()),
        diameter * (p.y / nu - v.laplacian()),
        u.x + v.y,
    )


def outflow(u, v, p, nu, diameter):
    return (diameter * (u.x - p / nu), diameter * v.x)


channel = cx.Box(x=(0, "2.2"), y=(0, "0.41"))
still = (0, 0, None)

problem = cx.Problem(
    name="stokes",
    domain=channel - cx.Ball(("0.2", "0.2"), "0.05"),
    constants={"nu": "1/1000", "diameter": "0.1", "height": "0.41"},
    residual=residual,
    conditions=(
        cx.Dirichlet(
            "part0.x.lower",
            (lambda y, height: 6 * y * (height - y) / (5 * height**2), 0, None),
        ),
        cx.Dirichlet("part0.y.lower", still),
        cx.Dirichlet("part0.y.upper", still),
        cx.Dirichlet("part1.boundary", still),
        cx.Condition("part0.x.upper", outflow),
    ),
)

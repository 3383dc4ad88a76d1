"""The viscous Burgers equations in space, from arXiv 2407.20741 for nu = 1/10,
corrected: the published solution has exp(-t) and solves the equations only for nu =
1/3; this one has exp(-3 nu t) and solves them for every nu.
"""

import jax.numpy as jnp

import certax as cx


def decay(t, nu):
    return jnp.exp(-3 * nu * t)


def published_decay(t, nu):
    return jnp.exp(-t)


def velocity(x, y, z, t, nu, decay):
    """-2 nu grad(phi) / phi for phi = 1 + x + decay sin x sin y sin z."""
    decay = decay(t, nu)
    scale = -2 * nu / (1 + x + decay * jnp.sin(x) * jnp.sin(y) * jnp.sin(z))
    return (
        scale * (1 + decay * jnp.cos(x) * jnp.sin(y) * jnp.sin(z)),
        scale * decay * jnp.sin(x) * jnp.cos(y) * jnp.sin(z),
        scale * decay * jnp.sin(x) * jnp.sin(y) * jnp.cos(z),
    )


def residual(u, v, w, nu):
    return tuple(
        f.t + u * f.x + v * f.y + w * f.z - nu * (f.xx + f.yy + f.zz) for f in (u, v, w)
    )


def wall(name, side, decay):
    """All fields on the lower (0) or upper (1) face of a coordinate."""

    def component(i):
        return {
            "x": lambda y, z, t, nu: velocity(side, y, z, t, nu, decay)[i],
            "y": lambda x, z, t, nu: velocity(x, side, z, t, nu, decay)[i],
            "z": lambda x, y, t, nu: velocity(x, y, side, t, nu, decay)[i],
        }[name]

    side_name = ("lower", "upper")[side]
    return cx.Dirichlet(name, tuple(map(component, range(3))), side=side_name)


def flow(name, decay):
    """The equations with the data of a velocity."""
    start = cx.Initial(
        (
            lambda x, y, z, nu: velocity(x, y, z, 0, nu, decay)[0],
            lambda x, y, z, nu: velocity(x, y, z, 0, nu, decay)[1],
            lambda x, y, z, nu: velocity(x, y, z, 0, nu, decay)[2],
        )
    )
    walls = [wall(c, side, decay) for c in ("x", "y", "z") for side in (0, 1)]
    return cx.Problem(
        name=name,
        domain=cx.Box(x=(0, 1), y=(0, 1), z=(0, 1), t=(0, 1)),
        constants={"nu": "1/10"},
        residual=residual,
        conditions=(start, *walls),
    )


problem = flow("burgers-3d", decay)
as_published = flow("burgers-3d-as-published", published_decay)
difference = """The published data are those of exp(-t), and so is what is called the
exact solution; the solution for these data is another one.
"""

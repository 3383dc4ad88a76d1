"""The Allen-Cahn equation with its usual data, which have a corner at the seam: a net
that keeps the corner solves another problem, 3e-4 away; û has it rounded by diffusion.
"""

import certax as cx

problem = cx.Problem(
    name="allen-cahn",
    domain=cx.Box(x=(-1, 1), t=(0, 1)),
    constants={"diffusivity": "1e-4"},
    residual=lambda u, diffusivity: u.t - diffusivity * u.xx - 5 * (u - u**3),
    conditions=(cx.Initial(lambda x: x**2 * cx.cospi(x)), cx.Periodic("x")),
)

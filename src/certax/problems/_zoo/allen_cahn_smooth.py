"""The Allen-Cahn equation with data that are smooth on the circle."""

import certax as cx

problem = cx.Problem(
    name="allen-cahn-smooth",
    domain=cx.Box(x=(-1, 1), t=(0, 1)),
    constants={"diffusivity": "1e-4"},
    residual=lambda u, diffusivity: u.t - diffusivity * u.xx - 5 * (u - u**3),
    conditions=(
        cx.Initial(lambda x: cx.sinpi(x) ** 2 * cx.cospi(x)),
        cx.Periodic("x"),
    ),
)

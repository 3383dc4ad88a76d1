"""A string with a fundamental and a fourth harmonic at twice the speed of `wave`: the
usual example of a wave that plain training misses.
"""

import certax as cx

problem = cx.Problem(
    name="wave-two-modes",
    domain=cx.Box(x=(0, 1), t=(0, 1)),
    residual=lambda u: u.tt - 4 * u.xx,
    conditions=(
        cx.Initial(lambda x: cx.sinpi(x) + cx.sinpi(4 * x) / 2, velocity=0),
        cx.Dirichlet("x", 0),
    ),
)

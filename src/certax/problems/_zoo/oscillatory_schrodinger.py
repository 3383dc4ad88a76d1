"""The stationary Schroedinger equation with a linear potential in the semiclassical
regime, epsilon = 1/20: the test of methods of Wentzel, Kramers and Brillouin, solved by
Airy functions.
"""

import certax as cx

problem = cx.Problem(
    name="oscillatory-schrodinger",
    domain=cx.Box(x=(1, 2)),
    constants={"epsilon": "1/20"},
    residual=lambda u, x, epsilon: epsilon**2 * u.xx + x * u,
    conditions=(cx.Initial(1, at="x", velocity=0),),
)

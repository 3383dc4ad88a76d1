"""The stationary Schroedinger equation epsilon^2 u'' + x u = 0 in the semiclassical
regime, epsilon = 1/20: a test of the method of Wentzel, Kramers and Brillouin, with
Airy functions for a solution. The second field is epsilon u'.
"""

import certax as cx

problem = cx.Problem(
    name="oscillatory-schrodinger",
    domain=cx.Box(x=(1, 2)),
    constants={"epsilon": "1/20"},
    residual=lambda u, v, x, epsilon: (u.x - v / epsilon, v.x + x * u / epsilon),
    conditions=(cx.Initial((1, 0), at="x"),),
)

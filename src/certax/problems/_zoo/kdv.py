"""The equation of Korteweg and de Vries as Zabusky and Kruskal had it (doi
10.1103/PhysRevLett.15.240), on a circle: a cosine breaks up into solitons.
"""

import certax as cx

problem = cx.Problem(
    name="kdv",
    domain=cx.Box(x=(-1, 1), t=(0, 1)),
    constants={"delta": "0.022"},
    residual=lambda u, delta: u.t + u * u.x + delta**2 * u.xxx,
    conditions=(cx.Initial(lambda x: cx.cospi(x)), cx.Periodic("x")),
)

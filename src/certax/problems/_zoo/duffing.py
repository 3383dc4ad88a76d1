"""The undamped Duffing oscillator x'' = x - x^3 (as in Colbrook and Townsend,
doi 10.1002/cpa.22125), let go inside one of its two wells.
"""

import certax as cx

problem = cx.Problem(
    name="duffing",
    domain=cx.Box(t=(0, 10)),
    residual=lambda x, y: (x.t - y, y.t - x + x**3),
    conditions=(cx.Initial(("6/5", 0)),),
)

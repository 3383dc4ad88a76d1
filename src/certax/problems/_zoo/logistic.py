"""Logistic growth from one tenth."""

import certax as cx

problem = cx.Problem(
    name="logistic",
    domain=cx.Box(t=(0, 10)),
    residual=lambda u: u.t - u * (1 - u),
    conditions=(cx.Initial("0.1"),),
)

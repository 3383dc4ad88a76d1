"""The Mukhanov-Sasaki equation of a mode with wave number one in slow roll (or in ultra
slow roll: z''/z is 2 / tau^2 in both), from the Bunch-Davies state deep inside the
horizon to outside of it. The fields are the mode's real and imaginary part.
"""

import certax as cx


def residual(p, q, tau):
    square = 1 - 2 / tau**2
    return p.tautau + square * p, q.tautau + square * q


problem = cx.Problem(
    name="mukhanov-sasaki",
    domain=cx.Box(tau=("-4*pi", "-1/2")),
    residual=residual,
    conditions=(
        cx.Initial(
            ("1/sqrt(2)", "1/(4*pi*sqrt(2))"),
            at="tau",
            velocity=("1/(4*pi*sqrt(2))", "(1/(16*pi^2) - 1)/sqrt(2)"),
        ),
    ),
)

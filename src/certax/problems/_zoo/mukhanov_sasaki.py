"""The Mukhanov-Sasaki equation of a mode with wave number one in slow roll (or in ultra
slow roll: z'' / z is 2 / tau^2 in both), from the Bunch-Davies state deep inside the
horizon to outside of it. The fields are the mode's real and imaginary part, p and q,
and their derivatives, v and w.
"""

import certax as cx


def residual(p, q, v, w, tau):
    square = 1 - 2 / tau**2
    return p.tau - v, q.tau - w, v.tau + square * p, w.tau + square * q


problem = cx.Problem(
    name="mukhanov-sasaki",
    domain=cx.Box(tau=("-4*pi", "-1/2")),
    residual=residual,
    conditions=(
        cx.Initial(
            (
                "1/sqrt(2)",
                "1/(4*pi*sqrt(2))",
                "1/(4*pi*sqrt(2))",
                "(1/(16*pi^2) - 1)/sqrt(2)",
            ),
            at="tau",
        ),
    ),
)

"""The nine-mode model of shear flow of Moehlis, Faisst and Eckhardt (doi
10.1088/1367-2630/6/1/056) at Reynolds number 400 in the box 4 pi x 2 x 2 pi: a
disturbance of the laminar flow grows by lift-up and breaks into all modes. The start
is ours.
"""

import certax as cx


def residual(
    a1, a2, a3, a4, a5, a6, a7, a8, a9, alpha, beta, gamma, p, q, r, s6, reynolds
):
    s = s6 / 2  # sqrt(3/2)
    t = s6 / 3  # sqrt(2/3)
    abc = alpha * beta * gamma
    a, b, c = alpha**2, beta**2, gamma**2
    return (
        a1.t
        - b * (1 - a1) / reynolds
        + s * beta * gamma / r * a6 * a8
        - s * beta * gamma / q * a2 * a3,
        a2.t
        + (4 * b / 3 + c) * a2 / reynolds
        - 5 * t / 3 * c / p * a4 * a6
        + c / (s6 * p) * a5 * a7
        + abc / (s6 * p * r) * a5 * a8
        + s * beta * gamma / q * (a1 * a3 + a3 * a9),
        a3.t
        + (b + c) * a3 / reynolds
        - 2 / s6 * abc / (p * q) * (a4 * a7 + a5 * a6)
        - (b * (3 * a + c) - 3 * c * (a + c)) / (s6 * p * q * r) * a4 * a8,
        a4.t
        + (3 * a + 4 * b) * a4 / (3 * reynolds)
        + alpha / s6 * (a1 * a5 + a5 * a9)
        + 10 * a / (3 * s6 * p) * a2 * a6
        + s * abc / (p * q) * a3 * a7
        + s * a * b / (p * q * r) * a3 * a8,
        a5.t
        + (a + b) * a5 / reynolds
        - alpha / s6 * (a1 * a4 + a4 * a9)
        - a / (s6 * p) * a2 * a7
        + abc / (s6 * p * r) * a2 * a8
        - 2 / s6 * abc / (p * q) * a3 * a6,
        a6.t
        + (3 * a + 4 * b + 3 * c) * a6 / (3 * reynolds)
        - alpha / s6 * (a1 * a7 + a7 * a9)
        - s * beta * gamma / r * (a1 * a8 + a8 * a9)
        - 10 * (a - c) / (3 * s6 * p) * a2 * a4
        + 2 * t * abc / (p * q) * a3 * a5,
        a7.t
        + (a + b + c) * a7 / reynolds
        + alpha / s6 * (a1 * a6 + a6 * a9)
        - (c - a) / (s6 * p) * a2 * a5
        - abc / (s6 * p * q) * a3 * a4,
        a8.t
        + (a + b + c) * a8 / reynolds
        - 2 / s6 * abc / (p * r) * a2 * a5
        - c * (3 * a - b + 3 * c) / (s6 * p * q * r) * a3 * a4,
        a9.t
        + 9 * b * a9 / reynolds
        - s * beta * gamma / q * a2 * a3
        + s * beta * gamma / r * a6 * a8,
    )


problem = cx.Problem(
    name="nine-mode-shear-flow",
    domain=cx.Box(t=(0, 20)),
    constants={
        "alpha": "1/2",
        "beta": "pi/2",
        "gamma": 1,
        "p": "sqrt(5)/2",
        "q": "sqrt(pi^2/4 + 1)",
        "r": "sqrt(pi^2/4 + 5/4)",
        "s6": "sqrt(6)",
        "reynolds": 400,
    },
    residual=residual,
    conditions=(
        cx.Initial(
            (1, "1/10", "-1/10", "1/20", "1/50", "1/50", "1/20", "1/50", 0),
        ),
    ),
)

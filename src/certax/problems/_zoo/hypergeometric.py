"""The hypergeometric equation for 2F1(1, 1; 2; z) = -log(1 - z) / z, singular at z = 0,
where value and slope follow from regularity.
"""

import certax as cx

problem = cx.Problem(
    name="hypergeometric",
    domain=cx.Box(z=(0, "1/2")),
    residual=lambda w, z: z * (1 - z) * w.zz + (2 - 3 * z) * w.z - w,
    conditions=(cx.Initial(1, at="z", velocity="1/2"),),
)

"""Catalysis on the wall of a well-mixed cylinder: c is adsorbed to s, where 2 A and B
turn into each other (the standard equations of bulk and surface in a cylinder,
without the gradients; the rates are ours). The total mass c_A + 2 c_B + (s_A + 2 s_B)
times the wall's area over the volume is conserved.
"""

import certax as cx


def residual(ca, cb, sa, sb, area):
    """The reaction 2 A <-> B runs at the rate s_A^2 - s_B / 2."""
    sorption_a, sorption_b = 2 * ca - sa, cb - sb
    rate = sa**2 - sb / 2
    return (
        ca.t + area * sorption_a,
        cb.t + area * sorption_b,
        sa.t - sorption_a + 2 * rate,
        sb.t - sorption_b - rate,
    )


problem = cx.Problem(
    name="catalysis",
    domain=cx.Box(t=(0, 10)),
    constants={"area": 2},
    residual=residual,
    conditions=(cx.Initial((1, 0, 0, 0)),),
)

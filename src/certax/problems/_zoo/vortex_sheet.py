"""The dispersion relation of a compressible vortex sheet. A wave of number k and
frequency omega on the surface between streams of speeds U and -U, with sound of speed
c, has w = (omega / (c k))^2 = 1 + M^2 - sqrt(1 + 4 M^2) at Mach number M = U / c. It
is stated as a differential equation in M with the incompressible limit w(0) = 0,
which selects this root of the relation. The sheet is unstable where w < 0, which is
for 0 < M < sqrt(2).
"""

import certax as cx

problem = cx.Problem(
    name="vortex-sheet",
    domain=cx.Box(mach=(0, 2)),
    residual=lambda w, mach: w.mach - 2 * mach + 4 * mach / (1 + mach**2 - w),
    conditions=(cx.Initial(0, at=("mach", 0)),),
)

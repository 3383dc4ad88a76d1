from ._barrier import Barrier as Barrier
from ._base import AbstractTheorem as AbstractTheorem
from ._certified_barrier import CertifiedBarrier as CertifiedBarrier
from ._comparison_ode import ComparisonOde as ComparisonOde
from ._elliptic_energy import (
    EllipticEnergy as EllipticEnergy,
    EllipticGradient as EllipticGradient,
)
from ._energy import Energy as Energy
from ._hamilton_jacobi import (
    HamiltonJacobi as HamiltonJacobi,
    StationaryHamiltonJacobi as StationaryHamiltonJacobi,
)
from ._l1_contraction import L1Contraction as L1Contraction
from ._maximum_principle import MaximumPrinciple as MaximumPrinciple
from ._navier_stokes import NavierStokes as NavierStokes
from ._newton_kantorovich import (
    NewtonKantorovich as NewtonKantorovich,
    NewtonKantorovichSupremum as NewtonKantorovichSupremum,
)
from ._ode_tube import OdeTube as OdeTube
from ._oleinik import Oleinik as Oleinik
from ._schrodinger import Schrodinger as Schrodinger
from ._semilinear_barrier import SemilinearBarrier as SemilinearBarrier
from ._transport import Transport as Transport
from ._wave import Wave as Wave, WaveSupremum as WaveSupremum

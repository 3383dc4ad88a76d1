from ._barrier import Barrier as Barrier
from ._base import AbstractTheorem as AbstractTheorem
from ._comparison_ode import ComparisonOde as ComparisonOde
from ._hamilton_jacobi import (
    HamiltonJacobi as HamiltonJacobi,
    StationaryHamiltonJacobi as StationaryHamiltonJacobi,
)
from ._l1_contraction import L1Contraction as L1Contraction
from ._maximum_principle import MaximumPrinciple as MaximumPrinciple
from ._ode_tube import OdeTube as OdeTube
from ._oleinik import Oleinik as Oleinik
from ._transport import Transport as Transport

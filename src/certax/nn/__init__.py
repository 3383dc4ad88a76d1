from .._core import Exact as Exact
from ._ansatz import (
    Ansatz as Ansatz,
    parameters_of as parameters_of,
    program_of as program_of,
    weights_of as weights_of,
    with_parameters as with_parameters,
)
from ._choice import make_ansatz as make_ansatz
from ._constraints import HardConstraint as HardConstraint
from ._corner import RoundedCorner as RoundedCorner
from ._correction import Corrected as Corrected, with_waves as with_waves
from ._factorization import FactorizedLinear as FactorizedLinear
from ._folding import (
    AbstractParameterization as AbstractParameterization,
    fold as fold,
    is_folded as is_folded,
)
from ._fourier_features import (
    FourierFeatures as FourierFeatures,
    FourierNetwork as FourierNetwork,
)
from ._gaussian_features import (
    GaussianFeatures as GaussianFeatures,
    GaussianNetwork as GaussianNetwork,
)
from ._lagrangian import Lagrangian as Lagrangian
from ._layers import MLP as MLP, Affine as Affine, Linear as Linear
from ._mirrored import Mirrored as Mirrored, mirrored as mirrored
from ._modified_mlp import ModifiedMLP as ModifiedMLP
from ._networks import make_network as make_network
from ._residual_adaptive import ResidualAdaptive as ResidualAdaptive
from ._sandwich import Sandwich as Sandwich
from ._stream_function import StreamFunction as StreamFunction
from ._windows import Windows as Windows

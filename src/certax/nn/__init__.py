from .._core import Exact as Exact
from ._ansatz import Ansatz as Ansatz
from ._ansatz import program_of as program_of
from ._ansatz import weights_of as weights_of
from ._constraints import HardConstraint as HardConstraint
from ._layers import MLP as MLP
from ._layers import Linear as Linear

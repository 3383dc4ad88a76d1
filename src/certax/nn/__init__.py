from .._core import Exact as Exact
from ._ansatz import (
    Ansatz as Ansatz,
    program_of as program_of,
    weights_of as weights_of,
)
from ._constraints import HardConstraint as HardConstraint
from ._corner import RoundedCorner as RoundedCorner
from ._layers import MLP as MLP, Linear as Linear

from ._certificate import Certificate as Certificate
from ._certify import (
    Search as Search,
    certify_residual as certify_residual,
    certify_solution as certify_solution,
    matching as matching,
    read_weights as read_weights,
    theorems as theorems,
    weights_file as weights_file,
)
from ._checker import run_checker as run_checker
from ._hypotheses import Hypothesis as Hypothesis
from ._network_claims import (
    certify_lipschitz as certify_lipschitz,
    certify_range as certify_range,
)

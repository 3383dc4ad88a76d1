from ._certificate import Certificate as Certificate
from ._certify import (
    certify_residual as certify_residual,
    certify_solution as certify_solution,
    matching as matching,
    theorems as theorems,
)
from ._checker import run_checker as run_checker
from ._choice import sampled_norms as sampled_norms, sampled_size as sampled_size
from ._drafts import Search as Search, evaluations as evaluations
from ._hypotheses import Hypothesis as Hypothesis
from ._network_claims import (
    certify_lipschitz as certify_lipschitz,
    certify_range as certify_range,
)
from ._weights_files import (
    read_weights as read_weights,
    weights_file as weights_file,
)

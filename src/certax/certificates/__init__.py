from ._certificate import Certificate as Certificate
from ._certify import (
    Search as Search,
)
from ._certify import (
    certify_residual as certify_residual,
)
from ._certify import (
    certify_solution as certify_solution,
)
from ._certify import (
    matching as matching,
)
from ._certify import (
    read_weights as read_weights,
)
from ._certify import (
    theorems as theorems,
)
from ._certify import (
    weights_file as weights_file,
)
from ._checker import run_checker as run_checker
from ._hypotheses import Hypothesis as Hypothesis

from ._bisection import (
    Enclosed as Enclosed,
)
from ._bisection import (
    Quantity as Quantity,
)
from ._bisection import (
    Refinement as Refinement,
)
from ._bisection import (
    refine as refine,
)
from ._leaves import LeafBounds as LeafBounds

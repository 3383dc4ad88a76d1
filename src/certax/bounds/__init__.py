from ._bisection import (
    Enclosed as Enclosed,
    Quantity as Quantity,
    Refinement as Refinement,
    refine as refine,
)
from ._enclose import Interval as Interval, enclose as enclose
from ._interpreter import enclosed_operations as enclosed_operations
from ._leaves import LeafBounds as LeafBounds
from ._network_quantities import (
    lipschitz_quantity as lipschitz_quantity,
    range_quantity as range_quantity,
)
from ._range import bracket as bracket
from ._slopes import lipschitz as lipschitz, monotone as monotone
from ._trees import Tree as Tree

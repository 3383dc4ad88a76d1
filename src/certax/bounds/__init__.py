from ._bisection import (
    Enclosed as Enclosed,
    Quantity as Quantity,
    Refinement as Refinement,
    refine as refine,
)
from ._leaves import LeafBounds as LeafBounds
from ._trees import Tree as Tree

from ._bisection import (
    Checkpoint as Checkpoint,
    Enclosed as Enclosed,
    refine as refine,
)
from ._cluster import Cluster as Cluster
from ._enclose import Interval as Interval, enclose as enclose
from ._executors import AbstractExecutor as AbstractExecutor, Threads as Threads
from ._goals import Refinement as Refinement
from ._interpreter import enclosed_operations as enclosed_operations
from ._leaves import LeafBounds as LeafBounds
from ._linear_bounds import linear_bounds as linear_bounds
from ._linear_branching import Branched as Branched, Budget as Budget
from ._network_branching import (
    branched_lipschitz as branched_lipschitz,
    branched_range as branched_range,
)
from ._network_quantities import (
    lipschitz_quantity as lipschitz_quantity,
    range_quantity as range_quantity,
)
from ._processes import Processes as Processes
from ._range import bracket as bracket
from ._slopes import lipschitz as lipschitz, monotone as monotone
from ._tasks import Quantity as Quantity
from ._trees import Tree as Tree

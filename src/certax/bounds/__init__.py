from ._bisection import (
    Checkpoint as Checkpoint,
    Enclosed as Enclosed,
    refine as refine,
)
from ._cluster import Cluster as Cluster
from ._executors import AbstractExecutor as AbstractExecutor, Threads as Threads
from ._goals import Refinement as Refinement
from ._leaves import LeafBounds as LeafBounds
from ._processes import Processes as Processes
from ._tasks import Quantity as Quantity

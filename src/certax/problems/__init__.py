from ._catalogue import (
    ZooEntry as ZooEntry,
)
from ._catalogue import (
    names as names,
)
from ._catalogue import (
    zoo as zoo,
)
from ._catalogue import (
    zoo_entry as zoo_entry,
)
from ._compatibility import faces as faces
from ._conditions import (
    Dirichlet as Dirichlet,
)
from ._conditions import (
    Initial as Initial,
)
from ._conditions import (
    Periodic as Periodic,
)
from ._problem import Problem as Problem
from ._references import Reference as Reference
from ._solution import Solution as Solution
from ._solution import point_derivatives as point_derivatives

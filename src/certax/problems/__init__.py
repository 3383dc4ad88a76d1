from ._catalogue import (
    ZooEntry as ZooEntry,
    as_published as as_published,
    names as names,
    published_names as published_names,
    zoo as zoo,
    zoo_entry as zoo_entry,
)
from ._compatibility import faces as faces
from ._conditions import (
    Condition as Condition,
    Dirichlet as Dirichlet,
    Initial as Initial,
    Neumann as Neumann,
    Periodic as Periodic,
    Robin as Robin,
    Terminal as Terminal,
)
from ._data import Data as Data
from ._high_dimension import (
    AbstractCloud as AbstractCloud,
    HighDimensionalProblem as HighDimensionalProblem,
    KnownSolution as KnownSolution,
    Lift as Lift,
    Paths as Paths,
    UnitBall as UnitBall,
    high_dimensional_names as high_dimensional_names,
    high_dimensional_problem as high_dimensional_problem,
    high_dimensional_summary as high_dimensional_summary,
)
from ._pieces import column_of as column_of
from ._problem import Problem as Problem
from ._references import Reference as Reference
from ._reflections import reflections as reflections
from ._regions import holds as holds, within as within
from ._seams import CornerSeam as CornerSeam, corner_seam as corner_seam
from ._solution import (
    Solution as Solution,
    at_points as at_points,
    constants_of as constants_of,
    field_derivatives as field_derivatives,
    point_derivatives as point_derivatives,
)

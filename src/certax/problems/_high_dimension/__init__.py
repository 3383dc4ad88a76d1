"""Problems in so many dimensions that their coordinates have no names."""

from ._catalogue import (
    high_dimensional_names as high_dimensional_names,
    high_dimensional_problem as high_dimensional_problem,
    high_dimensional_summary as high_dimensional_summary,
)
from ._clouds import (
    AbstractCloud as AbstractCloud,
    Paths as Paths,
    UnitBall as UnitBall,
)
from ._statement import (
    HighDimensionalProblem as HighDimensionalProblem,
    KnownSolution as KnownSolution,
    Lift as Lift,
)

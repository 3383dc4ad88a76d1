from ._conditions import (
    Dirichlet as Dirichlet,
    Initial as Initial,
    Periodic as Periodic,
)
from ._problem import Problem as Problem
from ._solution import Solution as Solution

from ._conditions import (
    Dirichlet as Dirichlet,
    Initial as Initial,
    Periodic as Periodic,
    TracedCondition as TracedCondition,
)
from ._problem import Problem as Problem

from ..reports import write_report as report
from ._certifying import certify as certify
from ._diagnosis import conditioning as conditioning
from ._ensemble import Ensemble as Ensemble, ensemble as ensemble
from ._high_dimension import (
    HighDimensionalSolution as HighDimensionalSolution,
    solve_high_dimensional as solve_high_dimensional,
)
from ._high_dimension_run import run_high_dimensional as run_high_dimensional
from ._nets import certify_net as certify_net, read_net as read_net
from ._posterior import Posterior as Posterior, posterior as posterior
from ._run import run as run
from ._summaries import list_certificates as list_certificates
from ._verbs import load as load, save as save, solve as solve

__all__ = [
    "Ensemble",
    "HighDimensionalSolution",
    "Posterior",
    "certify",
    "certify_net",
    "conditioning",
    "ensemble",
    "list_certificates",
    "load",
    "posterior",
    "read_net",
    "report",
    "run",
    "run_high_dimensional",
    "save",
    "solve",
    "solve_high_dimensional",
]

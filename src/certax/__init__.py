"""Solves differential equations with neural nets and proves how wrong it can be."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._core import (
    Annulus as Annulus,
    Ball as Ball,
    Box as Box,
    CertaxError as CertaxError,
    Configuration as Configuration,
    Mesh as Mesh,
    NetworkSettings as NetworkSettings,
    Polygon as Polygon,
    cospi as cospi,
    sinpi as sinpi,
)
from .problems import (
    Condition as Condition,
    Data as Data,
    Dirichlet as Dirichlet,
    HighDimensionalProblem as HighDimensionalProblem,
    Initial as Initial,
    Neumann as Neumann,
    Paths as Paths,
    Periodic as Periodic,
    Problem as Problem,
    Robin as Robin,
    Solution as Solution,
    Terminal as Terminal,
    UnitBall as UnitBall,
    within as within,
)

if TYPE_CHECKING:
    from . import diagnostics as diagnostics
    from ._api import (
        Ensemble as Ensemble,
        Posterior as Posterior,
        certify as certify,
        conditioning as conditioning,
        ensemble as ensemble,
        load as load,
        posterior as posterior,
        read_net as read_net,
        solve as solve,
        solve_high_dimensional as solve_high_dimensional,
    )
    from .certificates import (
        Certificate as Certificate,
        ShallowNet as ShallowNet,
        TrainingRun as TrainingRun,
    )

_verbs = (
    "Ensemble",
    "Posterior",
    "certify",
    "conditioning",
    "ensemble",
    "load",
    "posterior",
    "read_net",
    "solve",
    "solve_high_dimensional",
)


def __getattr__(name: str) -> Any:
    # The verbs bring optimizers and solvers along; importing certax must stay fast.
    if name in _verbs:
        from . import _api

        return getattr(_api, name)
    if name == "diagnostics":
        return import_module(".diagnostics", __name__)
    if name in ("Certificate", "ShallowNet", "TrainingRun"):
        from . import certificates

        return getattr(certificates, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

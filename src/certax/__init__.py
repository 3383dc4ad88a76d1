"""Solve differential equations with neural nets, and know how wrong the answer can be."""

from . import bounds as bounds, nn as nn, problems as problems
from ._core import (
    Box as Box,
    CertaxError as CertaxError,
    Configuration as Configuration,
    cospi as cospi,
    sinpi as sinpi,
)
from .certificates import Certificate as Certificate
from .problems import (
    Dirichlet as Dirichlet,
    Initial as Initial,
    Periodic as Periodic,
    Problem as Problem,
    Solution as Solution,
)
from ._api import certify as certify, load as load, solve as solve  # isort: skip

from ._core import Box as Box, CertaxError as CertaxError, cospi as cospi, sinpi as sinpi
from .problems import (
    Dirichlet as Dirichlet,
    Initial as Initial,
    Periodic as Periodic,
    Problem as Problem,
)

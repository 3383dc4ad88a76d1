"""Solves differential equations with neural nets and proves how wrong it can be."""

from typing import TYPE_CHECKING, Any

from ._core import (
    Box as Box,
)
from ._core import (
    CertaxError as CertaxError,
)
from ._core import (
    Configuration as Configuration,
)
from ._core import (
    cospi as cospi,
)
from ._core import (
    sinpi as sinpi,
)
from .problems import (
    Dirichlet as Dirichlet,
)
from .problems import (
    Initial as Initial,
)
from .problems import (
    Periodic as Periodic,
)
from .problems import (
    Problem as Problem,
)
from .problems import (
    Solution as Solution,
)

if TYPE_CHECKING:
    from ._api import certify as certify
    from ._api import load as load
    from ._api import solve as solve
    from .certificates import Certificate as Certificate


def __getattr__(name: str) -> Any:
    # The verbs bring optimizers and solvers along; importing certax must stay fast.
    if name in ("solve", "certify", "load"):
        from . import _api

        return getattr(_api, name)
    if name == "Certificate":
        from .certificates import Certificate

        return Certificate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

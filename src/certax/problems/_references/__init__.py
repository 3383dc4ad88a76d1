from ._allen_cahn import (
    allen_cahn as allen_cahn,
    allen_cahn_smooth as allen_cahn_smooth,
)
from ._burgers import burgers as burgers
from ._closed_forms import (
    advection as advection,
    bratu as bratu,
    heat as heat,
    logistic as logistic,
    poisson as poisson,
)
from ._pendulum import pendulum as pendulum
from ._reference import Reference as Reference

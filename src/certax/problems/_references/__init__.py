from ._allen_cahn import (
    allen_cahn as allen_cahn,
    allen_cahn_smooth as allen_cahn_smooth,
)
from ._burgers import burgers as burgers
from ._closed_forms import (
    advection as advection,
    bratu as bratu,
    hamilton_jacobi as hamilton_jacobi,
    heat as heat,
    logistic as logistic,
    poisson as poisson,
)
from ._domains import (
    heat_disk as heat_disk,
    poisson_annulus as poisson_annulus,
    poisson_disk as poisson_disk,
    poisson_l_shape as poisson_l_shape,
)
from ._pendulum import pendulum as pendulum
from ._reference import Reference as Reference
from ._waves import (
    klein_gordon as klein_gordon,
    nonlinear_schrodinger as nonlinear_schrodinger,
    schrodinger as schrodinger,
    wave as wave,
)

from ._allen_cahn import (
    allen_cahn as allen_cahn,
    allen_cahn_smooth as allen_cahn_smooth,
)
from ._burgers import burgers as burgers
from ._burgers_flows import (
    burgers_2d as burgers_2d,
    burgers_2d_blow_up as burgers_2d_blow_up,
    burgers_2d_viscous as burgers_2d_viscous,
    burgers_3d as burgers_3d,
    burgers_3d_as_published as burgers_3d_as_published,
    burgers_blow_up as burgers_blow_up,
    burgers_front as burgers_front,
    burgers_inviscid as burgers_inviscid,
)
from ._cavity import (
    cavity as cavity,
    cavity_flow as cavity_flow,
)
from ._circles import (
    kdv as kdv,
    kuramoto_sivashinsky as kuramoto_sivashinsky,
    sine_gordon as sine_gordon,
    wildfire as wildfire,
)
from ._closed_forms import (
    advection as advection,
    bratu as bratu,
    hamilton_jacobi as hamilton_jacobi,
    heat as heat,
    logistic as logistic,
    poisson as poisson,
)
from ._darcy import darcy as darcy
from ._diffusion import (
    advection_80 as advection_80,
    black_scholes as black_scholes,
    heat_in as heat_in,
    helmholtz as helmholtz,
    mixing_flow as mixing_flow,
    nonlinear_diffusion as nonlinear_diffusion,
    wave_two_modes as wave_two_modes,
)
from ._domains import (
    eikonal as eikonal,
    heat_disk as heat_disk,
    poisson_annulus as poisson_annulus,
    poisson_disk as poisson_disk,
    poisson_l_shape as poisson_l_shape,
)
from ._kovasznay import kovasznay as kovasznay
from ._pendulum import pendulum as pendulum
from ._reference import Reference as Reference
from ._solitary_waves import (
    benjamin_bona_mahony as benjamin_bona_mahony,
    kdv_one_soliton as kdv_one_soliton,
    kdv_three_solitons as kdv_three_solitons,
    kdv_two_solitons as kdv_two_solitons,
    murnaghan_wave as murnaghan_wave,
)
from ._special_functions import (
    duffing as duffing,
    hypergeometric as hypergeometric,
    legendre as legendre,
    michel_accretion as michel_accretion,
    mukhanov_sasaki as mukhanov_sasaki,
    oscillatory_schrodinger as oscillatory_schrodinger,
    two_color_soliton as two_color_soliton,
    vortex_sheet as vortex_sheet,
)
from ._stokes import stokes as stokes
from ._taylor_green import (
    taylor_green as taylor_green,
    taylor_green_stream as taylor_green_stream,
)
from ._taylor_series import (
    lorenz as lorenz,
)
from ._tori import (
    allen_cahn_2d as allen_cahn_2d,
    ginzburg_landau as ginzburg_landau,
    gray_scott as gray_scott,
    semilinear_heat as semilinear_heat,
)
from ._trajectories import (
    catalysis as catalysis,
    nine_mode_shear_flow as nine_mode_shear_flow,
)
from ._waves import (
    klein_gordon as klein_gordon,
    nonlinear_schrodinger as nonlinear_schrodinger,
    schrodinger as schrodinger,
    wave as wave,
)

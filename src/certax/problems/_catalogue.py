"""The zoo: named problems with their references."""

import difflib
import importlib
import inspect
from dataclasses import dataclass
from functools import cache, partial

from .._core import CertaxError
from . import _references
from ._problem import Problem
from ._references import Reference

_references_by_name = {
    "burgers": _references.burgers,
    "heat": _references.heat,
    "poisson": partial(_references.poisson, 2),
    "poisson-1d": partial(_references.poisson, 1),
    "poisson-3d": partial(_references.poisson, 3),
    "poisson-disk": _references.poisson_disk,
    "poisson-annulus": _references.poisson_annulus,
    "poisson-l-shape": _references.poisson_l_shape,
    "heat-disk": _references.heat_disk,
    "bratu": _references.bratu,
    "advection": _references.advection,
    "allen-cahn": _references.allen_cahn,
    "allen-cahn-smooth": _references.allen_cahn_smooth,
    "hamilton-jacobi": _references.hamilton_jacobi,
    "wave": _references.wave,
    "klein-gordon": _references.klein_gordon,
    "schrodinger": _references.schrodinger,
    "nonlinear-schrodinger": _references.nonlinear_schrodinger,
    "logistic": _references.logistic,
    "pendulum": _references.pendulum,
    "advection-80": _references.advection_80,
    "allen-cahn-2d": _references.allen_cahn_2d,
    "benjamin-bona-mahony": _references.benjamin_bona_mahony,
    "black-scholes": _references.black_scholes,
    "burgers-2d": _references.burgers_2d,
    "burgers-2d-blow-up": _references.burgers_2d_blow_up,
    "burgers-2d-viscous": _references.burgers_2d_viscous,
    "burgers-3d": _references.burgers_3d,
    "burgers-blow-up": _references.burgers_blow_up,
    "burgers-front": _references.burgers_front,
    "burgers-inviscid": _references.burgers_inviscid,
    "catalysis": _references.catalysis,
    "cavity": _references.cavity,
    "darcy": _references.darcy,
    "duffing": _references.duffing,
    "eikonal": _references.eikonal,
    "ginzburg-landau": _references.ginzburg_landau,
    "gray-scott": _references.gray_scott,
    "heat-2d": partial(_references.heat_in, 2),
    "heat-3d": partial(_references.heat_in, 3),
    "heat-4d": partial(_references.heat_in, 4),
    "helmholtz": _references.helmholtz,
    "hypergeometric": _references.hypergeometric,
    "kdv": _references.kdv,
    "kdv-one-soliton": _references.kdv_one_soliton,
    "kdv-three-solitons": _references.kdv_three_solitons,
    "kdv-two-solitons": _references.kdv_two_solitons,
    "kovasznay": _references.kovasznay,
    "kuramoto-sivashinsky": _references.kuramoto_sivashinsky,
    "legendre": _references.legendre,
    "lorenz": _references.lorenz,
    "michel-accretion": _references.michel_accretion,
    "mixing-flow": _references.mixing_flow,
    "mukhanov-sasaki": _references.mukhanov_sasaki,
    "murnaghan-wave": _references.murnaghan_wave,
    "nine-mode-shear-flow": _references.nine_mode_shear_flow,
    "nonlinear-diffusion": _references.nonlinear_diffusion,
    "oscillatory-schrodinger": _references.oscillatory_schrodinger,
    "poisson-5d": partial(_references.poisson, 5),
    "semilinear-heat": _references.semilinear_heat,
    "sine-gordon": _references.sine_gordon,
    "stokes": _references.stokes,
    "taylor-green": _references.taylor_green,
    "taylor-green-stream": _references.taylor_green_stream,
    "two-color-soliton": _references.two_color_soliton,
    "vortex-sheet": _references.vortex_sheet,
    "wave-two-modes": _references.wave_two_modes,
    "wildfire": _references.wildfire,
}
names: tuple[str, ...] = tuple(_references_by_name)
_published = "-as-published"
_references_by_name |= {
    "burgers-2d-as-published": _references.burgers_2d,
    "burgers-3d-as-published": _references.burgers_3d_as_published,
    "kdv-one-soliton-as-published": _references.kdv_one_soliton,
    "kdv-two-solitons-as-published": partial(
        _references.kdv_two_solitons, "kdv-two-solitons-as-published", -1.0, 1.0
    ),
    "kdv-three-solitons-as-published": partial(
        _references.kdv_three_solitons, "kdv-three-solitons-as-published", -0.5, 0.5
    ),
}
published_names = tuple(n for n in _references_by_name if n.endswith(_published))
"""Entries whose published form differs from the corrected one, in that form."""


@dataclass(frozen=True)
class ZooEntry:
    """A named problem.

    **Attributes:**

    - `problem`: the [`certax.Problem`][].
    - `summary`: one sentence about it.
    - `source`: the text of the file that states it.
    - `reference`: its reference solution, with measured accuracy.
    """

    problem: Problem
    summary: str
    source: str
    reference: Reference


def zoo_entry(name: str) -> ZooEntry:
    """A problem of the zoo by its name; NAME-as-published has what was found wrong.

    **Raises:** `CertaxError` if there is none, suggesting the nearest name.
    """
    if name not in _references_by_name:
        near = difflib.get_close_matches(name, names, 1, 0.4)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise CertaxError(
            f"There is no problem {name!r}.",
            value=name,
            remedy=f"{hint}`certax problems` lists them.",
        )
    own = name.removesuffix(_published)
    module = importlib.import_module(f"{__package__}._zoo.{own.replace('-', '_')}")
    problem, text = module.problem, module.__doc__ or ""
    if name in published_names:
        problem, text = module.as_published, module.difference
    summary = " ".join(text.split())
    return ZooEntry(problem, summary, inspect.getsource(module), _reference(name))


def as_published(name: str) -> str:
    """The name of an entry in its published form.

    **Raises:** `CertaxError` if nothing in it was corrected.
    """
    if name.removesuffix(_published) + _published in published_names:
        return name.removesuffix(_published) + _published
    have = ", ".join(n.removesuffix(_published) for n in published_names)
    raise CertaxError(
        f"The problem {name!r} has no other form in which it was published.",
        value=name,
        remedy=f"Leave out --as-published, which {have} have; what was corrected in "
        "the training of nets is in certax papers run 2407.20741 --as-published.",
    )


@cache
def _reference(name: str) -> Reference:
    """Made once, because some keep a trajectory."""
    return _references_by_name[name]()


def zoo() -> dict[str, ZooEntry]:
    """All problems of the zoo by name."""
    return {name: zoo_entry(name) for name in names}

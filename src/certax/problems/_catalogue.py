"""The zoo: named problems with their references."""

import difflib
import importlib
import inspect
from dataclasses import dataclass
from functools import partial

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
}
names: tuple[str, ...] = tuple(_references_by_name)


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
    """A problem of the zoo by its name.

    **Raises:** `CertaxError` if there is none, suggesting the nearest name.
    """
    if name not in names:
        near = difflib.get_close_matches(name, names, 1, 0.4)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise CertaxError(
            f"There is no problem {name!r}.",
            value=name,
            remedy=f"{hint}`certax problems` lists them.",
        )
    module = importlib.import_module(f"{__package__}._zoo.{name.replace('-', '_')}")
    summary = " ".join((module.__doc__ or "").split())
    return ZooEntry(
        module.problem, summary, inspect.getsource(module), _references_by_name[name]()
    )


def zoo() -> dict[str, ZooEntry]:
    """All problems of the zoo by name."""
    return {name: zoo_entry(name) for name in names}

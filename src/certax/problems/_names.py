"""What things in a problem may be called, and which parameters are its fields."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from .._core import CertaxError, operation_names
from ._binding import parameters

reserved_names = {*operation_names, "pi", "network"}


def fields_of(
    residual: Callable[..., Any], coordinates: Sequence[str], constants: Collection[str]
) -> tuple[str, ...]:
    """The parameters of a residual that are neither coordinates nor constants.

    **Raises:** `CertaxError` if there is none, or if a coordinate is a constant.
    """
    both = sorted(set(coordinates) & set(constants))
    if both:
        raise CertaxError(
            f"{', '.join(both)} is a coordinate and a constant.",
            value=both[0],
            remedy="Rename one of them.",
        )
    known = {*coordinates, *constants}
    found = parameters(residual, "the residual")
    fields = tuple(p for p in found if p not in known)
    if not fields:
        raise CertaxError(
            "The residual has no field among its parameters.",
            remedy="Write it as a function of the unknown: lambda u: u.t - u.xx.",
        )
    return fields


def check_names(name: str, coordinates: Sequence[str], fields: Sequence[str]) -> None:
    """What `docs/format.md` allows, before hours are spent on what it does not.

    **Raises:** `CertaxError` for another name.
    """
    fits = isinstance(name, str) and name.isascii() and name.isprintable()
    if not (fits and 1 <= len(name) <= 200):
        raise CertaxError(
            f"The problem cannot be called {str(name)[:40]!r}.",
            value=str(name)[:40],
            remedy="Use one to 200 printable ASCII characters.",
        )
    for other in (*coordinates, *fields):
        clash = next((f for f in fields if other.startswith(f + "_")), None)
        if clash is not None or other in reserved_names:
            why = (
                "means something else"
                if clash is None
                else f"looks like a derivative of {clash}"
            )
            raise CertaxError(
                f"The name {other!r} {why} in the checker's statement.",
                value=other,
                remedy="Rename it.",
            )

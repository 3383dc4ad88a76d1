"""Calls a user's function with the arguments that its parameter names ask for."""

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any

from .._core import CertaxError


def parameters(function: Callable, what: str) -> tuple[str, ...]:
    """The names of the parameters that have no default.

    **Raises:** `CertaxError` if the function takes `*args` or cannot be inspected.
    """
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        raise CertaxError(
            f"{what.capitalize()} is {function!r}, which is no Python function.",
            value=repr(function),
            remedy="Give a def or a lambda with named parameters.",
        ) from None
    for parameter in found:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise CertaxError(
                f"{what.capitalize()} takes *{parameter.name}.",
                value=parameter.name,
                remedy="Name each field, coordinate and constant it needs.",
            )
    return tuple(p.name for p in found if p.default is p.empty)


def call(
    function: Callable,
    available: Mapping[str, Any],
    what: str,
    known: Collection[str] | None = None,
) -> Any:
    """Binds by name and calls.

    **Raises:** `CertaxError` if a name is unknown, or an attribute of a field is.
    """
    names = parameters(function, what)
    for name in names:
        if name not in available:
            raise CertaxError(
                f"{what.capitalize()} asks for {name!r}, which is not known here.",
                value=name,
                remedy=f"Known are {', '.join(sorted(known or available))}.",
            )
    try:
        return function(**{name: available[name] for name in names})
    except AttributeError as error:
        raise CertaxError(
            f"{what.capitalize()} cannot be read: {error}.",
            remedy="Derivatives are written u.x, u.xx, u.xt or u.d(x=2, t=1), up to "
            "order four, in the coordinates of the domain.",
        ) from None
    except TypeError as error:
        raise CertaxError(
            f"{what.capitalize()} cannot be read: {error}.",
            remedy="Use jax.numpy functions, and +u where an array is wanted.",
        ) from None

"""Calls a user's function with the arguments that its parameter names ask for."""

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any

import jax
import numpy as np

from .._core import CertaxError, Field, sentence


def parameters(function: Callable, what: str) -> tuple[str, ...]:
    """The names of the parameters that have no default.

    **Raises:** `CertaxError` if the function takes `*args` or cannot be inspected.
    """
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        raise CertaxError(
            f"{sentence(what)} is {function!r}, which is no Python function.",
            value=repr(function),
            remedy="Give a def or a lambda with named parameters.",
        ) from None
    for parameter in found:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise CertaxError(
                f"{sentence(what)} takes *{parameter.name}.",
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
                f"{sentence(what)} asks for {name!r}, which is not known here.",
                value=name,
                remedy=f"Known are {', '.join(sorted(known or available))}.",
            )
    try:
        return function(**{name: available[name] for name in names})
    except AttributeError as error:
        raise CertaxError(
            f"{sentence(what)} cannot be read: {error}.",
            remedy="Derivatives are written u.x, u.xx, u.xt or u.d(x=2, t=1), up to "
            "order four, in the coordinates of the domain.",
        ) from None
    except NameError as error:
        raise CertaxError(
            f"{sentence(what)} uses the name {error.name!r}, which is not known.",
            value=error.name,
            remedy="Define it, or make it a parameter and give its value among the "
            "constants.",
        ) from None
    except jax.errors.JAXTypeError:
        raise
    except TypeError as error:
        raise CertaxError(
            f"{sentence(what)} cannot be read: {error}.",
            remedy="Use jax.numpy functions, and +u where an array is wanted.",
        ) from None


def number(value: Any, what: str) -> Any:
    """What a user's function returned, as something that JAX can trace.

    **Raises:** `CertaxError` if it is no number or array.
    """
    if isinstance(value, Field):
        return value.value
    known = jax.Array | np.ndarray | np.number | int | float
    if isinstance(value, bool) or not isinstance(value, known):
        raise CertaxError(
            f"{sentence(what)} returns {value!r}.",
            value=repr(value),
            remedy="Return a number, or a tuple with one number for each equation.",
        )
    return value

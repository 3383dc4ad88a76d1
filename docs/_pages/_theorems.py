"""Which theorems fit a problem of the zoo."""

from functools import cache

from certax.certificates import matching
from certax.problems import zoo_entry


@cache
def theorems_of(name: str) -> list[str]:
    """The names of those that fit the equation."""
    return [theorem.name for theorem in matching(zoo_entry(name).problem)[0]]

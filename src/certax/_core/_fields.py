"""What a residual is called with: fields that know their derivatives."""

from collections.abc import Sequence
from itertools import combinations_with_replacement
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from ._errors import CertaxError

highest_order = 4
reserved = frozenset({"d", "laplacian", "value"})


def multi_indices(dimension: int, order: int) -> list[tuple[int, ...]]:
    """All multi-indices up to a total order, by order."""
    found = []
    for total in range(order + 1):
        for axes in combinations_with_replacement(range(dimension), total):
            found.append(tuple(axes.count(i) for i in range(dimension)))
    return found


def most_derivatives(dimension: int) -> int:
    """The highest order; of many coordinates there are too many products."""
    return highest_order if dimension <= 5 else 2


def derivative_names(coordinates: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """What may stand after `u.`: every order of every product of coordinate names; in
    more than five coordinates the first and second orders.

    **Raises:** `CertaxError` if two different derivatives would have the same name.
    """
    for name in coordinates:
        plain = name.isidentifier() and name.isascii() and name[0] != "_"
        if name in reserved or not plain:
            raise CertaxError(
                f"{name!r} cannot be the name of a coordinate.",
                value=name,
                remedy="Use a short Python name other than d, laplacian and value.",
            )
    names: dict[str, tuple[int, ...]] = {}
    highest = most_derivatives(len(coordinates))

    def extend(prefix: str, orders: tuple[int, ...]) -> None:
        for axis, name in enumerate(coordinates):
            longer = tuple(n + (i == axis) for i, n in enumerate(orders))
            text = prefix + name
            if names.setdefault(text, longer) != longer:
                raise CertaxError(
                    f"The coordinate names {', '.join(coordinates)} are ambiguous: "
                    f"u.{text} could mean two derivatives.",
                    value=text,
                    remedy="Rename one of them.",
                )
            if sum(longer) < highest:
                extend(text, longer)

    extend("", (0,) * len(coordinates))
    return names


@jax.tree_util.register_pytree_node_class
class Field:
    """A field and its derivatives, as a residual sees them.

    `u` itself acts as its value in arithmetic and in jax.numpy functions; `u.t`,
    `u.xx` and, for any names, `u.d(x=2, t=1)` are derivatives, `u.laplacian()` the sum
    of the pure second ones over all coordinates but `t`, or over those that it names.
    Inside `jax.lax` functions write `+u`.
    """

    def __init__(
        self,
        name: str,
        coordinates: tuple[str, ...],
        values: dict[tuple[int, ...], Any],
    ):
        self._name, self._coordinates, self._values = name, coordinates, values

    def tree_flatten(self):
        orders = tuple(self._values)
        children = tuple(self._values[o] for o in orders)
        return children, (self._name, self._coordinates, orders)

    @classmethod
    def tree_unflatten(cls, static, children) -> "Field":
        name, coordinates, orders = static
        return cls(name, coordinates, dict(zip(orders, children, strict=True)))

    @property
    def value(self) -> Float[Array, ""]:
        return self._values[(0,) * len(self._coordinates)]

    def __jax_array__(self) -> Float[Array, ""]:
        return jnp.asarray(self.value)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            orders = derivative_names(self._coordinates).get(name)
            if orders is not None and orders in self._values:
                return self._values[orders]
        raise AttributeError(
            f"the field {self.__dict__.get('_name', '')} has no derivative {name!r}"
        )

    def d(self, **orders: int) -> Float[Array, ""]:
        """The derivative with the given order in each named coordinate."""
        unknown = set(orders) - set(self._coordinates)
        index = tuple(orders.get(c, 0) for c in self._coordinates)
        if unknown or index not in self._values:
            raise AttributeError(f"the field {self._name} has no derivative {orders}")
        return self._values[index]

    def laplacian(self, *coordinates: str) -> Float[Array, ""]:
        """The sum of second derivatives over the named coordinates, by default over all
        except `t`; name them where a coordinate is a parameter.
        """
        spatial = coordinates or [c for c in self._coordinates if c != "t"]
        return sum(self.d(**{c: 2}) for c in spatial)  # pyright: ignore

    def __pos__(self):
        return self.value

    def __neg__(self):
        return -self.value

    def __add__(self, other):
        return self.value + _plain(other)

    def __sub__(self, other):
        return self.value - _plain(other)

    def __rsub__(self, other):
        return _plain(other) - self.value

    def __mul__(self, other):
        return self.value * _plain(other)

    def __truediv__(self, other):
        return self.value / _plain(other)

    def __rtruediv__(self, other):
        return _plain(other) / self.value

    def __pow__(self, other):
        return self.value ** _plain(other)

    def __rpow__(self, other):
        return _plain(other) ** self.value

    # Without these two, `u == 0` and `if u` would be decided silently by identity.
    def __eq__(self, other):
        return self.value == _plain(other)

    def __bool__(self):
        return bool(self.value)

    def __gt__(self, other):
        return self.value > _plain(other)

    def __lt__(self, other):
        return self.value < _plain(other)

    def __ge__(self, other):
        return self.value >= _plain(other)

    def __le__(self, other):
        return self.value <= _plain(other)

    __radd__ = __add__
    __rmul__ = __mul__


def _plain(other: Any) -> Any:
    return other.value if isinstance(other, Field) else other

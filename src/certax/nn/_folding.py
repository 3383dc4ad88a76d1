"""Parameterizations: what is trained may be other numbers than those that are stored.

Some nets have weights that are formulas of their parameters: `diag(exp(s)) V`, or the
Cayley transform of a free matrix. Such formulas are evaluated once, in floating point,
when a net is folded: the folded net holds their values as plain weights, and it is what
is traced, stored, certified and checked. So no claim rests on a formula, nor on its
rounding. Training folds at every step and differentiates through it.
"""

import abc
from typing import Any, TypeVar

import equinox as eqx
import jax

T = TypeVar("T")


class AbstractParameterization(eqx.Module):
    """A part of a net whose weights are formulas of its parameters."""

    @abc.abstractmethod
    def folded(self) -> Any:
        """The same part with the values of the formulas as plain weights."""

    def __call__(self, x: Any) -> Any:
        return self.folded()(x)


def fold(module: T) -> T:
    """The net with plain weights in place of all parameterizations.

    **Arguments:**

    - `module`: any module; one without parameterizations is returned as it is.

    !!! example

        ```python
        weights = weights_of(fold(ansatz))
        ```
    """
    with jax.enable_x64(True):
        return jax.tree.map(
            lambda node: node.folded() if _is_parameterized(node) else node,
            module,
            is_leaf=_is_parameterized,
        )


def is_folded(module: Any) -> bool:
    """Whether what is trained is what is stored."""
    leaves = jax.tree.leaves(module, is_leaf=_is_parameterized)
    return not any(_is_parameterized(leaf) for leaf in leaves)


def _is_parameterized(node: Any) -> bool:
    return isinstance(node, AbstractParameterization)

"""The approximate solution: a net with its normalization and its hard constraint."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from .._core import (
    AbstractShape,
    Exact,
    Input,
    Program,
    TracedCondition,
    cospi,
    input_name,
    sinpi,
    trace,
)
from ._constraints import HardConstraint, Point
from ._corner import RoundedCorner
from ._folding import fold
from ._networks import make_network

Module = TypeVar("Module", bound=eqx.Module)


class Ansatz(eqx.Module):
    """û = g + d N(features), one scalar a field.

    Periodic coordinates enter the net through sine and cosine of their phase, the
    others scaled to [-1, 1], so a periodic û is periodic with all its derivatives. At
    reentrant corners of plane domains, where solutions are not smooth in them, the net
    sees the maps that straighten the corners as well, and around small round holes the
    inversions in their circles; the coordinates are then scaled around the holes.

    **Arguments:**

    - `domain`: a box or another shape.
    - `fields`: their names.
    - `conditions`: as data, `problem.conditions`.
    - `width`, `depth`, `activation`: of the net.
    - `hard`: whether initial, terminal and Dirichlet data are built in exactly.
    - `corner`: initial data with a corner at a seam, which take the place of exact
        ones; the net sees it as one more feature.
    - `kind`, `features`, `scale`, `factorized`: which net, as for
         [`certax.nn.make_network`][].
    - `mapped`: whether the net sees the domain's maps.
    - `key`: random key for the weights.
    """

    network: Callable[[Array], Array]
    constraint: HardConstraint | None
    corner: RoundedCorner | None
    numbers: dict[str, Exact]
    shape: AbstractShape = eqx.field(static=True)
    maps: int = eqx.field(static=True)
    lower: tuple[Exact, ...]
    upper: tuple[Exact, ...]
    coordinates: tuple[str, ...] = eqx.field(static=True)
    periodic: tuple[bool, ...] = eqx.field(static=True)
    fields: tuple[str, ...] = eqx.field(static=True)

    def __init__(
        self,
        domain: AbstractShape,
        fields: tuple[str, ...],
        conditions: Sequence[TracedCondition],
        width: int,
        depth: int,
        activation: str = "tanh",
        hard: bool = True,
        *,
        corner: RoundedCorner | None = None,
        kind: str = "mlp",
        features: int | None = None,
        scale: float | None = None,
        factorized: bool = False,
        mapped: bool = True,
        key: PRNGKeyArray,
    ):
        self.coordinates, self.fields = domain.names, fields
        lower, upper = domain.frame
        self.lower = tuple(Exact(e) for e in lower)
        self.upper = tuple(Exact(e) for e in upper)
        seams = {c.coordinate for c in conditions if c.kind == "periodic"}
        self.periodic = tuple(name in seams for name in domain.names)
        self.corner, self.shape = corner, domain
        maps = (*domain.straightened, *domain.holes) if mapped else ()
        self.maps = len(maps)
        needed = [n for c in maps for n in c.numbers()]
        self.numbers = {n: Exact(n) for n in needed}
        self.network = make_network(
            kind,
            self.inputs,
            len(self.fields),
            width,
            depth,
            activation,
            features=features,
            scale=scale,
            factorized=factorized,
            key=key,
        )
        self.constraint = HardConstraint(domain, fields, conditions) if hard else None

    @property
    def inputs(self) -> int:
        """How many features the net sees."""
        turned = sum(self.periodic) + 2 * self.maps
        return len(self.coordinates) + turned + (self.corner is not None)

    def features(self, coordinates: tuple[Array, ...]) -> Float[Array, " features"]:
        found = []
        for i, x in enumerate(coordinates):
            lower, length = (
                self.lower[i].value,
                self.upper[i].value - self.lower[i].value,
            )
            if self.periodic[i]:
                phase = 2.0 * x / length
                found += [sinpi(phase), cospi(phase)]
            else:
                found.append(2.0 * (x - lower) / length - 1.0)
        if self.corner is not None:
            found.append(self.corner.feature(self._point(coordinates)))
        if self.maps:
            exact = lambda expression: self.numbers[expression].value
            found += self.shape.features(self._point(coordinates), exact)
        return jnp.stack(found)

    def _point(self, coordinates: tuple[Array, ...]) -> Point:
        return dict(zip(self.coordinates, coordinates, strict=True))

    def __call__(self, *coordinates: Float[Array, ""]) -> tuple[Float[Array, ""], ...]:
        values = self.increment(*coordinates)
        if self.constraint is None:
            return values
        point = self._point(coordinates)
        if self.corner is None:
            extension = self.constraint.extension(point)
        else:
            extension = {self.fields[0]: self.corner.extension(point)}
        return tuple(extension[f] + v for f, v in zip(self.fields, values, strict=True))

    def increment(self, *coordinates: Float[Array, ""]) -> tuple[Float[Array, ""], ...]:
        """d N: what changes no data where it is added."""
        outputs = self.network(self.features(coordinates))
        values = [outputs[i] for i in range(len(self.fields))]
        if self.constraint is None:
            return tuple(values)
        point = self._point(coordinates)
        return tuple(
            self.constraint.distance(point, f) * v
            for f, v in zip(self.fields, values, strict=True)
        )


def weights_of(module: eqx.Module) -> dict[str, Array]:
    """The stored weights: those of the folded module, by the path to each."""
    return parameters_of(fold(module))


def parameters_of(module: eqx.Module) -> dict[str, Array]:
    """The trainable leaves of a module, by the path to each; they are its stored
    weights unless it has parameterizations.
    """
    return {name: leaf for name, leaf in _leaves(module) if _is_trainable(leaf)}


def with_parameters(module: Module, parameters: Mapping[str, Array]) -> Module:
    """The module with other values for its trainable leaves."""
    leaves = [parameters.get(name, leaf) for name, leaf in _leaves(module)]
    structure = jax.tree.structure(module, is_leaf=_is_exact)
    return jax.tree.unflatten(structure, leaves)


def _is_exact(node: Any) -> bool:
    return isinstance(node, Exact)


def _is_trainable(leaf: Any) -> bool:
    return eqx.is_inexact_array(leaf) and not _is_exact(leaf)


def _leaves(module: eqx.Module) -> list[tuple[str, Any]]:
    leaves = jax.tree_util.tree_leaves_with_path(module, is_leaf=_is_exact)
    return [
        (jax.tree_util.keystr(path, simple=True, separator="."), leaf)
        for path, leaf in leaves
    ]


def program_of(
    ansatz: eqx.Module, coordinates: Sequence[str], fields: Sequence[str]
) -> Program:
    """Traces the call of the folded module into the fields' program.

    **Arguments:**

    - `ansatz`: any module that maps coordinates to a tuple of fields; arrays are
      weights, [`certax.nn.Exact`][] leaves constants.
    - `coordinates`, `fields`: their names, in order.
    """
    ansatz = fold(ansatz)
    flat, structure = jax.tree_util.tree_flatten(ansatz, is_leaf=_is_exact)
    inputs = [Input(n, "coordinate") for n in coordinates]
    positions = []
    for position, (name, leaf) in enumerate(_leaves(ansatz)):
        if isinstance(leaf, Exact):
            # One input a number, however many leaves hold it.
            name = input_name("exact", leaf.expression)
            item = Input(name, "constant", value=leaf.expression)
        elif eqx.is_inexact_array(leaf):
            item = Input(name, "weight", shape=leaf.shape)
        else:
            continue
        positions.append((position, len(inputs)))
        inputs.append(item)

    def call(*arrays: Array) -> tuple[Array, ...]:
        leaves = list(flat)
        for position, index in positions:
            old = flat[position]
            leaves[position] = (
                eqx.tree_at(lambda e: e._value, old, arrays[index])
                if isinstance(old, Exact)
                else arrays[index]
            )
        module = jax.tree_util.tree_unflatten(structure, leaves)
        return module(*arrays[: len(coordinates)])

    return trace(call, inputs, fields, "the ansatz")

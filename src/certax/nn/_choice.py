"""The ansatz that a choice of names stands for."""

from collections.abc import Sequence

import equinox as eqx
import jax
from jaxtyping import PRNGKeyArray

from .._core import AbstractShape, CertaxError, TracedCondition
from ._ansatz import Ansatz
from ._corner import RoundedCorner
from ._lagrangian import Lagrangian
from ._stream_function import StreamFunction


def make_ansatz(
    domain: AbstractShape,
    fields: tuple[str, ...],
    conditions: Sequence[TracedCondition],
    width: int,
    depth: int,
    activation: str = "tanh",
    hard: bool = True,
    corner: RoundedCorner | None = None,
    *,
    kind: str = "mlp",
    form: str = "direct",
    features: int | None = None,
    scale: float | None = None,
    factorized: bool = False,
    key: PRNGKeyArray,
) -> eqx.Module:
    """A fresh ansatz: any kind of [`certax.nn.make_network`][], two branches, or a
    stream function.

    **Arguments:**

    - `domain`, `fields`, `conditions`, `width`, `depth`, `activation`, `hard`,
      `corner`: as for [`certax.nn.Ansatz`][].
    - `kind`: of the net, or `"lagrangian"`.
    - `form`: `"direct"` or `"stream-function"`.
    - `features`, `scale`, `factorized`: as for [`certax.nn.make_network`][].
    - `key`: random key for the weights.

    **Raises:** `CertaxError` for choices that do not go together.
    """
    if form == "stream-function":
        _check_stream_function(kind, features, scale, hard, conditions)
        return StreamFunction(
            domain,
            fields,
            conditions,
            width,
            depth,
            activation,
            factorized=factorized,
            key=key,
        )
    two = kind == "lagrangian"
    # A plain net stays the same to the bit.
    own, more = jax.random.split(key) if two else (key, key)
    ansatz = Ansatz(
        domain,
        fields,
        conditions,
        width,
        depth,
        activation,
        hard,
        corner=corner,
        kind="mlp" if two else kind,
        features=features,
        scale=scale,
        factorized=factorized,
        key=own,
    )
    if not two:
        return ansatz
    times = [c.coordinate for c in conditions if c.kind == "initial"]
    if not times or domain.dimension < 2:
        raise CertaxError(
            "A Lagrangian net follows characteristics in time, but the problem has "
            + ("no space coordinate." if times else "no initial condition."),
            value=kind,
            remedy="Choose another network.kind.",
        )
    return Lagrangian(ansatz, times[0], width, depth, activation, key=more)


def _check_stream_function(
    kind: str,
    features: int | None,
    scale: float | None,
    hard: bool,
    conditions: Sequence[TracedCondition],
) -> None:
    if kind != "mlp" or features is not None or scale is not None:
        raise CertaxError(
            f"A stream function cannot have a net of the kind {kind}: only the "
            "derivatives of a plain one are written out.",
            value=kind,
            remedy="Leave network.kind, features and scale out.",
        )
    if hard and any(c.values is not None for c in conditions):
        raise CertaxError(
            "The data of a velocity cannot be built into a stream function.",
            value="stream-function",
            remedy="Set training.hard=false.",
        )

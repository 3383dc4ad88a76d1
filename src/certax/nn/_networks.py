"""Which net a name stands for, and what may be chosen about it."""

from collections.abc import Callable

import jax
from jaxtyping import Array, PRNGKeyArray

from .._core import CertaxError
from ._factorization import factorized as with_factors
from ._fourier_features import FourierNetwork
from ._gaussian_features import GaussianNetwork
from ._layers import MLP
from ._modified_mlp import ModifiedMLP
from ._residual_adaptive import ResidualAdaptive
from ._sandwich import Sandwich

_networks: dict[str, Callable[..., Callable[[Array], Array]]] = {
    "mlp": MLP,
    "modified-mlp": ModifiedMLP,
    "residual-adaptive": ResidualAdaptive,
    "gaussian-features": GaussianNetwork,
    "fourier-features": FourierNetwork,
    "sandwich": Sandwich,
}
# What `features` and `scale` are called where a kind has them.
_features = {"fourier-features": "frequencies", "gaussian-features": "gaussians"}
_scales = {
    "fourier-features": "scale",
    "gaussian-features": "scale",
    "residual-adaptive": "scale",
    "sandwich": "bound",
}


def make_network(
    kind: str,
    inputs: int,
    outputs: int,
    width: int,
    depth: int,
    activation: str = "tanh",
    *,
    features: int | None = None,
    scale: float | None = None,
    factorized: bool = False,
    key: PRNGKeyArray,
) -> Callable[[Array], Array]:
    """A fresh net from features to outputs.

    **Arguments:**

    - `kind`: `"mlp"`, `"modified-mlp"`, `"residual-adaptive"`, `"gaussian-features"`,
      `"fourier-features"` or `"sandwich"`.
    - `inputs`, `outputs`, `width`, `depth`, `activation`: as for [`certax.nn.MLP`][].
    - `features`: how many frequencies or Gaussians.
    - `scale`: of the frequencies or Gaussians; the Lipschitz bound of a sandwich net.
    - `factorized`: whether linear layers are [`certax.nn.FactorizedLinear`][].
    - `key`: random key for the weights.

    **Raises:** `CertaxError` for an unknown kind, and for a choice that the kind has no
    use for.
    """
    if kind not in _networks:
        raise CertaxError(
            f"There is no kind of net {kind!r}.",
            value=kind,
            remedy=f"Choose from {', '.join(_networks)}.",
        )
    chosen = {}
    for name, value, known in (
        ("features", features, _features),
        ("scale", scale, _scales),
    ):
        if value is None:
            continue
        if kind not in known:
            raise CertaxError(
                f"The setting network.{name} has no meaning for the kind {kind}.",
                value=value,
                remedy=f"Leave it out, or choose from {', '.join(known)}.",
            )
        chosen[known[kind]] = value
    if factorized and kind == "sandwich":
        raise CertaxError(
            "A sandwich net cannot be factorized: its weights are formulas already.",
            value=kind,
            remedy="Leave network.factorized out, or choose another kind.",
        )
    # Without factors the key is used as it is: a plain net stays the same to the bit.
    own, more = jax.random.split(key) if factorized else (key, key)
    made = _networks[kind](inputs, outputs, width, depth, activation, **chosen, key=own)
    return with_factors(made, key=more) if factorized else made

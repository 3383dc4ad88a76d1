"""The nets of the papers on training, as Equinox modules.

All are called for one example as `net(inputs, state, key=key)` and return the outputs
and the new state, which holds the running statistics of batch normalization and is
empty for the others; `build` makes a net and its state.
"""

from ._autoencoder import TiedAutoencoder as TiedAutoencoder
from ._batches import (
    apply as apply,
    build as build,
    parameter_count as parameter_count,
)
from ._resnet import ResNet as ResNet
from ._transformer import (
    TextTransformer as TextTransformer,
    VisionTransformer as VisionTransformer,
)
from ._vae import VariationalAutoencoder as VariationalAutoencoder
from ._vgg import Vgg as Vgg

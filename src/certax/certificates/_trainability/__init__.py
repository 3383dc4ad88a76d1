from ._activations import Activation as Activation, activation as activation
from ._adaptive import (
    adam_guarantee as adam_guarantee,
    rmsprop_guarantee as rmsprop_guarantee,
    stochastic_rmsprop_guarantee as stochastic_rmsprop_guarantee,
)
from ._attention import attention_guarantee as attention_guarantee
from ._certify import (
    TrainabilityCertificate as TrainabilityCertificate,
    certify_trainability as certify_trainability,
)
from ._clipping import (
    delta_gclip_guarantee as delta_gclip_guarantee,
    stochastic_gclip_guarantee as stochastic_gclip_guarantee,
)
from ._contraction import (
    Attacked as Attacked,
    Contraction as Contraction,
    neuro_tron_contraction as neuro_tron_contraction,
)
from ._curve import Curve as Curve
from ._descent import gradient_descent_guarantee as gradient_descent_guarantee
from ._gates import (
    GateMoments as GateMoments,
    gaussian_gate as gaussian_gate,
    glm_tron_guarantee as glm_tron_guarantee,
)
from ._guarantee import Constant as Constant, Guarantee as Guarantee
from ._isoperimetry import Isoperimetry as Isoperimetry, isoperimetry as isoperimetry
from ._landscape import Landscape as Landscape, landscape as landscape
from ._langevin import (
    diffusion_guarantee as diffusion_guarantee,
    langevin_guarantee as langevin_guarantee,
)
from ._low_rank import lora_guarantee as lora_guarantee
from ._net import ShallowNet as ShallowNet
from ._neuro_tron import neuro_tron_guarantee as neuro_tron_guarantee
from ._run import TrainingRun as TrainingRun
from ._tangent import (
    Tangent as Tangent,
    shallow_tangent as shallow_tangent,
    tangent as tangent,
)

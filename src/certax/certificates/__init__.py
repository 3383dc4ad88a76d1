from ._certificate import Certificate as Certificate
from ._certify import (
    certify_residual as certify_residual,
    certify_solution as certify_solution,
    matching as matching,
    theorems as theorems,
)
from ._checker import run_checker as run_checker
from ._choice import sampled_norms as sampled_norms, sampled_size as sampled_size
from ._drafts import Search as Search, evaluations as evaluations
from ._hypotheses import Hypothesis as Hypothesis
from ._network_claims import (
    certify_lipschitz as certify_lipschitz,
    certify_range as certify_range,
)
from ._trainability import (
    Attacked as Attacked,
    Contraction as Contraction,
    Curve as Curve,
    GateMoments as GateMoments,
    Guarantee as Guarantee,
    Isoperimetry as Isoperimetry,
    Landscape as Landscape,
    ShallowNet as ShallowNet,
    Tangent as Tangent,
    TrainabilityCertificate as TrainabilityCertificate,
    TrainingRun as TrainingRun,
    adam_guarantee as adam_guarantee,
    attention_guarantee as attention_guarantee,
    certify_trainability as certify_trainability,
    delta_gclip_guarantee as delta_gclip_guarantee,
    diffusion_guarantee as diffusion_guarantee,
    gaussian_gate as gaussian_gate,
    glm_tron_guarantee as glm_tron_guarantee,
    gradient_descent_guarantee as gradient_descent_guarantee,
    isoperimetry as isoperimetry,
    landscape as landscape,
    langevin_guarantee as langevin_guarantee,
    lora_guarantee as lora_guarantee,
    neuro_tron_contraction as neuro_tron_contraction,
    neuro_tron_guarantee as neuro_tron_guarantee,
    rmsprop_guarantee as rmsprop_guarantee,
    shallow_tangent as shallow_tangent,
    stochastic_gclip_guarantee as stochastic_gclip_guarantee,
    stochastic_rmsprop_guarantee as stochastic_rmsprop_guarantee,
    tangent as tangent,
)
from ._weights_files import (
    read_weights as read_weights,
    weights_file as weights_file,
)

"""Algorithms whose convergence is a theorem, as optax transformations and kernels."""

from ._adaptive_plans import (
    AdaptivePlan as AdaptivePlan,
    moment_ratio as moment_ratio,
    plan_adam as plan_adam,
    plan_rmsprop as plan_rmsprop,
    plan_stochastic_rmsprop as plan_stochastic_rmsprop,
)
from ._adversaries import (
    AbstractAdversary as AbstractAdversary,
    AdaptiveAdversary as AdaptiveAdversary,
    AlternatingAdversary as AlternatingAdversary,
    CustomAdversary as CustomAdversary,
    ObliviousAdversary as ObliviousAdversary,
    SignCorrelatedAdversary as SignCorrelatedAdversary,
)
from ._analyzed_adam import (
    MomentsState as MomentsState,
    analyzed_adam as analyzed_adam,
    deterministic_adam as deterministic_adam,
    nesterov as nesterov,
)
from ._analyzed_rmsprop import (
    SquaresState as SquaresState,
    analyzed_rmsprop as analyzed_rmsprop,
)
from ._attention import AttentionRegression as AttentionRegression
from ._chain_diagnostics import (
    effective_sample_size as effective_sample_size,
    split_r_hat as split_r_hat,
)
from ._chains import Chains as Chains, sample_chains as sample_chains
from ._diffusion import DiffusionPath as DiffusionPath, sgd_diffusion as sgd_diffusion
from ._glm_tron import glm_tron as glm_tron
from ._gradient_clipping import (
    ClippingState as ClippingState,
    delta_gclip as delta_gclip,
    gclip as gclip,
)
from ._langevin import (
    Kernel as Kernel,
    LangevinInfo as LangevinInfo,
    LangevinState as LangevinState,
    gibbs_potential as gibbs_potential,
    langevin as langevin,
    metropolis_adjusted_langevin as metropolis_adjusted_langevin,
    tamed_langevin as tamed_langevin,
)
from ._langevin_plan import (
    LangevinPlan as LangevinPlan,
    plan_langevin as plan_langevin,
)
from ._laplace import (
    LaplaceMetric as LaplaceMetric,
    laplace_metric as laplace_metric,
    tuned_step as tuned_step,
)
from ._low_rank import (
    LowRankFactors as LowRankFactors,
    LowRankNet as LowRankNet,
    squared_loss as squared_loss,
)
from ._neuro_tron import SensingNet as SensingNet, neuro_tron as neuro_tron
from ._recovery import (
    Recovery as Recovery,
    recovery_of_gate as recovery_of_gate,
    recovery_of_net as recovery_of_net,
)
from ._regularized_sgd import (
    gibbs_start as gibbs_start,
    regularized as regularized,
    regularized_sgd as regularized_sgd,
)
from ._taming import (
    CountState as CountState,
    tamed_gradient_descent as tamed_gradient_descent,
)

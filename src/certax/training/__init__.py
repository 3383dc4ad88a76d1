"""How an answer is found: losses, optimizers, samplers, one loop and checkpoints."""

from ._balancing import (
    AbstractBalancing as AbstractBalancing,
    BalanceState as BalanceState,
    GradientNormBalancing as GradientNormBalancing,
    KernelTraceBalancing as KernelTraceBalancing,
    RelativeBalancing as RelativeBalancing,
)
from ._batches import Batch as Batch, batch as batch
from ._checkpoint import CheckpointError as CheckpointError, read_facts as read_facts
from ._high_dimension import (
    StochasticRecipe as StochasticRecipe,
    best_constant as best_constant,
    network_of as network_of,
    predicted_memory as predicted_memory,
    step_function as step_function,
    step_memory as step_memory,
)
from ._levenberg_marquardt import (
    LevenbergMarquardt as LevenbergMarquardt,
    LevenbergMarquardtState as LevenbergMarquardtState,
    gauss_newton as gauss_newton,
)
from ._loop import TrainingResult as TrainingResult, train as train
from ._losses import Linearization as Linearization, ResidualLoss as ResidualLoss
from ._memory import (
    Size as Size,
    available_memory as available_memory,
    check_memory as check_memory,
)
from ._named_optimizers import (
    Net as Net,
    named_balancings as named_balancings,
    named_optimizers as named_optimizers,
    with_balancing as with_balancing,
    with_optimizer as with_optimizer,
)
from ._named_recipes import sharp_recipe as sharp_recipe, smooth_recipe as smooth_recipe
from ._natural_gradient import (
    NaturalGradient as NaturalGradient,
    NaturalGradientState as NaturalGradientState,
)
from ._normal_equations import (
    AbstractNormalSolver as AbstractNormalSolver,
    Cholesky as Cholesky,
    ConjugateGradients as ConjugateGradients,
)
from ._optax import (
    Optax as Optax,
    OptaxState as OptaxState,
    adam as adam,
    lbfgs as lbfgs,
    soap as soap,
)
from ._optimizer import AbstractOptimizer as AbstractOptimizer, StepInfo as StepInfo
from ._outcomes import Outcome as Outcome
from ._overfitting import OverfittingWatch as OverfittingWatch
from ._progress import Progress as Progress
from ._provable import (
    AbstractAdversary as AbstractAdversary,
    AdaptiveAdversary as AdaptiveAdversary,
    AdaptivePlan as AdaptivePlan,
    AlternatingAdversary as AlternatingAdversary,
    AttentionRegression as AttentionRegression,
    Chains as Chains,
    ClippingState as ClippingState,
    CountState as CountState,
    CustomAdversary as CustomAdversary,
    DiffusionPath as DiffusionPath,
    Kernel as Kernel,
    LangevinInfo as LangevinInfo,
    LangevinPlan as LangevinPlan,
    LangevinState as LangevinState,
    LaplaceMetric as LaplaceMetric,
    LowRankFactors as LowRankFactors,
    LowRankNet as LowRankNet,
    MomentsState as MomentsState,
    ObliviousAdversary as ObliviousAdversary,
    Recovery as Recovery,
    SensingNet as SensingNet,
    SignCorrelatedAdversary as SignCorrelatedAdversary,
    SquaresState as SquaresState,
    analyzed_adam as analyzed_adam,
    analyzed_rmsprop as analyzed_rmsprop,
    delta_gclip as delta_gclip,
    deterministic_adam as deterministic_adam,
    effective_sample_size as effective_sample_size,
    gclip as gclip,
    gibbs_potential as gibbs_potential,
    gibbs_start as gibbs_start,
    glm_tron as glm_tron,
    langevin as langevin,
    laplace_metric as laplace_metric,
    metropolis_adjusted_langevin as metropolis_adjusted_langevin,
    moment_ratio as moment_ratio,
    nesterov as nesterov,
    neuro_tron as neuro_tron,
    plan_adam as plan_adam,
    plan_langevin as plan_langevin,
    plan_rmsprop as plan_rmsprop,
    plan_stochastic_rmsprop as plan_stochastic_rmsprop,
    recovery_of_gate as recovery_of_gate,
    recovery_of_net as recovery_of_net,
    regularized as regularized,
    regularized_sgd as regularized_sgd,
    sample_chains as sample_chains,
    sgd_diffusion as sgd_diffusion,
    split_r_hat as split_r_hat,
    squared_loss as squared_loss,
    tamed_gradient_descent as tamed_gradient_descent,
    tamed_langevin as tamed_langevin,
    tuned_step as tuned_step,
)
from ._pseudo_time import PseudoTime as PseudoTime
from ._recipes import Convergence as Convergence, Phase as Phase, Recipe as Recipe
from ._saddle_free_newton import (
    SaddleFreeNewton as SaddleFreeNewton,
    SaddleFreeNewtonState as SaddleFreeNewtonState,
)
from ._sampling import (
    AbstractSampler as AbstractSampler,
    GrowingSampler as GrowingSampler,
    ResidualAdaptiveSampler as ResidualAdaptiveSampler,
    UniformSampler as UniformSampler,
    fresh_points as fresh_points,
    only_inside as only_inside,
    sobol_points as sobol_points,
)
from ._self_scaled_broyden import (
    SelfScaledBroyden as SelfScaledBroyden,
    SelfScaledBroydenState as SelfScaledBroydenState,
)
from ._soap import scale_by_soap as scale_by_soap
from ._stochastic_loop import (
    StochasticResult as StochasticResult,
    train_stochastic as train_stochastic,
)
from ._stochastic_taylor import (
    coordinate_directions as coordinate_directions,
    directional_derivative as directional_derivative,
    operator_estimate as operator_estimate,
    sign_directions as sign_directions,
    trace_estimate as trace_estimate,
)
from ._vector_fields import VectorField as VectorField, residuals as residuals

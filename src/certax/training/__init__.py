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
    StochasticResult as StochasticResult,
    best_constant as best_constant,
    network_of as network_of,
    predicted_memory as predicted_memory,
    step_function as step_function,
    step_memory as step_memory,
    train_stochastic as train_stochastic,
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
from ._stochastic_taylor import (
    coordinate_directions as coordinate_directions,
    directional_derivative as directional_derivative,
    operator_estimate as operator_estimate,
    sign_directions as sign_directions,
    trace_estimate as trace_estimate,
)
from ._vector_fields import VectorField as VectorField, residuals as residuals

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

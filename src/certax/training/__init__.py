"""How an answer is found: losses, optimizers, samplers, one loop and checkpoints."""

from ._adam import Adam as Adam, AdamState as AdamState
from ._batches import Batch as Batch, batch as batch
from ._checkpoint import CheckpointError as CheckpointError, read_facts as read_facts
from ._levenberg_marquardt import (
    LevenbergMarquardt as LevenbergMarquardt,
    LevenbergMarquardtState as LevenbergMarquardtState,
)
from ._loop import TrainingResult as TrainingResult, train as train
from ._losses import Linearization as Linearization, ResidualLoss as ResidualLoss
from ._named_recipes import sharp_recipe as sharp_recipe, smooth_recipe as smooth_recipe
from ._optimizer import AbstractOptimizer as AbstractOptimizer, StepInfo as StepInfo
from ._outcomes import Outcome as Outcome
from ._progress import Progress as Progress
from ._recipes import Convergence as Convergence, Phase as Phase, Recipe as Recipe
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

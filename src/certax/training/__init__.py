"""How an answer is found: losses, optimizers, samplers, one loop and checkpoints."""

from ._adam import Adam as Adam
from ._adam import AdamState as AdamState
from ._batches import Batch as Batch
from ._batches import batch as batch
from ._checkpoint import CheckpointError as CheckpointError
from ._levenberg_marquardt import (
    LevenbergMarquardt as LevenbergMarquardt,
)
from ._levenberg_marquardt import (
    LevenbergMarquardtState as LevenbergMarquardtState,
)
from ._loop import TrainingResult as TrainingResult
from ._loop import train as train
from ._losses import Linearization as Linearization
from ._losses import ResidualLoss as ResidualLoss
from ._optimizer import AbstractOptimizer as AbstractOptimizer
from ._optimizer import StepInfo as StepInfo
from ._outcomes import Outcome as Outcome
from ._progress import Progress as Progress
from ._recipes import Convergence as Convergence
from ._recipes import Phase as Phase
from ._recipes import Recipe as Recipe
from ._sampling import (
    AbstractSampler as AbstractSampler,
)
from ._sampling import (
    ResidualAdaptiveSampler as ResidualAdaptiveSampler,
)
from ._sampling import (
    UniformSampler as UniformSampler,
)
from ._sampling import (
    fresh_points as fresh_points,
)
from ._sampling import (
    sobol_points as sobol_points,
)
from ._self_scaled_broyden import (
    SelfScaledBroyden as SelfScaledBroyden,
)
from ._self_scaled_broyden import (
    SelfScaledBroydenState as SelfScaledBroydenState,
)

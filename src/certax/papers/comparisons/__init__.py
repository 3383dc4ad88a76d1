"""Optimizers on the same nets and data, each with its best setting."""

from ._choose import Outcome as Outcome, compare as compare
from ._losses import (
    correct as correct,
    cross_entropy as cross_entropy,
    evidence_bound as evidence_bound,
    flips_and_crops as flips_and_crops,
    negative as negative,
    reconstruction as reconstruction,
    resized_crops as resized_crops,
)
from ._methods import Method as Method
from ._task import Task as Task
from ._train import (
    Trained as Trained,
    mean_score as mean_score,
    scaled as scaled,
    train as train,
)

"""What a run says about itself while it goes on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """One record, made at step numbers fixed by the recipe.

    - `loss`: on the collocation points of the moment, its terms balanced as they are.
    - `residual_rms`: its square root.
    - `fresh_residual_rms`: the same on points that are never trained on. When it is far
        above `residual_rms`, the points are overfitted.
    - `note`: empty, or sentences on unusual steps since the last record.
    """

    step: int
    phase: str
    wall_seconds: float
    loss: float
    residual_rms: float
    fresh_residual_rms: float
    note: str = ""

"""Villani functions: whether noisy training of a loss converges, by its growth."""

from ._equations import equation_loss as equation_loss, is_linear as is_linear
from ._growth import (
    villani_growth as villani_growth,
    villani_growth_of as villani_growth_of,
)
from ._loss import AbstractLoss as AbstractLoss, CallableLoss as CallableLoss
from ._operator import OperatorLoss as OperatorLoss
from ._outcome import RayRow as RayRow, VillaniGrowth as VillaniGrowth
from ._rays import Ray as Ray, Sample as Sample
from ._regularizers import (
    AbstractRegularizer as AbstractRegularizer,
    NoRegularizer as NoRegularizer,
    PowerRegularizer as PowerRegularizer,
    frobenius as frobenius,
)
from ._shallow import ShallowLoss as ShallowLoss
from ._theorem import GrowthBounds as GrowthBounds

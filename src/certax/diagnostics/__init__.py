"""What happened in training, and what can: spectra, conditioning, growth. Nothing here
is a certificate; where it says proved, a theorem and enclosures stand behind it.
"""

from ._conditioning import (
    OperatorConditioning as OperatorConditioning,
    operator_conditioning as operator_conditioning,
)
from ._villani import (
    AbstractLoss as AbstractLoss,
    AbstractRegularizer as AbstractRegularizer,
    CallableLoss as CallableLoss,
    GrowthBounds as GrowthBounds,
    NoRegularizer as NoRegularizer,
    OperatorLoss as OperatorLoss,
    PowerRegularizer as PowerRegularizer,
    Ray as Ray,
    RayRow as RayRow,
    Sample as Sample,
    ShallowLoss as ShallowLoss,
    VillaniGrowth as VillaniGrowth,
    equation_loss as equation_loss,
    frobenius as frobenius,
    is_linear as is_linear,
    villani_growth as villani_growth,
    villani_growth_of as villani_growth_of,
)

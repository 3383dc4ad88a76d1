"""What happened in training: spectra and conditioning. Measured, never a proof."""

from ._conditioning import (
    OperatorConditioning as OperatorConditioning,
    operator_conditioning as operator_conditioning,
)

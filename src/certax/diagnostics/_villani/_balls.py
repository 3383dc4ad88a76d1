"""The precision of the room."""

from ..._core._balls import with_bits

# Saturated activations cancel to e^-2z, so more bits than doubles have.
in_balls = with_bits(320)

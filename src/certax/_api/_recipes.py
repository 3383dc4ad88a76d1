"""Which recipe a kind of problem gets."""

from ..training import (
    Adam,
    Phase,
    Recipe,
    ResidualAdaptiveSampler,
    SelfScaledBroyden,
)


def recipe_for(dimension: int, evolves: bool) -> Recipe:
    """The recipe for a number of coordinates, with or without an initial condition."""
    return Recipe(
        "sharp",
        (
            Phase("adam", Adam(), 1000, 2500, ResidualAdaptiveSampler()),
            Phase("broyden", SelfScaledBroyden(), None, 2500, ResidualAdaptiveSampler(), redraw_every=500),
        ),
        (20, 20, 20) if dimension > 1 else (32,),
    )

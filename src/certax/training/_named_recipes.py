"""The recipes that are used where none is given, chosen by measurement.

At equal processor time Levenberg-Marquardt with geodesic acceleration left a smaller
residual than Adam followed by self-scaled Broyden steps on the Burgers, Allen-Cahn,
Poisson, heat and advection equations, and the same on two ordinary differential
equations; Adam before it saved nothing. Nets of many more than a thousand weights are
another matter: a step costs the square of their number for each point.
"""

from ._levenberg_marquardt import LevenbergMarquardt
from ._optax import adam
from ._recipes import Convergence, Phase, Recipe
from ._sampling import GrowingSampler, ResidualAdaptiveSampler, UniformSampler


def smooth_recipe(
    dimension: int,
    *,
    points: int | None = None,
    adam_steps: int = 0,
    march_steps: int = 0,
) -> Recipe:
    """For solutions without fronts or layers: fixed evenly spread points.

    The points are at least twice as many as the weights, or the residual grows between
    them; without `points` there are 400 for ordinary differential equations and 1000
    for partial ones, enough for the suggested widths. During the first `march_steps`
    steps the points reach further and further along the first coordinate.
    """
    if points is None:
        points = 400 if dimension == 1 else 1000
    sampler = UniformSampler()
    least_squares = Phase(
        "levenberg-marquardt",
        LevenbergMarquardt(),
        None,
        points,
        sampler=sampler,
        report_every=10,
    )
    return Recipe(
        "smooth",
        (
            *_march_phase(march_steps, points),
            *_adam_phase(adam_steps, points, sampler),
            least_squares,
        ),
        widths=(16, 16),
        convergence=Convergence(patience=300, improvement=0.9),
    )


def sharp_recipe(*, points: int | None = None, adam_steps: int = 0) -> Recipe:
    """For solutions with fronts or layers: points are redrawn where the residual is
    large, every 50 steps.

    About six points per weight keep the supremum of the residual near its root mean
    square; half as many reach the same error of the solution with a residual whose
    supremum is three times larger. Without `points` there are 6000.
    """
    points = points or 6000
    sampler = ResidualAdaptiveSampler()
    least_squares = Phase(
        "levenberg-marquardt",
        LevenbergMarquardt(),
        None,
        points,
        sampler=sampler,
        redraw_every=50,
        report_every=10,
    )
    return Recipe(
        "sharp",
        (*_adam_phase(adam_steps, points, sampler), least_squares),
        widths=(20, 20, 20),
        convergence=Convergence(patience=500, improvement=0.9),
    )


def _adam_phase(steps, points, sampler) -> tuple[Phase, ...]:
    if steps == 0:
        return ()
    return (
        Phase(
            "adam",
            adam(decay_steps=steps),
            steps,
            points,
            sampler=sampler,
            redraw_every=500,
            report_every=100,
        ),
    )


def _march_phase(steps: int, points: int) -> tuple[Phase, ...]:
    if steps == 0:
        return ()
    return (
        Phase(
            "march",
            LevenbergMarquardt(),
            steps,
            points,
            sampler=GrowingSampler(steps),
            redraw_every=5,
            report_every=10,
        ),
    )

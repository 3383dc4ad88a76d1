"""Which of several certificates comes first.

Bounds in different norms are not comparable, so what stands first is a convention: a
supremum says something at every point, so a norm of means must be a hundred times
sharper, in proportion to û itself, to be worth more.
"""

from collections.abc import Iterable

import numpy as np

from ..problems import Solution
from ._certificate import Certificate

sampled_norms = ("Linf", "L2", "L1")
_verdicts = ("proved", "proved under assumptions")
_times, _points = 17, 1024
_smallest = 1e-300


def strongest_first(
    certificates: Iterable[Certificate], solution: Solution
) -> list[Certificate]:
    """Those with a bound first; of them what is proved without assumptions; then by
    bound / size of û in the same norm, sampled, times 100 for other norms than Linf.
    """
    found = list(certificates)
    sizes = {c.norm: sampled_size(solution, c.norm) for c in found if c.bound}

    def key(certificate: Certificate) -> tuple:
        if not certificate.bound:
            return (True,)
        norm = certificate.norm
        factor = 1.0 if norm == "Linf" else 100.0
        relative = factor * float(certificate.bound) / sizes[norm]
        verdict = _verdicts.index(certificate.verdict)
        return (False, verdict, norm not in sampled_norms, relative)

    return sorted(found, key=key)


def sampled_size(solution: Solution, norm: str) -> float:
    """A sampled norm of û: over space, and the largest over time; one if unknown.

    It chooses among bounds and is never part of one.
    """
    domain, time = solution.problem.domain, solution.problem.time
    if norm not in sampled_norms:
        return 1.0
    points = np.random.default_rng(0).random((_times, _points, domain.dimension))
    spaces = [i for i, name in enumerate(domain.names) if name != time]
    if time is not None:
        points[..., domain.names.index(time)] = np.linspace(0.0, 1.0, _times)[:, None]
    physical = domain.physical(points.reshape(-1, domain.dimension))
    values = solution.evaluate(
        dict(zip(domain.names, physical.T, strict=True)), (0,) * domain.dimension
    )
    length = np.linalg.norm(np.stack(list(values.values())), axis=0)
    if norm == "Linf":
        return max(float(length.max()), _smallest)
    volume = float(np.prod((domain.upper_floats - domain.lower_floats)[spaces]))
    length = length.reshape(_times, _points) if time is not None else length[None]
    power = 1 if norm == "L1" else 2
    means = np.mean(length**power, axis=1)
    return max(float((volume * means.max()) ** (1 / power)), _smallest)

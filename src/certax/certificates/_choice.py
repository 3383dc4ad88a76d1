"""Which of several certificates comes first.

Bounds in different norms are not comparable, so the order of norms is a convention; and
a bound that is at least as large as the answer itself says nothing.
"""

from collections.abc import Iterable
from decimal import Decimal

import numpy as np

from ..problems import Solution
from ._certificate import Certificate

# A supremum says something at every point, a square mean more than a mean.
_norms = ("Linf", "L2", "L1")
_verdicts = ("proved", "proved under assumptions")
_times, _points = 17, 1024


def strongest_first(
    certificates: Iterable[Certificate], solution: Solution
) -> list[Certificate]:
    """Those with a bound first; of them those whose bound is smaller than the sampled
    size of û, then what is proved without assumptions, then by norm (Linf, L2, L1),
    then by the bound. The order of equals is kept.
    """
    found = list(certificates)
    sizes = {c.norm: _size(solution, c.norm) for c in found if c.bound}

    def key(certificate: Certificate) -> tuple:
        if not certificate.bound:
            return (True,)
        norm = certificate.norm
        place = _norms.index(norm) if norm in _norms else len(_norms)
        empty = float(certificate.bound) >= sizes[norm]
        verdict = _verdicts.index(certificate.verdict)
        return (False, empty, verdict, place, Decimal(certificate.bound))

    return sorted(found, key=key)


def _size(solution: Solution, norm: str) -> float:
    """A sampled norm of û: over space, and the largest over time; infinite if unknown.

    It chooses among bounds and is never part of one.
    """
    domain, time = solution.problem.domain, solution.problem.time
    if norm not in _norms:
        return float("inf")
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
        return float(length.max())
    volume = float(np.prod((domain.upper_floats - domain.lower_floats)[spaces]))
    length = length.reshape(_times, _points) if time is not None else length[None]
    power = 1 if norm == "L1" else 2
    means = np.mean(length**power, axis=1)
    return float((volume * means.max()) ** (1 / power))

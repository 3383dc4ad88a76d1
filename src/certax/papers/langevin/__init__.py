"""arXiv 2503.10428: Langevin Monte Carlo learns nets of depth two."""

from .._paper import Paper as Paper
from . import _facts
from ._experiments import experiments as experiments, targets as targets
from ._gaussians import (
    Gaussian as Gaussian,
    moments as moments,
    relative_entropies as relative_entropies,
)

paper = Paper(
    identifier="2503.10428",
    title=_facts.title,
    authors=_facts.authors,
    claims=_facts.claims,
    corrections=_facts.corrections,
    sections=_facts.sections,
    experiments=experiments,
    citation=_facts.citation,
)

"""arXiv 2605.07959: stochastic training of attention and of low-rank adaptation."""

from .._paper import Paper as Paper
from . import _facts
from ._experiments import experiments as experiments
from ._models import (
    Attention as Attention,
    LowRank as LowRank,
    pull_with_projection as pull_with_projection,
)

paper = Paper(
    identifier="2605.07959",
    title=_facts.title,
    authors=_facts.authors,
    claims=_facts.claims,
    corrections=_facts.corrections,
    sections=_facts.sections,
    experiments=experiments,
    citation=_facts.citation,
)

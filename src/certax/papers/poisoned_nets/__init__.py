"""arXiv 2005.01699: depth-two nets under a data-poisoning attack."""

from .._paper import Paper as Paper
from . import _facts
from ._experiments import experiments as experiments

paper = Paper(
    identifier="2005.01699",
    title=_facts.title,
    authors=_facts.authors,
    claims=_facts.claims,
    corrections=_facts.corrections,
    sections=_facts.sections,
    experiments=experiments,
    citation=_facts.citation,
)

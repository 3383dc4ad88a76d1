"""arXiv 2210.11452: regularized SGD on the squared loss of nets of depth two."""

from .._paper import Paper as Paper
from . import _facts
from ._experiments import experiments as experiments

paper = Paper(
    identifier="2210.11452",
    title=_facts.title,
    authors=_facts.authors,
    claims=_facts.claims,
    corrections=_facts.corrections,
    sections=_facts.sections,
    experiments=experiments,
    citation=_facts.citation,
)

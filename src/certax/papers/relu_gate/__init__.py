"""arXiv 2005.04211: one ReLU gate, trained without gradients."""

from .._paper import Paper as Paper
from . import _facts
from ._experiments import experiments as experiments

paper = Paper(
    identifier="2005.04211",
    title=_facts.title,
    authors=_facts.authors,
    claims=_facts.claims,
    corrections=_facts.corrections,
    sections=_facts.sections,
    experiments=experiments,
    citation=_facts.citation,
)

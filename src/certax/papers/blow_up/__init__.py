"""arXiv 2310.05169: nets for Burgers' equation near its blow-up."""

from .._paper import Paper as Paper
from . import _facts
from ._bounds import our_factor as our_factor, their_factor as their_factor
from ._experiments import experiments as experiments

paper = Paper(
    identifier="2310.05169",
    title=_facts.title,
    authors=_facts.authors,
    claims=_facts.claims,
    corrections=_facts.corrections,
    sections=_facts.sections,
    experiments=experiments,
    citation=_facts.citation,
)

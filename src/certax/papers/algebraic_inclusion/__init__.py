"""arXiv 2407.20741: boundary and initial conditions built into the net."""

from .._paper import Paper as Paper
from . import _facts
from ._experiments import experiments as experiments
from ._problems import burgers as burgers, plane as plane

paper = Paper(
    identifier="2407.20741",
    title=_facts.title,
    authors=_facts.authors,
    claims=_facts.claims,
    corrections=_facts.corrections,
    sections=_facts.sections,
    experiments=experiments,
    citation=_facts.citation,
)

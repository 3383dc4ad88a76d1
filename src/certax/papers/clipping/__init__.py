"""arXiv 2404.08624: gradient clipping with a floor under its step."""

from .._paper import Paper as Paper
from . import _facts
from ._experiments import experiments as experiments

paper = Paper(
    identifier="2404.08624",
    title=_facts.title,
    authors=_facts.authors,
    claims=_facts.claims,
    corrections=_facts.corrections,
    sections=_facts.sections,
    experiments=experiments,
    citation=_facts.citation,
    data=("CIFAR-10", "Fashion-MNIST"),
)

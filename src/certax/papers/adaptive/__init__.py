"""arXiv 1807.06766: RMSProp and Adam with proofs, beside Nesterov's method."""

from .._paper import Paper as Paper
from . import _facts
from ._experiments import experiments as experiments

paper = Paper(
    identifier="1807.06766",
    title=_facts.title,
    authors=_facts.authors,
    claims=_facts.claims,
    corrections=_facts.corrections,
    sections=_facts.sections,
    experiments=experiments,
    citation=_facts.citation,
    data=("MNIST", "CIFAR-10"),
)

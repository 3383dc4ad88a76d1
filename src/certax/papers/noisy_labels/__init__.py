"""arXiv 2507.06967: noisy labels need larger nets."""

from .._paper import Paper as Paper
from . import _facts
from ._experiments import experiments as experiments
from ._threshold import least_width as least_width, log_probability as log_probability

paper = Paper(
    identifier="2507.06967",
    title=_facts.title,
    authors=_facts.authors,
    claims=_facts.claims,
    corrections=_facts.corrections,
    sections=_facts.sections,
    experiments=experiments,
    citation=_facts.citation,
)

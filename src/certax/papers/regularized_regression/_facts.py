"""What arXiv 2210.11452 says, and what a second look at it found."""

from .._paper import Statement
from .._shallow_sections import corrections as shared, sections as sections

title = "Global Convergence of SGD On Two Layer Neural Nets"
authors = "Gopalani and Mukherjee (2025)"
citation = """
@article{gopalani2025global,
  title = {Global convergence of {SGD} on two layer neural nets},
  author = {Gopalani, Pulkit and Mukherjee, Anirbit},
  journal = {Information and Inference},
  year = {2025},
  eprint = {2210.11452},
  archiveprefix = {arXiv},
}
"""
claims = (
    Statement(
        "SGD on the squared loss of a net of depth two, with a Frobenius penalty, "
        "converges globally for sigmoid and tanh, for any width and any data, from a "
        "special class of starts.",
        "text",
    ),
    Statement("Its diffusion converges exponentially fast, for SoftPlus too.", "text"),
    Statement(
        "The penalty that is needed depends on bounds of the data, and not on the "
        "number of gates.",
        "text",
    ),
    Statement("λ_c, step sizes, experiments and their numbers.", "not found"),
)
corrections = (
    *shared,
    Statement(
        "SoftPlus with the squared loss has no Lipschitz gradient: there is no "
        "admissible step, and only its diffusion is run.",
        "checked",
        "derived here",
    ),
)

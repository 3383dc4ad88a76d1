"""What arXiv 2309.09258 says, and what a second look at it found."""

from .._paper import Statement
from .._shallow_sections import corrections as shared, sections as sections

title = "Global Convergence of SGD For Logistic Loss on Two Layer Neural Nets"
authors = "Gopalani, Jha and Mukherjee (2024)"
citation = """
@article{gopalani2024logistic,
  title = {Global convergence of {SGD} for logistic loss on two layer neural nets},
  author = {Gopalani, Pulkit and Jha, Samyak and Mukherjee, Anirbit},
  journal = {Transactions on Machine Learning Research},
  year = {2024},
  eprint = {2309.09258},
  archiveprefix = {arXiv},
}
"""
claims = (
    Statement(
        "SGD on the logistic loss of a net of depth two, with a Frobenius penalty, "
        "converges globally for sigmoid and tanh, from a class of starts.",
        "text",
    ),
    Statement("Its diffusion converges exponentially fast, for SoftPlus too.", "text"),
    Statement("The penalty that is needed does not depend on the width.", "text"),
    Statement("λ_c, step sizes, experiments and their numbers.", "not found"),
)
corrections = (
    *shared,
    Statement(
        "SoftPlus with the logistic loss has a Lipschitz gradient, so that discrete "
        "steps have a theorem there, too.",
        "checked",
        "derived here",
    ),
)

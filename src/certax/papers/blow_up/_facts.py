"""What arXiv 2310.05169 says, and what a second look at it found."""

from .._paper import Section, Statement

title = (
    "Investigating the ability of PINNs to solve Burgers' PDE near finite-time blow-up"
)
authors = "Kumar and Mukherjee (2024)"
citation = """
@article{kumar2024investigating,
  title = {Investigating the ability of {PINNs} to solve {Burgers'} {PDE} near
           finite-time blowup},
  author = {Kumar, Dibyakanti and Mukherjee, Anirbit},
  journal = {Machine Learning: Science and Technology},
  volume = {5},
  pages = {025063},
  year = {2024},
  eprint = {2310.05169},
  archiveprefix = {arXiv},
}
"""
claims = (
    Statement(
        "Bounds of the true error by what training minimizes are significantly "
        "correlated with it, also near the blow-up.",
        "text",
    ),
    Statement("The correlation rises with the width of the net.", "text"),
    Statement("Values of the correlations.", "not found"),
)
corrections = (
    Statement(
        "The public code evaluates the bound with the net's own values where the "
        "theorem has their distance from the data.",
        "checked",
        "the authors' code",
    ),
    Statement(
        "On the line the public code gives the initial data at t = 0, inside the "
        "window, and its bound has the integral of the net's initial values where the "
        "theorem has that of a square.",
        "code",
    ),
    Statement(
        "In the plane the public analysis takes means over the components and over "
        "time, where the theorem bounds the integral.",
        "code",
    ),
    Statement(
        "In the plane the net is trained with a boundary loss that is not 0 at the "
        "solution.",
        "checked",
        "the authors' code",
    ),
    Statement(
        "The bound in the plane does not vanish with the residuals: it is a tool for "
        "correlation and no certificate.",
        "checked",
    ),
    Statement(
        "With exact data on the walls the factor (1 + C e^C) of the squared residual "
        "can be replaced by a²/2 log(a/b) - (a² - b²)/4, a = 2 - δ, b = 1 - δ.",
        "checked",
        "derived here",
    ),
    Statement(
        "u is linear in x: with hard data on the walls N = 0 already is the solution.",
        "checked",
    ),
)
sections = (
    Section(
        "line",
        "u = x / (t - 1) on [-1, 1], t from δ - 1 to δ",
        "True risk: the integral of the squared error. The bound of the theorem is "
        "beside it, and how often it is larger. Rows of certax have hard data; their "
        "squared residual is bounded by the checker and then multiplied by the "
        "theorem's factor and by ours.",
        (
            "true risk",
            "theorem's bound",
            "bound / risk",
            "residual² proved",
            "our bound",
        ),
        "true risk",
    ),
    Section(
        "plane",
        "The flow in the plane, t up to δ",
        "The logarithm of the theorem's bound beside that of the true risk; it cannot "
        "be small.",
        ("true risk", "log of theorem's bound", "log of true risk"),
    ),
    Section(
        "correlation",
        "Correlation of bound and risk",
        "Pearson's coefficient over the rows of soft nets above, of logarithms.",
        ("correlation", "rows"),
    ),
)

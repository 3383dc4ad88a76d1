"""What arXiv 2005.04211 says, and what a second look at it found."""

from .._paper import Section, Statement

title = "Provable Training of a ReLU Gate with an Iterative Non-Gradient Algorithm"
authors = "Karmakar and Mukherjee (2022)"
citation = """
@article{karmakar2022provable,
  title = {Provable training of a {ReLU} gate with an iterative non-gradient algorithm},
  author = {Karmakar, Sayar and Mukherjee, Anirbit},
  journal = {Neural Networks},
  volume = {151},
  year = {2022},
  eprint = {2005.04211},
  archiveprefix = {arXiv},
}
"""
claims = (
    Statement(
        "An iteration that is no gradient finds the weights of one ReLU gate in linear "
        "time, under mild conditions on the law of the inputs.",
        "text",
    ),
    Statement(
        "With labels poisoned online it finds them approximately, nearly as well as "
        "anything can in the worst case; the error grows gracefully with how often and "
        "how much is poisoned.",
        "text",
    ),
    Statement("The dependence on the size of batches is tracked.", "text"),
    Statement("Constants, figures and their numbers.", "not found"),
)
corrections = (
    Statement(
        "With λ₁ and c_b as in `docs/algorithms.md` and the best step, the mean square "
        "takes the factor 1 - λ₁²/c_b a step. For every symmetric law with E xxᵀ = I "
        "and E ‖x‖² xxᵀ = s I, and not for normal inputs alone, that is an equality, "
        "with λ₁ = 1/2 and c_b = s/(2b) + (1 - 1/b)/4.",
        "checked",
        "derived here",
    ),
    Statement(
        "For normal inputs and attacks by fair coins the mean square follows a linear "
        "recursion exactly, down to its floor.",
        "checked",
        "derived here",
    ),
    Statement(
        "Fresh inputs in every step and fourth moments are needed; attacks may look at "
        "everything, but happen independently given x.",
        "checked",
    ),
    Statement(
        "No defect of the published experiments is known to us: both forms are the "
        "same.",
        "not found",
    ),
)
sections = (
    Section(
        "rate",
        "The rate without attack",
        "E‖w - w*‖² takes the proved factor a step, with equality. The fitted one is "
        "that of the mean over all runs. Exponents are logarithms of factors. All "
        "hold: the mean, less three standard errors, is at most what is proved, in "
        "every step; and no run ever has 100 N times factorᵗ times its start, N runs.",
        (
            "fitted factor",
            "proved factor",
            "exponents differ by",
            "within 10 %",
            "all hold",
            "least margin",
        ),
    ),
    Section(
        "poisoned",
        "The rate under attack",
        "The same step and the proved factor of clean labels, which attacks hardly "
        "change as long as the error is above their floor: fitted is the factor of the "
        "mean less the floor. All hold: the mean is within four standard errors of the "
        "exact recursion in every step.",
        (
            "fitted factor",
            "proved factor",
            "exponents differ by",
            "within 10 %",
            "factor of the recursion",
            "floor of the recursion",
            "all hold",
            "least margin",
        ),
    ),
    Section(
        "floor",
        "The floor under attack",
        "The proved step under attack. Reached and guaranteed: roots of mean squares, "
        "for every θ in turn. All hold: E‖w - w*‖² is at most what is proved, in every "
        "step and for every θ.",
        ("reached", "guaranteed floor", "slope", "R²", "all hold", "least margin"),
    ),
    Section(
        "methods",
        "Other methods under the same attack",
        "By the sign of one coordinate across w*. Stuck: a tenth of the distance at "
        "the start is left at the end.",
        ("reached", "stuck"),
    ),
)

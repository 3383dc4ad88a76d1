"""What arXiv 2503.10428 says, and what a second look at it found."""

from .._paper import Section, Statement

title = (
    "Langevin Monte-Carlo Provably Learns Depth Two Neural Nets at Any Size and Data"
)
authors = "Kumar, Jha and Mukherjee (2025)"
citation = """
@misc{kumar2025langevin,
  title = {Langevin {Monte-Carlo} Provably Learns Depth Two Neural Nets at Any Size
           and Data},
  author = {Kumar, Dibyakanti and Jha, Samyak and Mukherjee, Anirbit},
  year = {2025},
  eprint = {2503.10428},
  archiveprefix = {arXiv},
}
"""
claims = (
    Statement(
        "The iterates of Langevin Monte Carlo converge non-asymptotically, in q-Rényi "
        "divergence, to the Gibbs measure of the Frobenius-regularized loss of a net "
        "of depth two, for regression and classification and smooth activations.",
        "text",
        "abstract",
    ),
    Statement("The regularization does not depend on the size.", "text", "abstract"),
    Statement("Constants of the theorem, experiments and numbers.", "not found"),
)
corrections = (
    Statement(
        "With constants: for a bounded activation or the logistic loss the Gibbs "
        "measure has a log-Sobolev constant that can be computed, and the theorem of "
        "Vempala and Wibisono then has a step and a number of steps for a given "
        "relative entropy. That is the plan below.",
        "checked",
        "derived here",
    ),
    Statement(
        "Every positive regularization makes the loss dissipative. Above the "
        "convexity threshold, which is always computed first, the loss is strongly "
        "convex, and gradient descent is all that is needed.",
        "checked",
        "derived here",
    ),
    Statement(
        "That the weights have nearly the Gibbs measure says little of the loss: at "
        "temperatures at which the steps can be made below the threshold, the bound "
        "exceeds the loss of W = 0. It is then called vacuous.",
        "checked",
        "computed here",
    ),
)
sections = (
    Section(
        "moments",
        "Stationary moments on Gaussian targets",
        "Means and second moments of all coordinates against their known values, the "
        "largest deviation in standard errors from independent chains. Plain steps h "
        "have the covariance (P (I - h P / 2))⁻¹ for the precision P, a bias known in "
        "closed form; adjusted ones have P⁻¹.",
        (
            "moments",
            "largest deviation",
            "within 3",
            "relative bias, closed form",
            "relative bias, found",
            "acceptance",
            "R-hat",
            "effective size",
        ),
    ),
    Section(
        "entropy",
        "The theorem where everything is known",
        "On Gaussian targets the law after k steps is Gaussian, so its divergences "
        "are exact: the relative entropy beside the bound of the theorem, and the "
        "paper's Rényi divergence of order 2.",
        ("relative entropy", "theorem's bound", "holds", "Rényi divergence"),
    ),
    Section(
        "plan",
        "The plan beside the reached error",
        "Chains for as many steps as the plan says. Reached: the mean loss of all "
        "chains above the least regularized loss that was found; theorem: the same "
        "mean is at most so much, computed and not checkable. The inequalities: "
        "dissipativity and the bound of the gradient at all recorded weights. The plan "
        "is about the law of independent runs at their end; an R-hat above 1.05 says "
        "that a single one has not gone through its measure by then.",
        (
            "convex above",
            "sobolev, by",
            "step",
            "steps",
            "theorem's gap",
            "reached gap",
            "standard error",
            "holds",
            "vacuous",
            "inequalities hold",
            "R-hat",
            "effective size",
        ),
    ),
    Section(
        "training",
        "Other methods on the same losses",
        "The regularized loss above the least that was found, after training with "
        "batches, each method with the best of five rates.",
        ("gap", "rate"),
    ),
)

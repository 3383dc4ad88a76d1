"""What both pages on regularized stochastic descent have: corrections and tables."""

from ._paper import Section, Statement

corrections = (
    Statement(
        "Every λ > 0 is enough: the loss is dissipative for bounded activations and "
        "for SoftPlus, below λ_c too.",
        "checked",
        "derived here",
    ),
    Statement(
        "Above a threshold ρ, which is often below λ_c, the loss is strongly convex: "
        "it has one minimizer, gradient descent converges to it linearly, and the "
        "machinery of Villani functions is not needed. Corrected rows ask for ρ first.",
        "checked",
        "derived here",
    ),
    Statement(
        "The constants of the bound for discrete steps exist, and are not explicit: "
        "nothing can be computed from it. What is checked along trajectories is "
        "explicit: curvature, smoothness, dissipativity, and what follows.",
        "checked",
    ),
    Statement(
        "λ_c is printed as our notes recall it. The papers' text was not read.",
        "not found",
    ),
)
_checked = ("loss", "inequalities", "all hold", "least margin", "of")
_text = (
    "Every inequality along every recorded trajectory: dissipativity, curvature at "
    "least λ - ρ, smoothness β, the bounds of gradient and loss; for gradient descent "
    "its fall; for stochastic steps with the same batches, and paths with the same "
    "noise, how they come nearer where λ is above ρ. The least margin is that of the "
    "inequality named beside it, 0 being equality. Loss: with its penalty, at the end."
)
sections = (
    Section(
        "constants",
        "The constants, ρ first",
        "|a| = 1/√p. What is proved was derived again by the checker from the data; "
        "λ is just above λ_c. Strongly convex: λ is above ρ, so that nothing further "
        "is needed.",
        (
            "λ",
            "λ_c, recalled",
            "ρ, proved",
            "β, proved",
            "b, proved",
            "strongly convex",
        ),
    ),
    Section(
        "critical",
        "Just above λ_c",
        _text
        + " Vacuous, for SGD: the proved rate of its diffusion at the temperature "
        "η is of no use; for the diffusion also if the bound of the loss that follows "
        "says less than W = 0 does.",
        ("λ", "convex", "rate, proved", "vacuous", *_checked),
    ),
    Section(
        "above",
        "Above ρ: a linear rate",
        "Rates are those of the distance to the minimizer, a step; proved is that of "
        "1 - η(λ - ρ). Far above ρ nearly every Hessian is λ, and the proof is exact; "
        "just above it the proved rate is a lower bound. " + _text,
        (
            "λ",
            "fitted rate",
            "proved rate",
            "rates differ by",
            "rate, proved",
            "vacuous",
            *_checked,
        ),
    ),
    Section(
        "below",
        "Below ρ: not convex",
        "|a| = 2 with alternating signs, λ = ρ/20. " + _text,
        ("λ", "rate, proved", "vacuous", *_checked),
    ),
    Section(
        "methods",
        "Other methods below ρ",
        "The loss with its penalty at the end, the mean of three runs, tanh.",
        ("loss",),
    ),
)

"""What arXiv 1807.06766 says, and what a second look at it found."""

from .._paper import Section, Statement

title = (
    "Convergence guarantees for RMSProp and ADAM in non-convex optimization and an "
    "empirical comparison to Nesterov acceleration"
)
authors = "De, Mukherjee and Ullah (2018)"
citation = """
@article{de2018convergence,
  title = {Convergence guarantees for {RMSProp} and {ADAM} in non-convex optimization
           and an empirical comparison to {Nesterov} acceleration},
  author = {De, Soham and Mukherjee, Anirbit and Ullah, Enayat},
  year = {2018},
  eprint = {1807.06766},
  archiveprefix = {arXiv},
}
"""
claims = (
    Statement(
        "RMSProp and Adam, with full gradients and with steps that the proofs give, "
        "come to points with short gradients of smooth functions that need not be "
        "convex.",
        "text",
    ),
    Statement(
        "On autoencoders for MNIST and on VGG-9 for CIFAR-10, Adam with β₁ = 0.99 "
        "beats tuned Nesterov acceleration mostly, in training and in test loss; with "
        "β₁ = 0.9 Nesterov's method can win.",
        "text",
    ),
    Statement("A larger ξ matters for the loss on test data.", "text"),
    Statement(
        "Nesterov's method makes gradients shorter, and the least eigenvalue of the "
        "Hessian rises along its way.",
        "text",
    ),
    Statement("The tables, and the sizes of the nets.", "not found"),
)
corrections = (
    Statement(
        "The number of steps of Adam as we remember it, 9Lσ²(f(x₂) - f*)/ε⁶, is too "
        "small: f = x²/2 from σ = 10 to ε = 5 needs 29 steps where it says 2.5. "
        "Correct for that step size: (9/4)L(ε + 2σ)⁴(f(x₁) - f*)/(σε⁵).",
        "checked",
        "derived here",
    ),
    Statement(
        "A longer step, α = 2|g|²/(3L(ε + 2σ)(1 - β₁^t)²), needs no more than 18L(ε + "
        "2σ)²(f(x₁) - f*)/ε⁴ steps.",
        "checked",
        "derived here",
    ),
    Statement(
        "RMSProp with α = √((1 - β₂)ξ)/L needs (2L/ε²)√((σ² + ξ)/((1 - β₂)ξ))(f(x₁) - "
        "f*) steps; the smaller step remembered as the paper's needs the square of "
        "that root.",
        "checked",
        "derived here",
    ),
    Statement(
        "Stochastic RMSProp: that all gradients of single examples agree in the sign "
        "of each coordinate implies that all vanish where their mean does; "
        "mini-batches hardly ever do. The table has how far they are from it.",
        "checked",
    ),
)
_compared = (
    "weights",
    "best settings",
    "training loss",
    "test loss",
    "sd",
    "|g|",
    "least eigenvalue",
)
_how = (
    "Rates are the best of the grid by the validation loss, with one seed; test losses "
    "are means over other seeds with their sample standard deviation. |g| and the "
    "least eigenvalue of the Hessian (Lanczos) are those of the loss on the training "
    "data at the end, for the first seed."
)  # fmt: skip
sections = (
    Section(
        "theorems",
        "Steps with proofs, and the gradients they reach",
        "A shallow net with a Frobenius penalty; L and σ are proved for it, and f* ≥ "
        "0. Bound and least |g| so far are given after each of the numbers of steps. "
        "The theorem's decrease of f is compared at each single step: the ratio is "
        "the largest of promised over actual, and must not be above 1.",
        (
            "constants",
            "steps promised",
            "steps needed",
            "after steps",
            "bound",
            "least |g|",
            "promised / actual decrease",
            "holds at each step",
        ),
        curves=("after steps", "bound", "least |g|"),
    ),
    Section(
        "stochastic",
        "RMSProp with noisy gradients",
        "f is a mean of functions whose gradients agree in signs, made so; and a net "
        "on real data, where they do not. κ is the largest ratio of mean |gᵢ| to "
        "|mean gᵢ|; the theorem here needs it finite, and the recalled one needs κ = "
        "1.",
        ("κ", "steps promised", "ε²", "least mean |∇f|²", "holds"),
    ),
    Section(
        "autoencoder",
        "Autoencoders with tied weights",
        _how + " Loss: half the squared error of an image. Small scale: 64-32-16, "
        "scikit-learn's digits. Published scale: sizes 484-256-64 are ours.",
        _compared,
    ),
    Section(
        "full-batch",
        "The same with full gradients",
        _how,
        _compared,
    ),
    Section(
        "vgg",
        "VGG",
        _how + " Loss: cross-entropy. Small scale: four convolutions and two dense "
        "layers, scikit-learn's digits. Published scale: the layers of VGG-9 are ours.",
        (*_compared, "accuracy"),
    ),
)

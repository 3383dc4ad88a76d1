"""What arXiv 2507.06967 says, and what a second look at it found."""

from .._paper import Section, Statement

title = "Noisy PDE training requires bigger PINNs"
authors = "Andre-Sloan, Mukherjee and Colbrook (2025)"
citation = """
@misc{andresloan2025noisy,
  title = {Noisy {PDE} Training Requires Bigger {PINNs}},
  author = {Andre-Sloan, Sebastien and Mukherjee, Anirbit and Colbrook, Matthew},
  year = {2025},
  eprint = {2507.06967},
  archiveprefix = {arXiv},
}
"""
claims = (
    Statement(
        "If the empirical risk is O(η) below the variance of the labels' noise, then "
        "d_N log d_N ≳ N_s η², for N_s labels and d_N parameters.",
        "text",
    ),
    Statement(
        "Nets for the Hamilton-Jacobi-Bellman, Poisson and Navier-Stokes "
        "(Taylor-Green) equations must exceed a size to train below the variance.",
        "text",
    ),
    Statement("Constants of the theorem, data and numbers.", "not found"),
)
corrections = (
    Statement(
        "With constants: for labels |y| ≤ B, weights in a ball of radius W, and nets "
        "that are J-Lipschitz in them, the probability that any weights reach σ² - η "
        "is at most 2 exp(-N η²/(288 B⁴)) + (1 + 48WBJ/η)^d exp(-N η²/(1152 B⁴)). "
        "Clipping the net to [-B, B] is what keeps the width out of the exponents.",
        "checked",
        "derived here",
    ),
    Statement(
        "Gaussian labels are not bounded: the corrected form takes u + σ or u - σ with "
        "equal probability, whose variance is σ² exactly; the published form is "
        "Gaussian. With few Gaussian labels the exact solution itself may lie below "
        "the variance, as its row shows.",
        "checked",
        "derived here",
    ),
)
sections = tuple(
    Section(
        key,
        title,
        "Risk: mean square of label misfits plus that of the residual, the least of "
        "several starts of Levenberg-Marquardt, so that it is an upper bound of the "
        "smallest risk. The theorem's width is the "
        "least that it does not exclude with 99 % probability, for the η that was "
        "reached as if it had been fixed before; 1 means that it says nothing.",
        (
            "parameters",
            "risk - σ²",
            "below σ²",
            "in the ball",
            "d log d",
            "N η²",
            "theorem's width",
        ),
    )
    for key, title in (
        ("poisson", "Poisson's equation in the unit square"),
        ("hjb", "A Hamilton-Jacobi-Bellman equation in two space dimensions"),
        ("taylor-green", "The Taylor-Green vortex, labels of the first velocity"),
    )
) + (
    Section(
        "threshold",
        "The smallest width below the variance",
        "Over the widths that were tried. The theorem is a lower bound, far below.",
        ("smallest width", "parameters", "N_s", "labels that exclude width 1"),
    ),
)

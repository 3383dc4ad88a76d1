"""What arXiv 2605.07959 says, and what a second look at it found."""

from .._paper import Section, Statement

title = "Convergent Stochastic Training of Attention and Understanding LoRA"
authors = "Sun, Kumar, Frangi, Mukherjee and others (2026)"
citation = """
@misc{sun2026convergent,
  title = {Convergent Stochastic Training of Attention and Understanding {LoRA}},
  author = {Sun, Mingfei and Kumar, Dibyakanti and Frangi, Alejandro and
            Mukherjee, Anirbit and others},
  year = {2026},
  eprint = {2605.07959},
  archiveprefix = {arXiv},
}
"""
claims = (
    Statement(
        "For any mild regularization the Gibbs measure of the empirical regression "
        "loss of an attention layer has a Poincaré inequality, and so has that of a "
        "low-rank adaptation of a shallow net, whatever the data and the size.",
        "text",
        "abstract",
    ),
    Statement(
        "A diffusion that mimics stochastic gradient descent then minimizes the loss.",
        "text",
        "abstract",
    ),
    Statement(
        "The exact model and regularizer, constants, experiments and numbers.",
        "not found",
    ),
)
corrections = (
    Statement(
        "With constants, for attention: Q = 1 + (1 + K/λ) |Wv|² + |(Wq, Wk)|²/2 has "
        "AQ ≤ c - (2λ/s) Q for every λ > 0, with one λ for all matrices and T ≥ 2 "
        "tokens; for heads that are summed K is multiplied by their number.",
        "checked",
        "derived here",
    ),
    Statement(
        "With a trained output projection behind the heads this is false: the pull on "
        "queries and keys grows like |Wv|² |Wo|². Merge it into the values.",
        "checked",
        "derived here",
    ),
    Statement(
        "With constants, for low-rank adaptation: ⟨(A, B), ∇L⟩ ≥ -b for bounded "
        "activations, and the log-Sobolev constant of the full net serves every rank.",
        "checked",
        "derived here",
    ),
    Statement(
        "Neither loss is globally smooth, so no fixed step of plain descent is "
        "admissible from everywhere; the drift is tamed. Nothing is proved here of "
        "the tamed steps.",
        "checked",
        "derived here",
    ),
)
sections = (
    Section(
        "constants",
        "Constants",
        "Computed, not checkable. A constant above 1e9 is finite and of no use, and "
        "then called vacuous.",
        ("pull K", "defect b", "drift c", "Poincaré at most", "vacuous"),
    ),
    Section(
        "lyapunov",
        "The Lyapunov inequality along trajectories",
        "The largest of (AQ + (2λ/s) Q) / c; the theorem says that it is at most 1. "
        "At all recorded weights, and after ascent of this very ratio from them.",
        ("weights", "largest", "after ascent", "holds"),
    ),
    Section(
        "projection",
        "With a trained output projection there is no such inequality",
        "The pull on the scores over 1 + |Wv|² + |Wo|², which would have to stay "
        "bounded, at weights of growing size.",
        ("pull over squares",),
    ),
    Section(
        "taming",
        "Tamed against plain steps",
        "Runs from near and far, with a small and a large step, that end where the "
        "weights are not finite or beyond a million. That no fixed step is admissible "
        "does not say that plain steps diverge: small ones may not, as here.",
        ("plain diverged", "tamed diverged"),
    ),
    Section(
        "training",
        "Training",
        "The regularized loss after training with batches, each method with the best "
        "of five rates. The rows of W = 0 need no training.",
        ("regularized loss", "loss", "rate"),
    ),
)

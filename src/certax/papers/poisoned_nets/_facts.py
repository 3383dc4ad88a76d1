"""What arXiv 2005.01699 says, and what a second look at it found."""

from .._paper import Section, Statement
from ._setups import published

title = "Depth-2 Neural Networks Under a Data-Poisoning Attack"
authors = "Karmakar, Mukherjee and Papamarkou (2023)"
citation = """
@article{karmakar2023depth,
  title = {Depth-2 neural networks under a data-poisoning attack},
  author = {Karmakar, Sayar and Mukherjee, Anirbit and Papamarkou, Theodore},
  journal = {Neurocomputing},
  volume = {532},
  year = {2023},
  eprint = {2005.01699},
  archiveprefix = {arXiv},
}
"""
claims = (
    Statement(
        "w ← w + η M (1/b) Σ (y - f_w(x)) x finds the filter of a depth-two net "
        "without derivatives of its rectifiers, from labels of which a share is "
        "poisoned.",
        "code",
        "the authors' code",
    ),
    Statement(
        "Eight setups: normal, Laplace and Student's t₄ inputs, n = 50 or 100, r = 25, "
        "k = 10, b = 16, 40 000 steps; θ from 0 to 4 at β = 1/2, then β from 0 to 0.9 "
        "at θ = 1/4; w from all ones, w* normal, Aᵢ = M + cC, attacks +θ and -θ in "
        "turn.",
        "code",
        "the authors' code",
    ),
    Statement(
        "A larger outer scale q counters the attack: n = 50, r = 20, k = 100, b = 64, "
        "q = 1 and q = 10.",
        "code",
        "the authors' code",
    ),
    Statement("The constants of the theorem, and numbers in tables.", "not found"),
)
corrections = (
    Statement(
        "The baseline called SGD takes the derivatives at the first point of a batch "
        "for all its points. The correct SGD is stuck more often, and comes nearer "
        "than Neuro-Tron where it is not.",
        "checked",
        "the authors' code",
    ),
    Statement(
        "Inputs have to be exactly symmetric, and to have fourth moments: Student's t₄ "
        "has none, and no theorem covers it. No theorem covers a fixed data set that "
        "was not made symmetric.",
        "checked",
        "derived here",
    ),
    Statement(
        "The published steps are a thousand times larger than what the theorem in the "
        "Euclidean norm admits. In the norm of (ĀĀᵀ)⁻¹ they are proved to contract.",
        "checked",
        "derived here",
    ),
    Statement(
        "The published attack has mean zero and looks at nothing; rows of other "
        "attacks are added here.",
        "checked",
        "the authors' code",
    ),
    Statement(
        "How Aᵢ was made for k = 100 we have not read: c runs over -50 to 50 here.",
        "not found",
    ),
)
_columns = (
    "error",
    "stuck",
    "slope",
    "R²",
    "guaranteed floor",
    "all hold",
    "least margin",
)
_text = (
    "Error: the mean of ‖w - w*‖ over the last fortieth of the steps, the median over "
    "runs, for every {swept} in turn. Stuck: a tenth of the distance at the start is "
    "left. Guaranteed, where a proof applies: proved for the root of the mean square, "
    "the median over the nets of the runs. All hold: in every part of all trajectories "
    "the mean of what is proved to fall, relative to its bound and less three standard "
    "errors, is at most one; without attack no run ever has 100 N, N runs."
)
sections = (
    *(
        Section(
            setup.key,
            f"{setup.key}: {setup.law.name} inputs, {setup.swept} from "
            f"{min(_values)} to {max(_values)}",
            _text.format(swept=setup.swept),
            _columns,
        )
        for setup in published
        for _values in [setup.bounds if setup.swept == "θ" else setup.probabilities]
    ),
    Section(
        "attacks",
        "Other attacks on the first setup",
        "By fair coins; by the sign of one coordinate of x; by the sign of what the "
        "current weights miss. The last two are not centered, and the guaranteed "
        "floor is that of the worst attack there is.",
        _columns,
    ),
    Section(
        "assist",
        "Assistance by the outer scale",
        "The same attack on nets that are q times as large.",
        _columns,
    ),
)

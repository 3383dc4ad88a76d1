"""What arXiv 2407.20741 says, and what a second look at it found."""

from .._paper import Section, Statement

title = "Improving PINNs by algebraic inclusion of boundary and initial conditions"
authors = "Ren, Fang, Li and Mukherjee (2024)"
citation = """
@misc{ren2024algebraic,
  title = {Improving {PINNs} By Algebraic Inclusion of Boundary and Initial Conditions},
  author = {Ren, Mohan and Fang, Zhihao and Li, Keren and Mukherjee, Anirbit},
  year = {2024},
  eprint = {2407.20741},
  archiveprefix = {arXiv},
}
"""

claims = (
    Statement(
        "Boundary-inclusion wins for Poisson's equation and Burgers' equation in the "
        "plane; initial-inclusion wins for Burgers' equation in space and for solitons "
        "of the equation of Korteweg and de Vries.",
        "text",
    ),
    Statement("Errors fall by one or more orders of magnitude.", "text"),
    Statement("The methods are compared with Deep Ritz and XPINN.", "text"),
)
corrections = (
    Statement(
        "The boundary-included ansatz with N = 0 already is the exact solution of the "
        "inviscid problems in one and two dimensions. Errors there measure how far "
        "training drives N to 0; the row N = 0 shows it.",
        "checked",
    ),
    Statement(
        "In the plane the boundary loss compares one column of data with both columns "
        "of the net, so that it is 3.62 and not 0 at the exact solution.",
        "checked",
        "the authors' code",
    ),
    Statement(
        "The published solution in space has exp(-t) and solves the equations for nu = "
        "1/3 only; exp(-3 nu t) does so for every nu. The residual of what is "
        "called exact shows it.",
        "checked",
    ),
    Statement(
        "In space two of the three methods never see the initial data, and the data of "
        "the second and third velocity have a spurious 1 in the numerator.",
        "checked",
        "the authors' code",
    ),
    Statement(
        "Korteweg and de Vries: data at both ends are one condition too few. The slope "
        "at the right end is added in the corrected form.",
        "checked",
    ),
    Statement(
        "The published initial-included ansatz for solitons, with t²/(t²+q), feels the "
        "initial data only for |t| below √q = 3e-5, where 0.02 of 500 random points "
        "lie.",
        "checked",
    ),
    Statement(
        "Titles of stored figures disagree with the code: 2w² + 6w + 1 parameters are "
        "those of three hidden layers on an interval, and the code builds two.",
        "code",
    ),
)

_reached = "fractional error"
sections = (
    Section(
        "burgers-1d",
        "Burgers' equation on an interval",
        "Fractional error: squared distance over squared norm on a grid. N = 0 and the "
        "frozen initial field need no training.",
        (_reached, "loss", "proved"),
        _reached,
    ),
    Section(
        "burgers-2d",
        "Burgers' equations in the plane, inviscid",
        "u = (x + y - 2xt) / (1 - 2t²), v = (x - y - 2yt) / (1 - 2t²), t up to 1/2.",
        (_reached, "loss", "proved"),
        _reached,
    ),
    Section(
        "burgers-3d",
        "Burgers' equations in space, viscous",
        "The residual of what is called exact is the mean of its square over the box.",
        (_reached, "loss", "residual of what is called exact"),
        _reached,
    ),
    Section(
        "kdv",
        "Solitons of the equation of Korteweg and de Vries",
        "One soliton on the unit square; at the scale of the paper two and three too.",
        (_reached, "loss", "proved"),
        _reached,
    ),
    Section(
        "poisson",
        "Poisson's equation on the unit cube",
        "Residual loss and Deep Ritz energy, with a penalty or a hard boundary. The "
        "row of certax has the bound ‖R‖² / ‖f‖² of the fractional error, which holds "
        "since f is an eigenfunction of the Laplacian and the boundary is hard; the "
        "checker proves ‖R‖.",
        (_reached, "loss", "proved"),
        _reached,
    ),
)


def figure(text: str) -> Statement:
    """A number read off a figure of the paper."""
    return Statement(text, "figure", "final error, lower envelope")


def stored(text: str) -> Statement:
    """A number that the authors' notebooks hold."""
    return Statement(text, "code", "an array stored in the authors' notebooks")


unknown = Statement("not found", "not found")
_inviscid = {"vanilla": "3e-8", "boundary": "1e-11", "initial": "3e-8"}
_viscous = {
    ("1/100", "vanilla"): "0.05",
    ("1/100", "boundary"): "0.027",
    ("1/100", "initial"): "0.3",
    ("1/10", "vanilla"): "1e-8",
    ("1/10", "boundary"): "5e-8",
    ("1/10", "initial"): "3e-5",
    ("1/2", "vanilla"): "1e-8",
    ("1/2", "boundary"): "1e-9",
    ("1/2", "initial"): "5e-8",
    ("1", "vanilla"): "1e-8",
    ("1", "boundary"): "1e-10",
    ("1", "initial"): "5e-8",
}
_plane = {"vanilla": "0.6 to 0.7", "boundary": "1e-10", "initial": "0.4 to 0.6"}
_space = {
    ("1/100", "initial"): "1.2e-2",
    ("1/10", "initial"): "6e-3",
    ("1/2", "initial"): "3e-2",
    ("1", "initial"): "0.18",
}
_soliton = {"vanilla": "3e-4", "boundary": "1.5e-3", "initial": "1.7e-5"}
_two = {"vanilla": "0.95", "boundary": "0.8", "initial": "5"}


def says(problem: str, method: str, nu: str | None = None) -> Statement:
    """What the paper has for a flow and a method (width 40; solitons 30 and 13)."""
    table = {
        "inviscid": _inviscid,
        "plane": _plane,
        "one soliton": _soliton,
        "two solitons": _two,
    }.get(problem)
    if table is not None:
        return figure(f"about {table[method]}") if method in table else unknown
    if problem == "space" and method in ("vanilla", "boundary"):
        return figure("1.6 to 2.2" if method == "vanilla" else "1.3 to 1.6")
    found = {"front": _viscous, "space": _space}.get(problem, {}).get(
        (nu or "", method)
    )
    return figure(f"about {found}") if found else unknown

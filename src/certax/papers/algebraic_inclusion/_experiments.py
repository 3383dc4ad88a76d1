"""All rows of arXiv 2407.20741 at two scales."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax.numpy as jnp

from ...problems import zoo_entry
from .. import _solved
from .._flows import Flow, mean_square
from .._methods import Training, measured, untrained
from .._paper import Experiment, Request
from . import _poisson, _problems
from ._facts import says, stored, unknown
from ._xpinn import xpinn

_methods = ("vanilla", "boundary", "initial")
_baselines = ("frozen", "boundary", "initial")
_pieces = 2


@dataclass(frozen=True)
class Sizes:
    """What the scale decides.

    **Attributes:**

    - `solitons`: for one soliton, then two, then three.
    - `poisson`: by the dimension.
    """

    flat: Training
    plane: Training
    space: Training
    solitons: tuple[Training, ...]
    poisson: Mapping[int, Training]
    viscosities: tuple[str, ...]
    grids: tuple[int, int, int]
    steps: int
    certify: float


small = Sizes(
    flat=Training(16, 2, 100, 1500),
    plane=Training(16, 2, 100, 1000),
    space=Training(8, 2, 100, 400),
    solitons=(Training(12, 2, 80, 1000),),
    poisson={2: Training(16, 2, 100, 1000, 3e-3)},
    viscosities=("1/10",),
    grids=(101, 21, 7),
    steps=60,
    certify=5.0,
)
_few = Training(50, 3, 1000, 2000, 1e-4, sides=200)
paper = Sizes(
    flat=Training(40, 2, 1000, 30000),
    plane=Training(28, 2, 800, 30000, 1e-4),
    space=Training(40, 2, 1000, 10000),
    solitons=(
        Training(30, 3, 500, 60000, 1e-4, sides=250),
        Training(13, 3, 2000, 30000, 1e-4, sides=1000),
        Training(35, 4, 18000, 40000, 1e-3, jnp.sin, sides=914),
    ),
    poisson={
        **dict.fromkeys((1, 2, 3), _few),
        10: Training(50, 3, 5000, 7000, 1e-4, sides=200),
    },
    viscosities=("1/100", "1/10", "1/2", "1"),
    grids=(101, 21, 21),
    steps=400,
    certify=60.0,
)


def experiments(request: Request, sizes: Sizes | None = None) -> list[Experiment]:
    """All rows, in the order of the page."""
    sizes = sizes or (paper if request.scale == "paper" else small)
    line, grid, space_grid = sizes.grids
    rows = _flow_rows(
        request, "burgers-1d", _problems.inviscid(line), sizes.flat, sizes
    )
    for nu in sizes.viscosities:
        flow = _problems.front(_number(nu), line)
        rows += _flow_rows(request, "burgers-1d", flow, sizes.flat, sizes, nu)
    rows += _flow_rows(request, "burgers-2d", _problems.plane(grid), sizes.plane, sizes)
    for nu in sizes.viscosities:
        flow = _problems.space(_number(nu), space_grid, request.as_published)
        rows += _flow_rows(request, "burgers-3d", flow, sizes.space, sizes, nu)
    kinds = (_problems.one_soliton, _problems.two_solitons, _problems.three_solitons)
    for kind, training in zip(kinds, sizes.solitons, strict=False):
        rows += _flow_rows(request, "kdv", kind(line), training, sizes)
    for dimension in sizes.poisson:
        rows += _poisson_rows(request, dimension, sizes)
    return rows


def _number(nu: str) -> float:
    top, _, bottom = nu.partition("/")
    return int(top) / int(bottom or 1)


def _settings(training: Training, request: Request, nu: str | None) -> dict[str, Any]:
    given = {} if nu is None else {"nu": nu}
    return given | training.facts() | {"seed": request.seed}


def _flow_rows(
    request: Request,
    section: str,
    flow: Flow,
    training: Training,
    sizes: Sizes,
    nu: str | None = None,
) -> list[Experiment]:
    """Three methods, XPINN, certax where the zoo has the problem, and baselines."""
    stem = f"{flow.name}{'' if nu is None else f'-nu-{nu}'}"
    stem = stem.replace(" ", "-").replace("/", "-over-")
    label = f"{flow.name}{'' if nu is None else f', ν = {nu}'}: "
    published, seed = request.as_published, request.seed
    settings = _settings(training, request, nu)
    names = {"vanilla": "soft", "boundary": "boundary in", "initial": "initial in"}
    rows = [
        Experiment(
            key=f"{stem}-{method}",
            method=label + names[method],
            settings=settings,
            compute=partial(
                measured, flow, method, training, as_published=published, seed=seed
            ),
            says=says(flow.name, method, nu),
            why=_why(flow, method, request),
            section=section,
        )
        for method in _methods
    ]
    if flow.dimension == 2 and not published:
        rows.append(
            Experiment(
                key=f"{stem}-xpinn",
                method=label + "XPINN",
                settings=settings | {"pieces": _pieces},
                compute=partial(xpinn, flow, training, pieces=_pieces, seed=seed),
                says=unknown,
                why="The paper's table is not known to us.",
                section=section,
            )
        )
    problem = _zoo_problem(flow.name, nu)
    if problem is not None and not published:
        rows.append(
            Experiment(
                key=f"{stem}-certax",
                method=label + "certax",
                settings={"steps": sizes.steps, "width": 12, "depth": 2, "seed": seed},
                compute=partial(_certax, problem, flow, sizes, seed),
                why="All data hard, Levenberg-Marquardt; proved by the checker.",
                section=section,
            )
        )
    for method in _baselines:
        words = "frozen initial field" if method == "frozen" else "N = 0"
        how = "" if method == "frozen" else f", {names[method]}"
        rows.append(
            Experiment(
                key=f"{stem}-baseline-{method}",
                method=f"{label}{words}{how}",
                settings={} if nu is None else {"nu": nu},
                compute=partial(untrained, flow, method, published),
                baseline=True,
                section=section,
            )
        )
    if section == "burgers-3d":
        rows.append(_claimed_solution(flow, stem, label, nu))
    return rows


def _why(flow: Flow, method: str, request: Request) -> str:
    name, reasons = flow.name, []
    if request.scale == "small":
        reasons.append("Smaller net, fewer points and steps than published.")
    if name in ("inviscid", "plane") and method == "boundary":
        reasons.append("N = 0 is exact already: this is how far N is from 0.")
    if name == "plane" and method != "boundary":
        reasons.append(
            "The published loss is 3.62 at the exact solution."
            if request.as_published
            else "The loss on the walls is corrected, and vanishes at the solution."
        )
    if name == "space":
        reasons.append(
            "What is called exact is no solution, and data are missing."
            if request.as_published
            else "Solution, wall data and initial loss are corrected."
        )
    if name == "space" and method == "boundary" and request.as_published:
        reasons.append(
            "Here the ansatz has the right wall data; whether the published one has is "
            "not known to us."
        )
    if flow.slope and not request.as_published:
        reasons.append("The missing condition, a slope, is added.")
    return " ".join(reasons)


def _zoo_problem(name: str, nu: str | None):
    names = {
        "inviscid": "burgers-inviscid",
        "front": "burgers-front",
        "one soliton": "kdv-one-soliton",
    }
    if name not in names:
        return None
    problem = zoo_entry(names[name]).problem
    return problem if nu is None else problem.with_constants({"nu": nu})


def _certax(problem, flow: Flow, sizes: Sizes, seed: int) -> dict[str, Any]:
    solution, results = _solved.solved(
        problem, seed=seed, steps=sizes.steps, certify_seconds=sizes.certify
    )
    return {"fractional error": _solved.fractional_error(solution, flow), **results}


def _claimed_solution(flow: Flow, stem: str, label: str, nu: str | None) -> Experiment:
    def residual():
        points = flow.test_points()
        value = mean_square(partial(flow.residual, flow.exact), points)
        return {"residual of what is called exact": float(value)}

    return Experiment(
        key=f"{stem}-claimed-solution",
        section="burgers-3d",
        method=label + "what is called the exact solution",
        settings={"nu": nu},
        compute=residual,
        baseline=True,
        why="Zero for a solution.",
    )


# Residual and energy with the hard boundary in ten dimensions, width 50.
_ten = {
    ("residual", "hard"): "0.7536",
    ("energy", "hard"): "0.02458",
}


def _poisson_rows(request: Request, dimension: int, sizes: Sizes) -> list[Experiment]:
    training, seed = sizes.poisson[dimension], request.seed
    factor = "5^d" if request.as_published else "4^d"
    rows = []
    for loss in ("residual", "energy"):
        for boundary in ("penalty", "hard", f"hard, {factor}"):
            told = _ten.get((loss, boundary)) if dimension == 10 else None
            words = "Deep Ritz" if loss == "energy" else "residual"
            rows.append(
                Experiment(
                    key=f"poisson-{dimension}-{loss}-{_slug(boundary)}",
                    section="poisson",
                    method=f"d = {dimension}: {words}, {boundary}",
                    settings=_settings(training, request, None),
                    compute=partial(
                        _poisson.train, dimension, loss, boundary, training, seed
                    ),
                    says=stored(told) if told else unknown,
                    why="4^d is the natural factor: 4^-d is the bubble's maximum."
                    if boundary.endswith("4^d")
                    else "",
                )
            )
    rows.append(
        Experiment(
            key=f"poisson-{dimension}-zero",
            section="poisson",
            method=f"d = {dimension}: N = 0, hard",
            settings={},
            compute=lambda: {"fractional error": 1.0},
            baseline=True,
        )
    )
    if dimension <= 3 and not request.as_published:
        rows.append(
            Experiment(
                key=f"poisson-{dimension}-certax",
                section="poisson",
                method=f"d = {dimension}: certax",
                settings={"steps": sizes.steps, "width": 12, "depth": 2, "seed": seed},
                compute=partial(_poisson_certified, dimension, sizes, seed),
                why="‖R‖ is bounded by the checker.",
            )
        )
    return rows


def _slug(words: str) -> str:
    return words.replace(", ", "-").replace("^", "")


def _poisson_certified(dimension: int, sizes: Sizes, seed: int) -> dict[str, Any]:
    """The zoo's problem by certax, and the fractional error proved from ‖R‖."""
    import numpy as np

    from ... import _api

    names = {1: "poisson-1d", 2: "poisson", 3: "poisson-3d"}
    problem = zoo_entry(names[dimension]).problem
    solution = _api.solve(
        problem, seed=seed, max_steps=sizes.steps, configuration=_solved.small_net
    )
    certificate = _api.certify(
        solution, claim="residual", norm="L2", budget=sizes.certify
    )
    proved = certificate.verdict
    if proved == "proved":
        bound = _poisson.fractional_bound(certificate.bound, dimension)
        proved = f"fractional error ≤ {bound}"
    points = np.random.default_rng(seed).uniform(size=(10_000, dimension))
    found = solution(**{n: points[:, i] for i, n in enumerate(problem.domain.names)})
    wrong = _solved.distance(np.asarray(found), _poisson.exact, points)
    return {"fractional error": wrong, "proved": proved}

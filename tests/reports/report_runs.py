"""Synthetic run folders: files as certax writes them, numbers made up."""

import hashlib
import json
from pathlib import Path

import numpy as np

import certax as cx
from certax.reports import (
    Baselines,
    CertificateEntry,
    Hypothesis,
    Reference,
    Summary,
    WallSeconds,
    write_solution,
    write_summary,
)

seconds = WallSeconds(
    start=1.9, train=41.3, certify=22.7, check=6.4, report=0.8, total=73.1
)
burgers_hypotheses = (
    Hypothesis(
        name="equation",
        status="checked",
        detail="The residual is u_t + F'(u) u_x − ν u_xx with F'(u) = u and "
        "ν = 0.01/pi > 0.",
    ),
    Hypothesis(name="time", status="checked", detail="It begins at t = 0."),
    Hypothesis(
        name="walls",
        status="checked",
        detail="The net equals the data at x = −1 and x = 1 exactly, by substitution.",
    ),
    Hypothesis(name="smooth", status="checked", detail="No max0 occurs."),
    Hypothesis(
        name="initial defect", status="checked", detail="Zero, by substitution."
    ),
    Hypothesis(name="data", status="checked", detail="They agree at both corners."),
    Hypothesis(
        name="solution",
        status="cited",
        detail="A unique classical solution exists (Ladyženskaja, Solonnikov, "
        "Ural'ceva 1968).",
    ),
)
burgers_statement = (
    "Proved: for every t in [0, 1], the integral over x in [-1, 1] of |network - u| is "
    "at most 8.12e-4, where u is the solution of u_t + u*u_x - (0.01/pi)*u_xx = 0 on "
    "x in [-1, 1], t in [0, 1] with u = -sinpi(x) at t = 0; u = 0 at x = -1 and at "
    "x = 1, and the network is the function u that network.json (SHA-256 {network}) "
    "computes in exact arithmetic with the weights weights.safetensors (SHA-256 "
    "{weights}). Cited: a unique classical solution exists (Ladyzenskaja, Solonnikov, "
    "Ural'ceva 1968)."
)


def burgers() -> cx.Problem:
    return cx.Problem(
        domain=cx.Box(x=(-1, 1), t=(0, 1)),
        constants={"nu": "0.01/pi"},
        residual=lambda u, nu: u.t + u * u.x - nu * u.xx,
        conditions=(cx.Initial(lambda x: -cx.sinpi(x)), cx.Dirichlet("x", 0)),
        name="burgers",
    )


def logistic() -> cx.Problem:
    return cx.Problem(
        domain=cx.Box(t=(0, 10)),
        residual=lambda y: y.t - y * (1 - y),
        conditions=(cx.Initial("0.1"),),
        name="logistic",
    )


def diffusion() -> cx.Problem:
    return cx.Problem(
        domain=cx.Box(x=(0, 1), y=(0, 1), t=(0, 1)),
        residual=lambda u: u.t - u.xx - u.yy,
        conditions=(
            cx.Initial(lambda x, y: cx.sinpi(x) * cx.sinpi(y)),
            cx.Dirichlet("x", 0),
            cx.Dirichlet("y", 0),
        ),
        name="diffusion",
    )


def random_tree(seed: int, dimension: int, splits) -> bytes:
    """A preorder byte stream; `splits(lower, upper, depth)` is a probability."""
    generator = np.random.default_rng(seed)
    nodes = bytearray()
    stack = [(np.zeros(dimension), np.ones(dimension), 0)]
    while stack:
        lower, upper, depth = stack.pop()
        if generator.random() >= splits(lower, upper, depth):
            nodes.append(int(generator.integers(2, 5)))
            continue
        axis = int(generator.integers(dimension))
        nodes.append(16 + axis)
        middle = (lower[axis] + upper[axis]) / 2
        above, below = lower.copy(), upper.copy()
        above[axis] = below[axis] = middle
        stack += [(above, upper, depth + 1), (lower, below, depth + 1)]
    return bytes(nodes)


def near_the_shock(lower, upper, depth) -> float:
    if depth < 6:
        return 1.0
    near = lower[0] <= 0.5 <= upper[0] and upper[1] > 0.3
    return (0.985 if near else 0.55) if depth < 15 else 0.0


def write_common(folder: Path, problem: cx.Problem, steps: int, seed: int) -> None:
    """Everything but the certificates, the solution and the summary."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "problem.json").write_text(problem.text(), encoding="ascii")
    (folder / "network.json").write_text('{"format":"certax-program/1"}\n')
    (folder / "weights.safetensors").write_bytes(bytes(range(256)) * 40)
    settings = {
        "seed": 0,
        "network": {"width": 20, "depth": 3, "activation": "tanh"},
        "environment": {"python": "3.11.7", "jax": "0.10.2", "machine": "x86_64"},
    }
    (folder / "config.json").write_text(json.dumps(settings))
    generator = np.random.default_rng(seed)
    lines = []
    for step in range(0, steps + 1, 10):
        share = step / steps
        rms = 10 ** (-0.2 - (1.4 if share < 0.4 else 1.4 + 4 * (share - 0.4)) * share)
        rms *= np.exp(0.12 * generator.standard_normal())
        lines.append(
            {
                "step": step,
                "phase": "adam" if share < 0.4 else "broyden",
                "wall_seconds": 41.3 * share,
                "loss": rms**2,
                "residual_rms": rms,
                "fresh_residual_rms": rms * (1.1 + 0.4 * share),
                "relative_l2": 0.4 * rms if step % 100 == 0 else None,
            }
        )
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "metrics.jsonl").write_text(text)


def write_certificate(
    folder: Path, tree: bytes, statement: str, file: str = "certificate.json", **claim
) -> int:
    """Returns the number of leaves."""
    tree_file = file.replace(".json", ".tree")
    (folder / tree_file).write_bytes(tree)
    leaves = sum(node < 16 for node in tree)

    def hashed(name: str) -> dict:
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        return {"file": name, "sha256": digest}

    certificate = {
        "format": "certax-certificate/1",
        "certax": "0.1.0",
        "problem": hashed("problem.json"),
        "network": hashed("network.json"),
        "weights": hashed("weights.safetensors"),
        "trees": {"residual": {**hashed(tree_file), "leaves": leaves}},
        "verdict": "proved",
        **claim,
    }
    certificate["statement"] = statement.format(
        network=certificate["network"]["sha256"],
        weights=certificate["weights"]["sha256"],
    )
    (folder / file).write_text(json.dumps(certificate))
    return leaves


def summary(problem: cx.Problem, certificates, **changes) -> Summary:
    fields = problem.fields
    values = {
        "format": "certax-summary/1",
        "problem": problem.name,
        "problem_sha256": problem.sha256,
        "seed": 0,
        "steps": 6000,
        "stopped_by": "converged",
        "wall_seconds": seconds,
        "peak_memory_bytes": 913_000_000,
        "relative_l2": dict.fromkeys(fields, 2.31e-4),
        "max_error": dict.fromkeys(fields, 3.4e-3),
        "grid": (512, 201),
        "reference": Reference(name="Cole–Hopf quadrature", accuracy=1e-13),
        "baselines": Baselines(
            zero=dict.fromkeys(fields, 1.0),
            initial=dict.fromkeys(fields, 0.61),
            mean=1.0,
        ),
        "certificates": tuple(certificates),
    }
    return Summary(**{**values, **changes})


def burgers_run(folder: Path) -> Path:
    """Two dimensions, an L1 claim with a curve and a residual claim beside it."""
    problem = burgers()
    write_common(folder, problem, steps=6000, seed=1)
    x, t = np.linspace(-1, 1, 512), np.linspace(0, 1, 201)
    mesh_x, mesh_t = np.meshgrid(x, t, indexing="ij")
    steep = np.tanh(mesh_x / (0.012 + 0.4 * (1 - mesh_t) ** 2)) - mesh_x
    reference = -(1 - mesh_t) * np.sin(np.pi * mesh_x) - 0.9 * mesh_t * steep
    shock = np.exp(-((mesh_x / 0.05) ** 2))
    wiggle = np.sin(23 * mesh_x + 9 * mesh_t)
    error = (2e-4 + 3e-3 * shock * mesh_t) * mesh_t * wiggle
    write_solution(
        folder / "solution.nc",
        {"x": x, "t": t},
        {"u": reference + error},
        reference={"u": reference},
        residual=4e-3 * np.sin(40 * mesh_x) * np.cos(12 * mesh_t) * (0.1 + shock),
        attributes={"title": "burgers", "seed": 0},
    )
    curve = [f"{8.12e-4 * ((k + 1) / 64) ** 1.3:.2e}" for k in range(64)]
    curve = [entry.replace("e-0", "e-") for entry in curve]
    leaves = write_certificate(
        folder,
        random_tree(2, 2, near_the_shock),
        burgers_statement,
        claim="solution",
        theorem="l1-contraction",
        norm="L1",
        parameters={"slabs": 64},
        bound="8.12e-4",
        curve=curve,
    )
    write_certificate(
        folder,
        random_tree(3, 2, lambda lower, upper, depth: float(depth < 7)),
        "At every point of the domain |r(x, t)| is at most 1.3e-2.",
        file="certificate-residual-Linf.json",
        claim="residual",
        theorem="",
        norm="Linf",
        parameters={},
        bound="1.3e-2",
        curve=[],
    )
    common = {"field": "u", "domain": "x in [-1, 1], t in [0, 1]"}
    entries = [
        CertificateEntry(
            file="certificate.json",
            claim="solution",
            norm="L1",
            bound="8.12e-4",
            bound_hex=(8.12e-4).hex(),
            measured=3.1e-4,
            ratio=2.62,
            verdict="proved",
            theorem="l1-contraction",
            leaves=leaves,
            seconds_search=22.7,
            seconds_check=6.4,
            hypotheses=burgers_hypotheses,
            **common,
        ),
        CertificateEntry(
            file="certificate-residual-Linf.json",
            claim="residual",
            norm="Linf",
            bound="1.3e-2",
            bound_hex=(1.3e-2).hex(),
            measured=4.4e-3,
            ratio=2.95,
            verdict="proved",
            theorem="",
            leaves=128,
            seconds_search=0.7,
            seconds_check=0.2,
            **common,
        ),
    ]
    write_summary(folder, summary(problem, entries))
    return folder


def logistic_run(folder: Path) -> Path:
    """One dimension, a claim in the supremum norm, so a band is drawn."""
    problem = logistic()
    write_common(folder, problem, steps=2000, seed=4)
    t = np.linspace(0, 10, 2001)
    reference = 1 / (1 + 9 * np.exp(-t))
    computed = reference + 8e-3 * np.sin(3 * t) * t * np.exp(-0.4 * t)
    write_solution(
        folder / "solution.nc",
        {"t": t},
        {"y": computed},
        reference={"y": reference},
        residual=1e-3 * np.cos(5 * t),
        bounds={"y": (computed - 3.1e-2, computed + 3.1e-2)},
        attributes={"title": "logistic"},
    )
    leaves = write_certificate(
        folder,
        random_tree(5, 1, lambda lower, upper, depth: float(depth < 5) or 0.4),
        "Proved: the solution y exists on all of [0, 10] and is unique, and for every "
        "t in [0, 10], |network - y| is at most 3.1e-2, where y is the solution of "
        "y_t - y*(1 - y) = 0 on t in [0, 10] with y = 0.1 at t = 0, and the network is "
        "the function y that network.json (SHA-256 {network}) computes in exact "
        "arithmetic with the weights weights.safetensors (SHA-256 {weights}).",
        claim="solution",
        theorem="ode-tube",
        norm="Linf",
        parameters={"logarithmic_norm": "infinity", "tube": "0.1"},
        bound="3.1e-2",
        curve=[],
    )
    entry = CertificateEntry(
        file="certificate.json",
        claim="solution",
        field="y",
        norm="Linf",
        domain="t in [0, 10]",
        bound="3.1e-2",
        bound_hex=(3.1e-2).hex(),
        measured=8e-3,
        ratio=3.9,
        verdict="proved",
        theorem="ode-tube",
        leaves=leaves,
        seconds_search=0.9,
        seconds_check=0.3,
        hypotheses=(
            Hypothesis(name="equation", status="checked", detail="y' = f(t, y)."),
            Hypothesis(name="tube", status="checked", detail="0.1 is never reached."),
        ),
    )
    changes = {"grid": (2001,), "steps": 2000}
    write_summary(folder, summary(problem, [entry], **changes))
    return folder


def diffusion_run(folder: Path) -> Path:
    """Three dimensions, no reference, and a theorem that does not apply."""
    problem = diffusion()
    write_common(folder, problem, steps=1000, seed=6)
    x, y, t = (np.linspace(0, 1, n) for n in (65, 65, 21))
    mesh = np.meshgrid(x, y, t, indexing="ij")
    product = np.sin(np.pi * mesh[0]) * np.sin(np.pi * mesh[1])
    field = product * np.exp(-2 * np.pi**2 * mesh[2])
    write_solution(
        folder / "solution.nc",
        {"x": x, "y": y, "t": t},
        {"u": field},
        residual=1e-2 * np.sin(9 * mesh[0]) * mesh[2],
    )
    entry = CertificateEntry(
        file=None,
        claim="solution",
        field="u",
        norm="Linf",
        domain="x in [0, 1], y in [0, 1], t in [0, 1]",
        bound=None,
        bound_hex=None,
        measured=None,
        ratio=None,
        verdict="not applicable",
        theorem="maximum-principle",
        leaves=None,
        seconds_search=None,
        seconds_check=None,
        reason="The hypothesis walls fails: the net is not equal to the data at "
        "x = 0; the program there does not cancel to zero.",
        hypotheses=(
            Hypothesis(name="equation", status="checked", detail="a = (1, 1)."),
            Hypothesis(
                name="walls",
                status="failed",
                detail="The net is not equal to the data at x = 0.",
            ),
        ),
    )
    changes = {
        "reference": None,
        "relative_l2": {"u": None},
        "max_error": {"u": None},
        "baselines": Baselines(zero=None, initial=None, mean=None),
        "grid": (65, 65, 21),
        "steps": 1000,
        "stopped_by": "budget",
    }
    write_summary(folder, summary(problem, [entry], **changes))
    return folder

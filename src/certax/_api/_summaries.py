"""The summary of a run, measured; its entries of certificates."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .._core import RunFolder, in_words
from ..certificates import Certificate
from ..problems import Problem, Solution
from ..reports import Summary, read_summary, write_solution
from . import _verbs
from ._accounts import peak_memory, written
from ._measure import Grid, baselines, condition_defects, error_in_norm, residual_norms
from ._verdict import judge, judged_again


def summarize(
    name: str,
    solution: Solution,
    stopped_by: str,
    grid: Grid,
    certificates: list[Certificate],
    seconds: dict[str, float],
    folder: RunFolder,
) -> Summary:
    """Measures, and writes `summary.json` and `solution.nc`."""
    problem = solution.problem
    values = grid.values(solution)
    norms = {c.norm for c in certificates if c.claim == "residual"}
    residuals = residual_norms(solution, norms) if norms else {}
    entries = []
    for certificate in certificates:
        measured = (
            residuals.get(certificate.norm)
            if certificate.claim == "residual"
            else error_in_norm(solution, grid, certificate.norm)
        )
        entries.append(entry_of(solution, certificate, measured=measured))
    entry = _verbs.reference_of(problem)
    _write_fields(problem, solution, grid, values, certificates, folder)
    records = solution.details.get("records", ())
    verdict = judge(solution, grid, records, stopped_by, entries)
    facts = {
        "format": "certax-summary/1",
        "problem": name,
        "problem_sha256": problem.sha256,
        "seed": folder.seed,
        "steps": solution.details["steps"],
        "stopped_by": stopped_by,
        "wall_seconds": seconds,
        "peak_memory_bytes": peak_memory(),
        "relative_l2": grid.relative_l2(values),
        "max_error": grid.largest_error(values),
        "grid": grid.shape,
        "reference": None
        if entry is None
        else {"name": entry.method, "accuracy": entry.accuracy},
        "baselines": baselines(grid, problem),
        "certificates": entries,
        "unknowns": dict(solution.unknowns),
        "verdict": verdict.as_summary(),
        "condition_defects": condition_defects(solution),
        "recipe": solution.details.get("recipe"),
    }
    return written(facts, folder)


def entry_of(
    solution: Solution,
    certificate: Certificate,
    field: str | None = None,
    measured: float | None = None,
) -> dict[str, Any]:
    """A certificate as `summary.json` has it.

    **Arguments:**

    - `field`: of a claim about one of several; `measured`: the same norm, sampled.
    """
    domain, fields = solution.problem.domain, solution.problem.fields
    ends = zip(domain.names, domain.lower, domain.upper, strict=True)
    box = ", ".join(f"{n} in [{lo}, {hi}]" for n, lo, hi in ends)
    bound = float(certificate.bound) if certificate.bound else None
    return certificate.as_summary() | {
        "file": certificate.file or None,
        "measured": measured,
        "ratio": bound / measured if bound is not None and measured else None,
        "domain": in_words(domain) if certificate.claim == "solution" else box,
        "field": fields[0] if len(fields) == 1 else field,
    }


def list_certificates(
    solution: Solution,
    certificates: Sequence[Certificate],
    field: str | None,
    folder: Path | None,
) -> list[dict[str, Any]]:
    """The entries of certificates found at once, the strongest first.

    **Arguments:**

    - `field`: of a claim about one of several.
    - `folder`: of a finished run of this net; its `summary.json` then lists them too,
      in place of what they replace.
    """
    finished = folder is not None and (folder / "summary.json").exists()
    if folder is None or not finished:
        return [entry_of(solution, c, field) for c in certificates]
    facts = read_summary(folder).model_dump()
    old = facts["certificates"]
    sampled = {(e["claim"], e["norm"]): e["measured"] for e in old}
    entries = [
        entry_of(solution, c, field, sampled.get((c.claim, c.norm)))
        for c in certificates
    ]
    files = {e["file"] for e in entries if e["file"]}
    tried = {_subject(e) for e in entries}
    proved = {_subject(e) for e in entries if e["bound"]}
    # What was proved before and stays on disk is not forgotten for a failed attempt.
    kept = [
        e
        for e in old
        if e["file"] not in files
        and _subject(e) not in (proved if e["file"] else tried)
    ]
    standing = {_subject(e) for e in kept}
    new = [e for e in entries if _subject(e) not in standing]
    first = entries[0]["claim"] == "solution" and bool(entries[0]["bound"])
    facts["certificates"] = [*new, *kept] if first else [*kept, *new]
    if facts["verdict"] is not None:
        facts["verdict"] = judged_again(
            facts["verdict"], solution, facts["certificates"]
        ).as_summary()
    written(facts, RunFolder.open(folder))
    return entries


def _subject(entry: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(entry[key] for key in ("claim", "theorem", "norm", "field"))


def _write_fields(
    problem: Problem,
    solution: Solution,
    grid: Grid,
    values: dict[str, np.ndarray],
    certificates: list[Certificate],
    folder: RunFolder,
) -> None:
    mesh = np.meshgrid(*grid.axes, indexing="ij")
    points = np.stack([m.ravel() for m in mesh], axis=-1)
    found = solution.residual(points)
    size = found[:, 0] if problem.equations == 1 else np.max(np.abs(found), axis=1)
    residual = grid.masked({"residual": size.reshape(grid.shape)})["residual"]
    bands = None
    for c in certificates:
        if c.claim == "solution" and c.norm == "Linf" and c.bound and bands is None:
            width = float(c.bound)
            bands = {n: (v - width, v + width) for n, v in values.items()}
    hashes = {
        "problem_sha256": problem.sha256,
        "certificate": next((c.file for c in certificates if c.file), ""),
    }
    write_solution(
        folder.file("solution.nc"),
        dict(zip(problem.domain.names, grid.axes, strict=True)),
        values,
        reference=grid.reference_beside(values),
        residual=residual,
        bounds=bands,
        attributes=hashes,
    )

"""Running a paper: finished rows are taken up, the page is written last."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .._core import CertaxError, write_atomically
from . import (
    adaptive,
    algebraic_inclusion,
    attention,
    blow_up,
    clipping,
    langevin,
    noisy_labels,
    poisoned_nets,
    regularized_classification,
    regularized_regression,
    relu_gate,
)
from ._page import markdown, page
from ._paper import Paper, Request
from ._rows import compute, finished
from .datasets import check_data

papers: dict[str, Paper] = {
    p.identifier: p
    for p in (
        algebraic_inclusion.paper,
        blow_up.paper,
        noisy_labels.paper,
        langevin.paper,
        attention.paper,
        clipping.paper,
        adaptive.paper,
        poisoned_nets.paper,
        relu_gate.paper,
        regularized_regression.paper,
        regularized_classification.paper,
    )
}
_usual = Request()


def find(identifier: str) -> Paper:
    """The paper with this arXiv number.

    **Raises:** `CertaxError` that lists those that are known.
    """
    if identifier not in papers:
        known = "; ".join(f"{key} ({p.title})" for key, p in papers.items())
        raise CertaxError(
            f"There is no paper {identifier!r}.",
            value=identifier,
            remedy=f"The papers are {known}.",
        )
    return papers[identifier]


def run(
    identifier: str,
    *,
    request: Request = _usual,
    out: Path,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Runs a paper's experiments into a folder.

    Rows that are finished there, with the same settings, are not computed again: a
    killed run is resumed by the same call.

    **Arguments:**

    - `identifier`: the arXiv number.
    - `request`: the scale, the form and the seed.
    - `out`: gets `rows/KEY.json`, and at the end `results.json`, `page.md` and
      `page.html`.
    - `progress`: called with one line for each row.

    **Returns:** the content of `results.json`.

    **Raises:** `CertaxError` for an unknown paper or an unusable folder, and for data
    that are missing, not needed, or not what they should be.
    """
    paper = find(identifier)
    check_data(paper.data * (request.scale == "paper"), request.data, identifier)
    out = Path(out)
    claim(out, identifier, request)
    experiments = paper.experiments(request)
    pairs, found = [], {}
    for number, experiment in enumerate(experiments, 1):
        row = finished(experiment, out)
        how = "kept"
        if row is None:
            row = compute(experiment, out, *(found[key] for key in experiment.after))
            how = f"{row['seconds']:.0f} s"
        found[experiment.key] = row["results"]
        pairs.append((experiment, row))
        progress(f"{number}/{len(experiments)} {experiment.key} ({how})")
    results = {
        "paper": identifier,
        "request": request.as_json(),
        "rows": [
            row | {"says": e.says and asdict(e.says), "why": e.why} for e, row in pairs
        ],
    }
    write_atomically(out / "results.json", json.dumps(results, indent=1) + "\n")
    write_atomically(out / "page.md", markdown(paper, request, pairs))
    write_atomically(out / "page.html", page(paper, request, pairs))
    return results


def claim(out: Path, identifier: str, request: Request) -> None:
    """Marks the folder as this run's, or refuses another run's."""
    mark = json.dumps({"paper": identifier, "request": request.as_json()}) + "\n"
    path = out / "request.json"
    if path.exists():
        if path.read_text(encoding="utf-8") != mark:
            raise CertaxError(
                f"The folder {out} holds another run of a paper.",
                value=str(out),
                remedy="Choose another folder with --out.",
            )
        return
    if out.is_dir() and any(out.iterdir()):
        raise CertaxError(
            f"The folder {out} is not empty.",
            value=str(out),
            remedy="Choose another folder with --out.",
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        from .._core._files import environment_error

        raise environment_error(error, out) from None
    write_atomically(path, mark)

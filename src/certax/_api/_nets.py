"""Nets that were trained elsewhere: read, certified, and put into a run folder."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import interchange
from .._core import CertaxError, Configuration, RunFolder
from ..problems import Problem, Solution
from ..reports import Summary
from . import _verbs
from ._certifying import certify
from ._summaries import summarize


def read_net(
    file: Path | str,
    problem: Problem,
    inputs: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
) -> Solution:
    """A net from an ONNX file or a JSON description, as a solution of a problem.

    **Arguments:**

    - `file`: its name ends in `.onnx` or `.json`; it is read as data.
    - `problem`: what the net is to solve.
    - `inputs`, `outputs`: coordinates and fields in the net's order; needed unless the
      file names them.

    **Returns:** a [`certax.Solution`][] of the real-arithmetic net.

    **Raises:** `CertaxError` if the file cannot be read or does not match the problem.

    !!! example

        ```python
        solution = cx.read_net("burgers.onnx", burgers, inputs=("t", "x"))
        ```
    """
    net = interchange.read_net(file, problem.domain, problem.fields, inputs, outputs)
    return Solution(problem, net.program, net.weights, {"seed": 0, "steps": 0})


def certify_net(
    solution: Solution, name: str, out: Path, *, force: bool = False, **options: Any
) -> Summary:
    """Certifies a net and writes a run folder that `verify` and `report` take.

    Nothing is written before the certificate is there.

    **Arguments:**

    - `name`: of the run; `out`: its folder.
    - `force`: replace a former run there.
    - `options`: those of [`certax.certify`][].

    **Raises:** `CertaxError` as `certify` does, or if the folder is in use.
    """
    began = time.monotonic()
    if not force and out.exists() and any(out.iterdir()):
        raise CertaxError(
            f"The folder {out} is not empty.",
            value=str(out),
            remedy="Choose another one with --out, or give --force.",
        )
    certificate = certify(solution, main=True, **options)
    grid = _verbs.grid_of(solution.problem)
    folder = RunFolder.create(
        out,
        name=name,
        seed=0,
        problem_sha256=solution.problem.sha256,
        configuration=Configuration(),
        force=force,
    )
    _verbs.save(solution, folder.path)
    certificate.save(folder.path)
    check = certificate.seconds_check
    seconds = {"start": 0.0, "train": 0.0, "report": 0.0, "check": check}
    total = time.monotonic() - began
    seconds |= {"certify": max(total - check, 0.0), "total": total}
    return summarize(
        name,
        solution,
        "elsewhere",
        grid,
        [certificate, *certificate.others],
        seconds,
        folder,
    )

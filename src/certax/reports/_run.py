"""A run folder, read: everything the page shows, and whether it still fits together."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._core import CertaxError
from ..problems import Problem
from ._files import read_bytes, read_certificate, read_metrics, read_summary
from ._netcdf import read_solution
from ._schemas import Certificate, CertificateEntry, Summary, TrainingRecord
from ._tree import Boxes, decode_tree

if TYPE_CHECKING:
    import xarray

_network_files = ("problem.json", "network.json", "weights.safetensors")


@dataclass(frozen=True)
class FileFact:
    """A file of the folder; `certified` is None if no certificate speaks about it."""

    name: str
    size: int
    sha256: str
    certified: bool | None


@dataclass(frozen=True)
class Run:
    """The content of a run folder.

    - `main`: the entry the page is about, or None if nothing was to be certified.
    - `certificates`: by file name, for the entries that are proved.
    - `notices`: sentences on files that changed since they were certified.
    """

    folder: Path
    summary: Summary
    problem: Problem
    equation: str
    metrics: tuple[TrainingRecord, ...]
    solution: "xarray.Dataset | None"
    main: CertificateEntry | None
    certificates: dict[str, Certificate]
    files: tuple[FileFact, ...]
    settings: dict[str, str]
    notices: tuple[str, ...]

    @property
    def certificate(self) -> Certificate | None:
        """The main entry's certificate, unless its files changed."""
        if self.main is None or self.main.file is None or self.notices:
            return None
        return self.certificates.get(self.main.file)

    def boxes(self, **options: Any) -> Boxes | None:
        """The boxes of the main certificate's tree over the domain."""
        certificate = self.certificate
        if certificate is None or "residual" not in certificate.trees:
            return None
        content = read_bytes(self.folder / certificate.trees["residual"].file)
        return decode_tree(content, self.problem.domain.dimension, **options)


def read_run(folder: Path) -> Run:
    """Reads `summary.json`, `problem.json` and the proved certificates, which must be
    there, and the metrics, the solution and the settings, which may be missing for a
    net that was trained elsewhere.

    **Raises:** `CertaxError` if a file is missing, damaged or contradicts another.
    """
    folder = Path(folder)
    summary = read_summary(folder)
    text = read_bytes(folder / "problem.json").decode("ascii", errors="replace")
    problem = Problem.from_text(text)
    certificates = {
        entry.file: _read_entry(folder, entry)
        for entry in summary.certificates
        if entry.proved and entry.file is not None
    }
    main = _main_entry(summary)
    files, notices = _files(folder, summary, certificates)
    return Run(
        folder=folder,
        summary=summary,
        problem=problem,
        equation=problem.equation_text(),
        metrics=_if_there(read_metrics, folder, "metrics.jsonl") or (),
        solution=_if_there(
            lambda f: read_solution(f / "solution.nc"), folder, "solution.nc"
        ),
        main=main,
        certificates=certificates,
        files=files,
        settings=_settings(folder, summary),
        notices=notices,
    )


def _if_there(read, folder: Path, name: str) -> Any:
    return read(folder) if (folder / name).exists() else None


def _main_entry(summary: Summary) -> CertificateEntry | None:
    """The proved claim on the solution, else the first proved one, else the first."""
    entries = summary.certificates
    ranked = sorted(entries, key=lambda e: (not e.proved, e.claim != "solution"))
    return ranked[0] if ranked else None


def _read_entry(folder: Path, entry: CertificateEntry) -> Certificate:
    assert entry.file is not None
    certificate = read_certificate(folder / entry.file)
    for key in ("bound", "verdict", "norm", "claim", "theorem"):
        ours, theirs = getattr(certificate, key), getattr(entry, key)
        if ours != theirs:
            raise CertaxError(
                f"{entry.file} has the {key} {ours!r}, summary.json {theirs!r}.",
                value=ours,
                remedy="Run `certax certify` on the folder again.",
            )
    return certificate


def _files(
    folder: Path, summary: Summary, certificates: dict[str, Certificate]
) -> tuple[tuple[FileFact, ...], tuple[str, ...]]:
    """The files with their hashes, and sentences on hashes that are not as stated."""
    stated = [("summary.json", "problem.json", summary.problem_sha256)]
    for name, certificate in certificates.items():
        parts = (certificate.problem, certificate.network, certificate.weights)
        for part in (*parts, *certificate.trees.values()):
            stated.append((name, part.file, part.sha256))
    always = [n for n in _network_files if (folder / n).is_file()]
    facts, notices = [], []
    for name in dict.fromkeys(
        [*always, *certificates, *[file for _, file, _ in stated]]
    ):
        content = read_bytes(folder / name)
        digest = hashlib.sha256(content).hexdigest()
        wrong = [by for by, file, sha256 in stated if file == name and sha256 != digest]
        if wrong:
            by = " and ".join(dict.fromkeys(wrong))
            notices.append(f"{name} is not the file that {by} speaks about.")
        spoken_of = any(file == name for by, file, _ in stated if by in certificates)
        facts.append(
            FileFact(name, len(content), digest, not wrong if spoken_of else None)
        )
    return tuple(facts), tuple(notices)


def _settings(folder: Path, summary: Summary) -> dict[str, str]:
    """What was set, and what the recipe chose."""
    chosen = {} if summary.recipe is None else summary.recipe.model_dump()
    found = _if_there(_read_settings, folder, "config.json") or {}
    return found | dict(_flatten("recipe", chosen) if chosen else ())


def _read_settings(folder: Path) -> dict[str, str]:
    """`config.json` as dotted names and values."""
    path = folder / "config.json"
    try:
        data = json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise CertaxError(
            f"{path} is not JSON: {error}.",
            value=str(path),
            remedy="Solve again, or remove the file.",
        ) from None
    return dict(_flatten("", data))


def _flatten(prefix: str, value: Any):
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _flatten(f"{prefix}.{key}" if prefix else str(key), item)
    else:
        yield prefix, value if isinstance(value, str) else json.dumps(value)

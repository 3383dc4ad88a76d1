"""Reads the files of a run folder; whatever is wrong with one becomes a sentence."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from .._core import CertaxError, write_atomically
from ._schemas import Certificate, Summary, TrainingRecord

Model = TypeVar("Model", bound=BaseModel)


def read_bytes(path: Path) -> bytes:
    """A file's content.

    **Raises:** `CertaxError` if it is not there or cannot be read.
    """
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise CertaxError(
            f"There is no file {path}.",
            value=str(path),
            remedy="Name a run folder that certax wrote, or solve again.",
        ) from None
    except OSError as error:
        raise CertaxError(
            f"{path} cannot be read: {error.strerror or error}.",
            value=str(path),
            remedy="Check that it is a plain file and may be read.",
            kind="environment",
        ) from None


def read_summary(folder: Path) -> Summary:
    """`summary.json` of a run folder."""
    path = Path(folder) / "summary.json"
    return _validate(Summary, read_bytes(path), str(path), "certax-summary/1")


def write_summary(folder: Path, summary: Summary) -> Path:
    """Writes `summary.json` whole or not at all and returns its path."""
    text = summary.model_dump_json() + "\n"
    return write_atomically(Path(folder) / "summary.json", text)


def read_certificate(path: Path) -> Certificate:
    """A `certificate.json`, without any belief in what it says."""
    path = Path(path)
    return _validate(Certificate, read_bytes(path), str(path), "certax-certificate/1")


def read_metrics(folder: Path) -> tuple[TrainingRecord, ...]:
    """The lines of `metrics.jsonl`; a last line that was cut off is left out."""
    path = Path(folder) / "metrics.jsonl"
    *lines, cut_off = read_bytes(path).split(b"\n")
    if cut_off.endswith(b"}"):
        lines.append(cut_off)
    return tuple(
        _validate(TrainingRecord, line, f"{path}, line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    )


def _validate(
    model: type[Model], content: bytes, where: str, format_name: str = ""
) -> Model:
    if format_name:
        _check_format(content, where, format_name)
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        value = repr(first.get("input"))[:100]
        raise CertaxError(
            f"{where}{f', {place}' if place else ''}: {first['msg']} (found {value}).",
            value=value,
            remedy="Write the file again with this version of certax.",
        ) from None


def _check_format(content: bytes, where: str, wanted: str) -> None:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CertaxError(
            f"{where} is not JSON: {error}.",
            value=where,
            remedy="Write the file again with this version of certax.",
        ) from None
    found = data.get("format") if isinstance(data, dict) else None
    if found != wanted:
        raise CertaxError(
            f"{where} has the format {found!r}.",
            value=found,
            remedy=f"This version of certax reads {wanted}; write the file again.",
        )

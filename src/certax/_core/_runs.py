"""The run folder: every file written atomically, and read only in its own version."""

import json
import math
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._version import version
from ._configuration import Configuration, configuration_from
from ._errors import CertaxError
from ._files import in_words, write_atomically

run_format = "certax-run/1"

_own_file = re.compile(
    r"(config|problem|network|summary)\.json|weights\.safetensors|metrics\.jsonl"
    r"|checkpoint|certificate[A-Za-z0-9_.-]*\.(json|safetensors|tree)"
    r"|solution\.nc|report\.html|unknowns\.json|data\.csv|identified|window-[0-9]+"
)


@dataclass(frozen=True)
class RunFolder:
    """A folder with the files of one run.

    **Attributes:**

    - `path`: the folder.
    - `name`, `seed`, `problem_sha256`, `configuration`: what `config.json` says of the
      run.
    """

    path: Path
    name: str
    seed: int
    problem_sha256: str
    configuration: Configuration

    @staticmethod
    def create(
        path: Path,
        *,
        name: str,
        seed: int,
        problem_sha256: str,
        configuration: Configuration,
        force: bool = False,
        resume: bool = False,
    ) -> "RunFolder":
        """Makes the folder of a new run, or takes up that of an unfinished one.

        **Arguments:**

        - `force`: in a folder that is not empty, delete the files of its former run.
          Files that certax did not write stay.
        - `resume`: take up the run in the folder if there is one, with its files as
          they are.

        **Raises:** `CertaxError` if the folder cannot be written to, is not empty, or
        holds another run than the one to be resumed.
        """
        path = Path(path)
        run = RunFolder(path, name, seed, problem_sha256, configuration)
        with in_words(path):
            path.mkdir(parents=True, exist_ok=True)
            content = sorted(entry.name for entry in path.iterdir())
        if resume and "config.json" in content:
            former = RunFolder.open(path)
            _check_same(former, run)
            return former
        if content and not force:
            raise CertaxError(
                f"The folder {path} is not empty.",
                value=str(path),
                remedy="Choose another one with --out, or give --force or --resume.",
            )
        if "config.json" in content:
            _stamp(path)
            with in_words(path):
                for entry in filter(_own_file.fullmatch, content):
                    _delete(path / entry)
        run.write("config.json", _config_text(run))
        return run

    @staticmethod
    def open(path: Path) -> "RunFolder":
        """The run in a folder.

        **Raises:** `CertaxError` if there is none, or one of another version.
        """
        path = Path(path)
        facts = _stamp(path)
        if facts["format"] != run_format:
            raise CertaxError(
                f"The run in {path} has the format {facts['format']!r}.",
                value=str(facts["format"]),
                remedy=f"This version reads {run_format}; solve the problem again.",
            )
        try:
            return RunFolder(
                path,
                str(facts["name"]),
                int(facts["seed"]),
                str(facts["problem_sha256"]),
                configuration_from(facts["configuration"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise _unreadable(path / "config.json", error) from None

    def withdraw(self) -> None:
        """Deletes what certax wrote, and the folder if nothing else is in it: of a run
        that was refused before its first step, so that it is not in the way of the
        next one.
        """
        with in_words(self.path):
            content = sorted(entry.name for entry in self.path.iterdir())
            for name in filter(_own_file.fullmatch, content):
                _delete(self.path / name)
            if all(map(_own_file.fullmatch, content)):
                self.path.rmdir()

    def file(self, name: str) -> Path:
        return self.path / name

    def write(self, name: str, content: str | bytes) -> Path:
        """Writes a file atomically.

        **Raises:** `CertaxError` of the kind `"environment"` if that is impossible;
        then the former file is still there, and no other.
        """
        return write_atomically(self.file(name), content)

    def read(self, name: str) -> str:
        """The text of a file.

        **Raises:** `CertaxError` if it is not there.
        """
        file = self.file(name)
        try:
            return file.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise CertaxError(
                f"The run folder {self.path} has no {name}.",
                value=str(file),
                remedy="Solve the problem again, or continue with --resume.",
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise _unreadable(file, error) from None

    def read_bytes(self, name: str) -> bytes:
        """The content of a file.

        **Raises:** `CertaxError` if it is not there.
        """
        try:
            return self.file(name).read_bytes()
        except OSError:
            raise CertaxError(
                f"The run folder {self.path} has no {name}.",
                value=str(self.file(name)),
                remedy="Solve the problem again, or continue with --resume.",
            ) from None

    def append_record(self, name: str, record: Mapping[str, Any]) -> None:
        """Adds one line of JSON to a file; numbers that are not finite become null.

        **Raises:** `CertaxError` of the kind `"environment"` if that is impossible.
        """
        file = self.file(name)
        with in_words(file), open(file, "a", encoding="utf-8") as stream:
            stream.write(_line(record))

    def records(self, name: str) -> list[dict[str, Any]]:
        """The lines of JSON in a file; a last line that was cut off is left out."""
        if not self.file(name).exists():
            return []
        found = []
        for line in self.read(name).split("\n")[:-1]:
            try:
                found.append(json.loads(line))
            except ValueError as error:
                raise _unreadable(self.file(name), error) from None
        return found

    def keep_records(self, name: str, last_step: int) -> None:
        """Drops the records of later steps, which a resumed run writes again."""
        kept = [r for r in self.records(name) if r["step"] <= last_step]
        self.write(name, "".join(map(_line, kept)))


def _line(record: Mapping[str, Any]) -> str:
    finite = {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in record.items()
    }
    return json.dumps(finite, allow_nan=False) + "\n"


def _unreadable(file: Path, error: Exception) -> CertaxError:
    return CertaxError(
        f"{file} cannot be read: {type(error).__name__}: {error}.",
        value=str(file),
        remedy="It must be as certax wrote it; solve the problem again.",
    )


def _stamp(path: Path) -> dict[str, Any]:
    """The content of `config.json`, which must be of certax in some version."""
    file = path / "config.json"
    try:
        facts = json.loads(file.read_bytes())
        if str(facts["format"]).startswith("certax-run/"):
            return facts
    except FileNotFoundError:
        raise CertaxError(
            f"There is no run in {path}: it has no config.json.",
            value=str(path),
            remedy="Give the folder that certax solve wrote.",
        ) from None
    except OSError as error:
        raise _unreadable(file, error) from None
    except (ValueError, TypeError, KeyError):
        pass
    raise CertaxError(
        f"{file} was not written by certax.",
        value=str(file),
        remedy="Choose another folder.",
    )


def _check_same(former: RunFolder, wanted: RunFolder) -> None:
    for what in ("problem_sha256", "seed", "configuration"):
        if getattr(former, what) != getattr(wanted, what):
            raise CertaxError(
                f"The run in {former.path} has another {what.partition('_')[0]}.",
                value=str(former.path),
                remedy="Resume it with the same ones, or choose another folder.",
            )


def _config_text(run: RunFolder) -> str:
    facts = {
        "format": run_format,
        "certax": version(),
        "name": run.name,
        "seed": run.seed,
        "problem_sha256": run.problem_sha256,
        "configuration": run.configuration.model_dump(mode="json"),
    }
    return json.dumps(facts, indent=2) + "\n"


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()

"""What `certax solve` is asked to solve: a name of the zoo, or an object in a file."""

import importlib.util
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..problems import Problem


def load_target(target: str) -> "tuple[str, Problem]":
    """The run's name and the problem that `NAME` or `FILE.py:OBJECT` stands for.

    **Raises:** `CertaxError` if there is no such problem, or its file fails.
    """
    file, colon, name = target.rpartition(":")
    if colon or target.endswith(".py"):
        return _from_file(file or target, name if colon else "")
    return target, zoo_entry(target).problem


def zoo_entry(name: str) -> Any:
    """The entry of the zoo with this name.

    **Raises:** `CertaxError` that suggests the nearest name.
    """
    from .._core import CertaxError
    from .._core._configuration import nearest
    from ..problems import zoo

    entries = zoo()
    if name in entries:
        return entries[name]
    similar = nearest(name, list(entries))
    raise CertaxError(
        f"There is no problem {name!r}.",
        value=name,
        remedy=f"Did you mean {similar!r}?" if similar else "See certax problems.",
    )


def constants_of(problem: "Problem") -> dict[str, str]:
    """The named constants that the problem's programs use, and their values."""
    programs = [problem.residual]
    programs += [c.values for c in problem.conditions if c.values is not None]
    return {
        i.name: i.value
        for program in programs
        for i in program.inputs
        if i.kind == "constant" and not i.name.startswith("literal.")
    }


def with_constants(problem: "Problem", values: Mapping[str, str]) -> "Problem":
    """The same problem with other values for some of its constants.

    **Raises:** `CertaxError` if the problem has no constant of a name.
    """
    import json

    from .._core import CertaxError, canonical
    from .._core._configuration import nearest
    from ..problems import Problem

    if not values:
        return problem
    data = json.loads(problem.text())
    programs = [data["residual"]]
    programs += [c["values"] for c in data["conditions"] if "values" in c]
    inputs = [i for program in programs for i in program["inputs"]]
    constants = constants_of(problem)
    for name, value in values.items():
        if name not in constants:
            similar = nearest(name, list(constants))
            known = f"Its constants are: {', '.join(sorted(constants)) or 'none'}."
            raise CertaxError(
                f"The problem {problem.name!r} has no constant {name!r}.",
                value=name,
                remedy=f"Did you mean {similar!r}?" if similar else known,
            )
        for item in inputs:
            if item["kind"] == "constant" and item["name"] == name:
                item["value"] = value
    return Problem.from_text(canonical(data))


def _from_file(file: str, name: str) -> "tuple[str, Problem]":
    from .._core import CertaxError
    from ..problems import Problem

    path = Path(file)
    if not path.is_file():
        raise CertaxError(
            f"There is no file {file}.",
            value=file,
            remedy="Give FILE.py:OBJECT, or a name that certax problems lists.",
        )
    module = _import(path)
    found = [key for key, item in vars(module).items() if isinstance(item, Problem)]
    offer = f"Its problems are: {', '.join(found) or 'none'}."
    if not name:
        raise CertaxError(
            f"{file} alone does not say which problem is meant.",
            value=file,
            remedy=f"Write {file}:OBJECT. {offer}",
        )
    if not hasattr(module, name):
        raise CertaxError(f"{file} has no object {name!r}.", value=name, remedy=offer)
    problem = getattr(module, name)
    if not isinstance(problem, Problem):
        raise CertaxError(
            f"{name!r} in {file} is no certax.Problem but of type "
            f"{type(problem).__name__}.",
            value=name,
            remedy=offer,
        )
    return problem.name, problem


def _import(path: Path) -> ModuleType:
    """Runs the user's file as a module, with the files beside it importable."""
    from .._core import CertaxError

    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise CertaxError(
            f"{path} is no Python file.", value=str(path), remedy="Its name ends in .py."
        )
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.resolve().parent))
    sys.modules.setdefault(path.stem, module)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        remedy = error.remedy if isinstance(error, CertaxError) else "Mend that line."
        reason = error.message if isinstance(error, CertaxError) else _reason(error)
        raise CertaxError(
            f"{path} failed in line {_line(path, error)}: {reason}",
            value=str(path),
            remedy=remedy,
        ) from None
    return module


def _reason(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {text}."


def _line(path: Path, error: BaseException) -> int | str:
    """The line of the user's file in which an error came up."""
    frames = [
        (frame.filename, frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    if isinstance(error, SyntaxError):
        frames.append((error.filename or "", error.lineno))
    own = path.resolve()
    lines = [line for file, line in frames if Path(file).resolve() == own]
    return lines[-1] if lines and lines[-1] is not None else "?"

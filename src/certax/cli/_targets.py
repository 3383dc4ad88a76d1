"""What `certax solve` is asked to solve: a name of the zoo, or an object in a file."""

import importlib.util
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..problems import HighDimensionalProblem, Problem


def load_target(target: str) -> "tuple[str, Problem]":
    """The run's name and the problem that `NAME` or `FILE.py:OBJECT` stands for.

    **Raises:** `CertaxError` if there is no such problem, or its file fails.
    """
    file, colon, name = target.rpartition(":")
    if colon or target.endswith(".py"):
        return _from_file(file or target, name if colon else "")
    from ..problems import zoo_entry

    return target, zoo_entry(target).problem


def load_solvable(
    target: str, settings: Mapping[str, str]
) -> "tuple[str, Problem | HighDimensionalProblem]":
    """As `load_target`, with the settings `problem.NAME=VALUE`; problems in any number
    of dimensions are found too.

    **Raises:** `CertaxError` if there is no such problem, or it has no such constant.
    """
    from ..problems import (
        HighDimensionalProblem,
        Problem,
        high_dimensional_names,
        high_dimensional_problem,
    )

    if target in high_dimensional_names:
        return target, high_dimensional_problem(target, settings)
    file, colon, chosen = target.rpartition(":")
    if colon or target.endswith(".py"):
        kinds = (Problem, HighDimensionalProblem)
        name, problem = _from_file(file or target, chosen if colon else "", kinds)
    else:
        name, problem = load_target(target)
    if isinstance(problem, Problem):
        return name, problem.with_constants(settings)
    if settings:
        from .._core import CertaxError

        raise CertaxError(
            f"The problem {name!r} has no constants.",
            value=sorted(settings)[0],
            remedy="Change them in its file.",
        )
    return name, problem


def load_stated(target: str) -> "tuple[str, Problem]":
    """As `load_target`; a `problem.json` is read too.

    **Raises:** `CertaxError` if there is no such problem, or its file fails.
    """
    if not target.endswith(".json"):
        return load_target(target)
    from .._core import CertaxError
    from ..problems import Problem

    try:
        text = Path(target).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise CertaxError(
            f"{target} cannot be read: {type(error).__name__}.",
            value=target,
            remedy="Give the problem.json of a run folder.",
        ) from None
    problem = Problem.from_text(text)
    return problem.name, problem


def _from_file(file: str, name: str, kinds: tuple[type, ...] = ()) -> Any:
    from .._core import CertaxError
    from ..problems import Problem

    kinds = kinds or (Problem,)
    path = Path(file)
    if not path.is_file():
        raise CertaxError(
            f"There is no file {file}.",
            value=file,
            remedy="Give FILE.py:OBJECT, or a name that certax problems lists.",
        )
    module = _import(path)
    found = [key for key, item in vars(module).items() if isinstance(item, kinds)]
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
    if not isinstance(problem, kinds):
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
            f"{path} is no Python file.",
            value=str(path),
            remedy="Its name ends in .py.",
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

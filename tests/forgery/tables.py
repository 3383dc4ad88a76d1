"""Tables of forgeries: what is edited, and where the checker must notice it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from .genuine import genuine
from .material import JSON, Bundle, verify

Edit = Callable[[Bundle], object]


class Forgery(NamedTuple):
    """An edit of a genuine certificate, and the answer it must get.

    `where` is the leaf, hypothesis or field that decides, `reason` a part of the
    sentence.
    """

    base: str
    edit: Edit
    where: str
    reason: str


class Forgeries:
    """A table of forgeries by name; as a decorator it adds the edit to the table."""

    def __init__(self) -> None:
        self.table: dict[str, Forgery] = {}

    def __call__(self, base: str, where: str, reason: str) -> Callable[[Edit], Edit]:
        def register(edit: Edit) -> Edit:
            self.add(edit.__name__, base, edit, where, reason)
            return edit

        return register

    def add(self, name: str, base: str, edit: Edit, where: str, reason: str) -> None:
        """Adds one forgery."""
        assert name not in self.table
        self.table[name] = Forgery(base, edit, where, reason)

    def parametrize(self) -> pytest.MarkDecorator:
        """Runs a test once for each forgery."""
        cases = [pytest.param(case, id=name) for name, case in self.table.items()]
        return pytest.mark.parametrize("forgery", cases)


def forged(forgery: Forgery) -> Bundle:
    """The forged certificate, all hashes still to be made anew."""
    bundle = genuine(forgery.base)
    forgery.edit(bundle)
    return bundle


def assert_refused(forgery: Forgery, folder: Path) -> None:
    """The checker refuses the forgery for the reason that was to be expected."""
    rejected(verify(forged(forgery), folder), forgery.where, forgery.reason)


def rejected(report: JSON, where: str, reason: str) -> None:
    """The report is a rejection that names these, and it proves nothing."""
    assert report["status"] == 1, report
    assert report["accepted"] is False, report
    assert report["statement"] == report["verdict"] == "", report
    assert report["where"].startswith(where), report
    assert reason in report["reason"], report

"""The checker is as small as its page says, and the page is one page."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

root = Path(__file__).parents[2]
package = root / "src" / "certax_checker"
page = (root / "docs" / "theory" / "checker.md").read_text()
rooms = {
    "kernel": sorted((package / "kernel").glob("*.py")),
    "equations": sorted((package / "equations").glob("*.py")),
    "theorems": sorted((package / "theorems").glob("*.py")),
    "the top": sorted(package.glob("*.py")),
}
silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT,
          tokenize.DEDENT, tokenize.ENDMARKER}  # fmt: skip


def code_lines(source: str) -> int:
    """The lines of code: neither blank, nor a comment, nor a bare string."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in silent:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines.difference_update(range(node.lineno, (node.end_lineno or 0) + 1))
    return len(lines)


def size(files) -> int:
    return sum(code_lines(file.read_text()) for file in files)


def imported(file: Path) -> set[Path]:
    """The files of the package that a file imports from."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = file.parents[node.level - 1]
            place = folder.joinpath(*(node.module or "").split("."))
            inside = [place / f"{alias.name}.py" for alias in node.names]
            found |= {f for f in [place.with_suffix(".py"), *inside] if f.is_file()}
    return found


def needed(file: Path) -> set[Path]:
    """A file with all that it imports."""
    found, waiting = {file}, [file]
    while waiting:
        fresh = imported(waiting.pop()) - found
        found |= fresh
        waiting += fresh
    return found


def test_lines_of_code_are_counted():
    source = '"""Docstring."""\n\n# Comment.\nx = (1,\n     2)  # Two.\n'
    source += 'def f():\n    """One.\n\n    Two.\n    """\n    return """a\nb"""\n'
    assert code_lines(source) == 5


def test_the_kernel_is_within_its_limit():
    assert len(rooms["kernel"]) > 10 and size(rooms["kernel"]) <= 1500


@pytest.mark.parametrize("file", rooms["theorems"], ids=lambda file: file.stem)
def test_a_theorem_is_one_short_file(file):
    assert len(file.read_text().splitlines()) <= 150


@pytest.mark.parametrize("room", rooms)
def test_the_page_gives_the_sizes(room):
    (stated,) = re.findall(rf"\| `?{room}/?`? \|.*\| ([\d,]+) \|", page)
    claimed = int(stated.replace(",", ""))
    assert claimed - 100 <= size(rooms[room]) <= claimed


def test_the_page_says_what_one_claim_stands_on():
    (stated,) = re.findall(r"at most\s+([\d,]+) lines with the kernel", page)
    largest = max(size(needed(file)) for file in rooms["theorems"])
    claimed = int(stated.replace(",", ""))
    assert claimed - 100 <= largest <= claimed
    kernel = set(rooms["kernel"]) - {package / "kernel" / "__init__.py"}
    assert kernel <= needed(package / "_check.py")


def test_the_page_is_one_page():
    assert len(page.splitlines()) <= 60 and len(page.split()) <= 700

"""The claim in words, rendered from what was checked."""

from collections.abc import Sequence
from typing import NamedTuple

from ._documents import File, Problem
from ._program import Input, Program, run

LONGEST = 3000
SYMBOLS = {"add": (" + ", 1), "sub": (" - ", 1), "mul": ("*", 2), "div": ("/", 2)}
Text = tuple[str, int]


class Hypothesis(NamedTuple):
    """A hypothesis: `checked`, `cited`, `assumed` or `failed`, and why."""

    name: str
    status: str
    detail: str


class Wording(NamedTuple):
    """Words that surround the statement's sentence, and the network's function."""

    place: str = ""
    before: str = ""
    how: str = " in exact arithmetic"
    after: str = ""


class Infix:
    """The arithmetic of texts with the strength of their last operation."""

    def apply(self, name: str, arguments: list[Text], extra: int) -> Text:
        """One operation of a program."""
        if any(len(text) > LONGEST for text, _ in arguments):
            return "." * (LONGEST + 1), 4
        texts = [text for text, _ in arguments]
        if name in SYMBOLS:
            symbol, level = SYMBOLS[name]
            left, right = arguments
            return _wrapped(left, level) + symbol + _wrapped(right, level + 1), level
        if name == "neg":
            return "-" + _wrapped(arguments[0], 3), 1
        if name == "ipow":
            return f"{_wrapped(arguments[0], 4)}^{extra}", 3
        if name == "index":
            return f"{_wrapped(arguments[0], 4)}[{extra}]", 4
        if name == "broadcast":
            texts.append(str(extra))
        return f"{name}({', '.join(texts)})", 4


def _wrapped(text: Text, level: int) -> str:
    return text[0] if text[1] >= level else f"({text[0]})"


def infix(program: Program, names: list[str]) -> dict[str, str]:
    """The outputs of a program as formulas, shortened to dots where too long."""

    def value(entry: Input) -> Text:
        if entry.kind == "constant":
            plain = entry.text.replace(".", "").isdigit() or entry.text == "pi"
            return entry.text if plain else f"({entry.text})", 4
        if entry.kind == "coordinate":
            return entry.name, 4
        short = all(len(name) == 1 for name in names)
        marks = [n for n, k in zip(names, entry.orders, strict=True) for _ in range(k)]
        index = ("" if short else ".").join(marks)
        return entry.field + ("_" if marks else "") + index, 4

    return {name: text for name, (text, _) in run(program, Infix(), value).items()}


def _formulas(program: Program, names: list[str], problem: File) -> dict[str, str]:
    whole = f"(the formula in the problem of SHA-256 {problem.digest})"
    made = infix(program, names)
    return {name: whole if len(t) > LONGEST else t for name, t in made.items()}


def _data(problem: Problem, file: File) -> list[str]:
    """The conditions in words."""
    lines = []
    for condition in problem.conditions:
        name = condition.coordinate
        axis = problem.coordinates[problem.index(name)]
        if condition.kind == "periodic":
            lines.append(f"periodic in {name}")
            continue
        formulas = _formulas(condition.values, problem.names, file)
        mark = f"_{name}" if condition.kind == "velocity" else ""
        ends = {"lower": axis.lower_text, "upper": axis.upper_text}
        places = " and at ".join(f"{name} = {ends[side]}" for side in condition.sides)
        lines += [f"{f}{mark} = {formulas[f]} at {places}" for f in problem.fields]
    return lines


def render(problem: Problem, hypotheses: Sequence[Hypothesis], sentence: str,
           article: str, files: dict[str, File], claim: str,
           wording: Wording) -> str:  # fmt: skip
    """The statement around a sentence with its numbers."""
    formulas = _formulas(problem.residual, problem.names, files["problem"])
    equations = " and ".join(f"{formulas[str(i)]} = 0" for i in range(len(formulas)))
    domain = ", ".join(axis.interval for axis in problem.coordinates)
    vector = ", ".join(problem.fields)
    vector = f"({vector})" if len(problem.fields) > 1 else vector
    if claim in ("range", "lipschitz"):
        where = f"the domain is {domain}"
    elif claim == "solution":
        what = f"{article} solution of {equations}"
        data = "; ".join(_data(problem, files["problem"]))
        where = f"{vector} is {what} on {domain} with {data}"
    else:
        where = (
            f"the residual has the components that the left-hand sides of {equations} "
            f"on {domain} take at the network"
        )
    opening = f"{verdict(hypotheses).capitalize()}: {wording.place}{sentence}"
    network, weights = (files[key].digest for key in ("network", "weights"))
    parts = [
        f"{opening}, where {where}, and the network is {wording.before}the function "
        f"{vector} that the network file (SHA-256 {network}) computes{wording.how} "
        f"with the weights file (SHA-256 {weights}){wording.after}."
    ]
    for status in ("cited", "assumed"):
        details = [h.detail for h in hypotheses if h.status == status]
        parts += [f"{status.capitalize()}: {'; '.join(details)}."] if details else []
    return " ".join(parts)


def verdict(hypotheses: Sequence[Hypothesis]) -> str:
    """`proved`, or `proved under assumptions`."""
    assumed = any(h.status == "assumed" for h in hypotheses)
    return "proved under assumptions" if assumed else "proved"

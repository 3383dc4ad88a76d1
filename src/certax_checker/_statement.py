"""The claim in words, rendered from what was checked."""

from typing import Any

from ._case import Case, Proof
from ._documents import Certificate, File
from ._evaluation import rules
from ._program import Input, Program, run

LONGEST = 3000
SYMBOLS = {"add": " + ", "sub": " - ", "mul": "*", "div": "/"}
LEVELS = {"add": 1, "sub": 1, "mul": 2, "div": 2}
Text = tuple[str, int]


class Infix:
    """The arithmetic of texts with the strength of their last operation."""

    def apply(self, name: str, arguments: list[Text], extra: int) -> Text:
        """One operation of a program."""
        if any(len(text) > LONGEST for text, _ in arguments):
            return "." * (LONGEST + 1), 4
        texts = [text for text, _ in arguments]
        if name in SYMBOLS:
            level = LEVELS[name]
            left = _wrapped(arguments[0], level)
            right = _wrapped(arguments[1], level + 1)
            return left + SYMBOLS[name] + right, level
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


def _data(case: Case, problem: File) -> list[str]:
    """The conditions in words."""
    lines = []
    for condition in case.problem.conditions:
        name = condition.coordinate
        axis = case.problem.coordinates[case.problem.index(name)]
        if condition.kind == "periodic":
            lines.append(f"periodic in {name}")
            continue
        formulas = _formulas(condition.values, case.names, problem)
        if condition.kind == "velocity":
            mark = f"_{name} = "
            lines += [
                f"{f}{mark}{formulas[f]} at {name} = {axis.lower_text}"
                for f in case.problem.fields
            ]
            continue
        ends = {"lower": axis.lower_text, "upper": axis.upper_text}
        places = " and at ".join(f"{name} = {ends[side]}" for side in condition.sides)
        lines += [f"{f} = {formulas[f]} at {places}" for f in case.problem.fields]
    return lines


def _network(vector: str, proof: Proof, certificate: Certificate) -> tuple[str, str]:
    """Where the statement holds, and what `network` means in it."""
    network, weights = (certificate.files[key].digest for key in ("network", "weights"))
    function = f"the function {vector} that the network file (SHA-256 {network})"
    exact, weights = "computes in exact arithmetic", f"weights file (SHA-256 {weights})"
    chosen = certificate.evaluation
    if chosen is None:
        return "", f"{function} {exact} with the {weights}"
    numbers = f"wherever all coordinates are {chosen.format} numbers"
    if certificate.norm in ("L1", "L2"):
        return "", (
            f"any measurable function that stays within {proof.evaluation} of "
            f"{function} {exact} with the {weights}, as does, {numbers}, its "
            f"evaluation {rules(chosen)}"
        )
    return f"{numbers}, ", f"{function} computes with the {weights} {rules(chosen)}"


def render(case: Case, sentence: str, proof: Proof, certificate: Certificate) -> str:
    """The statement around a sentence with its numbers."""
    files, claim = certificate.files, certificate.claim
    problem = files["problem"]
    formulas = _formulas(case.problem.residual, case.names, problem)
    equations = " and ".join(f"{formulas[str(i)]} = 0" for i in range(len(formulas)))
    domain = ", ".join(axis.interval for axis in case.problem.coordinates)
    vector = ", ".join(case.problem.fields)
    vector = f"({vector})" if len(case.problem.fields) > 1 else vector
    data = "; ".join(_data(case, problem))
    if claim in ("range", "lipschitz"):
        where = f"the domain is {domain}"
    elif claim == "solution":
        what = f"{proof.article} solution of {equations}"
        where = f"{vector} is {what} on {domain} with {data}"
    else:
        where = (
            f"the residual has the components that the left-hand sides of {equations} "
            f"on {domain} take at the network"
        )
    place, network = _network(vector, proof, certificate)
    parts = [
        f"{verdict(case).capitalize()}: {place}{sentence}, where {where}, and the "
        f"network is {network}."
    ]
    for status in ("cited", "assumed"):
        details = [h.detail for h in case.hypotheses if h.status == status]
        parts += [f"{status.capitalize()}: {'; '.join(details)}."] if details else []
    return " ".join(parts)


def verdict(case: Case) -> str:
    """`proved`, or `proved under assumptions`."""
    assumed = any(h.status == "assumed" for h in case.hypotheses)
    return "proved under assumptions" if assumed else "proved"


def summary(result: dict[str, Any], pinned: bool) -> str:
    """The result of `verify` for a reader."""
    head = "ACCEPTED" if result["accepted"] else "REJECTED: " + result["reason"]
    lines = [head + (f" ({result['where']})" if result["where"] else "")]
    if result["accepted"]:
        note = "about the problem and net described above; compare them with yours"
        lines += ["", result["statement"], *([] if pinned else ["", note]), ""]
    for entry in result["hypotheses"]:
        lines.append(f"{entry['status']:>9}  {entry['name']}: {entry['detail']}")
    return "\n".join(lines)

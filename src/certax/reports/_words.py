"""The sentences of the page that do not come from the checker."""

import re
from typing import TYPE_CHECKING

from . import _numbers
from ._run import Run
from ._schemas import CertificateEntry, RunVerdict

if TYPE_CHECKING:
    from markupsafe import Markup

_marks = {
    "proved": "✓",
    "proved under assumptions": "✓",
    "refuted": "✕",
    "inconclusive": "?",
    "not applicable": "–",
    "computed, not checkable": "–",
}
_meanings = {
    "proved": "The independent checker re-derived the bound from the files alone.",
    "proved under assumptions": "The checker re-derived the bound; the hypotheses "
    "marked as assumed are taken for granted.",
    "refuted": "The claim is false.",
    "inconclusive": "No bound was confirmed within the search. This does not say that "
    "the answer is wrong.",
    "not applicable": "A hypothesis of the theorem does not hold here, so it says "
    "nothing. This does not say that the answer is wrong.",
    "computed, not checkable": "There is no checker for this claim; the number is no "
    "proof.",
}
_trust = {
    "trustworthy": "This answer can be trusted",
    "plausible": "This answer is plausible, but not proved",
    "doubtful": "This answer is doubtful",
    "failed": "This answer is no solution",
}
_long_heading = 240


class Opening:
    """What stands on top of the page.

    - `verdict`, `mark`, `meaning`: the badge and what it means.
    - `heading`, `rest`: the claim in words; in full it is the checker's statement.
    - `also`: what is not proved about the error, where the claim is on the residual.
    - `style`: a name for the style sheet.
    """

    def __init__(self, run: Run):
        entry = run.main
        if entry is None:
            self.verdict, self.mark = "not certified", "–"
            self.meaning = "No claim was certified in this folder."
            self.heading = f"{run.summary.problem} was solved, but not certified."
            self.rest = "How wrong the answer can be is not known."
        elif run.notices:
            self.verdict, self.mark = "files changed", "✕"
            self.meaning = "The certificate does not speak about these files."
            self.heading = "Nothing is proved about the files in this folder."
            self.rest = " ".join(run.notices) + " Run `certax certify` on it again."
        else:
            self.verdict, self.mark = entry.verdict, _marks[entry.verdict]
            self.meaning = _meanings[entry.verdict]
            self.heading, self.rest = _claim(run, entry)
        self.also = ""
        solution = unproved_solution(run)
        if entry is not None and entry.proved and solution is not None:
            self.also = f"No bound on the error is proved ({solution.verdict})"
            self.also += f": {solution.reason}" if solution.reason else "."
        self.style = re.sub(r"[^a-z]+", "-", self.verdict)
        if entry is not None and entry.proved and entry.claim == "residual":
            self.verdict += " for the residual only"


class Trust:
    """The verdict of a run in words.

    - `lead`: whether the answer can be trusted.
    - `reasons`: the sentences of the evidence that decided.
    - `remedies`: what to do, where something is to be done.
    """

    def __init__(self, verdict: RunVerdict):
        self.status = verdict.status
        self.lead = _trust[verdict.status]
        self.reasons = [e.sentence for e in verdict.evidence if e.says == self.status]
        amiss = self.status in ("doubtful", "failed")
        self.remedies = verdict.remedies if amiss else ()


def unproved_solution(run: Run) -> CertificateEntry | None:
    """The claim on the solution, if there is one and none is proved."""
    entries = [e for e in run.summary.certificates if e.claim == "solution"]
    return entries[0] if entries and not any(e.proved for e in entries) else None


def _claim(run: Run, entry: CertificateEntry) -> tuple[str, str]:
    certificate = run.certificate
    if certificate is not None:
        return split_statement(certificate.statement)
    name, what = run.summary.problem, _quantity(entry)
    headings = {
        "refuted": f"The claim on the {what} of {name} is refuted.",
        "inconclusive": f"No bound on the {what} of {name} is proved.",
        "not applicable": f"No bound on the {what} of {name} is proved: "
        f"{_theorem(entry)} does not apply.",
        "computed, not checkable": f"The {what} of {name} was computed; nothing is "
        "proved.",
    }
    return headings[entry.verdict], entry.reason


def _quantity(entry: CertificateEntry) -> str:
    names = {
        "solution": "error",
        "residual": "residual",
        "range": "range",
        "lipschitz": "Lipschitz constant",
    }
    return names[entry.claim]


def claim_lead(run: Run) -> str:
    """What the claimed norm says, and what it does not say."""
    certificate = run.certificate
    if certificate is None:
        return "Nothing is certified here."
    if certificate.claim == "residual":
        return (
            "What is proved is about the residual. A small residual alone says nothing "
            "about the error."
        )
    if certificate.norm == "Linf":
        return "The claim holds at every single point of the domain."
    return (
        f"The claim is in the {_numbers.norm(certificate.norm)} norm. It says nothing "
        "about single points, so no band is drawn around the solution."
    )


def _theorem(entry: CertificateEntry) -> str:
    return f"the theorem {entry.theorem}" if entry.theorem else "every known theorem"


def with_hashes(text: str) -> "Markup":
    """Escaped text with hashes set as code."""
    from markupsafe import Markup, escape

    pieces = re.split(r"\b([0-9a-f]{64})\b", text)
    hashed = Markup('<code class="hash">{}</code>')
    return Markup("").join(
        hashed.format(piece) if number % 2 else escape(piece)
        for number, piece in enumerate(pieces)
    )


def split_statement(statement: str) -> tuple[str, str]:
    """A heading and the rest; together they are the whole statement.

    The heading is the first line, or of one long line what stands before the first
    end of a sentence or before the explanations, which begin with "where".
    """
    first, _, rest = statement.strip().partition("\n")
    if not rest and len(first) > _long_heading:
        end = re.search(r"\. |, (?=where )", first)
        if end is not None:
            return first[: end.end() - 1], first[end.end() :]
    return first, rest.strip()

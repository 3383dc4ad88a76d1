"""A certificate in a few lines of plain text, for terminals."""

import textwrap

from ._schemas import CertificateEntry

_marks = {"checked": "[x]", "cited": "[c]", "assumed": "[?]", "failed": "[!]"}


def certificate_text(entry: CertificateEntry, *, width: int = 79) -> str:
    """The entry as indented lines; proved and measured numbers are labelled.

    **Arguments:**

    - `width`: where long sentences are broken, in characters.
    """
    of_field = f" of {entry.field}" if entry.field else ""
    rows = [("claim", f"{entry.claim}{of_field}, {entry.norm} norm, on {entry.domain}")]
    if entry.theorem:
        rows.append(("theorem", entry.theorem))
    if entry.bound is not None:
        how = "proved" if entry.proved else "computed, not proved"
        rows.append(("bound", f"{entry.bound}  ({how})"))
    if entry.measured is not None:
        rows.append(("measured", f"{entry.measured:.3g}  (same norm; not proved)"))
    if entry.ratio is not None:
        rows.append(("ratio", f"{entry.ratio:.3g}  (bound / measured)"))
    if entry.leaves is not None:
        rows.append(("work", _work(entry)))
    if entry.file is not None:
        rows.append(("file", entry.file))
    if entry.reason:
        rows.append(("reason", entry.reason))
    lines = [entry.verdict]
    for label, text in rows:
        lines += _wrap(f"  {label:<10}", text, width)
    for hypothesis in entry.hypotheses:
        status = f"{hypothesis.name} ({hypothesis.status})"
        text = f"{status}: {hypothesis.detail}" if hypothesis.detail else status
        lines += _wrap(f"  {_marks[hypothesis.status]} ", text, width)
    return "\n".join(lines)


def _work(entry: CertificateEntry) -> str:
    parts = [f"{entry.leaves:,} boxes"]
    if entry.seconds_search is not None:
        parts.append(f"found in {entry.seconds_search:.3g} s")
    if entry.seconds_check is not None:
        parts.append(f"checked in {entry.seconds_check:.3g} s")
    return ", ".join(parts)


def _wrap(first: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=" " * len(first)
    )

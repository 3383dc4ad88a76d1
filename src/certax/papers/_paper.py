"""What a paper says, as data, and the experiments that ask whether it is so."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Scale = Literal["small", "paper"]
Status = Literal["code", "text", "figure", "checked", "not found"]

status_words: dict[str, str] = {
    "code": "read in the authors' code",
    "text": "read in the text",
    "figure": "read off a figure, about one digit",
    "checked": "computed again by us",
    "not found": "not found",
}


@dataclass(frozen=True)
class Statement:
    """Something a paper says.

    **Attributes:**

    - `says`: the number or the sentence, as it is printed beside ours.
    - `status`: how we know that the paper says so.
    - `source`: where it was read.
    """

    says: str
    status: Status
    source: str = ""


@dataclass(frozen=True)
class Experiment:
    """One row of a table: what is computed, beside what the paper says.

    **Attributes:**

    - `key`: unique in its paper; the name of the row's file.
    - `section`: the key of the table it belongs to.
    - `method`: in words; `baseline` marks what needs no training.
    - `settings`: all numbers that decide the result; a stored row counts only if they
      are the same.
    - `compute`: from the results of the rows `after` to named results.
    - `after`: keys of earlier rows that this one is made from, in almost no time.
    - `says`: what the paper has in this place, if anything.
    - `why`: why ours differs from it, where we know.
    """

    key: str
    section: str
    method: str
    settings: Mapping[str, Any]
    compute: Callable[..., dict[str, Any]]
    says: Statement | None = None
    why: str = ""
    baseline: bool = False
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A table: its columns are names of results.

    **Attributes:**

    - `error`: the column in which rows are compared with the baselines of the same
      problem, which their method names before a colon; empty if in none.
    - `curves`: names of lists that the page draws over the first of them.
    """

    key: str
    title: str
    text: str
    columns: tuple[str, ...]
    error: str = ""
    curves: tuple[str, ...] = ()


@dataclass(frozen=True)
class Request:
    """What is to be run: the scale, which form, the seed, and the folder of the data
    that the paper's scale reads.
    """

    scale: Scale = "small"
    as_published: bool = False
    seed: int = 0
    data: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As it stands in a run folder."""
        return {key: v for key, v in asdict(self).items() if v is not None}


@dataclass(frozen=True)
class Paper:
    """A paper: what it says, and what is to be run.

    **Attributes:**

    - `identifier`: the arXiv number.
    - `claims`: its main statements.
    - `corrections`: what was found wrong or unclear; `--as-published` leaves it as it
      is.
    - `sections`: the tables, in their order.
    - `experiments`: all rows for a request.
    - `citation`: BibTeX.
    - `data`: names of the data sets that its own scale reads from a folder.
    """

    identifier: str
    title: str
    authors: str
    claims: tuple[Statement, ...]
    corrections: tuple[Statement, ...]
    sections: tuple[Section, ...]
    experiments: Callable[[Request], list[Experiment]] = field(repr=False)
    citation: str = ""
    data: tuple[str, ...] = ()

"""The ways in which a certificate fails to be accepted."""


class Refusal(Exception):
    """Something is not proved: `reason` in one sentence, `where` it was decided."""

    def __init__(self, reason: str, where: str = ""):
        super().__init__(reason)
        # Both may quote a file, which must not write over the answer on a terminal.
        self.reason, self.where = _printable(reason), _printable(where)


def _printable(text: str) -> str:
    return "".join(c if " " <= c <= "~" else "?" for c in text)


class Malformed(Refusal):
    """A file that does not have the form that `docs/format.md` gives it."""


class Missing(Refusal):
    """A file that is not there or cannot be read."""

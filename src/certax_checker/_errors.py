"""The ways in which a certificate fails to be accepted."""


class Refusal(Exception):
    """Something is not proved: `reason` in one sentence, `where` it was decided."""

    def __init__(self, reason: str, where: str = ""):
        super().__init__(reason)
        self.reason = reason
        self.where = where


class Malformed(Refusal):
    """A file that does not have the form that `docs/format.md` gives it."""


class Missing(Refusal):
    """A file that is not there or cannot be read."""

from typing import Any, Literal

Kind = Literal["input", "target", "environment", "training", "interrupted"]

_exit_codes: dict[str, int] = {
    "target": 1,
    "input": 2,
    "environment": 3,
    "training": 4,
    "interrupted": 130,
}


class CertaxError(Exception):
    """What the user has to know and can mend.

    **Attributes:**

    - `message`: one sentence that names the cause.
    - `value`: the offending value, or `None`.
    - `remedy`: one sentence that says what to do, or the empty string.
    - `kind`: `"input"`, `"target"` (what was asked for cannot be proved),
      `"environment"`, `"training"` or `"interrupted"`; decides the exit code of the
      command line.
    """

    def __init__(
        self, message: str, *, value: Any = None, remedy: str = "", kind: Kind = "input"
    ):
        super().__init__(message)
        self.message = message
        self.value = value
        self.remedy = remedy
        self.kind = kind

    @property
    def exit_code(self) -> int:
        return _exit_codes[self.kind]

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


def sentence(text: str) -> str:
    """With a capital first letter; names inside stay as they are."""
    return text[:1].upper() + text[1:]


def training_failure(steps: int) -> CertaxError:
    """What to say when training broke down after so many steps."""
    if steps == 0:
        return CertaxError(
            "The loss is NaN or infinite before the first step.",
            value=0,
            remedy="See whether the equation or its data divide by zero, or take the "
            "root or logarithm of what is negative, in the domain; or try another "
            "seed.",
            kind="training",
        )
    return CertaxError(
        f"Training failed: the loss became NaN or infinite at step {steps}. The last "
        "good weights are kept.",
        value=steps,
        remedy="Try another seed, or see whether the equation has a pole.",
        kind="training",
    )

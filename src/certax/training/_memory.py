"""How much memory a recipe will need, compared with what there is, before it starts."""

import os
from pathlib import Path
from typing import NamedTuple

from certax._core import CertaxError


class Size(NamedTuple):
    """What an optimizer's memory depends on.

    - `weights`: number of weights.
    - `rows`: points times terms of the residual.
    - `chunk_rows`: the same within one chunk.
    - `streams`: chunks worked on at a time.
    """

    weights: int
    rows: int
    chunk_rows: int
    streams: int


def matrix_bytes(*shapes: tuple[int, int]) -> int:
    """Of float64 matrices of the given shapes."""
    return 8 * sum(rows * columns for rows, columns in shapes)


def check_memory(optimizer: str, needed: int, size: Size) -> None:
    """Refuses what will not fit, with the sizes that matter.

    **Raises:** `CertaxError` of the environment.
    """
    available = available_memory()
    if available is None or needed <= available:
        return
    there_is = _gigabytes(available)
    raise CertaxError(
        f"{optimizer} needs about {_gigabytes(needed)} of memory for {size.weights} "
        f"weights and {size.rows} residuals, but {there_is} are available.",
        value=needed,
        remedy=(
            "Take an optimizer that stores no such matrix "
            "(--set training.optimizer=gauss-newton or lbfgs), a smaller net or fewer "
            "points."
        ),
        kind="environment",
    )


def available_memory() -> int | None:
    """Bytes that this process may still take: of the machine and of its control group;
    `None` where the system does not say.
    """
    found = [b for b in (_of_the_machine(), _of_the_group()) if b is not None]
    return min(found) if found else None


def _of_the_machine() -> int | None:
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            lines = dict(line.split(":", 1) for line in file)
        return 1024 * int(lines["MemAvailable"].split()[0])
    except (OSError, ValueError, KeyError):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return None


def _of_the_group() -> int | None:
    folder = Path("/sys/fs/cgroup")
    try:
        limit = (folder / "memory.max").read_text(encoding="ascii")
        used = (folder / "memory.current").read_text(encoding="ascii")
        return max(0, int(limit) - int(used))
    except (OSError, ValueError):
        return None


def _gigabytes(number: int) -> str:
    return f"{number / 2**30:.3g} GiB"

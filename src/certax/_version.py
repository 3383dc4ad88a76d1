"""The version of the installed package."""

import functools
import importlib.metadata


@functools.cache
def version() -> str:
    """The installed version, or `"0+unknown"` when run from a folder of sources."""
    try:
        return importlib.metadata.version("certax")
    except importlib.metadata.PackageNotFoundError:
        return "0+unknown"

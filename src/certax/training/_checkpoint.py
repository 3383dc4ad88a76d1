"""Checkpoints: one safetensors file, replaced atomically, read strictly.

safetensors holds numbers only, so a checkpoint from elsewhere cannot run code.
"""

import os
from pathlib import Path
from typing import Any

import jax
import numpy as np
import safetensors
import safetensors.numpy

from certax._core import CertaxError

FORMAT = "certax-checkpoint/1"
_ANEW = "Delete it to start anew."


class CheckpointError(CertaxError):
    """A checkpoint cannot be used; the message says why."""


def save_checkpoint(path: str | os.PathLike, tree: Any, facts: dict[str, str]) -> None:
    """Write the arrays of `tree` and the strings of `facts` to `path`, atomically.

    The bytes go to a temporary file in the same folder, are forced to the disk, and
    then take the place of `path`: whoever is killed leaves the old file or the new.
    """
    path = Path(path)
    content = safetensors.numpy.save(_named_arrays(tree), {**facts, "format": FORMAT})
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_facts(path: str | os.PathLike) -> dict[str, str]:
    """The strings saved with a checkpoint.

    **Raises:** `CheckpointError` when the file is not a checkpoint of this format.
    """
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            facts = file.metadata() or {}
    except safetensors.SafetensorError as error:
        raise CheckpointError(
            f"{path} is not a readable checkpoint ({error}).", remedy=_ANEW
        ) from error
    if facts.get("format") != FORMAT:
        raise CheckpointError(
            f"{path} has format {facts.get('format')!r}, but {FORMAT!r} is needed.",
            remedy=_ANEW,
        )
    return facts


def load_checkpoint(path: str | os.PathLike, like: Any) -> Any:
    """The tree of arrays saved at `path`, with the structure of `like`.

    **Raises:** `CheckpointError` when a name, a shape or a type differs.
    """
    read_facts(path)
    with safetensors.safe_open(path, framework="numpy") as file:
        found = {name: file.get_tensor(name) for name in file.keys()}
    expected = _named_arrays(like)
    if found.keys() != expected.keys():
        raise CheckpointError(
            f"{path} has the arrays {sorted(found)}, but {sorted(expected)} are "
            "needed; it was written by another recipe.",
            remedy=_ANEW,
        )
    for name, array in expected.items():
        if (found[name].shape, found[name].dtype) != (array.shape, array.dtype):
            raise CheckpointError(
                f"Array {name} in {path} is {found[name].dtype}{found[name].shape}, "
                f"but {array.dtype}{array.shape} is needed.",
                remedy=_ANEW,
            )
    leaves = [found[name] for name in expected]
    return jax.tree.unflatten(jax.tree.structure(like), leaves)


def _named_arrays(tree: Any) -> dict[str, np.ndarray]:
    leaves = jax.tree_util.tree_leaves_with_path(tree)
    return {
        jax.tree_util.keystr(path): np.ascontiguousarray(leaf).reshape(np.shape(leaf))
        for path, leaf in leaves
    }

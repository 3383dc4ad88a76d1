"""The state of a search between two slices of work, which can be kept and taken up."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy

from .._core import CertaxError, sha256, write_atomically
from ._leaves import LeafBounds
from ._tasks import Block
from ._trees import Tree

_format = "certax-search/1"


@dataclass
class Frontier:
    """A tree, what is known of its nodes, and which nodes are still to be enclosed.

    **Attributes:**

    - `tree`: every leaf of which has been enclosed or is pending.
    - `pending`: numbers of nodes, in the order in which they are enclosed.
    - `rounds`: how often leaves were chosen and cut.
    """

    tree: Tree
    pending: np.ndarray
    rounds: int = 0
    table: Block = field(default_factory=lambda: np.empty((0, 0)))

    @property
    def evaluated(self) -> int:
        """How many boxes were enclosed."""
        return int(np.sum(~np.isnan(self.table[:, 0]))) if self.table.size else 0

    def put(self, nodes: np.ndarray, block: Block) -> None:
        """Notes what was found for some nodes; NaN stands for what is not known."""
        if len(self.table) < self.tree.size:
            room = max(self.tree.size, 2 * len(self.table), 4096) - len(self.table)
            empty = np.full((room, block.shape[1]), np.nan)
            self.table = (
                np.concatenate([self.table, empty]) if self.table.size else empty
            )
        # A bound that is not a number is none.
        self.table[nodes] = np.where(np.isnan(block), np.inf, block)

    def bounds(self, nodes: np.ndarray) -> LeafBounds:
        block = self.table[nodes]
        return LeafBounds(*block[:, :4].T, sensitivity=block[:, 4:])

    def save(self, path: Path, key: str) -> None:
        """Writes the state, atomically; the key says of which search it is."""
        axes, children = self.tree.nodes
        arrays = {
            "axes": axes,
            "children": children,
            "pending": self.pending,
            "table": self.table[: self.tree.size],
        }
        facts = {"format": _format, "key": key, "rounds": str(self.rounds)}
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, safetensors.numpy.save(arrays, facts))

    @staticmethod
    def load(path: Path, key: str, dimension: int) -> "Frontier":
        """**Raises:** `CertaxError` if the file is not the state of this search."""
        try:
            with safetensors.safe_open(path, framework="numpy") as file:
                facts = file.metadata() or {}
                arrays = {name: file.get_tensor(name) for name in file.keys()}
            if (facts["format"], facts["key"]) != (_format, key):
                raise ValueError("it is of another search")
            tree = Tree.from_nodes(dimension, arrays["axes"], arrays["children"])
            found = Frontier(
                tree, arrays["pending"], int(facts["rounds"]), arrays["table"]
            )
            open_leaves = np.setdiff1d(tree.leaves, found.pending)
            if found.table.shape != (tree.size, 4 + dimension):
                raise ValueError("its table does not fit its tree")
            if np.isnan(found.table[open_leaves]).any():
                raise ValueError("a leaf was neither enclosed nor pending")
        except (OSError, KeyError, ValueError, safetensors.SafetensorError) as error:
            raise CertaxError(
                f"The search in {path} cannot be taken up: {error}.",
                value=str(path),
                remedy="Delete the file, or search anew without --resume.",
            ) from None
        return found


def search_key(message: bytes, *settings: object) -> str:
    """What identifies a search: its task and everything that decides its tree."""
    return sha256(message + repr(settings).encode())

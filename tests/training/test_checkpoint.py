"""A checkpoint is old or new, never half; and it is read strictly."""

import os
from typing import NamedTuple

import numpy as np
import pytest
import safetensors.numpy

from certax.training import _checkpoint
from certax.training._checkpoint import (
    CheckpointError,
    load_checkpoint,
    read_facts,
    save_checkpoint,
)


class _Tree(NamedTuple):
    weights: np.ndarray
    step: int
    value: float


def _tree(factor=1.0):
    return _Tree(factor * np.arange(5.0) / 3, 7, 0.1 * factor)


def test_numbers_come_back_bit_for_bit(tmp_path):
    path = tmp_path / "folder" / "state.safetensors"
    tree = _Tree(np.array([0.1, -0.0, np.inf, 5e-324]), 2**60 + 1, 1 / 3)
    save_checkpoint(path, tree, {"phase": "2"})
    loaded = load_checkpoint(path, tree)
    assert loaded.weights.tobytes() == tree.weights.tobytes()
    assert int(loaded.step) == tree.step and float(loaded.value) == tree.value
    assert read_facts(path)["phase"] == "2"
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_checkpoint(tmp_path, monkeypatch, failing):
    path = tmp_path / "state.safetensors"
    save_checkpoint(path, _tree(), {})

    def fail(*arguments):
        raise OSError("disk full")

    monkeypatch.setattr(_checkpoint.os, failing, fail)
    with pytest.raises(OSError, match="disk full"):
        save_checkpoint(path, _tree(2.0), {})
    monkeypatch.undo()
    assert np.array_equal(load_checkpoint(path, _tree()).weights, _tree().weights)
    assert os.listdir(tmp_path) == [path.name]


def test_other_names_shapes_and_types_are_refused(tmp_path):
    path = tmp_path / "state.safetensors"
    save_checkpoint(path, _tree(), {})
    with pytest.raises(CheckpointError, match="written by another recipe"):
        load_checkpoint(path, {"weights": np.zeros(5)})
    with pytest.raises(CheckpointError, match=r"float64\(5,\), but float64\(6,\)"):
        load_checkpoint(path, _tree()._replace(weights=np.zeros(6)))
    with pytest.raises(CheckpointError, match=r"but float32\(5,\) is needed"):
        load_checkpoint(path, _tree()._replace(weights=np.zeros(5, np.float32)))


def test_files_of_other_kinds_are_refused(tmp_path):
    path = tmp_path / "state.safetensors"
    path.write_bytes(b"not a checkpoint")
    with pytest.raises(CheckpointError, match="not a readable checkpoint"):
        read_facts(path)
    path.write_bytes(safetensors.numpy.save({"weights": np.zeros(2)}))
    with pytest.raises(CheckpointError, match="has format None"):
        load_checkpoint(path, _tree())
    save_checkpoint(path, _tree(), {})
    content = path.read_bytes()
    path.write_bytes(content[:-8])
    with pytest.raises(CheckpointError, match="not a readable checkpoint"):
        load_checkpoint(path, _tree())

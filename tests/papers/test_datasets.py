"""Loaders on small files in the real formats, and what they refuse."""

import gzip
import json
import pickle
import struct
import sys

import numpy as np
import pytest

import certax as cx
from certax.cli import main
from certax.papers import Paper, Request, datasets, papers, run

_names = ("train", "t10k")


def _idx(array):
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + bytes(
        array.tobytes()
    )


@pytest.fixture
def drawn():
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (12, 28, 28), np.uint8)
    return images, random.integers(0, 10, 12, np.uint8)


@pytest.fixture
def mnist(tmp_path, drawn):
    """A folder with twelve images in each part, one part compressed."""
    folder = tmp_path / "mnist"
    folder.mkdir()
    for name in _names:
        for kind, array in zip(("images-idx3", "labels-idx1"), drawn, strict=True):
            path = folder / f"{name}-{kind}-ubyte"
            if name == "train":
                path.write_bytes(_idx(array))
            else:
                path.with_name(path.name + ".gz").write_bytes(
                    gzip.compress(_idx(array))
                )
    return folder


@pytest.fixture
def cifar(tmp_path):
    folder = tmp_path / "cifar-10-batches-bin"
    folder.mkdir()
    random = np.random.default_rng(1)
    rows = random.integers(0, 256, (6, 4, 3073), np.uint8)
    rows[:, :, 0] %= 10
    names = [f"data_batch_{k}" for k in range(1, 6)] + ["test_batch"]
    for name, row in zip(names, rows, strict=True):
        (folder / f"{name}.bin").write_bytes(row.tobytes())
    return folder, rows


def test_idx_files_come_back_as_written(mnist, drawn):
    images, labels = drawn
    found = datasets.idx_images(mnist)
    np.testing.assert_array_equal(found.test.inputs[:, 0], images)
    np.testing.assert_array_equal(found.test.labels, labels)
    assert len(found.train) == 10 and len(found.validation) == 2
    np.testing.assert_array_equal(found.validation.inputs[:, 0], images[10:])
    assert found.classes == 10 and found.white == 255
    joined = found.joined()
    np.testing.assert_array_equal(joined.train.inputs[:, 0], images)
    assert len(joined.validation) == 0 and len(joined.test) == 12


def test_cifar_comes_back_as_written(cifar):
    folder, rows = cifar
    found = datasets.cifar10(folder, records=4)
    np.testing.assert_array_equal(
        found.train.inputs.reshape(-1, 3072), rows[:4, :, 1:].reshape(-1, 3072)
    )
    np.testing.assert_array_equal(found.validation.labels, rows[4, :, 0])
    np.testing.assert_array_equal(found.test.labels, rows[5, :, 0])
    # Red is first, and rows of the image follow each other.
    assert found.test.inputs[0, 1, 2, 3] == rows[5, 0, 1 + 1024 + 2 * 32 + 3]


def _refused(call, *words):
    with pytest.raises(cx.CertaxError) as caught:
        call()
    text = str(caught.value)
    assert all(word in text for word in words), text
    assert "\n" not in text and caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b: b"\x00\x00\x08\x01" + b[4:], ("00000801", "rank 3", "00000803")),
        (lambda b: b"", ("starts with nothing",)),
        (lambda b: b[:9], ("header of 16 bytes is cut off",)),
        (lambda b: b[:-1], ("only 9407 of the 9408",)),
        (lambda b: b + b"x", ("more of the 9408",)),
        (lambda b: b[:4] + struct.pack(">I", 2**31) + b[8:], ("2147483648 x 28",)),
        (lambda b: _idx(np.zeros((12, 14, 56), np.uint8)), ("14x56", "28x28")),
        (lambda b: _idx(np.zeros((11, 28, 28), np.uint8)), ("11 images", "12 labels")),
    ],
)
def test_images_that_are_none(mnist, change, words):
    path = mnist / "train-images-idx3-ubyte"
    path.write_bytes(change(path.read_bytes()))
    _refused(lambda: datasets.idx_images(mnist), *words)


def test_labels_out_of_range(mnist, cifar):
    path = mnist / "train-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-1] + b"\x0a")
    _refused(lambda: datasets.idx_images(mnist), "label 10 of example 11", "0 to 9")
    folder, rows = cifar
    rows[3, 2, 0] = 10
    (folder / "data_batch_4.bin").write_bytes(rows[3].tobytes())
    wanted = ("data_batch_4.bin: label 10 of example 2",)
    _refused(lambda: datasets.cifar10(folder, records=4), *wanted)


def test_a_missing_file_is_named(mnist, cifar):
    (mnist / "t10k-labels-idx1-ubyte.gz").unlink()
    _refused(lambda: datasets.idx_images(mnist), "no file t10k-labels-idx1-ubyte in")
    (cifar[0] / "test_batch.bin").unlink()
    wanted = ("no file test_batch.bin in", "cifar-10-binary.tar.gz")
    _refused(lambda: datasets.cifar10(cifar[0], records=4), *wanted)


def test_a_bomb_is_not_decompressed(tmp_path):
    """A file that decompresses to far more than it announces is left after a byte."""
    path = tmp_path / "t10k-labels-idx1-ubyte.gz"
    head = _idx(np.zeros(3, np.uint8))
    path.write_bytes(gzip.compress(head + bytes(10**7)))
    _refused(lambda: datasets.read_idx(path, 1), "more of the 3 bytes")
    path.write_bytes(gzip.compress(head)[:-9])
    _refused(lambda: datasets.read_idx(path, 1), "cannot be decompressed")
    path.write_bytes(b"no gzip at all")
    _refused(lambda: datasets.read_idx(path, 1), "cannot be decompressed")


def test_cifar_of_another_size(cifar):
    folder, rows = cifar
    _refused(lambda: datasets.cifar10(folder), "only 12292 of 30730000", "10000 images")
    _refused(lambda: datasets.cifar10(folder, records=3), "more of 9219 bytes")
    (folder / "test_batch.bin").write_bytes(rows[5].tobytes()[:-1])
    _refused(lambda: datasets.cifar10(folder, records=4), "only 12291 of 12292")


def test_pickles_are_not_opened(tmp_path):
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()

    class Bomb:
        def __reduce__(self):
            return (sys.exit, ("opened",))

    (folder / "data_batch_1").write_bytes(pickle.dumps(Bomb()))
    for call in (
        lambda: datasets.cifar10(folder),
        lambda: datasets.dataset("CIFAR-10", tmp_path),
    ):
        _refused(call, "pickled", "cifar-10-binary.tar.gz")


def test_small_data_of_scikit_learn(monkeypatch):
    found = datasets.digits()
    assert found.train.inputs.shape[1:] == (1, 8, 8)
    assert found.train.inputs.max() == found.white == 16
    sizes = [len(part) for part in (found.train, found.validation, found.test)]
    assert sum(sizes) == 1797 and min(sizes) > 250
    rows = datasets.breast_cancer()
    assert rows.train.inputs.shape[1] == 30 and set(rows.test.labels) == {0, 1}
    monkeypatch.setitem(sys.modules, "sklearn", None)
    error = _refused(datasets.digits, "certax[papers]")
    assert error.kind == "environment"


@pytest.fixture
def reader(monkeypatch):
    paper = Paper(
        "0000.2", "Reader", "A", (), (), (), lambda request: [], data=("MNIST",)
    )
    monkeypatch.setitem(papers, "0000.2", paper)


def test_the_folder_of_the_data(reader, mnist, tmp_path, capsys):
    out = tmp_path / "run"
    arguments = ["papers", "run", "0000.2", "--out", str(out), "--json"]

    def said(*more):
        code = main([*arguments, *more])
        return code, json.loads(capsys.readouterr().out).get("error")

    code, error = said("--scale", "paper")
    assert code == 2 and "needs MNIST" in error["message"]
    assert "--data" in error["remedy"]
    code, error = said("--data", str(mnist.parent))
    assert code == 2 and "reads no data" in error["message"]
    code, error = said("--scale", "paper", "--data", str(mnist))
    assert code == 2 and "no folder mnist" in error["message"]
    assert not out.exists()
    before = sorted(path.name for path in mnist.iterdir())
    assert said("--scale", "paper", "--data", str(mnist.parent)) == (0, None)
    assert sorted(path.name for path in mnist.iterdir()) == before
    marked = json.loads((out / "request.json").read_text())["request"]
    assert marked["data"] == str(mnist.parent)


def test_damaged_data_are_found_before_anything_is_computed(reader, mnist, tmp_path):
    (mnist / "train-labels-idx1-ubyte").write_bytes(b"")
    request = Request("paper", data=str(mnist.parent))
    call = lambda: run("0000.2", request=request, out=tmp_path / "run")
    _refused(call, "starts with nothing")
    assert not (tmp_path / "run").exists()


def test_runs_without_data_are_marked_as_before():
    assert Request().as_json() == {"scale": "small", "as_published": False, "seed": 0}

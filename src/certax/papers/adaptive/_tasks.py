"""Autoencoders and VGG: small versions, and with the paper's data."""

from functools import cache, partial
from typing import Any

from .. import comparisons as cs
from ..architectures import TiedAutoencoder, Vgg, build
from ..comparisons import Task
from ..datasets import Dataset, Labeled, dataset, digits


def small_tasks() -> dict[str, Task]:
    """On scikit-learn's digits."""
    read = cache(digits)
    return _named(
        _autoencoder("autoencoder", read, (64, 32, 16), 64, 15),
        _autoencoder("full-batch", read, (64, 32, 16), 0, 150),
        _vgg(
            read,
            lambda key: build(Vgg, 1, 8, ((8, 8), (16, 16)), (32,), key=key),
            64,
            6,
        ),
    )


def paper_tasks(folder: str | None) -> dict[str, Task]:
    """On MNIST, cut to 22 x 22 pixels, and CIFAR-10."""
    read = cache(lambda name: dataset(name, folder or ""))
    cut = cache(lambda: center(read("MNIST")))
    sizes = (484, 256, 64)
    return _named(
        _autoencoder("autoencoder", cut, sizes, 100, 200),
        _autoencoder("full-batch", cut, sizes, 0, 2000),
        _vgg(partial(read, "CIFAR-10"), lambda key: build(Vgg, key=key), 100, 100),
    )


def center(data: Dataset, border: int = 3, train: int = 5500, test: int = 1000):
    """The first images without their borders."""

    def some(part: Labeled, count: int) -> Labeled:
        inner = part.inputs[:count, :, border:-border, border:-border]
        return Labeled(inner, part.labels[:count])

    parts = (
        some(data.train, train), some(data.validation, test), some(data.test, test)
    )  # fmt: skip
    return Dataset(*parts, classes=data.classes, white=data.white)


def _named(*tasks: Task) -> dict[str, Task]:
    return {task.name: task for task in tasks}


def _autoencoder(name: str, read: Any, sizes, batch: int, epochs: int) -> Task:
    return Task(
        name,
        read,
        lambda key: build(TiedAutoencoder, sizes, key=key),
        cs.reconstruction,
        cs.negative(cs.reconstruction),
        batch,
        epochs,
    )


def _vgg(read: Any, make: Any, batch: int, epochs: int) -> Task:
    # The best is what has the least loss; the accuracy is reported beside it.
    losses = cs.cross_entropy
    return Task("vgg", read, make, losses, cs.negative(losses), batch, epochs)

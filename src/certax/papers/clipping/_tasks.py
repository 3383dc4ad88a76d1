"""The four tasks: small versions, and at the paper's sizes those with data."""

from functools import cache, partial
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from .. import comparisons as cs
from ..architectures import (
    ResNet,
    TextTransformer,
    VariationalAutoencoder,
    VisionTransformer,
    build,
)
from ..comparisons import Task
from ..datasets import Dataset, Labeled, dataset, digits
from ._methods import method

_words, _length, _topics, _moods = 64, 12, 12, 6
_text_sizes = (_words, _length, 32, 1, 2)


def small_tasks() -> dict[str, Task]:
    """Frugal nets on scikit-learn's digits and on made sentences."""
    pixels: dict[str, Any] = dict(read=cache(digits), batch=64)
    classes: dict[str, Any] = dict(losses=cs.cross_entropy, scores=cs.correct)
    return {
        task.name: task
        for task in (
            Task(
                "resnet",
                build=lambda key: build(ResNet, 1, 8, (1, 1, 1), key=key),
                epochs=6,
                milestones=(0.5, 0.75),
                **classes,
                **pixels,
            ),
            Task(
                "vae",
                build=lambda key: build(VariationalAutoencoder, 576, 32, 8, key=key),
                losses=cs.evidence_bound,
                scores=cs.negative(cs.evidence_bound),
                epochs=40,
                prepare=_thrice,
                milestones=(0.5, 0.75),
                summed=True,
                **pixels,
            ),
            Task(
                "vit",
                build=lambda key: build(VisionTransformer, 1, 4, 2, 32, 2, 2, key=key),
                epochs=24,
                **classes,
                **pixels,
            ),
            Task(
                "text",
                read=cache(partial(sentences, _moods)),
                build=_tuned_start,
                epochs=3,
                batch=32,
                **classes,
            ),
        )
    }


def paper_tasks(folder: str | None) -> dict[str, Task]:
    """The sizes and data of the paper, but for the language model, whose weights and
    sentences are in no file that we read.
    """
    # Its settings are given, so nothing is set aside to choose them.
    read = cache(lambda name: dataset(name, folder or "").joined())
    classes: dict[str, Any] = dict(losses=cs.cross_entropy, scores=cs.correct)
    images = partial(read, "CIFAR-10")
    transformers = [
        Task(
            name,
            read=images,
            build=lambda key, w=width, h=heads: build(
                VisionTransformer, width=w, heads=h, key=key
            ),
            epochs=100,
            batch=64,
            prepare=cs.resized_crops(64),
            **classes,
        )
        for name, width, heads in (("vit", 192, 3), ("vit-small", 384, 6))
    ]
    resnet = Task(
        "resnet",
        read=images,
        build=lambda key: build(ResNet, key=key),
        epochs=200,
        batch=512,
        milestones=(0.5, 0.75),
        prepare=cs.flips_and_crops,
        **classes,
    )
    vae = Task(
        "vae",
        read=partial(read, "Fashion-MNIST"),
        build=lambda key: build(VariationalAutoencoder, key=key),
        losses=cs.evidence_bound,
        scores=cs.negative(cs.evidence_bound),
        epochs=200,
        batch=100,
        milestones=(0.5, 0.75),
        summed=True,
    )
    return {task.name: task for task in (resnet, vae, *transformers)}


def sentences(classes: int) -> Dataset:
    """Made sentences of numbered words: every other word is of no topic, the
    rest of the topic; each of six moods has two of the twelve topics. The classes are
    the topics or the moods.
    """
    random = np.random.default_rng(2404 + classes)
    # The language is the same for both: only the sentences differ.
    meant = np.random.default_rng(2404).dirichlet(np.full(_words, 0.15), _topics)
    count = 2000
    topics = random.integers(0, _topics, count)
    told = np.stack([random.choice(_words, _length, p=meant[t]) for t in topics])
    other = random.integers(0, _words, told.shape)
    said = np.where(random.random(told.shape) < 1 / 2, other, told)
    labels = topics * classes // _topics
    every = Labeled(said.astype(np.int32), labels.astype(np.int32))
    parts = every.part(0, 1000), every.part(1000, 1400), every.part(1400, None)
    return Dataset(*parts, classes=classes, white=1.0)


def _thrice(images, key):
    """Each pixel becomes 3 x 3: with fewer pixels the divergence is all that counts,
    and the code says nothing.
    """
    return jnp.repeat(jnp.repeat(images, 3, axis=2), 3, axis=3)


@cache
def _pretrained():
    """A net that tells the topics, to be trained further on the moods."""
    task = Task(
        "topics",
        read=partial(sentences, _topics),
        build=lambda key: build(TextTransformer, *_text_sizes, _topics, key=key),
        losses=cs.cross_entropy,
        scores=cs.correct,
        epochs=8,
        batch=32,
    )
    rate = {"rate": 3e-3}
    return cs.train(task, method("adam", [rate]), rate, 0)


def _tuned_start(key):
    """The pretrained net with a new last layer."""
    trained = _pretrained()
    head, _ = build(eqx.nn.Linear, _text_sizes[2], _moods, key=key)
    return eqx.tree_at(lambda net: net.head, trained.net, head), trained.state

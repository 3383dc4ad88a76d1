"""Small data that scikit-learn brings along."""

import numpy as np

from ..._core import CertaxError
from ._labeled import Dataset, Labeled, split


def digits() -> Dataset:
    """1797 images of 8 x 8 pixels from 0 to 16, ten classes, in a fixed random order;
    a quarter is for the test, and a fifth of the rest for validation.

    **Raises:** `CertaxError` without scikit-learn.
    """
    pixels, labels = _bundled().load_digits(return_X_y=True)
    images = np.asarray(pixels, np.uint8).reshape(-1, 1, 8, 8)
    return _shuffled(images, np.asarray(labels), 10, 16.0)


def breast_cancer() -> Dataset:
    """569 rows of 30 measurements, standardized, and 0 or 1.

    **Raises:** `CertaxError` without scikit-learn.
    """
    measured, labels = _bundled().load_breast_cancer(return_X_y=True)
    rows = np.asarray(measured, np.float64)
    rows = (rows - rows.mean(0)) / rows.std(0)
    return _shuffled(rows, np.asarray(labels), 2, float(np.abs(rows).max()))


def _shuffled(inputs, labels, classes: int, white: float) -> Dataset:
    order = np.random.default_rng(0).permutation(len(labels))
    every = Labeled(inputs[order], labels[order].astype(np.int32))
    cut = len(every) // 4
    return split(every.part(cut, None), every.part(0, cut), 5, classes, white)


def _bundled():
    try:
        from sklearn import datasets
    except ImportError:
        raise CertaxError(
            "The small experiments use data of scikit-learn, which is not installed.",
            value="scikit-learn",
            remedy="Install it with: pip install 'certax[papers]'.",
            kind="environment",
        ) from None
    return datasets

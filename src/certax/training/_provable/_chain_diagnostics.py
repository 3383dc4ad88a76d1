"""R-hat and effective sample size. Measured: they find trouble, they prove nothing."""

import numpy as np
from jaxtyping import Array
from scipy import fft, stats

from ..._core import CertaxError

Draws = Array | np.ndarray


def split_r_hat(draws: Draws) -> np.ndarray:
    """The rank-normalized split R-hat, the larger of that of location and of scale.

    Each chain counts as two halves; 1 is the value for chains that have forgotten where
    they began, and more than 1.01 says that they have not.

    **Arguments:**

    - `draws`: of shape `(chains, draws, ...)`; trailing axes are separate quantities.

    **Returns:** an array of the trailing shape; NaN for quantities that never move.

    **Raises:** `CertaxError` for fewer than four draws a chain, or NaN among them.

    ??? cite "Reference"

        ```bibtex
        @article{vehtari2021rank,
            title={Rank-normalization, folding, and localization: an improved {R}-hat},
            author={Vehtari, Aki and Gelman, Andrew and Simpson, Daniel and Carpenter,
                    Bob and B{\\"u}rkner, Paul-Christian},
            journal={Bayesian Analysis}, volume={16}, year={2021}}
        ```
    """
    halves = _halves(draws)
    folded = np.abs(halves - np.median(halves, axis=(0, 1)))
    found = (_r_hat(_normal_scores(x)) for x in (halves, folded))
    return np.asarray(np.maximum(*found))


def effective_sample_size(draws: Draws) -> np.ndarray:
    """How many independent draws would give the mean of these as precisely.

    The sum of autocorrelations over split chains is cut off by Geyer's initial monotone
    sequence. At most S log₁₀ S is claimed for S draws.

    **Arguments, Raises:** as in [`split_r_hat`][].

    **Returns:** an array of the trailing shape; NaN for quantities that never move.

    ??? cite "Reference"

        ```bibtex
        @article{geyer1992practical,
            title={Practical {M}arkov chain {M}onte {C}arlo},
            author={Geyer, Charles J.},
            journal={Statistical Science}, volume={7}, year={1992}}
        ```
    """
    halves = _halves(draws)
    flat = halves.reshape(*halves.shape[:2], -1)
    sizes = [_size(flat[:, :, k]) for k in range(flat.shape[2])]
    return np.array(sizes).reshape(halves.shape[2:])


def _halves(draws: Draws) -> np.ndarray:
    draws = np.asarray(draws, np.float64)
    half = draws.shape[1] // 2 if draws.ndim > 1 else 0
    if half < 2 or not np.isfinite(draws).all():
        raise CertaxError(
            f"Draws of the shape {draws.shape} cannot be judged: a chain needs four or "
            "more, all finite.",
            value=str(draws.shape),
            remedy="Give an array of shape (chains, draws, ...).",
        )
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def _normal_scores(draws: np.ndarray) -> np.ndarray:
    flat = draws.reshape(-1, *draws.shape[2:])
    ranks = stats.rankdata(flat, axis=0)
    return stats.norm.ppf((ranks - 0.375) / (len(flat) + 0.25)).reshape(draws.shape)


def _r_hat(draws: np.ndarray) -> np.ndarray:
    n = draws.shape[1]
    within = draws.var(axis=1, ddof=1).mean(axis=0)
    between = draws.mean(axis=1).var(axis=0, ddof=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.sqrt((n - 1) / n + between / within))


def _size(draws: np.ndarray) -> float:
    chains, n = draws.shape
    within = draws.var(axis=1, ddof=1).mean()
    total = within * (n - 1) / n + draws.mean(axis=1).var(ddof=1)
    if np.ptp(draws) == 0:
        return float("nan")
    covariances = _autocovariances(draws).mean(axis=0) * n / (n - 1)
    correlations = 1 - (within - covariances) / total
    correlations[0] = 1.0
    pairs = correlations[: n // 2 * 2].reshape(-1, 2).sum(axis=1)
    negative = np.flatnonzero(pairs <= 0)
    pairs = np.minimum.accumulate(pairs[: negative[0]] if negative.size else pairs)
    time = max(2 * pairs.sum() - 1, 1 / np.log10(draws.size))
    return draws.size / time


def _autocovariances(draws: np.ndarray) -> np.ndarray:
    n = draws.shape[1]
    centered = draws - draws.mean(axis=1, keepdims=True)
    length = fft.next_fast_len(2 * n, True)
    spectrum = np.fft.rfft(centered, length, axis=1)
    return np.fft.irfft(np.abs(spectrum) ** 2, length, axis=1)[:, :n] / n

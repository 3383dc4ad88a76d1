"""How hard the trained operator is for gradient descent, and what repairs it."""

from dataclasses import dataclass

import numpy as np

from ..training import (
    Batch,
    Cholesky,
    ResidualLoss,
    Size,
    batch,
    check_memory,
    sobol_points,
)

_within = 1e-6
_damping = 1e-8


@dataclass(frozen=True)
class OperatorConditioning:
    """The spectrum of the trained operator beside that of a plain fit.

    **Attributes:**

    - `operator`: eigenvalues of `J^T J`, largest first, with the Jacobian `J` of the
        residual's terms in the weights.
    - `fit`: the same for the fields themselves, as if the net were fitted to values.
    - `traces`: of the neural tangent kernel of each term.
    - `weights`: how many the net has.
    """

    operator: np.ndarray
    fit: np.ndarray
    traces: np.ndarray
    weights: int

    @property
    def modes(self) -> int:
        """How many modes of the plain fit lie within `1e-6` of its largest: what a
        million steps of gradient descent would learn of a function. Condition numbers
        are taken over so many; beyond, both spectra fall to rounding.
        """
        usable = min(_count(self.operator, 1e-14), _count(self.fit, _within))
        return max(usable, 1)

    @property
    def condition_number(self) -> float:
        """Of the operator that is trained: gradient descent needs so many steps to
        divide the error by a fixed factor.
        """
        return _ratio(self.operator, self.modes)

    @property
    def fit_condition_number(self) -> float:
        """Of the same net fitted to values."""
        return _ratio(self.fit, self.modes)

    @property
    def damped_condition_number(self) -> float:
        """After the preconditioner `(J^T J + d I)^-1` of Gauss-Newton methods, with `d`
        a `1e-8` of the mean eigenvalue.
        """
        shift = _damping * self.operator.sum() / self.weights
        return _ratio(self.operator / (self.operator + shift), self.modes)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was found and what repairs it, for people."""
        found, fit = self.condition_number, self.fit_condition_number
        damped = f"{self.damped_condition_number:.2g}"
        told = [
            f"Over {self.modes} modes the trained operator has condition number "
            f"{found:.2g}, fitting a function with the same net {fit:.2g}; gradient "
            "descent needs steps in proportion."
        ]
        if found > 10 * fit:
            told.append(
                f"The differential operator makes it {found / fit:.2g} times worse. "
                "Levenberg-Marquardt, Gauss-Newton or natural gradient steps undo "
                f"that: with them the number is {damped}."
            )
        elif found > 1e3:
            told.append(
                "The net and not the operator is what is badly conditioned; "
                f"second-order steps bring the number to {damped}."
            )
        else:
            told.append("First-order methods can train this.")
        if self.modes < 0.1 * self.weights:
            told.append(
                f"Only {self.modes} of {self.weights} directions of the weights "
                "matter; Fourier features or a sine activation give a net more of them."
            )
        spread = self.traces.max() / max(self.traces.min(), 1e-300)
        if len(self.traces) > 1 and spread > 10:
            told.append(
                f"The terms of the loss pull with traces {spread:.2g} times apart: "
                "balance them (training.balancing=ntk), or build the conditions into "
                "the net (training.hard=true)."
            )
        return tuple(told)

    def __str__(self) -> str:
        return "\n".join(self.sentences)


def operator_conditioning(
    residual: ResidualLoss,
    fields: ResidualLoss,
    weights: np.ndarray,
    dimension: int,
    *,
    points: int = 2000,
    seed: int = 0,
) -> OperatorConditioning:
    """Measures the conditioning of what is trained, at the given weights.

    Gradient descent on `|r|^2` converges at the speed of the condition number of
    `J^T J`, the differential operator's Hermitian square seen through the net's tangent
    space. The same matrix without the operator says how much of that is the net's own.

    **Arguments:**

    - `residual`: the loss of the terms that are trained.
    - `fields`: the loss whose terms are the fields themselves.
    - `weights`: shape `(p,)`.
    - `dimension`: of the points, evenly spread in the unit cube.

    **Raises:** `CertaxError` if the matrices do not fit into memory.

    ??? cite "Reference"

        ```bibtex
        @inproceedings{deryck2024operator,
            title={An operator preconditioning perspective on training in
                   physics-informed machine learning},
            author={De Ryck, Tim and Bonnet, Florent and Mishra, Siddhartha and
                    de B{\\'e}zenac, Emmanuel},
            booktitle={International Conference on Learning Representations},
            year={2024}}
        ```
    """
    data = batch(sobol_points(points, dimension, seed=seed, step=0))
    traces = residual.squared_jacobian(weights, data).sum(axis=1)
    return OperatorConditioning(
        _spectrum(residual, weights, data),
        _spectrum(fields, weights, data),
        traces,
        weights.size,
    )


def _spectrum(loss: ResidualLoss, weights: np.ndarray, data: Batch) -> np.ndarray:
    terms = loss.number_of_terms(weights, data.points.shape[-1])
    rows = terms * data.quadrature.size
    size = Size(weights.size, rows, rows // data.chunks, loss.streams)
    check_memory("The spectrum of the operator", Cholesky().memory(size), size)
    jacobian = np.concatenate(loss.jacobian(weights, data).jacobians)
    return np.linalg.svd(jacobian, compute_uv=False) ** 2


def _count(spectrum: np.ndarray, share: float) -> int:
    return int(np.sum(spectrum > share * spectrum[0]))


def _ratio(spectrum: np.ndarray, modes: int) -> float:
    return float(spectrum[0] / spectrum[modes - 1]) if spectrum[0] > 0 else 1.0

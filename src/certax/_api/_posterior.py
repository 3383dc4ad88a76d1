"""What a net's weights can be, given an equation and noisy data: Langevin chains."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np

from .._core import CertaxError, NetworkSettings, Program
from ..problems import Data, Problem, point_derivatives
from ..training import (
    effective_sample_size,
    langevin,
    metropolis_adjusted_langevin,
    sample_chains,
    sobol_points,
    split_r_hat,
    tamed_langevin,
)
from ._initial import initial_network
from ._inverse import starting_values, unknown_values
from ._objective import parameters, residual_function

Method = Literal["adjusted", "langevin", "tamed"]

_kernels = {
    "adjusted": metropolis_adjusted_langevin,
    "langevin": langevin,
    "tamed": tamed_langevin,
}
_largest = 2000
_probes = 16
_rounds, _round = 24, 25
# The best share of accepted proposals (Roberts and Rosenthal, 1998).
_wanted = 0.574


@dataclass(frozen=True)
class Posterior:
    """Draws of a net and of the unknowns. All numbers are measured, none is proved.

    **Attributes:**

    - `problem, network`: what was sampled.
    - `vectors`: the draws, of shape `(chains, draws, p)`; the unknowns' numbers last.
    - `unknowns`: the draws of each unknown, of shape `(chains, draws)`.
    - `step_size`: of the chains, in coordinates in which the posterior's curvature at
        its mode is one.
    - `acceptance`: the share of proposals that were accepted.
    - `r_hat`: the largest over the potential, the unknowns and the fields at
        points of the domain. Weights are left out: nodes may be exchanged.
    - `effective_size`: the least over the same.
    """

    problem: Problem
    network: Program = field(repr=False)
    vectors: np.ndarray = field(repr=False)
    unknowns: dict[str, np.ndarray] = field(repr=False)
    step_size: float
    acceptance: float
    r_hat: float
    effective_size: float

    def draws(self, **coordinates: Any) -> dict[str, np.ndarray]:
        """Each field's values, of shape `(chains · draws, ...)`, at points given by one
        array for each coordinate.
        """
        names = self.problem.domain.names
        if sorted(coordinates) != sorted(names):
            raise CertaxError(
                f"The coordinates {', '.join(coordinates)} are not those of the "
                "problem.",
                value=", ".join(coordinates),
                remedy=f"Give {', '.join(names)}.",
            )
        arrays = np.broadcast_arrays(*[np.asarray(coordinates[n]) for n in names])
        points = np.stack([a.ravel() for a in arrays], axis=-1).astype(np.float64)
        vectors = self.vectors.reshape(-1, self.vectors.shape[-1])
        with jax.enable_x64(True):
            values = np.asarray(_fields(self.problem, self.network, vectors, points))
        shape = (len(vectors), *arrays[0].shape)
        return {
            name: values[:, :, k].reshape(shape)
            for k, name in enumerate(self.problem.fields)
        }

    def __str__(self) -> str:
        lines = [
            f"Posterior of {self.problem.name or 'the problem'}, measured, not proved: "
            f"{self.vectors.shape[0]} chains of {self.vectors.shape[1]} draws, step "
            f"size {self.step_size:.3g}, {self.acceptance:.0%} accepted, R-hat "
            f"{self.r_hat:.3f}, effective sample size {self.effective_size:.0f}"
        ]
        for name, values in self.unknowns.items():
            lines.append(f"{name} = {values.mean():.4g} ± {values.std():.2g}")
        if not self.r_hat < 1.01:
            lines.append("The chains have not forgotten their start: draw more.")
        return "\n".join(lines)


def posterior(
    problem: Problem,
    *,
    data: Data,
    noise: float,
    equation_noise: float = 0.01,
    prior: float = 1.0,
    chains: int = 4,
    draws: int = 500,
    thinning: int = 10,
    width: int = 8,
    depth: int = 1,
    points: int = 64,
    method: Method = "adjusted",
    step_size: float | None = None,
    seed: int = 0,
) -> Posterior:
    """Samples the weights of a small net, and the unknowns, by Langevin Monte Carlo.

    The potential of weights w is

        V(w) = Σ |û − data|² / 2σ² + Σ |residual|² / 2τ² + |w − w₀|² / 2ρ²,

    with w₀ zero but for the unknowns' numbers, which begin at their own, in units of
    their starting values. Chains run in coordinates in which the Gauss–Newton matrix at
    a mode is the identity, from a Gaussian around it of a tenth of its width: further
    away the equation, believed closely, lets no proposal pass.

    **Arguments:**

    - `problem`: a [`certax.Problem`][], with or without unknowns. Conditions are
        built into the net where they can be.
    - `data`: what was measured.
    - `noise`: σ > 0, the deviation of the data.
    - `equation_noise`: τ > 0, how closely the equation is believed, in its units.
    - `prior`: ρ > 0.
    - `chains, draws, thinning`: as many chains, of so many draws, with so many steps
        between two.
    - `width, depth`: of the net.
    - `points`: at which the equation is asked for.
    - `method`: `"adjusted"` has exactly exp(−V) as its stationary law; `"langevin"`
        and `"tamed"` have a bias of the order of the step size.
    - `step_size`: without it that of the adjusted chains is tuned before they are kept,
        and the others take 0.05.
    - `seed`: of everything random.

    **Returns:** a [`Posterior`][]. No theorem bounds how far its chains are from their
    stationary law: R-hat and the effective sample size are measured.

    **Raises:** `CertaxError` for data that do not belong to the problem, for deviations
    that are not positive, and for nets of more than 2000 weights.

    !!! example

        ```python
        found = cx.posterior(problem, data=data, noise=0.05)
        print(found)
        u = found.draws(t=np.linspace(0, 1, 50))["u"]
        u.mean(axis=0), u.std(axis=0)
        ```
    """
    data.check(problem)
    sizes = {"noise": noise, "equation_noise": equation_noise, "prior": prior}
    if step_size is not None:
        sizes["step_size"] = step_size
    _check(sizes, method, chains, draws, thinning, points)
    with jax.enable_x64(True):
        net = initial_network(problem, NetworkSettings(), True, seed, (width,) * depth)
        if net.parameters.size > _largest:
            raise CertaxError(
                f"The net has {net.parameters.size} weights, more than {_largest}.",
                value=net.parameters.size,
                remedy="Give a smaller width or depth.",
            )
        terms = _terms(problem, net, data, sizes, points)
        mode, root = _mode(terms, net.parameters)
        place = lambda z: mode + jax.scipy.linalg.solve_triangular(root.T, z)
        potential = lambda z: jnp.sum(terms(place(z)) ** 2) / 2
        first, second, third = jax.random.split(jax.random.key(seed), 3)
        starts = 0.1 * jax.random.normal(first, (chains, mode.size))
        adjusted = method == "adjusted"
        if step_size is None:
            step_size = 0.05
            if adjusted:
                step_size, starts = _tuned(potential, starts, second)
        kernel = _kernels[method](potential, step_size)
        burn_in = sample_chains(kernel, second, starts, draws=1, thinning=_round * 8)
        found = sample_chains(
            *(kernel, third, None),
            draws=draws,
            thinning=thinning,
            states=burn_in.states,
        )
        vectors = jax.vmap(jax.vmap(place))(found.positions)
        stored = net.parameterization or (lambda vector: vector)
        vectors = np.asarray(jax.vmap(jax.vmap(stored))(vectors))
    return _judged(problem, net.program, vectors, found, float(step_size))


def _check(sizes, method, chains, draws, thinning, points) -> None:
    for name, value in sizes.items():
        if not (np.isfinite(value) and value > 0):
            raise CertaxError(
                f"The setting {name} is {value:g}.",
                value=value,
                remedy="Give a positive number.",
            )
    if method not in _kernels:
        raise CertaxError(
            f"There is no method {method!r}.",
            value=method,
            remedy=f"Take one of {', '.join(_kernels)}.",
        )
    if chains < 2 or draws < 4 or min(thinning, points) < 1:
        raise CertaxError(
            f"{chains} chains of {draws} draws cannot be judged.",
            value=min(chains, draws),
            remedy="Take two chains or more, four draws or more, and positive counts.",
        )


def _terms(problem, net, data, sizes, points):
    """The vector whose half square is the potential."""
    residual = residual_function(problem, net.program, True)
    unit = jnp.asarray(sobol_points(points, problem.domain.dimension, seed=0, step=0))
    measured = np.stack([data.points[n] for n in problem.domain.names], axis=-1)
    columns = [problem.fields.index(f) for f in data.values]
    wanted = np.stack(list(data.values.values()), axis=-1)
    start = starting_values(problem)
    center = np.zeros(net.parameters.size)
    center[center.size - start.size :] = start
    stored = net.parameterization or (lambda vector: vector)

    def terms(vector):
        folded = stored(vector)
        fields = _fields(problem, net.program, folded[None], measured)[0]
        parts = (
            (fields[:, columns] - wanted) / sizes["noise"],
            residual(folded, unit) / sizes["equation_noise"],
            (vector - center) / sizes["prior"],
        )
        return jnp.concatenate([part.reshape(-1) for part in parts])

    return terms


def _mode(terms, start):
    """A mode by Levenberg–Marquardt, and the root of the Gauss–Newton matrix there."""
    import optimistix

    found = optimistix.least_squares(
        lambda vector, _: terms(vector),
        optimistix.LevenbergMarquardt(rtol=1e-8, atol=1e-8),
        jnp.asarray(start),
        max_steps=300,
        throw=False,
    )
    jacobian = jax.jacfwd(terms)(found.value)
    return found.value, jnp.linalg.cholesky(jacobian.T @ jacobian)


def _tuned(potential, starts, key):
    """The step size after rounds that raise and lower it, and where chains then are."""

    @jax.jit
    def one_round(step_size, positions, key):
        kernel = metropolis_adjusted_langevin(potential, step_size)
        return sample_chains(kernel, key, positions, draws=1, thinning=_round)

    step_size = starts.shape[1] ** (-1 / 3)
    for k in range(_rounds):
        found = one_round(step_size, starts, jax.random.fold_in(key, k))
        starts = found.positions[:, -1]
        share = float(jnp.mean(found.acceptance))
        step_size *= np.exp(1.5 * (share - _wanted))
    return float(step_size), starts


def _judged(problem, network, vectors, chains, step_size) -> Posterior:
    with jax.enable_x64(True):
        lower = np.array(problem.domain.lower_floats)
        upper = np.array(problem.domain.upper_floats)
        unit = sobol_points(_probes, problem.domain.dimension, seed=1, step=0)
        points = lower + unit * (upper - lower)
        flat = vectors.reshape(-1, vectors.shape[-1])
        values = np.asarray(_fields(problem, network, flat, points))
    first = vectors.shape[-1] - len(problem.unknowns)
    numbers = np.moveaxis(vectors[:, :, first:], -1, 0)
    unknowns = unknown_values(problem, numbers)
    looked_at = [
        values.reshape(*vectors.shape[:2], -1),
        np.asarray(chains.energies)[:, :, None],
        *(draws[:, :, None] for draws in unknowns.values()),
    ]
    quantities = np.concatenate(looked_at, axis=2)
    # Values that the conditions fix do not move, and have no diagnosis.
    quantities = quantities[:, :, np.ptp(quantities, axis=(0, 1)) > 0]
    return Posterior(
        problem,
        network,
        vectors,
        unknowns,
        step_size,
        float(np.mean(chains.acceptance)),
        float(np.max(split_r_hat(quantities))),
        float(np.min(effective_sample_size(quantities))),
    )


@partial(jax.jit, static_argnums=(0, 1))
def _fields(problem, network, vectors, points):
    """All fields, of shape `(draws, n, fields)`, at points of the domain `(n, d)`."""
    names = problem.domain.names
    zero = (0,) * len(names)

    def one(vector, point):
        weights, _ = parameters(problem, network, vector)
        found = point_derivatives(network, names, (zero,), weights, point)
        return jnp.stack([found[zero][f] for f in problem.fields])

    return jax.vmap(lambda v: jax.vmap(lambda x: one(v, x))(points))(vectors)

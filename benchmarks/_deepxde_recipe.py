"""DeepXDE's own recipe, Adam and then L-BFGS, for a fixed time; run by the opponent's
interpreter: `DDE_BACKEND=pytorch python _deepxde_recipe.py PROBLEM SECONDS SEED
FOLDER`. FOLDER/points.npy holds where the solution is wanted;
FOLDER/values.npy is written.

Nets, points and learning rates are those of DeepXDE's examples of the same name
(Poisson: of its L-shape; KdV, which has none: of Burgers). Only training counts as
time.
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import deepxde as dde
import numpy as np
import torch

pi = np.pi


@dataclass(frozen=True)
class Task:
    """A problem, with the sizes of the example: inside, on the walls, at the start."""

    data: Any
    layers: list[int]
    decay: tuple[str, int, float] | None = None


def derivative(u, x, *axes):
    if len(axes) == 1:
        return dde.grad.jacobian(u, x, i=0, j=axes[0])
    second = dde.grad.hessian(u, x, i=axes[0], j=axes[1])
    return second if len(axes) == 2 else derivative(second, x, *axes[2:])


def strip(low, high, seconds=1.0):
    interval = dde.geometry.Interval(low, high)
    return dde.geometry.GeometryXTime(interval, dde.geometry.TimeDomain(0, seconds))


def on_wall(_, on):
    return on


def start(domain, values):
    return dde.icbc.IC(domain, lambda x: values(x[:, :1]), on_wall)


def timed(domain, residual, conditions, inside, walls, at_start):
    return dde.data.TimePDE(
        domain,
        residual,
        conditions,
        num_domain=inside,
        num_boundary=walls,
        num_initial=at_start,
    )


def burgers():
    domain = strip(-1, 1)

    def residual(x, u):
        transport = derivative(u, x, 1) + u * derivative(u, x, 0)
        return transport - 0.01 / pi * derivative(u, x, 0, 0)

    conditions = [
        dde.icbc.DirichletBC(domain, lambda x: 0.0, on_wall),
        start(domain, lambda x: -np.sin(pi * x)),
    ]
    return Task(timed(domain, residual, conditions, 2540, 80, 160), [20] * 3)


def heat():
    domain = strip(0, 1)

    def residual(x, u):
        return derivative(u, x, 1) - derivative(u, x, 0, 0) / 4

    conditions = [
        dde.icbc.DirichletBC(domain, lambda x: 0.0, on_wall),
        start(domain, lambda x: np.sin(pi * x)),
    ]
    return Task(timed(domain, residual, conditions, 2540, 80, 160), [20] * 3)


def poisson():
    domain = dde.geometry.Rectangle([0, 0], [1, 1])

    def residual(x, u):
        source = 2 * pi**2 * torch.sin(pi * x[:, :1]) * torch.sin(pi * x[:, 1:])
        return -derivative(u, x, 0, 0) - derivative(u, x, 1, 1) - source

    wall = dde.icbc.DirichletBC(domain, lambda x: 0.0, on_wall)
    data = dde.data.PDE(domain, residual, wall, num_domain=1200, num_boundary=120)
    return Task(data, [50] * 4)


def allen_cahn():
    domain = strip(-1, 1)

    def residual(x, u):
        diffusion = 1e-4 * derivative(u, x, 0, 0)
        return derivative(u, x, 1) - diffusion - 5 * (u - u**3)

    conditions = [
        dde.icbc.PeriodicBC(domain, 0, on_wall),
        dde.icbc.PeriodicBC(domain, 0, on_wall, derivative_order=1),
        start(domain, lambda x: x**2 * np.cos(pi * x)),
    ]
    return Task(timed(domain, residual, conditions, 8000, 400, 800), [20] * 3)


def soliton(x, t):
    return 2 / np.cosh(x - 4 * t) ** 2


def kdv_one_soliton():
    domain = strip(0, 1)

    def residual(x, u):
        third = derivative(u, x, 0, 0, 0)
        return derivative(u, x, 1) + third + 6 * u * derivative(u, x, 0)

    def slope(x):
        distance = x[:, :1] - 4 * x[:, 1:]
        return -2 * soliton(x[:, :1], x[:, 1:]) * np.tanh(distance)

    right = np.array([1.0])
    conditions = [
        dde.icbc.DirichletBC(domain, lambda x: soliton(x[:, :1], x[:, 1:]), on_wall),
        dde.icbc.NeumannBC(
            domain, slope, lambda x, on: on and np.allclose(x[:1], right)
        ),
        start(domain, lambda x: soliton(x, 0)),
    ]
    return Task(timed(domain, residual, conditions, 2540, 80, 160), [20] * 3)


def klein_gordon():
    domain = strip(0, 2 * pi)

    def residual(x, u):
        return derivative(u, x, 1, 1) - derivative(u, x, 0, 0) + u

    def velocity(x, u, _):
        return derivative(u, x, 1) - np.sqrt(2) * torch.sin(x[:, :1])

    conditions = [
        dde.icbc.PeriodicBC(domain, 0, on_wall),
        dde.icbc.PeriodicBC(domain, 0, on_wall, derivative_order=1),
        start(domain, np.cos),
        dde.icbc.OperatorBC(domain, velocity, lambda x, _: bool(np.isclose(x[1], 0))),
    ]
    data = timed(domain, residual, conditions, 30000, 1500, 1500)
    return Task(data, [40] * 2, ("inverse time", 3000, 0.9))


tasks = {
    "burgers": burgers,
    "heat": heat,
    "poisson": poisson,
    "allen-cahn": allen_cahn,
    "kdv-one-soliton": kdv_one_soliton,
    "klein-gordon": klein_gordon,
}


def train(task: Task, seconds: float) -> Any:
    """A third of the time Adam, then L-BFGS, in pieces of fifty iterations, until it
    converges or the time ends."""
    net = dde.nn.FNN([2, *task.layers, 1], "tanh", "Glorot normal")
    model = dde.Model(task.data, net)
    began = time.monotonic()
    model.compile("adam", lr=1e-3, decay=task.decay)
    adam = dde.callbacks.Timer(seconds / 3 / 60)
    model.train(iterations=10**7, display_every=10**6, verbose=0, callbacks=[adam])
    dde.optimizers.set_LBFGS_options(maxiter=10**6)
    dde.optimizers.config.LBFGS_options["iter_per_step"] = 50
    dde.optimizers.config.LBFGS_options["fun_per_step"] = 62
    model.compile("L-BFGS")
    rest = dde.callbacks.Timer((seconds - (time.monotonic() - began)) / 60)
    model.train(display_every=10**6, verbose=0, callbacks=[rest])
    return model


def main() -> None:
    name, seconds, seed, folder = sys.argv[1:]
    torch.set_num_threads(1)
    dde.config.set_random_seed(int(seed))
    model = train(tasks[name](), float(seconds))
    points = np.load(Path(folder) / "points.npy")
    values = model.predict(points.astype(np.float32))
    np.save(Path(folder) / "values.npy", np.asarray(values, np.float64)[:, 0])
    print(model.train_state.iteration)


if __name__ == "__main__":
    main()

"""DeepXDE's Adam, run by the opponent's interpreter:
`DDE_BACKEND=jax python _deepxde.py PROBLEM THREADS AUTODIFF`. For every line on its
input, a number of steps, it prints `rate STEPS_PER_SECOND`.

The net, the numbers of points and the precision are those of `_steps.py`. The velocity
of the Klein-Gordon equation is left out there and here: DeepXDE's conditions are not
given what its JAX backend differentiates.
"""

import os
import sys
import time

import deepxde as dde
import numpy as np

pytorch = os.environ["DDE_BACKEND"] == "pytorch"
if pytorch:
    import torch as library
else:
    import jax.numpy as library


def value(found):
    """Without the function that JAX and forward mode hand along."""
    return found[0] if isinstance(found, tuple | list) else found


def first(y, x, j):
    return value(dde.grad.jacobian(y, x, i=0, j=j))


def second(y, x, j):
    return value(dde.grad.hessian(y, x, i=j, j=j))


def burgers(x, y):
    u, nu = value(y), 0.01 / np.pi
    return first(y, x, 1) + u * first(y, x, 0) - nu * second(y, x, 0)


def poisson(x, y):
    waves = library.sin(np.pi * x[:, 0:1]) * library.sin(np.pi * x[:, 1:2])
    return -second(y, x, 0) - second(y, x, 1) - 2 * np.pi**2 * waves


def klein_gordon(x, y):
    wave = x[:, 0:1] * library.cos(x[:, 1:2])
    return second(y, x, 1) - second(y, x, 0) + value(y) ** 2 + wave - wave**2


def data_of(name: str):
    on_wall = lambda _, on: on
    if name == "poisson":
        square = dde.geometry.Rectangle([0, 0], [1, 1])
        walls = dde.icbc.DirichletBC(square, lambda x: 0.0, on_wall)
        return dde.data.PDE(square, poisson, walls, num_domain=2540, num_boundary=240)
    residual, end, wall, start = {
        "burgers": (burgers, 1, lambda x: 0.0, lambda x: -np.sin(np.pi * x[:, 0:1])),
        "klein-gordon": (
            *(klein_gordon, 10, lambda x: x[:, 0:1] * np.cos(x[:, 1:2])),
            lambda x: x[:, 0:1],
        ),
    }[name]
    domain = dde.geometry.GeometryXTime(
        dde.geometry.Interval(-1, 1), dde.geometry.TimeDomain(0, end)
    )
    conditions = [
        dde.icbc.DirichletBC(domain, wall, on_wall),
        dde.icbc.IC(domain, start, on_wall),
    ]
    return dde.data.TimePDE(
        *(domain, residual, conditions),
        num_domain=2540,
        num_boundary=80,
        num_initial=160,
    )


def main() -> None:
    name, threads, autodiff = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    if pytorch:
        library.set_num_threads(threads)
    dde.config.set_default_autodiff(autodiff)
    net = dde.nn.FNN([2] + [20] * 3 + [1], "tanh", "Glorot normal")
    model = dde.Model(data_of(name), net)
    model.compile("adam", lr=1e-3)
    model.train(iterations=100, display_every=10**6, verbose=0)
    for line in sys.stdin:
        began, steps = time.perf_counter(), int(line)
        model.train(iterations=steps, display_every=10**6, verbose=0)
        print("rate", steps / (time.perf_counter() - began), flush=True)


if __name__ == "__main__":
    main()

"""DeepXDE's Adam on the Burgers equation, run by the opponent's interpreter:
`DDE_BACKEND=jax python _deepxde.py STEPS`. Prints steps per second after compilation.
"""

import os
import sys
import time

import deepxde as dde
import numpy as np

if os.environ["DDE_BACKEND"] == "pytorch":
    import torch

    torch.set_num_threads(1)
    sin = torch.sin
else:
    import jax.numpy as jnp

    sin = jnp.sin


def residual(x, y):
    if os.environ["DDE_BACKEND"] == "jax":
        u = y[0]
        u_x, _ = dde.grad.jacobian(y, x, i=0, j=0)
        u_t, _ = dde.grad.jacobian(y, x, i=0, j=1)
        u_xx, _ = dde.grad.hessian(y, x, i=0, j=0)
        return u_t + u * u_x - 0.01 / np.pi * u_xx
    u_x = dde.grad.jacobian(y, x, i=0, j=0)
    u_t = dde.grad.jacobian(y, x, i=0, j=1)
    u_xx = dde.grad.hessian(y, x, i=0, j=0)
    return u_t + y * u_x - 0.01 / np.pi * u_xx


def main() -> None:
    steps = int(sys.argv[1])
    time_domain = dde.geometry.TimeDomain(0, 1)
    domain = dde.geometry.GeometryXTime(dde.geometry.Interval(-1, 1), time_domain)
    wall = dde.icbc.DirichletBC(domain, lambda x: 0.0, lambda _, on: on)
    start = dde.icbc.IC(domain, lambda x: -np.sin(np.pi * x[:, 0:1]), lambda _, on: on)
    data = dde.data.TimePDE(
        domain,
        residual,
        [wall, start],
        num_domain=2540,
        num_boundary=80,
        num_initial=160,
    )
    net = dde.nn.FNN([2] + [20] * 3 + [1], "tanh", "Glorot normal")
    model = dde.Model(data, net)
    model.compile("adam", lr=1e-3)
    model.train(iterations=200, display_every=10**6, verbose=0)
    began = time.perf_counter()
    model.train(iterations=steps, display_every=10**6, verbose=0)
    print(steps / (time.perf_counter() - began))


if __name__ == "__main__":
    main()

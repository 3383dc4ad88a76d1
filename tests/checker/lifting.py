"""Networks that miss their walls, and proofs that lift what they miss."""

import examples
import numpy as np
from examples import ZERO, dirichlet, initial
from material import Builder, uniform_tree
from proofs import prove

WALLS = uniform_tree([4], 4)


def prove_lifted(folder, stated, candidate, theorem="l1-contraction", norm="L1", *,
                 levels=(4, 4), degree=4, walls=WALLS, **options):  # fmt: skip
    """Proves with a tree on the walls, by which what is missed there is lifted."""
    return prove(folder, stated, candidate, theorem, norm=norm, levels=levels,
                 degree=degree, walls=walls, **options)  # fmt: skip


def zero_burgers(viscosity="0.1"):
    """u_t + u u_x = nu u_xx with zero data: the solution is zero."""
    conditions = [initial(ZERO), dirichlet("x")]
    return examples.burgers(viscosity, conditions)


def chord():
    """1 - x/2: not zero on the walls, and L1 contraction is false for it."""
    b = Builder()
    x, e = b.coordinate("x"), b.weight("e", ())
    one, half = b.constant("1"), b.constant("1/2")
    program = b.program(u=b.mul(e, b.sub(one, b.mul(half, x))))
    return program, {"e": np.array(1.0)}


def growing(epsilon, shape):
    """epsilon t (1 + shape(x))."""
    b = Builder()
    x, t, e, one = (b.coordinate("x"), b.coordinate("t"), b.weight("e", ()),
                    b.constant("1"))  # fmt: skip
    program = b.program(u=b.mul(b.mul(e, t), shape(b, x, one)))
    return program, {"e": np.array(epsilon)}


def drifting(epsilon):
    """exp(-0.1 pi^2 t) sin(pi x) + epsilon t."""
    b = Builder()
    x, t = b.coordinate("x"), b.coordinate("t")
    rate, weight = b.constant("-0.1*pi^2"), b.weight("epsilon", ())
    exact = b.mul(b.exp(b.mul(rate, t)), b.sinpi(x))
    program = b.program(u=b.add(exact, b.mul(weight, t)))
    return program, {"epsilon": np.array(epsilon)}

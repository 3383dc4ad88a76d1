"""Problems with known solutions, and candidates with known errors."""

import numpy as np
from material import Builder, constant_program, network_program, random_weights

ZERO = constant_program(u="0")


def dirichlet(coordinate, side="both", values=ZERO):
    """A Dirichlet condition."""
    entry = {"kind": "dirichlet", "coordinate": coordinate}
    return {**entry, "side": side, "values": values}


def initial(values, coordinate="t"):
    """An initial condition."""
    return {"kind": "initial", "coordinate": coordinate, "values": values}


def periodic(coordinate):
    """A periodic condition."""
    return {"kind": "periodic", "coordinate": coordinate}


def axis(name, lower, upper):
    """A coordinate."""
    return {"name": name, "lower": lower, "upper": upper}


def problem(axes, residual, conditions, fields=("u",)):
    """A problem."""
    return {
        "format": "certax-problem/1",
        "name": "example",
        "coordinates": axes,
        "fields": list(fields),
        "residual": residual,
        "conditions": conditions,
    }


def wave(name="x", function="sinpi", sign=1):
    """Data sin(pi x), or another function of the coordinate."""
    b = Builder()
    x = b.coordinate(name)
    value = getattr(b, function)(x)
    return b.program(u=value if sign > 0 else b.neg(value))


def residual(dimension, build, constants=(), coordinates=()):
    """A residual; `build` gets the builder, the field's derivative d, and the rest.

    `d(2, 0)` is u_xx; all derivatives up to the second order are at hand.
    """
    b = Builder()
    orders = [(0,) * dimension]
    for i in range(dimension):
        for n in (1, 2):
            orders.append(tuple(n if j == i else 0 for j in range(dimension)))
    table = {o: b.derivative("u", *o) for o in orders}
    rest = [b.coordinate(name) for name in coordinates]
    rest += [b.constant(value) for value in constants]
    return b.program(_0=build(b, lambda *o: table[o], *rest))


def heat(extra=None, constants=(), conditions=None, data=None):
    """u_t = 0.1 u_xx on [0, 1] x [0, 1/2] with u = exp(-0.1 pi^2 t) sin(pi x)."""

    def build(b, d, a, *rest):
        made = b.sub(d(0, 1), b.mul(a, d(2, 0)))
        return b.add(made, extra(b, d, *rest)) if extra else made

    conditions = conditions or [initial(data or wave()), dirichlet("x")]
    axes = [axis("x", "0", "1"), axis("t", "0", "1/2")]
    return problem(axes, residual(2, build, ("0.1", *constants)), conditions)


def heat_candidate(epsilon, bump="t"):
    """The heat equation's solution plus epsilon x (1 - x) t, or without the t."""
    b = Builder()
    x, t = b.coordinate("x"), b.coordinate("t")
    rate, one = b.constant("-0.1*pi^2"), b.constant("1")
    weight = b.weight("epsilon", ())
    exact = b.mul(b.exp(b.mul(rate, t)), b.sinpi(x))
    shape = b.mul(x, b.sub(one, x))
    shape = b.mul(shape, t) if bump == "t" else shape
    program = b.program(u=b.add(exact, b.mul(weight, shape)))
    return program, {"epsilon": np.array(epsilon)}


def burgers(viscosity="0.01/pi", conditions=None, flux=None, rate="1"):
    """The Burgers equation on [-1, 1] x [0, 1] with -sin(pi x)."""

    def build(b, d, nu, one, factor):
        slope = b.mul(flux(b, d) if flux else d(0, 0), d(1, 0))
        return b.sub(b.add(b.mul(factor, d(0, 1)), slope), b.mul(nu, d(2, 0)))

    program = residual(2, build, (viscosity, "1.0", rate))
    conditions = conditions or [initial(wave(sign=-1)), dirichlet("x")]
    return problem([axis("x", "-1", "1"), axis("t", "0", "1")], program, conditions)


def burgers_net(widths=(5, 5), wall=True, seed=0):
    """-sin(pi x) + t (1 - x^2) N(x, t), or without the factor 1 - x^2."""

    def combine(b, net, x, t, one):
        made = b.mul(t, b.sub(one, b.ipow(x, extra=2))) if wall else t
        made = b.mul(made, net)
        made = made if wall else b.mul(made, one)
        return b.sub(made, b.sinpi(x))

    program, shapes = network_program(["x", "t"], widths, combine)
    return program, random_weights(shapes, seed)


def poisson(side=-1, second="1"):
    """-u_xx - u_yy = f on the unit square with u = sin(pi x) sin(pi y)."""

    def build(b, d, x, y, a, c, factor):
        load = b.mul(factor, b.mul(b.sinpi(x), b.sinpi(y)))
        made = b.add(b.add(b.mul(a, d(2, 0)), b.mul(c, d(0, 2))), load)
        return made if side > 0 else b.neg(made)

    program = residual(2, build, ("1", second, f"pi^2*(1+({second}))"), ("x", "y"))
    conditions = [dirichlet("x"), dirichlet("y")]
    return problem([axis("x", "0", "1"), axis("y", "0", "1")], program, conditions)


def poisson_candidate(epsilon):
    """The solution plus epsilon x (1 - x) y (1 - y), wrong by epsilon / 16."""
    b = Builder()
    x, y, one = b.coordinate("x"), b.coordinate("y"), b.constant("1")
    weight = b.weight("epsilon", ())
    bump = b.mul(b.mul(x, b.sub(one, x)), b.mul(y, b.sub(one, y)))
    exact = b.mul(b.sinpi(x), b.sinpi(y))
    program = b.program(u=b.add(exact, b.mul(weight, bump)))
    return program, {"epsilon": np.array(epsilon)}


def transport(conditions=None, speed="2", decay="0"):
    """u_t + 2 u_x = 0 on [0, 2] x [0, 1] with u = sin(pi (x - 2 t))."""

    def build(b, d, a, c):
        return b.add(b.add(d(0, 1), b.mul(a, d(1, 0))), b.mul(c, d(0, 0)))

    conditions = conditions or [initial(wave()), periodic("x")]
    axes = [axis("x", "0", "2"), axis("t", "0", "1")]
    return problem(axes, residual(2, build, (speed, decay)), conditions)


def transport_candidate(epsilon, corner=False, at_start=True):
    """The solution plus epsilon cos(pi x), or epsilon t x (2 - x) with a corner."""
    b = Builder()
    x, t, two = b.coordinate("x"), b.coordinate("t"), b.constant("2")
    weight = b.weight("epsilon", ())
    bump = b.mul(x, b.sub(two, x)) if corner else b.cospi(x)
    bump = bump if at_start and not corner else b.mul(t, bump)
    exact = b.sinpi(b.sub(x, b.mul(two, t)))
    program = b.program(u=b.add(exact, b.mul(weight, bump)))
    return program, {"epsilon": np.array(epsilon)}


def logistic(value="0.5", rate="1", upper="2"):
    """y' = y (1 - y) with y = 1 / (1 + e^-t)."""
    b = Builder()
    y, slope = b.derivative("y", 0), b.derivative("y", 1)
    one, factor = b.constant("1.0"), b.constant(rate)
    right = b.mul(y, b.sub(one, y))
    program = b.program(_0=b.sub(b.mul(factor, slope), right))
    data = initial(constant_program(y=value))
    return problem([axis("t", "0", upper)], program, [data], ("y",))


def logistic_candidate(epsilon):
    """The solution plus epsilon t tanh t."""
    b = Builder()
    t, weight = b.coordinate("t"), b.weight("epsilon", ())
    bump = b.mul(b.mul(weight, t), b.tanh(t))
    return b.program(y=b.add(b.logistic(t), bump)), {"epsilon": np.array(epsilon)}

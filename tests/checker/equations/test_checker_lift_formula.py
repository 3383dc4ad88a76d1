"""The lifted network is the formula that the proofs speak of."""

import examples
import numpy as np
import pytest
from examples import ZERO, axis, dirichlet, initial, problem
from flint import arb
from lifting import WALLS
from material import (
    Builder,
    constant_program,
    network_program,
    random_weights,
    uniform_tree,
)
from subjects import subject_of

from certax_checker.equations._case import Case
from certax_checker.equations._lift import lift
from certax_checker.kernel._algebra import Algebra
from certax_checker.kernel._leaves import Chunk
from certax_checker.kernel._trees import read_tree


def lifted_case(ends, data, seed):
    """A random net on a domain with its walls lifted, and the case it had before."""
    stated = problem(
        [axis("x", *ends), axis("t", "0", "1")],
        examples.burgers()["residual"],
        [initial(ZERO), *data],
    )
    program, shapes = network_program(["x", "t"], (4, 3), lambda b, net, *_: net)
    algebra = Algebra()
    subject = subject_of(stated, program, random_weights(shapes, seed), algebra)
    trees = {"residual": read_tree(uniform_tree((1, 1), 3), 2, "t"),
             "walls": read_tree(WALLS, 1, "w")}  # fmt: skip
    return Case(subject, algebra, trees, {}), subject


def point(subject, place):
    """The network's value at a normalized point, up to rounding."""
    centers = np.array(place, float)[:, None]
    chunk = Chunk(subject, ["x", "t"], centers, np.zeros((2, 1)), 1, {})
    model = chunk.field("u")
    value = sum(c for m, c in model.terms.items() if not any(m))
    assert np.all(model.radius < 1e-9)
    return float(np.broadcast_to(value, (1,))[0])


def wave_in_time():
    b = Builder()
    return b.program(u=b.sinpi(b.coordinate("t")))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ends", [("-1", "1"), ("0", "2*pi"), ("1/3", "0.7")])
def test_the_lifted_network_is_the_formula(seed, ends):
    data = [dirichlet("x", "lower", wave_in_time()),
            dirichlet("x", "upper", constant_program(u="1/7"))]  # fmt: skip
    case, before = lifted_case(ends, data, seed)
    found = lift(case, case.axis("x"))
    assert found is not None and set(found.misses) == {"lower", "upper"}
    walls = found.misses
    assert found.supremum == max(w.max() for w in walls.values())
    assert found.together <= (walls["lower"] + walls["upper"]).max() * (1 + 1e-8)
    for side in walls:
        case.wall("x", side)
    generator = np.random.default_rng(seed)
    for s, t in generator.random((20, 2)):
        low = point(before, (0, t)) - float(arb(t).sin_pi())
        high = point(before, (1, t)) - 1 / 7
        wanted = point(before, (s, t)) - low * (1 - s) - high * s
        assert abs(point(case.subject, (s, t)) - wanted) < 1e-12
        assert abs(low) <= walls["lower"].max() and abs(high) <= walls["upper"].max()
    for t in (0.0, 0.3, 1.0):
        assert abs(point(case.subject, (0, t)) - float(arb(t).sin_pi())) < 1e-12
        assert abs(point(case.subject, (1, t)) - 1 / 7) < 1e-12

"""Solutions near the network by Newton and Kantorovich."""

import math

import numpy as np
import pytest
from elliptic import bump, line, number, prove, reaction, refused


@pytest.mark.parametrize("powers", [("0", "0-1"), ("0", "0", "0-1"), ("1", "2", "1")])
def test_newton_and_kantorovich_near_zero(tmp_path, powers):
    """u = 0 is a solution; e = epsilon x (1 - x), |e'|_2 = epsilon / sqrt 3."""
    made = reaction(*powers)
    report = prove(tmp_path, made, bump(1e-3), "newton-kantorovich", norm="H1",
                   radius="1")  # fmt: skip
    assert 1e-3 / math.sqrt(3) <= number(report) <= 1e-3
    assert "where u is a solution of" in report["statement"]
    report = prove(
        tmp_path, made, bump(1e-3), "newton-kantorovich-supremum", radius="1"
    )
    assert 0.25e-3 <= number(report) <= 0.5e-3


def test_newton_and_kantorovich_does_not_cross_to_another_solution(tmp_path):
    """-u'' = u^2 has a solution of norm about 27 beside zero: no ball holds both."""
    made = reaction("0", "0-1")
    for radius in ("30", "1000"):
        report = prove(tmp_path, made, bump(0.0), "newton-kantorovich", norm="H1",
                       radius=radius)  # fmt: skip
        assert refused(report, "contraction", "does not contract")


def test_contraction_is_strict(tmp_path):
    """-u'' = u^2 at u = 0: K g(t) = 2 C t with C = 1 / (2 pi^2), so t < pi^2."""
    made = reaction("0", "0-1")
    for radius, works in (("9.86", True), ("9.87", False)):
        report = prove(tmp_path, made, bump(0.0), "newton-kantorovich", norm="H1",
                       radius=radius)  # fmt: skip
        assert report["accepted"] == works, report


def test_residual_too_large_for_the_nonlinearity(tmp_path):
    """2 K^2 gamma delta < 1 fails."""
    report = prove(tmp_path, reaction("0", "0-1"), bump(30.0), "newton-kantorovich",
                   norm="H1", radius="9")  # fmt: skip
    assert not report["accepted"]


@pytest.mark.parametrize(
    "made, where, text",
    [
        (reaction("0-10"), "linearization", "coercive"),
        (reaction("0", "0", "0", "1"), "equation", "does not know"),
        (line(lambda b, d: b.sub(b.exp(d(0)), d(2))), "equation", "no polynomial"),
    ],
)
def test_newton_and_kantorovich_refusals(tmp_path, made, where, text):
    report = prove(tmp_path, made, bump(1e-3), "newton-kantorovich", norm="H1",
                   radius="0.1")  # fmt: skip
    assert refused(report, where, text)


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_embedding_constants_against_functions(dimension):
    """Products of sine powers and of random sine sums never exceed them."""
    from flint import arb

    from certax_checker.equations._elliptic import Diffusion
    from certax_checker.theorems.newton_kantorovich import embeddings

    generator = np.random.default_rng(dimension)
    for _ in range(20):
        lengths = generator.uniform(0.3, 3, dimension)
        constants = generator.uniform(0.2, 4, dimension)
        equation = Diffusion(1, [arb(a) for a in constants], {},
                             [arb(length) for length in lengths])  # fmt: skip
        third, fourth = (float(c) for c in embeddings(equation))
        count, terms = 120, 4
        s = (np.arange(count) + 0.5) / count
        k = np.arange(1, terms + 1)
        sines = np.sin(np.pi * np.outer(k, s))
        slopes = np.pi * k[:, None] * np.cos(np.pi * np.outer(k, s))
        factors = [generator.standard_normal(terms) / k**2 for _ in lengths]
        values = [c @ sines for c in factors]
        bends = [c @ slopes for c in factors]
        mean = lambda v, p: np.mean(np.abs(v) ** p)
        volume = np.prod(lengths)
        energy = 0.0
        for i, (a, length) in enumerate(zip(constants, lengths, strict=True)):
            parts = [mean(v, 2) for v in values]
            parts[i] = mean(bends[i], 2) / length**2
            energy += a * volume * np.prod(parts)
        size = math.sqrt(energy)
        cube = volume * np.prod([mean(v, 3) for v in values])
        power = volume * np.prod([mean(v, 4) for v in values])
        assert cube <= third * size**3 * (1 + 1e-3)
        assert power <= fourth * size**4 * (1 + 1e-3)

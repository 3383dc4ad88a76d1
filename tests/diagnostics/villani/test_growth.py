"""Verdicts where they are known, forged ones, bad input."""

from dataclasses import replace

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax.diagnostics import (
    AbstractLoss,
    AbstractRegularizer,
    CallableLoss,
    GrowthBounds,
    NoRegularizer,
    OperatorLoss,
    PowerRegularizer,
    Ray,
    RayRow,
    equation_loss,
    frobenius,
    is_linear,
    villani_growth,
    villani_growth_of,
)
from certax.nn import Ansatz, program_of, weights_of, with_parameters

TRANSPORT = cx.Problem(
    name="transport",
    domain=cx.Box(x=(0, 1), t=(0, 1)),
    residual=lambda u: u.t + u.x / 2,
    conditions=(cx.Initial(lambda x: cx.sinpi(x)), cx.Dirichlet("x", 0, side="lower")),
)
BURGERS = cx.Problem(
    name="burgers",
    domain=cx.Box(x=(0, 1), t=(0, 1)),
    residual=lambda u: u.t + u * u.x - u.xx,
    conditions=(cx.Initial(lambda x: cx.sinpi(x)), cx.Dirichlet("x", 0)),
)


class Nothing(AbstractLoss):
    """L = 0, so that V is the regularizer."""

    parameters: int = eqx.field(static=True)

    @property
    def size(self):
        return self.parameters

    @property
    def words(self):
        return "nothing"

    def __call__(self, theta, xp):
        return 0.0 * (theta @ theta)

    def bounds(self):
        from flint import arb

        return GrowthBounds(
            self.parameters, self.parameters, arb(0), {}, None, "nothing at all"
        )


class Wells(Nothing):
    """(‖θ‖² − 1)²: ⟨θ, ∇L⟩ ≥ −1 and ΔL ≤ (8 + 4 D) ‖θ‖²."""

    def __call__(self, theta, xp):
        return (theta @ theta - 1.0) ** 2

    def bounds(self):
        from flint import arb

        bend = {(2, 0): arb(8 + 4 * self.parameters)}
        d = self.parameters
        return GrowthBounds(d, d, arb(1), bend, None, "two wells")


class Forged(Wells):
    """The wells, as if they bent less than they do."""

    def bounds(self):
        honest = super().bounds()
        return replace(honest, laplacian={(1, 0): honest.laplacian[2, 0]})


def test_forged_bounds_are_refused():
    with pytest.raises(cx.CertaxError, match="Laplacian contradicts"):
        villani_growth_of(Forged(3), frobenius(1), search=False)


@pytest.mark.parametrize("parameters", [1, 5])
def test_a_quadratic_is_known_exactly(parameters):
    weight, s = 0.5, 3.0
    found = villani_growth_of(
        Nothing(parameters), frobenius(weight), temperature=s, search=False
    )
    assert found.verdict == "proved"
    exact = np.sqrt(s * parameters / weight)  # λ²ρ²/s = λ D
    assert exact <= found.radius <= 1.002 * exact
    found.verify()


def test_the_wells_are_known_exactly():
    loss, s = Wells(3), 2.0
    searched = villani_growth_of(loss, NoRegularizer(), temperature=s)
    assert searched.verdict == "growth observed, not proved"
    for row in searched.rays:
        for sample in row.samples:
            r2 = (sample.radius * row.ray.length) ** 2
            exact = 16 * (r2 - 1) ** 2 * r2 / s - 12 * (r2 - 1) - 8 * r2
            assert np.isclose(sample.lower, exact, rtol=1e-10)
            assert sample.lower <= sample.upper
    assert "proves nothing" in str(searched)
    known = villani_growth_of(loss, PowerRegularizer(1, 2), search=False)
    assert known.verdict == "proved"


def test_a_bounded_loss_without_regularizer_fails():
    loss = CallableLoss(lambda t, xp: xp.sum(xp.tanh(t) ** 2), 2, "a bounded loss")
    bare = villani_growth_of(loss, NoRegularizer())
    assert bare.verdict == "fails along a direction (exhibited)"
    assert bare.direction is not None and bare.threshold is None
    assert "as far as is seen" in str(bare)
    bare.verify()
    with_one = villani_growth_of(loss, frobenius("0.1"))
    assert with_one.verdict == "growth observed, not proved"


def test_the_loss_is_the_residual_of_the_problem(x64, getkey):
    of = TRANSPORT.domain, TRANSPORT.fields, TRANSPORT.conditions
    net = Ansatz(*of, 3, 1, key=getkey())
    loss = equation_loss(TRANSPORT, net, points=8)
    generator = np.random.default_rng(0)
    theta = generator.standard_normal(loss.size)
    (outer, constant, inner, shifts) = np.split(theta, [3, 4, 10])
    shaped = {
        "network.layers.0.weight": inner.reshape(3, 2),
        "network.layers.0.bias": shifts,
        "network.layers.1.weight": outer.reshape(1, 3),
        "network.layers.1.bias": constant,
    }
    made = with_parameters(net, {n: jnp.asarray(a) for n, a in shaped.items()})
    program = program_of(made, TRANSPORT.domain.names, TRANSPORT.fields)
    solution = cx.Solution(TRANSPORT, program, weights_of(made), {})
    points = TRANSPORT.domain.interior_points(8, seed=0)
    expected = np.mean(solution.residual(points) ** 2)
    assert np.isclose(loss(theta, np), expected, rtol=1e-12)


def test_soft_conditions_are_rows_too(x64, getkey):
    of = TRANSPORT.domain, TRANSPORT.fields, TRANSPORT.conditions
    net = Ansatz(*of, 2, 1, hard=False, key=getkey())
    loss = equation_loss(TRANSPORT, net, points=4)
    assert len(loss.rows.offsets) == 12
    # The net's value minus sin(pi x) at t = 0 and minus zero at x = 0.
    assert np.all(loss.rows.coefficients[4:, 0, 0] == 1)
    assert np.all(loss.rows.coefficients[4:, 0, 1:] == 0)
    assert np.all(loss.rows.offsets[4:8] < 0) and np.all(loss.rows.offsets[8:] == 0)


@pytest.fixture(scope="module")
def transport():
    return equation_loss(TRANSPORT, cx.NetworkSettings(width=3), points=6)


def test_transport_needs_the_fourth_power_and_verdicts_are_derived_again(transport):
    refuted = villani_growth_of(transport, frobenius("0.1"), search=False)
    proof = villani_growth_of(transport, PowerRegularizer("0.1", 2), search=False)
    assert refuted.verdict == "fails along a direction (exhibited)"
    assert refuted.threshold is not None and refuted.threshold < 1e-20
    assert "refuted" in str(refuted) and "|theta|^4" in str(refuted)
    assert proof.verdict == "proved" and proof.direction is None
    assert f"{proof.radius:.4g}" in str(proof)
    refuted.verify()
    proof.verify()
    forged = [
        replace(proof, radius=proof.radius / 2),
        replace(proof, radius=None),
        replace(proof, regularizer=frobenius("0.1")),
        replace(proof, split=replace(proof.split, width=proof.split.width * 2**9)),
        replace(refuted, verdict="proved", radius=1e9, split=proof.split),
        replace(refuted, regularizer=PowerRegularizer("0.1", 2), temperature=1e-9),
        replace(refuted, threshold=0.0) if refuted.threshold > 0 else None,
        replace(proof, verdict=refuted.verdict),
        replace(proof, verdict="growth observed, not proved"),
    ]
    innocent = Ray(np.zeros(transport.size), np.ones(transport.size), "innocent")
    shown = RayRow(innocent, refuted.rays[0].samples)
    forged.append(replace(refuted, rays=(shown,), threshold=None))
    for claim in filter(None, forged):
        with pytest.raises(cx.CertaxError, match="does not follow"):
            claim.verify()


def test_without_a_regularizer_the_loss_itself_stays_bounded(transport):
    found = villani_growth_of(transport, NoRegularizer(), search=False)
    assert found.verdict == "fails along a direction (exhibited)"
    assert "does not tend to infinity either" in str(found)


def test_with_outer_weights_alone_frobenius_suffices():
    found = villani_growth(
        TRANSPORT,
        cx.NetworkSettings(width=3),
        frobenius("0.1"),
        trained="outer",
        points=6,
        search=False,
    )
    assert found.verdict == "proved"
    found.verify()


class Quartic(AbstractRegularizer):
    """A regularizer of one's own: 0.01 times the sum of fourth powers."""

    @property
    def words(self):
        return "0.01 sum theta^4"

    def __call__(self, theta, xp):
        return 0.01 * xp.sum(theta**4)


def test_regularizers_are_plug_ins():
    loss = CallableLoss(lambda t, xp: xp.sum(xp.tanh(t) ** 2), 2)
    found = villani_growth_of(loss, Quartic())
    assert found.verdict == "growth observed, not proved"
    assert "sum theta^4" in str(found)


def test_a_deeponet_needs_more_than_frobenius():
    generator = np.random.default_rng(0)
    loss = OperatorLoss(
        generator.standard_normal((3, 4)),
        np.linspace(0.1, 0.9, 4)[:, None],
        generator.standard_normal((3, 4)),
    )
    refuted = villani_growth_of(loss, frobenius("0.1"), search=False)
    assert refuted.verdict == "fails along a direction (exhibited)"
    proof = villani_growth_of(loss, PowerRegularizer("0.1", 2), search=False)
    assert proof.verdict == "proved"
    refuted.verify()
    proof.verify()


def test_what_is_linear_is_decided_exactly():
    assert is_linear(TRANSPORT) and not is_linear(BURGERS)


SETTINGS = cx.NetworkSettings(width=2)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: villani_growth(BURGERS, SETTINGS, NoRegularizer()), "not linear"),
        (
            lambda: villani_growth(
                TRANSPORT, cx.NetworkSettings(depth=2), NoRegularizer()
            ),
            "one hidden layer",
        ),
        (
            lambda: villani_growth(
                TRANSPORT, cx.NetworkSettings(activation="softplus"), NoRegularizer()
            ),
            "not bounded",
        ),
        (lambda: frobenius(0), "positive"),
        (lambda: frobenius("nan"), "positive"),
        (lambda: PowerRegularizer(1, 0), "positive integer"),
        (lambda: frobenius("0." + "1" * 40), "digits"),
        (
            lambda: villani_growth_of(Nothing(2), frobenius(1), temperature=-1),
            "positive",
        ),
        (lambda: CallableLoss(lambda t, xp: 0.0, 0), "0 parameters"),
        (lambda: OperatorLoss(np.ones((2, 2)), np.ones((3, 1)), np.ones(6)), "fit"),
        (
            lambda: villani_growth_of(
                CallableLoss(lambda t, xp: xp.sum(xp.arctan(t)), 2),
                frobenius(1),
                search=False,
            ),
            "cannot be enclosed",
        ),
    ],
)
def test_bad_input_is_refused_with_its_cause(call, match):
    with pytest.raises(cx.CertaxError, match=match):
        call()

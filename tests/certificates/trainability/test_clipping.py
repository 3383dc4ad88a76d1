"""delta-GClip stays in its ball and falls at its rate."""

import numpy as np
import pytest
from nets import names, sigma

from certax import CertaxError
from certax.certificates._trainability import (
    ShallowNet,
    delta_gclip_guarantee,
    shallow_tangent,
    stochastic_gclip_guarantee,
    tangent,
)
from certax.certificates._trainability._balls import above, below


def problem(seed, name):
    """A wide net near its targets, so that the certificate exists."""
    rng = np.random.default_rng(seed)
    width, points = 200, 3
    outer = rng.choice([-1.0, 1.0], size=width) / np.sqrt(width)
    inputs = rng.normal(size=(points, 4))
    inputs /= np.linalg.norm(inputs, axis=1)[:, None]
    weights = rng.normal(size=(width, 4))
    outputs = sigma(name, inputs @ weights.T)[0] @ outer
    targets = outputs + rng.normal(size=points) * (0.001 if name == "sigmoid" else 0.02)
    return ShallowNet(outer, name, inputs, targets), weights


def jacobian(net, weights):
    first = sigma(net.activation, net.inputs @ weights.T)[1]
    rows = first[:, :, None] * net.outer[:, None] * net.inputs[:, None, :]
    return rows.reshape(len(net.inputs), -1)


def residuals(net, weights):
    return sigma(net.activation, net.inputs @ weights.T)[0] @ net.outer - net.targets


@pytest.mark.parametrize("name", names)
def test_rate_and_ball_with_an_active_floor(name):
    active = 0
    for seed in range(4):
        net, start = problem(seed, name)
        whole = shallow_tangent(net, start)
        found = delta_gclip_guarantee(whole, 0.25, 1e-8, threshold=1e-5)
        assert found.verdict == "applies under assumptions"
        weights, losses = start, []
        for _ in range(min(int(found["iterations"]), 300) + 1):
            gaps, rows = residuals(net, weights), jacobian(net, weights)
            losses.append(gaps @ gaps / 2)
            assert np.linalg.norm(weights - start) <= found["radius"]
            low, *_, high = np.linalg.eigvalsh(rows @ rows.T)
            assert low >= found["mu"] and high <= found["smoothness"]
            gradient = (gaps @ rows).reshape(start.shape)
            clip = 1e-5 / max(np.linalg.norm(gradient), 1e-300)
            active += clip < 0.25
            weights = weights - found["step"] * min(1, max(0.25, clip)) * gradient
        losses = np.array(losses)
        assert (losses[1:] <= found["factor"] * losses[:-1] + 1e-18).all()
    assert active > 10


@pytest.mark.parametrize("name", names)
def test_the_enclosed_kernel_and_change(name):
    net, start = problem(7, name)
    whole = shallow_tangent(net, start)
    values = np.linalg.eigvalsh(jacobian(net, start) @ jacobian(net, start).T)
    assert values[0] * 0.9999 <= below(whole.least) <= values[0] * (1 + 1e-9)
    assert values[-1] * (1 - 1e-9) <= above(whole.greatest) <= values[-1] * 1.0001
    rng = np.random.default_rng(0)
    for scale in (1e-3, 1e-1, 1.0, 10.0):
        move = rng.normal(size=start.shape) * scale
        change = jacobian(net, start + move) - jacobian(net, start)
        bound = above(whole.change) * np.linalg.norm(move)
        assert np.linalg.norm(change) <= bound


def test_a_jacobian_from_elsewhere_is_assumed():
    net, start = problem(1, "tanh")
    given = tangent(
        jacobian(net, start),
        residuals(net, start),
        above(shallow_tangent(net, start).change),
    )
    found = delta_gclip_guarantee(given, 0.25, 1e-8)
    own = delta_gclip_guarantee(shallow_tangent(net, start), 0.25, 1e-8)
    assert found["mu"] == pytest.approx(own["mu"], rel=1e-6)
    assert {h.status for h in found.hypotheses} == {"assumed", "checked"}
    assert found["mu"] <= own["mu"] and found["step"] <= own["step"]


def test_narrow_nets_are_refused_honestly():
    net = ShallowNet([1.0], "tanh", [[1.0], [2.0]], [0.0, 5.0])
    found = delta_gclip_guarantee(shallow_tangent(net, [[0.5]]), 0.5, 1e-3)
    assert found.verdict == "does not apply" and "too narrow" in found.reason
    assert "vacuous" not in str(found)


def test_groups_need_a_larger_ball():
    whole = shallow_tangent(*problem(1, "tanh"))
    alone = delta_gclip_guarantee(whole, 0.25, 1e-3)
    groups = delta_gclip_guarantee(whole, 0.25, 1e-3, norm="group")
    # Here (1 + delta) / (2 sqrt delta) is 1.25, and mu falls with the radius.
    assert groups["radius"] > 1.25 * alone["radius"] and groups["mu"] < alone["mu"]


def test_refusals():
    whole = shallow_tangent(*problem(1, "tanh"))
    for floor in (0.0, 1.5, -0.1, float("nan")):
        with pytest.raises(CertaxError, match="`floor`"):
            delta_gclip_guarantee(whole, floor, 1e-3)
    largest = delta_gclip_guarantee(whole, 0.5, 1e-3)["step"]
    with pytest.raises(CertaxError, match=f"at most {largest!r}"):
        delta_gclip_guarantee(whole, 0.5, 1e-3, step=1.001 * largest)
    free = delta_gclip_guarantee(whole, 0.5, 1e-3, step=2 * largest, unproved=True)
    assert free.verdict == "unproved"
    with pytest.raises(CertaxError, match="squared loss"):
        shallow_tangent(ShallowNet([1.0], "tanh", [[1.0]], [1.0], "logistic"), [[1.0]])
    with pytest.raises(CertaxError, match="shape"):
        shallow_tangent(ShallowNet([1.0], "tanh", [[1.0]], [1.0]), [[1.0, 2.0]])


@pytest.mark.parametrize("decoupled", [False, True])
def test_noisy_clipping_on_a_parabola(decoupled):
    rng, beta, theta, delta, step = np.random.default_rng(0), 2.0, 0.3, 0.2, 0.25
    chains, count, x = 2000, 200, np.full(2000, 3.0)
    found = stochastic_gclip_guarantee(
        beta, theta**2, 9.0, delta, step, count, decoupled=decoupled
    )
    squares = []
    for _ in range(count):
        squares.append((beta * x) ** 2)
        noise = theta * rng.normal(size=(2, chains))
        g, other = beta * x + noise
        norm = np.abs(other if decoupled else g)
        x = x - step * np.minimum(1, np.maximum(delta, 0.5 / norm)) * g
    assert np.mean(squares) <= found["mean_square"]
    assert found["floor"] == pytest.approx(
        (beta * step if decoupled else 1) * theta**2 / delta
    )

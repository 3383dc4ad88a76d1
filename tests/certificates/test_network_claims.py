"""Claims about the net: from a solution to a certificate that the checker accepts."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from helpers import ansatz_of, burgers, closed_form, solution_of

import certax as cx
from certax import CertaxError
from certax._core import Program, trace_function
from certax.certificates import run_checker
from certax.problems import Solution


@pytest.fixture(scope="module")
def solution():
    problem = burgers()
    return solution_of(problem, ansatz_of(problem, 3, width=5, depth=1))


@pytest.fixture(scope="module")
def kinked():
    """ReLU features of x and t with an absolute value on top."""
    return closed_form(
        burgers(),
        lambda x, t, pi, a: jnp.abs(jax.nn.relu(a * x - t) - 0.2) - jnp.minimum(x, t),
        a=2.0,
    )


def sampled(solution, **order) -> np.ndarray:
    axes = np.linspace(-1, 1, 201), np.linspace(0, 1, 201)
    x, t = np.meshgrid(*axes, indexing="ij")
    found = solution if not order else getattr(solution.u, order["name"])
    return found(x=x, t=t)


def confirmed(certificate, solution, folder) -> dict:
    """The saved certificate as another process reads it."""
    from certax._api._verbs import save

    save(solution, folder)
    certificate.save(folder)
    status, answer = run_checker("verify", "--json", folder / certificate.file)
    assert status == 0 and answer["accepted"], answer
    return answer


@pytest.mark.parametrize("derivative", ["", "x,x"])
def test_ranges_are_true_and_tight(solution, derivative, tmp_path):
    certificate = cx.certify(solution, claim="range", derivative=derivative)
    assert certificate.proved and certificate.norm == "range"
    low, high = map(float, certificate.interval)
    values = sampled(solution, **({"name": "xx"} if derivative else {}))
    assert low <= values.min() and values.max() <= high
    assert high - low <= 1.03 * (values.max() - values.min())
    answer = confirmed(certificate, solution, tmp_path)
    assert tuple(answer["interval"]) == certificate.interval
    name = "u_xx" if derivative else "u"
    words = f"{certificate.interval[0]} <= {name} <= {certificate.interval[1]}"
    assert words in str(certificate)
    assert certificate.file == f"certificate-range-{name}.json"


@pytest.mark.parametrize("norm", ["l2", "linf"])
def test_lipschitz_constants_are_true_and_tight(solution, norm, tmp_path):
    certificate = cx.certify(solution, claim="lipschitz", norm=norm)
    slopes = np.stack([sampled(solution, name=n) for n in ("x", "t")])
    sizes = np.abs(slopes).sum(0) if norm == "linf" else np.sqrt((slopes**2).sum(0))
    bound = float(certificate.bound)
    assert certificate.proved and sizes.max() <= bound <= 1.05 * sizes.max()
    assert confirmed(certificate, solution, tmp_path)["norm"] == norm


def test_nets_with_kinks_have_ranges_and_lipschitz_constants(kinked, tmp_path):
    values = sampled(kinked)
    certificate = cx.certify(kinked, claim="range", relative_target=1.05)
    low, high = map(float, certificate.interval)
    assert low <= values.min() and values.max() <= high
    assert high - low <= 1.06 * (values.max() - values.min())
    certificate = cx.certify(kinked, claim="lipschitz", relative_target=1.2)
    change = np.abs(np.diff(values, axis=0)).max() / 0.01
    assert certificate.proved and change <= float(certificate.bound) <= 10
    assert any(h.name == "kinks" for h in certificate.hypotheses)
    confirmed(certificate, kinked, tmp_path)


def test_nets_with_kinks_have_nothing_else(kinked):
    found = cx.certify(kinked, claim="range", derivative="x")
    assert found.verdict == "not applicable" and not found.bound
    assert "kink (max0), so u_x does not exist everywhere" in found.reason
    found = cx.certify(kinked, claim="solution")
    assert found.verdict == "not applicable" and "kink" in found.reason
    with pytest.raises(CertaxError, match="'max0' has no enclosure"):
        cx.certify(kinked, claim="residual")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"claim": "size"}, "no claim 'size'"),
        ({"claim": "range", "field": "v"}, "no field 'v'"),
        ({"claim": "range", "derivative": "y"}, "no coordinate 'y'"),
        ({"claim": "range", "derivative": "xx"}, "no coordinate 'xx'"),
        ({"claim": "range", "derivative": "x,x,x,t,t"}, "order 5"),
        ({"claim": "range", "norm": "L2"}, "option norm has no meaning"),
        ({"claim": "solution", "norm": "L7"}, "option norm has no meaning"),
        ({"norm": "L7"}, "option norm has no meaning"),
        ({"claim": "range", "theorem": "barrier"}, "option theorem has no meaning"),
        ({"claim": "lipschitz", "norm": "L2"}, "no norm 'L2' for Lipschitz"),
        ({"claim": "lipschitz", "derivative": "x"}, "option derivative has no"),
        ({"claim": "residual", "field": "u"}, "option field has no meaning"),
        ({"field": "u"}, "option field has no meaning"),
    ],
)
def test_refusals_say_why(solution, options, words):
    with pytest.raises(CertaxError, match=words) as caught:
        cx.certify(solution, **options)
    assert caught.value.remedy


def relu_net(dimension: int, half: str = "0.1"):
    """A ReLU net of many inputs, with its solution and its problem without equation."""
    generator = np.random.default_rng(dimension)
    first = generator.normal(size=(8, dimension)) / np.sqrt(dimension)
    last = generator.normal(size=8)
    names = [f"x{i}" for i in range(1, dimension + 1)]
    problem = cx.Problem(
        domain=cx.Box(**{n: (f"-{half}", half) for n in names}),
        residual=lambda u: u - 1,
        conditions=(),
    )

    def net(v):
        return last @ jax.nn.relu(first @ v + 0.05)

    program, weights = trace_function(lambda v: [net(v)], [(dimension,)], names, "net")
    program = Program(program.inputs, program.ops, {"u": program.outputs["0"]})
    weights = {name: np.asarray(w) for name, w in weights.items()}
    return Solution(problem, program, weights, {}), first, last


@pytest.mark.parametrize("dimension", [6, 20])
def test_nets_of_many_inputs_have_ranges_and_lipschitz_constants(dimension, tmp_path):
    solution, first, last = relu_net(dimension)
    options = {"budget": 1, "relative_target": 1.1}
    certificate = cx.certify(solution, claim="range", **options)
    points = np.random.default_rng(0).uniform(-0.1, 0.1, (5000, dimension))
    values = np.maximum(points @ first.T + 0.05, 0.0) @ last
    low, high = map(float, certificate.interval)
    assert certificate.proved
    assert low <= values.min() and values.max() <= high
    confirmed(certificate, solution, tmp_path)
    slopes = ((points @ first.T + 0.05 > 0) * last) @ first
    for norm, sizes in (
        ("l2", np.sqrt((slopes**2).sum(1))),
        ("linf", np.abs(slopes).sum(1)),
    ):
        certificate = cx.certify(solution, claim="lipschitz", norm=norm, **options)
        assert certificate.proved and sizes.max() <= float(certificate.bound)
        confirmed(certificate, solution, tmp_path)


def test_in_many_inputs_there_is_nothing_else():
    solution, *_ = relu_net(6)
    found = cx.certify(solution, claim="solution")
    assert found.verdict == "not applicable" and "at most 5" in found.reason
    found = cx.certify(solution, claim="range", derivative="x1")
    assert found.verdict == "not applicable" and not found.bound
    with pytest.raises(CertaxError, match="at most 5 coordinates, not 6"):
        cx.certify(solution, claim="residual")

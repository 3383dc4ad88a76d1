"""The page of a certificate of trainability, also in a real browser."""

import json
from pathlib import Path

import numpy as np
import pytest
from test_browser import browser as browser, chromium, open_page

import certax as cx
from certax.certificates import Curve
from certax.cli import main
from certax.reports import write_report

inputs = np.random.default_rng(0).uniform(-1, 1, size=(12, 2))
net = cx.ShallowNet(np.full(6, 0.15), "tanh", inputs, np.sign(inputs[:, 0]))
start = inputs[:6]


def descended(weight, step, count):
    """The regularized losses of gradient descent."""
    weights, losses = start, []
    for _ in range(count + 1):
        value = np.tanh(inputs @ weights.T)
        gap = value @ net.outer - net.targets
        losses.append(np.mean(gap**2) / 2 + weight / 2 * np.sum(weights**2))
        slope = (gap[:, None] * (1 - value**2) * net.outer).T @ inputs / len(gap)
        weights = weights - step * (slope + weight * weights)
    return losses


def guarantee(folder):
    name = "certificate-trainability-guarantee.json"
    return json.loads((folder / name).read_text())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Of gradient descent with its largest step, recorded."""
    options = {"accuracy": 1e-6}
    plain = cx.TrainingRun(net, "gradient-descent", options, "0.3", start)
    losses = descended(0.3, plain.guarantee()["step"], 15)
    out = tmp_path_factory.mktemp("descent")
    run = cx.TrainingRun(net, "gradient-descent", options, "0.3", start, losses=losses)
    cx.certify(run, claim="trainability", out=out)
    return out


def test_the_bound_holds_along_the_record(folder):
    stored = json.loads(
        (folder / "certificate-trainability-guarantee.json").read_text()
    )
    curve = stored["curve"]
    numbers = {k: float(v) for k, v in curve["numbers"].items()}
    bound = Curve("geometric", "", True, numbers, float(curve["step"]), 1.0)
    rows = (folder / "certificate-trainability-losses.csv").read_text().split()[1:]
    losses = [float(row.split(",")[1]) for row in rows]
    assert len(losses) == 16 and curve["above"]
    for k, loss in enumerate(losses):
        assert loss - min(losses) <= bound.at(k)
    assert stored["binding"] == ["strong_convexity", "smoothness", "start_gap"]


def test_the_page_says_what_is_proved_and_what_is_computed(folder, capsys):
    assert main(["report", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["report"].endswith("report.html")
    page = (folder / "report.html").read_text()
    body = page.split("<body>")[1].split("<script")[0]
    for text in (
        "constants proved, bound computed",
        "<dt>vacuous</dt><dd>no</dd>",
        "proved by the checker",
        "formula as recalled",
        "bound of the theorem",
        '<span class="binds">binds</span>',
        '<li class="assumed"',
        "certax verify certificate-trainability.json",
    ):
        assert text in (page if text.startswith("bound of") else body), text
    stored = json.loads((folder / "certificate-trainability.json").read_text())
    assert f'class="number proved">{stored["constants"]["threshold"]}</td>' in body
    assert "http" not in body


def test_a_page_of_a_vacuous_bound_and_of_none(tmp_path):
    hot = {"temperature": "1", "accuracy": "0.1"}
    runs = {
        "hot": cx.TrainingRun(net, "langevin", hot, "0.3", losses=[0.4, 0.3]),
        "diffusion": cx.TrainingRun(net, "sgd-diffusion", {"temperature": 1}, "0.3"),
    }
    pages = {}
    for name, run in runs.items():
        cx.certify(run, out=tmp_path / name)
        pages[name] = write_report(tmp_path / name).read_text()
    assert "<dt>vacuous</dt><dd>yes</dd>" in pages["hot"]
    assert "sobolev_convexity" in pages["hot"]
    assert "There is no bound of the loss itself" in pages["diffusion"]


def test_changed_and_damaged_files(folder, tmp_path):
    import shutil

    copy = shutil.copytree(folder, tmp_path / "copy")
    data = copy / "certificate-trainability-data.safetensors"
    data.write_bytes(data.read_bytes()[:-1] + b"\x01")
    page = write_report(copy).read_text()
    assert "files changed" in page and "proved by the checker" not in page
    for name, text in (
        ("certificate-trainability-losses.csv", "step,loss\n0,nan\n"),
        ("certificate-trainability-guarantee.json", "{}"),
    ):
        (copy / name).write_text(text)
        with pytest.raises(cx.CertaxError, match=f"{name} is damaged"):
            write_report(copy)


def test_a_record_has_one_loss_for_each_step():
    given = (net, "gradient-descent", {"accuracy": 1e-6}, "0.3", start)
    for losses, steps, message in (
        ([1.0, np.nan], None, "`losses` is nan"),
        ([1.0, 0.5], [0, 0], "A record of 2 losses at 2 steps is none"),
        ([1.0], [0, 1], "A record of 1 losses at 2 steps"),
    ):
        with pytest.raises(cx.CertaxError, match=message):
            cx.TrainingRun(*given, losses=losses, steps=steps)


@pytest.mark.parametrize("form", ["geometric", "entropy", "level"])
def test_bounds_fall_with_the_steps(form):
    numbers = {
        "start": 3.0, "rate": 0.5, "excess": 0.1, "oscillation": 2.0, "bend": 0.2,
    }  # fmt: skip
    curve = Curve(form, "", False, numbers, 0.1, 0.2)
    values = [curve.at(k) for k in range(0, 200, 10)]
    assert all(a >= b for a, b in zip(values[:-1], values[1:], strict=True))
    if form == "geometric":
        assert values[1] == pytest.approx(3 * 0.95**10)
    if form == "entropy":
        assert values[0] == pytest.approx(2.1)
        assert values[-1] > 0.1 + 2 * np.sqrt(0.2 * 0.1 / 2)


@pytest.mark.browser
@pytest.mark.skipif(not chromium.exists(), reason=f"there is no {chromium}")
def test_the_page_in_a_browser(browser, folder):
    report = write_report(folder)
    page = open_page(browser, report, 1280, 900)
    own = [url for url in page.requests if not url.startswith("data:")]
    assert page.trouble == [] and own == [Path(report).as_uri()]
    traces = "document.getElementById('plot-bound')"
    lines = page.evaluate(f"{traces}.data.map((t) => [t.name, t.line.dash || 'solid'])")
    assert lines[0] == ["bound of the theorem", "solid"]
    assert lines[1][0] == "recorded (measured)" and lines[1][1] != "solid"
    stored = json.loads(
        (folder / "certificate-trainability-guarantee.json").read_text()
    )
    numbers = {k: float(v) for k, v in stored["curve"]["numbers"].items()}
    ends = float(stored["curve"]["step"]), float(stored["curve"]["limit"])
    curve = Curve("geometric", "", True, numbers, *ends)
    now = "Number(document.getElementById('bound-now').dataset.bound)"
    assert page.evaluate(now) == pytest.approx(curve.at(15), rel=0.2)
    page.evaluate(
        """() => {
            const slider = document.getElementById("step");
            slider.value = -1;
            slider.dispatchEvent(new Event("input"));
        }"""
    )
    assert page.evaluate(now) == pytest.approx(curve.at(15, ends[1] / 10), rel=1e-9)
    drawn = page.evaluate(f"{traces}.data[0].y.filter((y) => y !== null).at(-1)")
    assert drawn > curve.at(15)
    shown = "[...document.querySelectorAll('#constants tbody tr')]"
    shown += ".filter((row) => row.offsetParent).length"
    assert page.evaluate(shown) > 3
    page.check("#only-binding")
    assert page.evaluate(shown) == 3
    page.check("#logarithmic")
    assert page.evaluate(f"{traces}.layout.xaxis.type") == "log"
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()

"""The page as text; tests/reports/test_browser.py opens it."""

import base64
import json
import re

import numpy as np
import pytest
import report_runs

from certax import CertaxError
from certax.reports import read_summary, write_report, write_summary
from certax.reports._words import split_statement, with_hashes


def visible_text(page: str) -> str:
    body = page[page.index("<main>") : page.index("</main>")]
    text = re.sub(r"<[^>]*>", " ", body)
    for entity, character in {"&#39;": "'", "&lt;": "<", "&gt;": ">"}.items():
        text = text.replace(entity, character)
    return re.sub(r"\s+", " ", text)


def plots(page: str) -> dict[str, dict]:
    pattern = r'<script type="application/json" data-plot="plot-([^"]*)">(.*?)</script>'
    return {key: json.loads(text) for key, text in re.findall(pattern, page, re.S)}


def decoded(array) -> np.ndarray:
    if isinstance(array, list):
        return np.array(array)
    kind = np.dtype(array["dtype"])
    values = np.frombuffer(base64.b64decode(array["bdata"]), dtype=kind)
    shape = array.get("shape", str(values.size))
    return values.reshape([int(n) for n in str(shape).split(",")])


def change_file(path, **values):
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, **values}))


def test_statement_stands_first_and_complete(burgers_folder):
    page = write_report(burgers_folder).read_text()
    statement = json.loads((burgers_folder / "certificate.json").read_text())
    text = visible_text(page)
    words = re.sub(r"\s+", " ", statement["statement"])
    assert words.replace(" ", "") in text.replace(" ", "")
    assert text.index("Proved: for every t") < text.index("Hypotheses")
    assert re.search(r"<h[1-6]>", page)[0] == "<h1>"


def test_sections_stand_in_order(burgers_folder):
    page = write_report(burgers_folder).read_text()
    wanted = """claim hypotheses solution certified residual boxes training baselines
        certificates environment citations verify""".split()
    found = re.findall(r'<(?:header|section) id="([^"]*)"', page)
    assert found == wanted


def test_page_is_one_small_file_without_outside_links(burgers_folder):
    path = write_report(burgers_folder)
    page = path.read_text()
    assert path.stat().st_size < 7_000_000
    assert page.count("plotly.js v") == 1
    markup, _, rest = page.partition("plotly.js v")
    markup += rest[rest.index("</script>") :]
    assert not re.search(r'\b(src|href|url)\s*[=(]\s*"?(?!"?#|"?data:)', markup)
    assert not list(burgers_folder.glob(".*"))


def test_all_hypotheses_and_citations_are_shown(burgers_folder):
    text = visible_text(write_report(burgers_folder).read_text())
    for hypothesis in report_runs.burgers_hypotheses:
        assert f"{hypothesis.status} {hypothesis.name}" in text
    assert "ladyzenskaja1968linear" in text and "kruzkov1970first" in text
    assert "certax verify certificate.json" in text


def test_proved_and_measured_never_share_a_column(burgers_folder):
    page = write_report(burgers_folder).read_text()
    proved = re.findall(r'<td[^>]*class="number proved">(.*?)</td>', page)
    measured = re.findall(r'<td[^>]*class="number measured">(.*?)</td>', page)
    assert proved == ["8.12 × 10⁻⁴", "1.3 × 10⁻²"]
    assert "3.1 × 10⁻⁴" in measured and not set(proved) & set(measured)


def test_curve_of_an_l1_claim_beside_the_measured_integral(burgers_folder):
    figures = plots(write_report(burgers_folder).read_text())
    proved, measured = figures["claim"]["data"]
    assert proved["name"] == "proved"
    assert measured["name"] == "measured, not proved"
    assert measured["line"]["dash"] and "dash" not in proved["line"]
    assert measured["line"]["color"] != proved["line"]["color"]
    curve = json.loads((burgers_folder / "certificate.json").read_text())["curve"]
    heights = decoded(proved["y"])
    np.testing.assert_allclose(heights[1:], [float(e) for e in curve], rtol=1e-6)
    assert len(decoded(proved["x"])) == 65 and proved["line"]["shape"] == "vh"

    from certax.reports import read_solution

    error = read_solution(burgers_folder / "solution.nc")["error"]
    integral = np.trapezoid(abs(error.values), error["x"].values, axis=0)
    np.testing.assert_allclose(decoded(measured["y"])[1:], integral[1:], rtol=1e-6)


def test_band_only_for_claims_in_the_supremum_norm(burgers_folder, logistic_folder):
    without = plots(write_report(burgers_folder).read_text())
    assert "fill" not in json.dumps([p["data"] for p in without.values()])
    trace = plots(write_report(logistic_folder).read_text())["solution-y"]["data"]
    names = [t.get("name") for t in trace]
    assert names == ["reference", None, "proved band", "computed"]
    low, high, computed = (decoded(trace[i]["y"]) for i in (1, 2, 3))
    assert np.all((low < computed) & (computed < high))


def test_bound_without_a_curve_is_a_level_line(logistic_folder):
    proved = plots(write_report(logistic_folder).read_text())["claim"]["data"][0]
    np.testing.assert_allclose(decoded(proved["y"]), 3.1e-2, rtol=1e-6)
    np.testing.assert_array_equal(decoded(proved["x"]), [0, 10])


def test_map_of_boxes_shows_every_depth(burgers_folder):
    plot = plots(write_report(burgers_folder).read_text())["boxes"]
    image = decoded(plot["data"][0]["z"])
    assert image.min() >= 6 and image.max() == 15
    assert (image > 0).all()


def test_what_is_not_applicable_claims_nothing(diffusion_folder):
    page = write_report(diffusion_folder).read_text()
    text = visible_text(page)
    assert "No bound on the error of diffusion is proved" in text
    assert "walls fails" in text and "failed walls" in text
    assert 'class="is-proved"' not in page and "✓ proved" not in text
    assert "claim" not in plots(page) and "boxes" not in plots(page)
    assert "There is no certificate of these files to verify" in text


def test_residual_claim_does_not_hide_that_the_error_is_unknown(burgers_folder):
    summary = read_summary(burgers_folder)
    solution, residual = summary.certificates
    changes = {
        "verdict": "not applicable",
        "bound": None,
        "file": None,
        "reason": "The hypothesis walls fails.",
    }
    entries = (solution.model_copy(update=changes), residual)
    write_summary(burgers_folder, summary.model_copy(update={"certificates": entries}))
    text = visible_text(write_report(burgers_folder).read_text())
    opening = text[: text.index("Hypotheses")]
    assert "At every point of the domain |r(x, t)| is at most 1.3e-2." in opening
    assert "No bound on the error is proved (not applicable): The" in opening
    assert "proved for the residual only" in opening
    assert "walls fails" in opening and "8.12" not in opening


def test_statement_in_one_line_is_split_but_complete():
    statement = (
        "Proved: for every t in [0, 1], the integral over x in [-1, 1] of "
        "|network - u| is at most 8.12e-4, where u is the solution of u_t + u*u_x = 0 "
        f"and the network is what network.json (SHA-256 {'ab' * 32}) computes. Cited: "
        "a solution exists."
    )
    heading, rest = split_statement(statement)
    assert heading.endswith("at most 8.12e-4,") and rest.startswith("where u is")
    assert f"{heading} {rest}" == statement
    assert f'<code class="hash">{"ab" * 32}</code>' in with_hashes(rest)


@pytest.mark.parametrize("verdict", ["inconclusive", "refuted"])
def test_other_verdicts_claim_nothing(diffusion_folder, verdict):
    summary = read_summary(diffusion_folder)
    entry = summary.certificates[0].model_copy(update={"verdict": verdict})
    write_summary(
        diffusion_folder, summary.model_copy(update={"certificates": (entry,)})
    )
    page = write_report(diffusion_folder).read_text()
    assert f'class="verdict {verdict}"' in page
    assert 'class="is-proved"' not in page


def test_run_without_certificates(diffusion_folder):
    change_file(diffusion_folder / "summary.json", certificates=[])
    text = visible_text(write_report(diffusion_folder).read_text())
    assert "diffusion was solved, but not certified" in text


@pytest.mark.parametrize("name", ["weights.safetensors", "certificate.tree"])
def test_changed_file_takes_the_proof_away(burgers_folder, name):
    with open(burgers_folder / name, "ab") as file:
        file.write(b"\0")
    page = write_report(burgers_folder).read_text()
    text = visible_text(page)
    assert "Nothing is proved about the files in this folder" in text
    assert f"{name} is not the file that certificate.json" in text
    assert 'class="verdict files-changed"' in page
    assert "8.12 × 10⁻⁴" not in text and "not as certified" in text


def test_summary_that_contradicts_the_certificate_is_refused(burgers_folder):
    change_file(burgers_folder / "certificate.json", bound="8.11e-4")
    with pytest.raises(CertaxError, match="bound") as error:
        write_report(burgers_folder)
    assert "8.11e-4" in error.value.message and "certify" in error.value.remedy
    assert not (burgers_folder / "report.html").exists()


@pytest.mark.parametrize(
    "name", ["summary.json", "problem.json", "certificate.json", "certificate.tree"]
)
def test_missing_file_is_refused_by_name(burgers_folder, name):
    (burgers_folder / name).unlink()
    with pytest.raises(CertaxError, match=name):
        write_report(burgers_folder)


def test_net_trained_elsewhere_has_no_history_nor_grid(burgers_folder):
    for name in ("metrics.jsonl", "solution.nc", "config.json"):
        (burgers_folder / name).unlink()
    page = write_report(burgers_folder).read_text()
    assert "no training history" in page and "no solution.nc" in page
    assert set(plots(page)) == {"claim", "boxes", "baselines"}
    assert len(plots(page)["claim"]["data"]) == 1


def test_text_from_files_is_escaped(burgers_folder):
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    path = burgers_folder / "metrics.jsonl"
    path.write_text(path.read_text().replace("broyden", evil))
    change_file(burgers_folder / "certificate.json", statement=evil)
    (burgers_folder / "config.json").write_text(json.dumps({evil: evil}))
    summary = read_summary(burgers_folder)
    entry = summary.certificates[0].model_copy(update={"domain": evil})
    write_summary(burgers_folder, summary.model_copy(update={"certificates": (entry,)}))
    page = write_report(burgers_folder).read_text()
    assert "alert(1)" in page
    assert "<script>alert" not in page and "<img" not in page.split("plotly.js v")[0]


def test_the_verdict_stands_on_top_in_plain_words(burgers_folder):
    assert "This answer" not in write_report(burgers_folder).read_text()
    says = {"doubtful": "The net <learned> the points.", "plausible": "It fell."}
    evidence = [
        {"what": s, "value": 7.0, "threshold": 5.0, "says": s, "sentence": t}
        for s, t in says.items()
    ]
    evidence[0]["remedy"] = "Take more points."
    verdict = {
        "status": "doubtful",
        "evidence": evidence,
        "remedies": ["Take more points."],
    }
    change_file(burgers_folder / "summary.json", verdict=verdict)
    metrics = burgers_folder / "metrics.jsonl"
    first, *rest = metrics.read_text().splitlines()
    warned = json.dumps(json.loads(first) | {"warning": "It memorizes."})
    metrics.write_text("\n".join([warned, *rest]) + "\n")
    text = visible_text(write_report(burgers_folder).read_text())
    lead = text.index("This answer is doubtful.")
    assert lead < text.index("What to do. Take more points.") < text.index("Hypotheses")
    assert text.index("The net <learned> the points.") > lead
    assert text.index("It memorizes.") > text.index("Training")

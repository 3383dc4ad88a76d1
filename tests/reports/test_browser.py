"""Opens the page from the disk in a real browser without a network."""

import os
from pathlib import Path

import pytest
import report_runs

from certax.reports import write_report

chromium = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
flags = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not chromium.exists() and os.environ.get("CI") != "true",
        reason=f"there is no {chromium}",
    ),
]
runs = {
    "burgers": report_runs.burgers_run,
    "logistic": report_runs.logistic_run,
    "diffusion": report_runs.diffusion_run,
}


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=runs)
def report(request, tmp_path_factory):
    folder = runs[request.param](tmp_path_factory.mktemp(request.param))
    return write_report(folder)


def open_page(browser, report, width, height):
    page = browser.new_page(viewport={"width": width, "height": height})
    page.context.set_offline(True)
    page.trouble, page.requests = [], []
    page.on("console", lambda message: page.trouble.append(message.text))
    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    page.on("request", lambda request: page.requests.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-drawn]", timeout=20_000)
    return page


@pytest.fixture(scope="module")
def page(browser, report):
    page = open_page(browser, report, 1280, 900)
    yield page
    page.close()


def test_page_draws_itself_alone(page, report):
    assert page.trouble == []
    assert [url for url in page.requests if not url.startswith("data:")] == [
        report.as_uri()
    ]
    drawn = page.evaluate(
        """() => [...document.querySelectorAll(".plot")].map((place) => {
            const size = place.getBoundingClientRect();
            const shapes = place.querySelectorAll(
                ".main-svg .js-line, .main-svg .point, .main-svg image");
            const marks = [...shapes].filter((shape) =>
                (shape.getAttribute("d") || "").length > 4
                || (shape.getAttribute("href")
                    || shape.getAttribute("xlink:href") || "").length > 100);
            return [place.id, place.getAttribute("aria-label").length,
                    size.width, marks.length];
        })"""
    )
    assert len(drawn) == int(page.evaluate("document.documentElement.dataset.drawn"))
    assert len(drawn) >= 6
    for name, label, width, marks in drawn:
        assert label > 20, name
        assert width > 150, name
        assert marks > 0, name


def test_claim_is_the_first_heading_and_in_sight(page):
    tag, text, bottom = page.evaluate(
        """() => {
            const heading = document.querySelector("h1, h2, h3, h4, h5, h6");
            return [heading.tagName, heading.textContent,
                    heading.getBoundingClientRect().bottom];
        }"""
    )
    assert tag == "H1"
    assert text.startswith(("Proved: ", "No bound on the error of"))
    assert bottom < 600


def test_figures_follow_the_width_of_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    try:
        page.wait_for_function(
            """() => [...document.querySelectorAll(".plot")].every((place) => {
                const svg = place.querySelector(".main-svg").getBoundingClientRect();
                return Math.abs(svg.width - place.getBoundingClientRect().width) < 2;
            })""",
            timeout=20_000,
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    finally:
        page.set_viewport_size({"width": 1280, "height": 900})


def test_opens_on_a_phone(browser, tmp_path):
    report = write_report(report_runs.logistic_run(tmp_path / "logistic"))
    page = open_page(browser, report, 390, 844)
    assert page.trouble == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('h1').offsetTop") < 300
    page.close()


def test_reads_without_pictures(page):
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate("document.querySelectorAll('main').length") == 1
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("section")]
            .filter((section) => !section.querySelector("h2")?.textContent).length"""
    )
    assert unnamed == 0

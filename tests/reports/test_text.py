import pytest

from certax.reports import (
    CertificateEntry,
    _numbers as numbers,
    certificate_text,
    read_summary,
)


def test_proved_and_measured_are_labelled(burgers_folder):
    text = certificate_text(read_summary(burgers_folder).certificates[0])
    lines = text.split("\n")
    assert lines[0] == "proved"
    assert any("8.12e-4" in line and "proved" in line for line in lines)
    assert any("0.00031" in line and "not proved" in line for line in lines)
    assert "l1-contraction" in text and "[c] solution (cited)" in text


def test_what_is_not_proved_has_a_reason_and_no_bound(diffusion_folder):
    text = certificate_text(read_summary(diffusion_folder).certificates[0])
    assert text.startswith("not applicable")
    assert "walls fails" in text and "bound" not in text


def test_computed_number_is_never_called_proved(burgers_folder):
    entry = read_summary(burgers_folder).certificates[0].model_dump()
    verdict = "computed, not checkable"
    entry |= {"verdict": verdict, "claim": "range", "file": None}
    text = certificate_text(CertificateEntry(**entry))
    assert "(computed, not proved)" in text and "(proved)" not in text


@pytest.mark.parametrize("width", [40, 79])
def test_lines_fit(burgers_folder, width):
    for entry in read_summary(burgers_folder).certificates:
        text = certificate_text(entry, width=width)
        assert max(map(len, text.split("\n"))) <= width


@pytest.mark.parametrize(
    ("decimal", "shown"),
    [
        ("8.12e-4", "8.12 × 10⁻⁴"),
        ("8.129999e-4", "8.129999 × 10⁻⁴"),
        ("1e-12", "1 × 10⁻¹²"),
        ("0.0300", "0.0300"),
        ("3e5", "3 × 10⁵"),
    ],
)
def test_proved_digits_are_never_rounded(decimal, shown):
    assert numbers.proved(decimal) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"),
        (0.0, "0"),
        (3.1e-4, "3.1 × 10⁻⁴"),
        (1e-13, "1 × 10⁻¹³"),
        (0.61, "0.61"),
        (123456.0, "1.23 × 10⁵"),
    ],
)
def test_measured_numbers_have_three_digits(value, shown):
    assert numbers.measured(value) == shown


def test_durations_and_sizes():
    assert numbers.seconds(0.3) == "0.3 s"
    assert numbers.seconds(73.1) == "73.1 s"
    assert numbers.seconds(125) == "2 min 5 s"
    assert numbers.seconds(7300) == "2 h 1 min"
    assert numbers.size(950) == "950 bytes"
    assert numbers.size(913_000_000) == "913 MB"

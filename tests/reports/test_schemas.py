import json
from pathlib import Path

import pydantic
import pytest

import certax
from certax import CertaxError
from certax.reports import (
    CertificateEntry,
    Summary,
    TrainingRecord,
    json_schema,
    read_certificate,
    read_metrics,
    read_summary,
    schema_names,
    write_summary,
)
from certax.reports._schemas import generate_schema


def change(path: Path, **values) -> None:
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, **values}))


@pytest.mark.parametrize("name", schema_names)
def test_committed_schema_is_that_of_the_model(name):
    assert json_schema(name) == generate_schema(name)


@pytest.mark.parametrize("name", ["summary", "metrics", "certificate"])
def test_schemas_forbid_unknown_keys(name):
    assert json_schema(name)["additionalProperties"] is False


def test_unknown_schema_is_refused_with_the_known_ones():
    with pytest.raises(CertaxError, match="summary, metrics, certificate") as error:
        json_schema("problems")
    assert error.value.value == "problems"


def test_summary_survives_writing_and_reading(burgers_folder):
    summary = read_summary(burgers_folder)
    before = (burgers_folder / "summary.json").read_bytes()
    write_summary(burgers_folder, summary)
    assert read_summary(burgers_folder) == summary
    assert (burgers_folder / "summary.json").read_bytes() == before


def test_summary_has_the_promised_fields():
    promised = """format problem problem_sha256 seed steps stopped_by wall_seconds
        peak_memory_bytes relative_l2 max_error grid reference baselines
        certificates unknowns condition_defects verdict recipe"""
    assert set(Summary.model_fields) == set(promised.split())
    promised = """file claim field norm domain bound bound_hex measured ratio verdict
        theorem leaves seconds_search seconds_check interval reason hypotheses
        unfit evaluation"""
    assert set(CertificateEntry.model_fields) == set(promised.split())
    promised = """step phase wall_seconds loss residual_rms fresh_residual_rms
        relative_l2 note warning"""
    assert set(TrainingRecord.model_fields) == set(promised.split())


def test_other_version_is_refused(burgers_folder):
    change(burgers_folder / "summary.json", format="certax-summary/2")
    with pytest.raises(CertaxError, match="certax-summary/2") as error:
        read_summary(burgers_folder)
    assert "certax-summary/1" in error.value.remedy


def test_unknown_key_is_refused_by_name(burgers_folder):
    change(burgers_folder / "summary.json", proof="proved")
    with pytest.raises(CertaxError, match="proof"):
        read_summary(burgers_folder)


@pytest.mark.parametrize("seed", ["0", 0.5, True, None])
def test_wrong_type_is_refused(burgers_folder, seed):
    change(burgers_folder / "summary.json", seed=seed)
    with pytest.raises(CertaxError, match="seed"):
        read_summary(burgers_folder)


def test_missing_file_and_broken_json_are_refused(burgers_folder):
    (burgers_folder / "summary.json").write_text("{")
    with pytest.raises(CertaxError, match="not JSON"):
        read_summary(burgers_folder)
    (burgers_folder / "summary.json").unlink()
    with pytest.raises(CertaxError, match="no file"):
        read_summary(burgers_folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"bound": None},
        {"file": None},
        {"verdict": "inconclusive"},
        {"bound": "-1"},
        {"bound": "nan"},
        {"file": "../certificate.json"},
        {"measured": float("nan")},
    ],
)
def test_entry_that_contradicts_itself_is_refused(burgers_folder, changes):
    entry = read_summary(burgers_folder).certificates[0].model_dump()
    with pytest.raises(pydantic.ValidationError):
        CertificateEntry(**{**entry, **changes})


def test_certificate_with_a_path_is_refused(burgers_folder):
    path = burgers_folder / "certificate.json"
    change(path, problem={"file": "/etc/hosts", "sha256": "0" * 64})
    with pytest.raises(CertaxError, match=r"problem\.file"):
        read_certificate(path)


def test_metrics_without_the_line_that_was_cut_off(burgers_folder):
    path = burgers_folder / "metrics.jsonl"
    records = read_metrics(burgers_folder)
    text = path.read_text()
    path.write_text(text + '{"step": 6010, "pha')
    assert read_metrics(burgers_folder) == records
    path.write_text(text.rstrip("\n"))
    assert read_metrics(burgers_folder) == records


def test_damaged_line_of_metrics_is_named(burgers_folder):
    path = burgers_folder / "metrics.jsonl"
    lines = path.read_text().split("\n")
    lines[4] = lines[4].replace("loss", "lost")
    path.write_text("\n".join(lines))
    with pytest.raises(CertaxError, match="line 5"):
        read_metrics(burgers_folder)


def test_importing_certax_loads_no_plotting():
    import subprocess
    import sys

    code = (
        "import sys, certax, certax.reports;"
        "heavy = {'plotly', 'xarray', 'jinja2', 'h5netcdf'} & set(sys.modules);"
        "sys.exit(', '.join(sorted(heavy)) or None)"
    )
    source = str(Path(certax.__file__).parent.parent)
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": source, "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr

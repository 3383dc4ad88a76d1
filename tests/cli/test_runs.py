import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

import jax
import pytest

from certax._core import (
    CertaxError,
    Configuration,
    RunFolder,
    _compilation_cache as cache,
    write_atomically,
)
from certax._core._configuration import read_configuration
from certax.cli._schema_models import RunFile

FACTS: dict[str, Any] = {
    "name": "heat",
    "seed": 3,
    "problem_sha256": "0" * 64,
    "configuration": Configuration(),
}


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_create_and_open(tmp_path):
    configuration = read_configuration(None, ["network.width=40", "problem.nu=1/3"])
    facts = FACTS | {"configuration": configuration}
    made = RunFolder.create(tmp_path / "a" / "b", **facts)
    RunFile.model_validate_json(made.file("config.json").read_text())
    assert RunFolder.open(made.path) == made
    assert names(made.path) == ["config.json"]


def test_folder_in_use_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CertaxError, match="--force or --resume") as caught:
        RunFolder.create(tmp_path, **FACTS)
    assert caught.value.exit_code == 2 and names(tmp_path) == ["mine.txt"]
    with pytest.raises(CertaxError, match="not empty"):
        RunFolder.create(tmp_path, **FACTS, resume=True)


def test_force_deletes_the_former_run_and_nothing_else(tmp_path):
    run = RunFolder.create(tmp_path, **FACTS)
    stale = ["certificate.json", "certificate-residual-L1.tree", "summary.json"]
    for name in [*stale, "notes.txt", "certificates.txt"]:
        run.write(name, "old")
    (tmp_path / "checkpoint").mkdir()
    (tmp_path / "checkpoint" / "state.safetensors").write_bytes(b"old")
    RunFolder.create(tmp_path, **FACTS | {"seed": 4}, force=True)
    assert names(tmp_path) == ["certificates.txt", "config.json", "notes.txt"]
    assert RunFolder.open(tmp_path).seed == 4


def test_a_run_is_withdrawn_without_what_others_wrote(tmp_path):
    run = RunFolder.create(tmp_path / "run", **FACTS)
    run.file("checkpoint").mkdir()
    run.withdraw()
    assert not run.path.exists()
    run = RunFolder.create(tmp_path / "run", **FACTS)
    run.write("notes.txt", "mine")
    run.withdraw()
    assert names(run.path) == ["notes.txt"]


def test_force_deletes_nothing_where_no_run_was(tmp_path):
    (tmp_path / "checkpoint").mkdir()
    (tmp_path / "checkpoint" / "precious").write_text("mine")
    RunFolder.create(tmp_path, **FACTS, force=True)
    assert (tmp_path / "checkpoint" / "precious").read_text() == "mine"


def test_force_spares_the_configuration_of_another_program(tmp_path):
    (tmp_path / "config.json").write_text('{"format": "other"}')
    with pytest.raises(CertaxError, match="was not written by certax"):
        RunFolder.create(tmp_path, **FACTS, force=True)
    assert (tmp_path / "config.json").read_text() == '{"format": "other"}'


def test_force_does_not_follow_links(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("mine")
    run = RunFolder.create(tmp_path / "run", **FACTS)
    run.file("checkpoint").symlink_to(outside)
    RunFolder.create(run.path, **FACTS, force=True)
    assert (outside / "precious").exists() and names(run.path) == ["config.json"]


def test_resume(tmp_path):
    run = RunFolder.create(tmp_path, **FACTS)
    run.write("metrics.jsonl", "{}\n")
    assert RunFolder.create(tmp_path, **FACTS, resume=True) == run
    assert names(tmp_path) == ["config.json", "metrics.jsonl"]
    assert RunFolder.create(tmp_path / "fresh", **FACTS, resume=True).seed == 3


@pytest.mark.parametrize(
    ("change", "mentions"),
    [
        ({"seed": 4}, "another seed"),
        ({"problem_sha256": "1" * 64}, "another problem"),
        (
            {"configuration": read_configuration(None, ["network.width=9"])},
            "another configuration",
        ),
    ],
)
def test_another_run_is_not_resumed(tmp_path, change, mentions):
    RunFolder.create(tmp_path, **FACTS)
    with pytest.raises(CertaxError, match=mentions):
        RunFolder.create(tmp_path, **FACTS | change, resume=True)


@pytest.mark.parametrize(
    ("content", "mentions"),
    [
        ('{"format": "certax-run/2"}', "certax-run/2"),
        ('{"format": "certax-run/1"}', "cannot be read"),
        ("{", "not written by certax"),
        ("[]", "not written by certax"),
        ("\xff", "not written by certax"),
    ],
)
def test_other_versions_and_damage_are_refused(tmp_path, content, mentions):
    (tmp_path / "config.json").write_text(content, encoding="latin-1")
    with pytest.raises(CertaxError, match=mentions) as caught:
        RunFolder.open(tmp_path)
    assert caught.value.exit_code == 2


def test_no_run(tmp_path):
    with pytest.raises(CertaxError, match="no config.json"):
        RunFolder.open(tmp_path / "missing")
    run = RunFolder.create(tmp_path, **FACTS)
    with pytest.raises(CertaxError, match="has no network.json"):
        run.read("network.json")


def test_records(tmp_path):
    run = RunFolder.create(tmp_path, **FACTS)
    assert run.records("metrics.jsonl") == []
    for step in range(5):
        run.append_record("metrics.jsonl", {"step": step, "loss": float("nan")})
    with open(run.file("metrics.jsonl"), "a") as file:
        file.write('{"step": 5, "lo')
    assert run.records("metrics.jsonl")[-1] == {"step": 4, "loss": None}
    run.keep_records("metrics.jsonl", 2)
    run.append_record("metrics.jsonl", {"step": 3, "loss": 1.0})
    assert [r["step"] for r in run.records("metrics.jsonl")] == [0, 1, 2, 3]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("error", "mentions"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (OSError(errno.EDQUOT, "Quota exceeded"), "the disk is full"),
        (OSError(errno.EROFS, "Read-only file system"), "permission is denied"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (KeyboardInterrupt(), ""),
    ],
)
def test_failed_writing_leaves_the_former_file(
    tmp_path, monkeypatch, failing, error, mentions
):
    file = write_atomically(tmp_path / "summary.json", "former")

    def fail(*arguments):
        raise error

    monkeypatch.setattr(os, failing, fail)
    expected = CertaxError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected) as caught:
        write_atomically(file, "new")
    assert mentions in str(caught.value)
    assert file.read_text() == "former" and names(tmp_path) == ["summary.json"]
    if isinstance(caught.value, CertaxError):
        assert caught.value.exit_code == 3


def test_folder_that_cannot_be_made(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(CertaxError, match="a file stands in the way") as caught:
            RunFolder.create(path, **FACTS)
        assert caught.value.exit_code == 2

    def deny(*arguments, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", deny)
    with pytest.raises(CertaxError, match="permission is denied") as caught:
        RunFolder.create(tmp_path / "new", **FACTS)
    assert caught.value.exit_code == 3


def test_configuration_in_a_folder_is_plain_json(tmp_path):
    RunFolder.create(tmp_path, **FACTS)
    facts = json.loads((tmp_path / "config.json").read_text())
    assert facts["configuration"] == Configuration().model_dump(mode="json")


@pytest.fixture
def jax_settings():
    keys = (
        "jax_compilation_cache_dir",
        "jax_persistent_cache_min_compile_time_secs",
        "jax_persistent_cache_min_entry_size_bytes",
    )
    former = {key: getattr(jax.config, key) for key in keys}
    jax.config.update("jax_compilation_cache_dir", None)
    yield former
    for key, value in former.items():
        jax.config.update(key, value)


# The fixture of the same name replaces the function in the module.
enable = cache.enable_compilation_cache


def test_cache_is_private(jax_settings, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = enable()
    assert folder.parent == tmp_path / "certax" and jax.__version__ in folder.name
    for part in (folder, folder.parent):
        assert stat.S_IMODE(part.stat().st_mode) == 0o700
    assert jax.config.jax_compilation_cache_dir == str(folder)
    assert jax.config.jax_persistent_cache_min_compile_time_secs == 0
    assert enable() == folder


def test_cache_chosen_by_the_user_stays(jax_settings, tmp_path):
    jax.config.update("jax_compilation_cache_dir", str(tmp_path))
    assert enable() == tmp_path
    key = "jax_persistent_cache_min_compile_time_secs"
    assert getattr(jax.config, key) == jax_settings[key]


@pytest.mark.parametrize("flaw", ["owner", "mode", "link", "file"])
def test_cache_of_others_is_refused(jax_settings, monkeypatch, tmp_path, flaw):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = cache.compilation_cache_folder()
    folder.parent.mkdir(mode=0o700)
    if flaw == "file":
        folder.write_text("")
    elif flaw == "link":
        (tmp_path / "elsewhere").mkdir()
        folder.symlink_to(tmp_path / "elsewhere")
    else:
        folder.mkdir(mode=0o700)
    if flaw == "mode":
        folder.chmod(0o777)
    if flaw == "owner":
        monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    with pytest.raises(CertaxError, match="cache folder") as caught:
        enable()
    assert caught.value.exit_code == 3
    assert jax.config.jax_compilation_cache_dir is None

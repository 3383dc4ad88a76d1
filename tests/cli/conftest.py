"""A certax whose long computations are replaced by recorded calls."""

import json
import sys
from dataclasses import dataclass
from typing import Any

import pytest
from cli_fakes import FakeApi

import certax
from certax.cli import main


@dataclass
class Ended:
    """How a command ended."""

    exit_code: int
    out: str
    error: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


@pytest.fixture
def run(capsys):
    """Runs the command line in this process."""

    def call(*arguments: object) -> Ended:
        capsys.readouterr()
        code = main([str(a) for a in arguments])
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return call


@pytest.fixture(autouse=True)
def cache_folder(monkeypatch, tmp_path_factory):
    """Keeps commands from changing JAX's settings for the rest of the tests."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setattr(
        "certax._core._compilation_cache.enable_compilation_cache", lambda: folder
    )
    return folder


@pytest.fixture
def api(monkeypatch, tmp_path):
    fake = FakeApi()
    monkeypatch.setitem(sys.modules, "certax._api", fake)
    monkeypatch.setattr(certax, "_api", fake, raising=False)
    monkeypatch.chdir(tmp_path)
    return fake

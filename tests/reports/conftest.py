import pytest
import report_runs


@pytest.fixture(scope="session")
def burgers_original(tmp_path_factory):
    return report_runs.burgers_run(tmp_path_factory.mktemp("burgers"))


@pytest.fixture
def burgers_folder(burgers_original, tmp_path):
    """A fresh copy, which a test may damage."""
    import shutil

    return shutil.copytree(burgers_original, tmp_path / "burgers")


@pytest.fixture
def logistic_folder(tmp_path):
    return report_runs.logistic_run(tmp_path / "logistic")


@pytest.fixture
def diffusion_folder(tmp_path):
    return report_runs.diffusion_run(tmp_path / "diffusion")

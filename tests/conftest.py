"""What every test has: float32 JAX as users find it, printed seeds, fixed hypotheses.

JAX's 64-bit mode is off, because the library must not depend on a global setting.
Tests that call JAX themselves in float64 ask for the fixture `x64`. Workers and
commands share the programs that they compile, in a folder that lasts as long as the
run.
"""

import os
import secrets
import shutil
import tempfile

import pytest
from hypothesis import HealthCheck, settings

_is_worker = "PYTEST_XDIST_WORKER" in os.environ
if not _is_worker:
    # Before JAX is imported, and inherited by workers and commands.
    os.environ["JAX_COMPILATION_CACHE_DIR"] = tempfile.mkdtemp(prefix="certax-tests-")
    os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0.2"

import jax  # noqa: E402

settings.register_profile(
    "certax",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
    ],
)
settings.load_profile("certax")


def pytest_configure(config):
    # Workers of pytest-xdist inherit the environment, and with it the seed.
    os.environ.setdefault("CERTAX_SEED", str(secrets.randbelow(2**31)))


def pytest_unconfigure(config):
    if not _is_worker:
        shutil.rmtree(os.environ["JAX_COMPILATION_CACHE_DIR"], ignore_errors=True)


def pytest_report_header(config):
    return f"certax seed: {os.environ['CERTAX_SEED']} (CERTAX_SEED replays it)"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        seed = f"CERTAX_SEED={os.environ['CERTAX_SEED']}"
        report.sections.append(("certax seed", seed))
    return report


@pytest.fixture
def seed() -> int:
    """The seed of this run."""
    return int(os.environ["CERTAX_SEED"])


@pytest.fixture
def getkey(seed):
    """Fresh random keys, one a call."""
    count = 0

    def key():
        nonlocal count
        count += 1
        return jax.random.fold_in(jax.random.key(seed), count)

    return key


@pytest.fixture
def x64():
    """Float64 for code that calls JAX without a public verb."""
    with jax.enable_x64(True):
        yield


@pytest.fixture
def strict_promotion():
    """Any mixture of number types is an error."""
    with jax.numpy_dtype_promotion("strict"):
        yield

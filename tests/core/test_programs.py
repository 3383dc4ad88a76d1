"""Programs as data: canonical text, hashes, and exact sinpi and cospi in floats."""

import hashlib
import json
import os
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from helpers import check_program, fields_of, some_names, traced, values_of
from hypothesis import given, strategies as st

import certax as cx
from certax._core import Program, canonical, sha256
from certax.problems import zoo_entry

_hashes = """
import json, warnings
warnings.simplefilter("error")
import jax
from certax._core import sha256
from certax.problems import zoo_entry
from helpers import fields_of, some_names
found = {"x64": jax.config.jax_enable_x64}
for name in some_names:
    problem = zoo_entry(name).problem
    found[name] = [problem.sha256, sha256(fields_of(problem).text())]
print(json.dumps(found))
"""


def test_hashes_are_the_same_with_64_bit_mode_on_and_off_and_on_a_second_trace():
    assert not jax.config.jax_enable_x64
    environment = os.environ | {
        "JAX_ENABLE_X64": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    done = subprocess.run(
        [sys.executable, "-c", _hashes],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    elsewhere = json.loads(done.stdout)
    assert elsewhere.pop("x64") is True
    assert set(elsewhere) == set(some_names)
    for name in some_names:
        problem = zoo_entry(name).problem
        assert elsewhere[name] == [problem.sha256, sha256(fields_of(problem).text())]
        assert fields_of(problem).text() == fields_of(problem, seed=1).text()


def test_importing_and_using_certax_changes_no_setting():
    fields_of(zoo_entry("heat").problem)
    assert not jax.config.jax_enable_x64
    assert jnp.ones(1).dtype == jnp.float32


def test_text_is_canonical_ascii_json():
    program = traced(lambda a, b: a * cx.sinpi(b) + 0.5, "a", "b")
    text = program.text()
    assert text.isascii() and text.endswith("}\n") and " " not in text
    assert canonical(json.loads(text)) == text
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert sha256(text) == hashlib.sha256(text.encode("ascii")).hexdigest()


def test_programs_survive_the_round_trip():
    for name in some_names:
        problem = zoo_entry(name).problem
        for program in (problem.residual, fields_of(problem)):
            check_program(program)
            again = Program.from_json(json.loads(program.text()))
            assert again == program and hash(again) == hash(program)
            assert again.text() == program.text()


def test_inputs_are_sorted_by_kind_and_unused_ones_are_dropped():
    program = traced(lambda a, b, c: c * 2.0 + a, "a", "b", "c")
    assert [i.name for i in program.inputs] == ["a", "c", "literal.2"]


def test_constants_are_replaced_by_name_only():
    program = traced(lambda a: a * 2.0 + 3.0, "a")
    other = program.with_constants({"literal.2": "5", "nothing": "7"})
    assert values_of(other, {"a": 1})["y"] == 8
    assert values_of(program, {"a": 1})["y"] == 5
    assert other.text() != program.text()


@given(st.integers(-(2**50), 2**50))
def test_sinpi_and_cospi_are_exact_at_half_integers(n):
    half = n / 2
    with jax.enable_x64(True):
        sine, cosine = float(cx.sinpi(half)), float(cx.cospi(half))
    assert sine == [0, 1, 0, -1][n % 4] and cosine == [1, 0, -1, 0][n % 4]


@given(st.floats(-8, 8))
def test_sinpi_and_cospi_are_accurate(x):
    with jax.enable_x64(True):
        sine, cosine = float(cx.sinpi(x)), float(cx.cospi(x))
        slope = float(jax.grad(cx.sinpi)(x))
    assert sine == pytest.approx(np.sin(np.pi * x), abs=1e-14)
    assert cosine == pytest.approx(np.cos(np.pi * x), abs=1e-14)
    assert slope == pytest.approx(np.pi * cosine, abs=1e-13)

from typing import get_args

import pytest
from hypothesis import given, strategies as st
from pydantic import ValidationError

from certax._core import CertaxError, Configuration
from certax._core._configuration import (
    Activation,
    BalancingName,
    OptimizerName,
    configuration_from,
    known_settings,
    read_configuration,
)
from certax.nn._layers import activations


def written(tmp_path, text):
    file = tmp_path / "settings.toml"
    file.write_text(text)
    return file


def test_file_and_assignments(tmp_path):
    file = written(
        tmp_path,
        "[network]\nwidth = 30\ndepth = 2\n[certificate]\nbudget = 1e+1\n"
        "[problem]\nnu = 0.001\nbeta = 1_0.5\nk = 3\nc = '0.01/pi'\n",
    )
    found = read_configuration(file, ["network.width=40", "network.width = 50"])
    assert found.network.width == 50 and found.network.depth == 2
    assert found.certificate.budget == 10.0
    # Exact: one thousandth, not the binary number next to it.
    assert found.problem == {"nu": "0.001", "beta": "10.5", "k": "3", "c": "0.01/pi"}
    assert found.training.adam_steps is None


def test_round_trip_and_hash():
    found = read_configuration(None, ["network.activation=sin", "problem.nu=1/3"])
    again = configuration_from(found.model_dump(mode="json"))
    assert again == found and hash(again) == hash(found)
    assert found != Configuration()
    with pytest.raises(ValidationError):
        found.network = Configuration().network


def test_optimizers_and_balancings_are_those_of_training():
    from certax.training import named_balancings, named_optimizers

    assert set(get_args(OptimizerName)) == set(named_optimizers)
    assert set(get_args(BalancingName)) == set(named_balancings)


def test_activations_are_those_of_the_nets():
    assert set(get_args(Activation)) == set(activations)


@pytest.mark.parametrize(
    ("assignment", "mentions"),
    [
        ("network.widht=4", "'network.width'"),
        ("netwrok.width=4", "'network'"),
        ("zzz.qqq=4", "The settings are network, training, certificate, problem"),
        ("network.width", "'network.width' is not a setting"),
        ("width=4", "SECTION.KEY=VALUE"),
        ("network.width=", "SECTION.KEY=VALUE"),
        ("network.width.extra=4", "SECTION.KEY=VALUE"),
        ("network.width=wide", "network.width is 'wide'"),
        ("network.width=0", "greater than or equal to 1"),
        ("network.width=2.5", "network.width"),
        ("network.activation=relu", "tanh, sin"),
        ("network.kind=pirate", "mlp, modified-mlp, residual-adaptive"),
        ("network.form=vorticity", "direct, stream-function"),
        ("network.scale=0", "network.scale"),
        ("network.features=0", "network.features"),
        ("network.factorized=perhaps", "network.factorized"),
        ("training.optimizer=lbgfs", "adam, soap, lbfgs, broyden"),
        ("training.balancing=equal", "gradient-norm, ntk, relobralo"),
        ("certificate.slabs=3", "power of two"),
        ("certificate.slabs=8192", "4096"),
        ("certificate.budget=nan", "certificate.budget"),
        ("certificate.budget=inf", "certificate.budget"),
        ("certificate.relative_target=0", "greater than 0"),
        ("problem.nu=sin(1)", "not an exact number"),
        ("problem.nu=1/0", "not a finite real number"),
        ("problem.nu=__import__('os')", "not an exact number"),
    ],
)
def test_refused_assignments(assignment, mentions):
    with pytest.raises(CertaxError) as caught:
        read_configuration(None, [assignment])
    assert mentions in str(caught.value) and caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("[network\n", "is not TOML"),
        ("width = 4\n", "'width'"),
        ("network = 4\n", "network is 4"),
        ("[network]\nwidth = true\n", "must be a number"),
        ("[network]\nwidth = [1, 2]\n", "network.width"),
        ("[problem]\nnu = true\n", "not a number"),
        ("[problem]\nnu = inf\n", "not an exact number"),
    ],
)
def test_refused_files(tmp_path, text, mentions):
    with pytest.raises(CertaxError) as caught:
        read_configuration(written(tmp_path, text))
    assert mentions in str(caught.value) and caught.value.exit_code == 2


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_unreadable_files(tmp_path, name):
    with pytest.raises(CertaxError, match="cannot be read"):
        read_configuration(tmp_path / name)


def test_file_that_is_not_text(tmp_path):
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CertaxError, match="is not TOML"):
        read_configuration(tmp_path / "binary.toml")


@given(st.sampled_from(known_settings()), st.data())
def test_misspelled_keys_name_a_known_one(key, data):
    section, name = key.split(".")
    drop = data.draw(st.integers(0, len(name) - 1))
    misspelled = f"{section}.{name[:drop]}{name[drop + 1 :]}"
    if misspelled.endswith(".") or misspelled in known_settings():
        return
    with pytest.raises(CertaxError, match="Did you mean"):
        read_configuration(None, [f"{misspelled}=1"])

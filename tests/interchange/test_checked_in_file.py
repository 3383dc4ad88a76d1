"""A file as an exporter wrote it, kept so that later versions still read it."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from models import computed, normalized_net, reference

import certax as cx
from certax.interchange import read_net
from certax.problems import zoo_entry

FILE = Path(__file__).parent / "normalized_net.onnx"
BURGERS = zoo_entry("burgers").problem


def test_the_file_is_what_its_maker_makes():
    assert onnx.load(FILE).graph == normalized_net().graph


def test_it_is_read():
    net = read_net(FILE, BURGERS.domain, BURGERS.fields, ("t", "x"))
    points = np.random.default_rng(0).uniform([0, -1], [1, 1], (9, 2))
    wanted = reference(onnx.load(FILE), {"input": points.astype(np.float32)})
    found = computed(net, {"t": points[:, 0], "x": points[:, 1]})
    assert np.allclose(found, wanted, atol=1e-6)  # the reference is float32
    assert net.program.of_kind("constant")  # the normalization is exact numbers


def test_the_wrong_order_is_noticed():
    with pytest.raises(cx.CertaxError, match=r"maps x in \[-1, 1\] to \[-3, 1\]"):
        read_net(FILE, BURGERS.domain, BURGERS.fields, ("x", "t"))

"""arXiv 2310.05169: rows of both scales and the factors of the bound."""

import dataclasses

import jax
import jax.numpy as jnp
import pytest

from certax.papers import Request, blow_up


def test_small_rows_near_the_blow_up():
    from certax.papers.algebraic_inclusion._experiments import Training
    from certax.papers.blow_up import _experiments as blow

    tiny = Training(3, 1, 6, 3, 1e-3, jnp.tanh)
    sizes = dataclasses.replace(
        blow.small, line=tiny, plane=tiny, deltas=("1/2",), ends=("3/10",),
        grids=(9, 5),
    )  # fmt: skip
    rows = {e.key: e for e in blow.experiments(Request(as_published=True), sizes)}
    with jax.enable_x64(True):
        line = rows["line-1-over-2-soft"].compute()
    assert line["theorem's bound"] > line["true risk"] > 0
    correlation = rows["correlation"]
    assert correlation.after == ("line-1-over-2-soft",)
    assert correlation.compute(line) == {"rows": 1}
    found = {"theorem's bound": "not finite", "true risk": 2.0}
    steeper = {"theorem's bound": 1e3, "true risk": 2 * line["true risk"]}
    both = correlation.compute(line, found, steeper)
    assert both["rows"] == 2 and abs(both["correlation"]) == pytest.approx(1)


def test_factors_near_the_blow_up():
    """Against quadrature, and the theorem's factor is never smaller."""
    import numpy as np

    for delta in ("1/2", "9/10", "99/100"):
        end = eval(delta)
        t = np.linspace(end - 1, end, 200_001)
        inner = ((2 - end) ** 2 - (1 - t) ** 2) / 2
        wanted = np.trapezoid(inner / (1 - t), t)
        found = blow_up.our_factor(delta)
        assert found == pytest.approx(wanted, rel=1e-6)
        assert found < blow_up.their_factor(delta)

"""No theorem accepts an equation that is almost its own, and each says why."""

import near_misses_elsewhere
import near_misses_in_energy
import near_misses_in_time
import pytest

from certax.certificates import matching
from certax.certificates._certify import theorems
from certax.certificates._equations import NoMatch

by_name = {theorem.name: theorem for theorem in theorems}
refused = {
    **near_misses_in_time.refused,
    **near_misses_in_energy.refused,
    **near_misses_elsewhere.refused,
}


@pytest.mark.parametrize(
    ("theorem", "case"), [(t, c) for t, cases in refused.items() for c in cases]
)
def test_a_theorem_refuses(theorem, case):
    make, words = refused[theorem][case]
    _, reasons = matching(make())
    assert theorem in reasons
    with pytest.raises(NoMatch, match=words):
        by_name[theorem].match(make())

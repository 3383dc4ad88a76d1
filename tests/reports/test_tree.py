import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from certax import CertaxError
from certax.reports._tree import decode_tree

trees = st.recursive(
    st.integers(0, 15).map(lambda degree: bytes([degree])),
    lambda halves: st.builds(
        lambda axis, low, high: bytes([16 + axis]) + low + high,
        st.integers(0, 2),
        halves,
        halves,
    ),
    max_leaves=60,
)


def leaves_one_by_one(content: bytes, dimension: int):
    """The definition of docs/format.md, read node by node."""
    stream = iter(content)

    def walk(lower, upper):
        node = next(stream)
        if node < 16:
            yield lower, upper
            return
        axis = node - 16
        middle = (lower[axis] + upper[axis]) / 2
        yield from walk(lower, upper[:axis] + (middle,) + upper[axis + 1 :])
        yield from walk(lower[:axis] + (middle,) + lower[axis + 1 :], upper)

    return set(walk((0.0,) * dimension, (1.0,) * dimension))


@settings(derandomize=True)
@given(trees)
def test_decodes_what_the_format_says(content):
    boxes = decode_tree(content, 3)
    found = set(zip(map(tuple, boxes.lower), map(tuple, boxes.upper), strict=True))
    assert found == leaves_one_by_one(content, 3)
    assert boxes.complete
    assert boxes.total == len(boxes.leaves) == sum(node < 16 for node in content)


@settings(derandomize=True)
@given(trees, st.integers(1, 20))
def test_fewer_boxes_still_cover_and_count_all_leaves(content, limit):
    boxes = decode_tree(content, 3, limit=limit)
    assert len(boxes.leaves) <= max(limit, 1)
    assert boxes.leaves.sum() == boxes.total
    assert np.prod(boxes.upper - boxes.lower, axis=1).sum() == 1.0


@settings(derandomize=True)
@given(trees, st.sampled_from([0.0, 0.3, 0.5, 0.75]))
def test_section_keeps_exactly_the_boxes_it_meets(content, position):
    cut = decode_tree(content, 3, section={1: position})
    whole = decode_tree(content, 3)
    met = (whole.lower[:, 1] <= position) & (position < whole.upper[:, 1])
    found = set(zip(map(tuple, cut.lower), map(tuple, cut.upper), strict=True))
    assert found == set(
        zip(map(tuple, whole.lower[met]), map(tuple, whole.upper[met]), strict=True)
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"\x10", b"\x10\x02", b"\x02\x02", b"\x10\x02\x02\x02", b"\x12\x02\x02"],
)
def test_bytes_that_are_no_tree_are_refused(content):
    with pytest.raises(CertaxError, match="tree"):
        decode_tree(content, 2)

from hypothesis import given, strategies as st

from certax.training import OverfittingWatch, Progress


def warnings(trained, fresh, phase="p") -> list[int]:
    """The records at which a warning was given."""
    watch, found = OverfittingWatch(), []
    for k, (a, b) in enumerate(zip(trained, fresh, strict=True)):
        watch, text = watch.seen(Progress(10 * k, phase, 0.0, a**2, a, b))
        if text:
            found.append(k)
    return found


def test_an_episode_is_told_once_and_a_second_one_again():
    trained = [0.7**k for k in range(24)]
    up = [1.0, 1.2, 1.6, 2.2, 3.0, 4.0, 5.0, 6.0]
    down = [4.0, 3.0, 2.0, 1.0, 0.9, 0.8, 0.8, 0.8]
    assert warnings(trained, up + down + up) == [2, 18]
    assert warnings(trained, up + [6.0] * 16) == [2]


def test_what_is_no_overfitting_is_not_told():
    falling = [0.7**k for k in range(20)]
    rising = [1.2**k for k in range(20)]
    assert warnings(falling, falling) == []
    assert warnings(rising, rising) == []
    # New points: the trained residual jumps up, and nothing else happens.
    assert warnings([1.0, 0.5, 0.9, 0.4, 0.8, 0.3], [1.0] * 6) == []
    # At the level of rounding.
    tiny = [1.0, 1e-9, 1e-9, 3e-9, 5e-9]
    assert warnings([1.0, 1e-9, 1e-10, 1e-11, 1e-12], tiny) == []


def test_phases_are_not_compared_with_each_other():
    watch = OverfittingWatch()
    watch, _ = watch.seen(Progress(0, "a", 0.0, 1.0, 1.0, 1.0))
    _, text = watch.seen(Progress(10, "b", 0.0, 1e-4, 1e-2, 2.0))
    assert text == ""
    _, text = watch.seen(Progress(10, "a", 0.0, 1e-4, 1e-2, 2.0))
    assert "step 0" in text and "from 1 to 2" in text


@given(st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=30))
def test_whoever_improves_on_fresh_points_is_never_warned(values):
    fresh = sorted(values, reverse=True)
    assert warnings(values, fresh) == []

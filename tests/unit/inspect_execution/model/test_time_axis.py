# SPDX-License-Identifier: MIT-0
"""Time on the axis, to scale and with its waits folded."""

import pytest

from inspect_execution.model.timelines.time_axis import TimeAxis, TimeSpan, time_axis

from ..events import at


def spans(*given: tuple[float, float, bool]) -> list[TimeSpan]:
    return [TimeSpan(at(start), at(end), is_wait) for start, end, is_wait in given]


def a_long_wait() -> TimeAxis:
    """Two seconds of work, with twenty minutes between them."""
    return time_axis(at(0), at(1202), spans((0, 1, False), (1, 1201, True), (1201, 1202, False)))


def test_to_scale_a_second_is_a_second_everywhere() -> None:
    assert [a_long_wait().to_scale(at(s)) for s in (0, 601, 1202)] == [0, 0.5, 1]


def test_a_wait_is_folded_to_what_can_be_seen_beside_the_work() -> None:
    [fold] = a_long_wait().folds

    # The work's two seconds and one for the fold.
    assert (fold.left, fold.right) == pytest.approx((1 / 3, 2 / 3))
    assert (fold.label, fold.seconds) == ("20 min", 1200)
    assert a_long_wait().folded(at(601)) == pytest.approx(0.5)
    assert a_long_wait().folded(at(1202)) == 1


def test_time_in_which_something_runs_is_never_folded() -> None:
    busy = time_axis(at(0), at(1202), spans((0, 1202, False), (1, 1201, True)))

    assert busy.folds == ()
    assert [busy.folded(at(s)) for s in (0, 601, 1202)] == [0, 0.5, 1]


def test_a_short_wait_is_not_folded() -> None:
    assert time_axis(at(0), at(3), spans((0, 1, False), (1, 2, True), (2, 3, False))).folds == ()


def test_many_folds_leave_room_for_the_work() -> None:
    pieces = [(n * 11.0, n * 11.0 + 1, False) for n in range(100)]
    crowded = time_axis(at(0), at(1100), spans(*pieces))
    folded = sum(fold.right - fold.left for fold in crowded.folds)

    assert len(crowded.folds) == 100
    assert folded == pytest.approx(1 / 3)


def test_positions_never_go_back() -> None:
    crowded = time_axis(at(0), at(90), spans((0, 1, False), (1, 40, True), (40, 41, False)))
    places = [crowded.folded(at(tenth / 10)) for tenth in range(900)]

    assert places == sorted(places)


def test_an_execution_of_no_length_has_an_axis() -> None:
    empty = time_axis(at(0), at(0), [])

    assert (empty.to_scale(at(0)), empty.folded(at(0)), empty.folds) == (0, 0, ())


@pytest.mark.parametrize(
    ("seconds", "labels"),
    [
        (1202, ["0 s", "5 min", "10 min", "15 min", "20 min"]),
        (12, ["0 s", "2.0 s", "4.0 s", "6.0 s", "8.0 s", "10.0 s", "12.0 s"]),
        (90_000, ["0 s", "6 h", "12 h", "18 h", "1 d"]),
        (3_000_000, ["0 s", "6 d", "12 d", "18 d", "24 d", "30 d"]),
    ],
)
def test_ticks_stand_at_round_times(seconds: float, labels: list[str]) -> None:
    ticks = time_axis(at(0), at(seconds), []).ticks()

    assert [label for _, label in ticks] == labels
    assert ticks[0][0] == 0
    assert ticks[-1][0] <= 1

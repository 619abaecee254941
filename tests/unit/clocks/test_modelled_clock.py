# SPDX-License-Identifier: MIT-0
"""A family's clock: it skips when all that holds it waits, and fires each timer once."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from local.clocks.clocks import Clocks
from local.clocks.keeper import Keeper
from local.clocks.modelled_clock import ModelledClock, current_clock, now
from local.clocks.threads import Event, Thread

DEADLINE_SECONDS = 20
START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = 3600


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    keeper = Keeper()
    yield keeper
    keeper.close()


@pytest.fixture
def clock(keeper: Keeper) -> ModelledClock:
    """A clock over a real time that stands still."""
    return ModelledClock(keeper, skips=True, wall=lambda: START)


def elapsed(clock: ModelledClock) -> float:
    return (clock.now() - START).total_seconds()


def in_threads(clock: ModelledClock, *work: Callable[[], object]) -> None:
    """Run that in threads of the clock's family, all at once, to their ends."""
    with clock.held(), clock.current():
        threads = [Thread(target=each, daemon=True) for each in work]
        for thread in threads:
            thread.start()
    for thread in threads:
        threading.Thread.join(thread, DEADLINE_SECONDS)
        assert not thread.is_alive()


def pause(seconds: float) -> Callable[[], bool]:
    return lambda: Event().pause(seconds)


def test_waits_at_the_same_time_pass_at_the_same_time(clock: ModelledClock) -> None:
    in_threads(clock, pause(300), pause(600), pause(300))

    assert elapsed(clock) == 600


def test_waits_one_after_the_other_add_up(clock: ModelledClock) -> None:
    in_threads(clock, lambda: [Event().pause(300), Event().pause(600)])

    assert elapsed(clock) == 900


def test_nothing_is_skipped_while_a_part_of_the_family_runs(clock: ModelledClock) -> None:
    fired_at: list[float] = []
    clock.hold()
    with clock.held():
        clock.start(300, False, lambda: fired_at.append(elapsed(clock)))
    before = list(fired_at), elapsed(clock)
    clock.release()

    assert before == ([], 0)
    assert fired_at == [300]


def test_a_timer_that_is_cancelled_is_neither_fired_nor_skipped_to(clock: ModelledClock) -> None:
    with clock.held():
        clock.cancel(clock.start(300, False, lambda: pytest.fail("it was cancelled")))

    assert elapsed(clock) == 0


def test_an_answer_ends_a_wait_before_its_time_out(clock: ModelledClock) -> None:
    answer, answered = Event(), []

    def answer_later() -> None:
        Event().pause(300)
        answer.set()

    in_threads(clock, lambda: answered.append(answer.wait(HOUR)), answer_later)

    assert answered == [True]
    assert elapsed(clock) == 300


def test_a_time_out_ends_a_wait_whose_answer_comes_later(clock: ModelledClock) -> None:
    answer, answered, at = Event(), [], []

    def wait() -> None:
        answered.append(answer.wait(HOUR))
        at.append(elapsed(clock))

    def answer_late() -> None:
        Event().pause(1.5 * HOUR)
        answer.set()

    in_threads(clock, wait, answer_late)

    assert (answered, at) == ([False], [HOUR])
    assert elapsed(clock) == 1.5 * HOUR


def test_a_time_out_alone_takes_real_time(keeper: Keeper) -> None:
    clock = ModelledClock(keeper, skips=True)
    in_threads(clock, lambda: Event().wait(0.2))

    assert clock.skipped == timedelta()


def test_a_clock_of_real_time_never_skips(keeper: Keeper) -> None:
    clock = ModelledClock(keeper, skips=False)
    began = datetime.now(UTC)
    in_threads(clock, pause(0.2))

    assert clock.skipped == timedelta()
    assert datetime.now(UTC) - began >= timedelta(seconds=0.2)


def test_an_earlier_timer_of_another_clock_is_not_overslept(keeper: Keeper) -> None:
    slow, fast = (ModelledClock(keeper, skips=False) for _ in range(2))
    fired = threading.Event()
    slow.start(HOUR, False, lambda: None)
    fast.start(0.05, False, fired.set)

    assert fired.wait(DEADLINE_SECONDS)


def test_an_event_that_is_set_and_cleared_ends_the_pauses_that_have_begun(
    clock: ModelledClock,
) -> None:
    event, ended = Event(), []

    def end() -> None:
        Event().pause(60)
        event.set()
        event.clear()

    in_threads(clock, lambda: ended.append(event.pause(HOUR)), end)

    assert ended == [True]
    assert elapsed(clock) == 60


def test_a_pause_for_what_is_over_is_none(clock: ModelledClock) -> None:
    in_threads(clock, lambda: Event().pause(HOUR, is_over=lambda: True))

    assert elapsed(clock) == 0


def test_who_waits_for_a_thread_lets_its_time_pass(clock: ModelledClock) -> None:
    alive: list[bool] = []

    def outer() -> None:
        for seconds in (60, None):
            inner = Thread(target=pause(HOUR), daemon=True)
            inner.start()
            inner.join(seconds)
            alive.append(inner.is_alive())

    in_threads(clock, outer)

    assert alive == [True, False]
    assert elapsed(clock) == 60 + HOUR


def test_a_thread_has_the_clock_of_who_starts_it(clock: ModelledClock) -> None:
    seen: list[object] = []
    in_threads(clock, lambda: seen.extend([current_clock(), now()]))

    assert seen == [clock, START]
    assert current_clock() is None


@pytest.fixture
def clocks() -> Iterator[Clocks]:
    clocks = Clocks(real_time=False)
    yield clocks
    clocks.close()


def test_who_starts_inside_an_execution_shares_its_clock_and_others_get_a_new_one(
    clocks: Clocks,
) -> None:
    first, second = clocks.of_starter(), clocks.of_starter()
    with first.current():
        inside = clocks.of_starter()
    clocks.add("arn:1", first)

    assert first is inside is not second
    assert clocks.of("arn:1") is first


def test_a_request_has_the_clock_that_its_header_names(clocks: Clocks) -> None:
    clock = clocks.of_starter()
    seen = []
    for header in (f"Root={clock.trace_id};Parent=1;Sampled=0", "Root=1-0-0", ""):
        with clocks.current(header):
            seen.append(current_clock())

    assert seen == [clock, None, None]

# SPDX-License-Identifier: MIT-0
"""The engine's scheduler and lanes in modelled time."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from aws_durable_execution_sdk_python_testing.model import StartDurableExecutionInput
from aws_durable_execution_sdk_python_testing.stores.memory import InMemoryExecutionStore
from aws_durable_execution_sdk_python_testing.worker.checkpoint_tasks import CallableTask

from local.clocks.clocks import Clocks
from local.clocks.modelled_clock import ModelledClock, current_clock
from local.durable.modelled_engine import ModelledEngine
from local.durable.scheduling import ModelledRegistry, ModelledScheduler

DEADLINE_SECONDS = 20
HOUR = 3600


@pytest.fixture
def clocks() -> Iterator[Clocks]:
    clocks = Clocks(real_time=False)
    yield clocks
    clocks.close()


@pytest.fixture
def clock(clocks: Clocks) -> ModelledClock:
    return clocks.of_starter()


@pytest.fixture
def scheduler() -> Iterator[Any]:
    # As the engine knows it: the library's methods have no types.
    scheduler: Any = ModelledScheduler()
    scheduler.start()
    yield scheduler
    scheduler.stop()


def test_what_goes_on_later_is_skipped_to(clock: ModelledClock, scheduler: Any) -> None:
    seen: list[object] = []

    async def go_on() -> None:
        seen.append(current_clock())

    with clock.current():
        scheduler.call_later(go_on, delay=HOUR).result(DEADLINE_SECONDS)

    assert seen == [clock]
    assert clock.skipped == pytest.approx(timedelta(hours=1), abs=timedelta(seconds=1))


def test_a_time_out_is_not_skipped_to_and_can_be_cancelled(
    clock: ModelledClock, scheduler: Any
) -> None:
    with clock.current():
        timeout = scheduler.call_later(lambda: None, delay=HOUR)

    assert not timeout.done()
    assert timeout.cancel()
    assert clock.skipped == timedelta()
    assert clock.seconds_to_next() is None


def test_nothing_is_skipped_while_a_call_is_under_way(clock: ModelledClock, scheduler: Any) -> None:
    begun, skipped = threading.Event(), []
    over = asyncio.Event()

    async def work() -> None:
        begun.set()
        await over.wait()
        skipped.append(clock.skipped)

    async def go_on() -> None: ...

    with clock.current():
        working = scheduler.call_later(work)
        assert begun.wait(DEADLINE_SECONDS)
        later = scheduler.call_later(go_on, delay=HOUR)
        scheduler._loop.call_soon_threadsafe(over.set)
        working.result(DEADLINE_SECONDS)
        later.result(DEADLINE_SECONDS)

    assert skipped == [timedelta()]
    assert clock.skipped > timedelta()


def test_the_tasks_of_an_execution_run_by_its_clock(
    clocks: Clocks, clock: ModelledClock, scheduler: Any
) -> None:
    clocks.add("arn:1", clock)
    registry = ModelledRegistry(InMemoryExecutionStore(), scheduler, clocks)
    seen = [registry.submit(arn, CallableTask(current_clock)) for arn in ("arn:1", "arn:unknown")]

    assert [each.result(DEADLINE_SECONDS) for each in seen] == [clock, None]
    registry.shutdown()


def test_a_chained_execution_has_the_clock_of_its_parent(clocks: Clocks) -> None:
    engine = object.__new__(ModelledEngine)
    engine.clocks = clocks
    engine._region, engine._store = "us-east-1", InMemoryExecutionStore()
    engine._clock = clocks.of_starter()  # type: ignore[assignment]

    def create(name: str, parent: str | None = None) -> str:
        start = StartDurableExecutionInput("1", "f", "1", name, 60, 1, name, input="{}")
        return str(engine._create_execution(start, parent).durable_execution_arn)

    parent = create("parent")
    child, other = create("child", parent), create("other")

    assert clocks.of(child) is clocks.of(parent)
    assert clocks.of(other) is not clocks.of(parent)

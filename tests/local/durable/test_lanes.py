# SPDX-License-Identifier: MIT-0
"""Lanes: the tasks of an execution run one at a time, those of others meanwhile."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

import pytest
from aws_durable_execution_sdk_python_testing.threads import DaemonThreadPool

from local.durable.lanes import PooledLane

SECONDS = 10
T = TypeVar("T")


def in_pool(lane: PooledLane, task: Callable[[], T]) -> Future[T]:
    """Submit a task as a task does, which leaves it to the pool."""
    return PooledLane(DaemonThreadPool(1)).submit(lambda: lane.submit(task)).result(SECONDS)


@pytest.fixture
def pool() -> Iterator[DaemonThreadPool]:
    pool = DaemonThreadPool(4)
    yield pool
    pool.shutdown()


def test_a_thread_that_submits_a_task_runs_it(pool: DaemonThreadPool) -> None:
    lane, here = PooledLane(pool), threading.get_ident()

    assert lane.submit(threading.get_ident).result(SECONDS) == here
    assert lane.submit(threading.get_ident).result(SECONDS) == here


def test_a_task_and_an_event_loop_run_no_task(pool: DaemonThreadPool) -> None:
    lane, other, here = PooledLane(pool), PooledLane(pool), threading.get_ident()

    async def submit() -> int:
        return await asyncio.wrap_future(lane.submit(threading.get_ident))

    inner = lane.submit(lambda: other.submit(threading.get_ident)).result(SECONDS)
    assert inner.result(SECONDS) != here
    assert asyncio.run(submit()) != here


def test_the_tasks_of_a_lane_run_in_their_order_and_one_at_a_time(pool: DaemonThreadPool) -> None:
    lane, under_way, order = PooledLane(pool), threading.Lock(), list[int]()

    def task(number: int) -> int:
        # Not to be had if another task is under way.
        assert under_way.acquire(blocking=False)
        order.append(number)
        under_way.release()
        return number

    futures = [in_pool(lane, partial(task, number)) for number in range(200)]

    assert [future.result(SECONDS) for future in futures] == list(range(200)) == order


def test_a_lane_does_not_wait_for_another(pool: DaemonThreadPool) -> None:
    blocked = threading.Event()
    waiting = in_pool(PooledLane(pool), lambda: blocked.wait(SECONDS))

    assert PooledLane(pool).submit(lambda: "other").result(SECONDS) == "other"
    blocked.set()
    assert waiting.result(SECONDS) is True


def test_a_task_that_fails_fails_alone(pool: DaemonThreadPool) -> None:
    lane = PooledLane(pool)
    failed: Future[int] = lane.submit(lambda: 1 // 0)

    assert lane.submit(lambda: "next").result(SECONDS) == "next"
    with pytest.raises(ZeroDivisionError):
        failed.result(SECONDS)


def test_a_lane_that_is_stopped_runs_what_it_has_and_takes_no_more(
    pool: DaemonThreadPool,
) -> None:
    lane, blocked = PooledLane(pool), threading.Event()
    in_pool(lane, lambda: blocked.wait(SECONDS))
    last = lane.submit(lambda: "last")
    lane.stop()
    with pytest.raises(RuntimeError, match="stopped"):
        lane.submit(lambda: "late")
    blocked.set()

    assert last.result(SECONDS) == "last"


def test_a_task_that_a_closing_pool_has_not_begun_runs_all_the_same() -> None:
    pool, blocked = DaemonThreadPool(1), threading.Event()
    in_pool(PooledLane(pool), lambda: blocked.wait(SECONDS))
    waiting = in_pool(PooledLane(pool), lambda: "ran")
    pool.shutdown()
    blocked.set()

    assert waiting.result(SECONDS) == "ran"


def test_a_task_for_a_closed_pool_runs_all_the_same() -> None:
    pool = DaemonThreadPool(1)
    lane = PooledLane(pool)
    pool.shutdown()

    assert in_pool(lane, lambda: "ran").result(SECONDS) == "ran"

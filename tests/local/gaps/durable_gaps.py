# SPDX-License-Identifier: MIT-0
"""Which gaps AWS's durable testing SDK still has: see library_gaps.py, which runs these."""

import inspect
import threading
from collections.abc import Callable

from aws_durable_execution_sdk_python_testing.execution import Execution
from aws_durable_execution_sdk_python_testing.executor import Executor
from aws_durable_execution_sdk_python_testing.scheduler import Scheduler
from aws_durable_execution_sdk_python_testing.stores.memory import InMemoryExecutionStore
from aws_durable_execution_sdk_python_testing.worker.lane import SerialTaskLane


def durable_execution_arn_is_opaque() -> bool:
    return "durable_execution_arn=str(uuid4())" in inspect.getsource(Execution.new)


def what_is_due_is_completed_without_an_invocation() -> bool:
    return "_invoke_execution(" not in inspect.getsource(Executor._fire_due_operations)


def failed_invocation_leaves_no_record() -> bool:
    parts = (Executor._retry_after_error, Executor._retry_invocation)
    return not any("invocation_completions" in inspect.getsource(part) for part in parts)


def ended_execution_keeps_its_wake_up() -> bool:
    return "_pending_wakeup" not in inspect.getsource(Executor._complete_events)


def delay_takes_real_time() -> bool:
    return "asyncio.sleep(delay)" in inspect.getsource(Scheduler.call_later)


def lane_has_a_thread_of_its_own() -> bool:
    return isinstance(SerialTaskLane()._thread, threading.Thread)


def execution_cannot_be_deleted() -> bool:
    return not hasattr(InMemoryExecutionStore, "delete")


GAPS: list[Callable[[], bool]] = [
    durable_execution_arn_is_opaque,
    what_is_due_is_completed_without_an_invocation,
    failed_invocation_leaves_no_record,
    ended_execution_keeps_its_wake_up,
    delay_takes_real_time,
    lane_has_a_thread_of_its_own,
    execution_cannot_be_deleted,
]

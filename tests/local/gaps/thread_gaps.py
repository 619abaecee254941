# SPDX-License-Identifier: MIT-0
"""Which gaps the threads of moto's interpreter still have: they end, and others wait for them."""

import contextlib
import inspect
import sys
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest import mock

from moto.stepfunctions.parser.asl.component.program import program
from moto.stepfunctions.parser.asl.component.program.program import Program
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import (
    inline_iteration_component,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.iteration_worker import (  # noqa: E501
    IterationWorker,
)
from moto.stepfunctions.parser.backend import execution_worker
from moto.stepfunctions.parser.utils import TMP_THREADS

from .plain_interpreter import backend, succeed


def dead_thread_leaves_its_execution_running() -> bool:
    no_threads = SimpleNamespace(Thread=StillbornThread)
    return is_left_running(Program, "_eval_body", lambda *_: sys.exit()) and is_left_running(
        program, "threading", no_threads
    )


def execution_without_a_thread_is_running() -> bool:
    return is_left_running(execution_worker, "Thread", StillbornThread)


class StillbornThread(threading.Thread):
    """A thread that cannot be started."""

    def start(self) -> None:
        raise RuntimeError("can't start new thread")


def is_left_running(owner: Any, name: str, broken: Any) -> bool:
    """Whether an execution runs for ever with a part of the interpreter that is broken."""
    created = succeed()
    with (
        mock.patch.object(owner, name, broken),
        mock.patch.object(threading, "excepthook"),
    ):
        with contextlib.suppress(RuntimeError):
            backend().start_execution(created.arn, "dead", "{}")
        for thread in [each for each in TMP_THREADS if each.is_alive()]:
            thread.join(timeout=5)
    return bool(created.executions[0].status == "RUNNING")


def dead_task_leaves_its_state_waiting() -> bool:
    source = inspect.getsource(ExecutionState._evaluate_with_timeout)
    return "except Exception as ex" in source and "finally" not in source


def iterations_are_recursive() -> bool:
    return "self._eval_pool(" in inspect.getsource(IterationWorker._eval_pool)


def iterations_are_all_at_once() -> bool:
    source = inspect.getsource(inline_iteration_component.InlineIterationComponent._eval_body)
    return "len(input_items)" in source


GAPS: list[Callable[[], bool]] = [
    dead_thread_leaves_its_execution_running,
    execution_without_a_thread_is_running,
    dead_task_leaves_its_state_waiting,
    iterations_are_recursive,
    iterations_are_all_at_once,
]

# SPDX-License-Identifier: MIT-0
"""Which gaps moto's interpreter still has in time: the times that it tells, and how it waits."""

import inspect
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from moto.stepfunctions.parser.asl.component.common.retry.max_attempts_decl import (
    MaxAttemptsOutcome,
)
from moto.stepfunctions.parser.asl.component.common.retry.retrier_decl import RetrierDecl
from moto.stepfunctions.parser.asl.component.program import program
from moto.stepfunctions.parser.asl.component.state import state
from moto.stepfunctions.parser.asl.component.state.exec import execute_state
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import (
    inline_iteration_component,
    job,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel import (
    branch_worker,
    branches_decl,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import (
    WaitFunction,
)
from moto.stepfunctions.parser.asl.eval import environment
from moto.stepfunctions.parser.asl.eval.callback import callback
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.backend import execution_worker
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication

from .plain_interpreter import run

PAUSE_SECONDS = 0.02
THREADED = (
    branch_worker,
    branches_decl,
    environment,
    execute_state,
    inline_iteration_component,
    job,
    program,
)


def events_carry_the_time_of_the_machine() -> bool:
    return "datetime.now" in inspect.getsource(EventManager._get_current_timestamp)


def execution_ends_at_the_time_of_the_machine() -> bool:
    return "datetime.now" in inspect.getsource(
        BaseExecutionWorkerCommunication._reflect_execution_status
    )


def interpreter_waits_in_real_time() -> bool:
    return all(module.threading is threading for module in THREADED) and (
        execute_state.Thread is execution_worker.Thread is threading.Thread
        and callback.Event is threading.Event
    )


def takes_real_time(work: Callable[[], object]) -> bool:
    began = time.monotonic()
    work()
    return time.monotonic() - began >= PAUSE_SECONDS


def wait_state_waits_in_real_time() -> bool:
    env = SimpleNamespace(program_state_event=threading.Event(), is_running=lambda: False)
    return takes_real_time(lambda: WaitFunction._wait_interval(None, env, PAUSE_SECONDS))


def retry_pauses_in_real_time() -> bool:
    # Of an execution that goes on, and of one that has been stopped.
    return all(retry_pauses(is_running) for is_running in (True, False))


def retry_pauses(is_running: bool) -> bool:
    env = SimpleNamespace(
        stack=[], program_state_event=threading.Event(), is_running=lambda: is_running
    )

    def pushes(*values: Any) -> SimpleNamespace:
        return SimpleNamespace(eval=lambda env: env.stack.extend(values))

    retrier = SimpleNamespace(
        error_equals=pushes(True),
        max_attempts=pushes(MaxAttemptsOutcome.SUCCESS),
        interval_seconds=pushes(PAUSE_SECONDS),
        backoff_rate=pushes(),
        max_delay_seconds=pushes(),
        jitter_strategy=pushes(),
    )
    return takes_real_time(lambda: RetrierDecl._eval_body(retrier, env))


def entered_time_has_another_format() -> bool:
    execution = run({"Type": "Pass", "Parameters": {"at.$": "$$.State.EnteredTime"}, "End": True})
    is_of_the_machine = "EnteredTime=datetime.datetime.now(" in inspect.getsource(state)
    return is_of_the_machine and not str(execution.output["at"]).endswith("Z")


GAPS: list[Callable[[], bool]] = [
    events_carry_the_time_of_the_machine,
    execution_ends_at_the_time_of_the_machine,
    interpreter_waits_in_real_time,
    wait_state_waits_in_real_time,
    retry_pauses_in_real_time,
    entered_time_has_another_format,
]

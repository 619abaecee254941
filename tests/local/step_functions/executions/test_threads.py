# SPDX-License-Identifier: MIT-0
"""A thread that dies, or cannot start, ends its execution with the reason."""

import json
import re
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

import pytest
from moto.stepfunctions.parser.asl.component.program.program import Program
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.iteration_worker import (  # noqa: E501
    IterationWorker,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.state_pass.state_pass import StatePass
from moto.stepfunctions.parser.asl.eval.program_state import ProgramRunning, ProgramStopped
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

from local.step_functions.executions.environment import ExecutionEnvironment
from local.step_functions.executions.history import EventContext
from local.step_functions.executions.program import parsed

from ....support.stacks.scenario import wait_until
from ....support.step_functions.machines import WAITING, Machines, invoke, one

END = {"Type": "Pass", "End": True}
INNER = {"StartAt": "I", "States": {"I": END}}
OTHER = {"StartAt": "O", "States": {"O": END}}
PARALLEL = {"Type": "Parallel", "Branches": [INNER, OTHER], "End": True}
MAP = {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": INNER, "End": True}
GIVEN = {"items": [1, 2], "secret": "s3cr3t"}


def broken(*_: Any, **__: Any) -> NoReturn:
    raise KeyError("s3cr3t")


def dying(*_: Any, **__: Any) -> NoReturn:
    sys.exit()


def failure(machines: Machines, state: dict[str, Any]) -> str:
    """The cause with which an execution of the state fails, whose last event says the same."""
    execution = machines.start(one(state), GIVEN)
    ended = machines.ended(execution)
    last = machines.events(execution)[-1]

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert last["type"] == "ExecutionFailed"
    assert last["executionFailedEventDetails"] == {
        "error": "States.Runtime",
        "cause": ended["cause"],
    }
    assert "s3cr3t" not in ended["cause"]
    return str(ended["cause"])


@pytest.mark.parametrize("state", [END, PARALLEL, MAP], ids=["alone", "branch", "iteration"])
def test_an_exception_in_a_state_ends_its_execution(
    machines: Machines, state: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StatePass, "_eval_state", broken)
    cause = failure(machines, state)

    # Of two branches, either may be the first to fail.
    name = "S" if state is END else "[IO]" if state is PARALLEL else "I"
    told = rf"An error occurred while executing the state '{name}' \(entered at the event"
    assert re.search(told, cause)
    assert "The local interpreter raised KeyError at test_threads.py:" in cause


@pytest.mark.parametrize("state", [END, PARALLEL, MAP], ids=["alone", "branch", "iteration"])
def test_the_death_of_a_thread_ends_its_execution(
    machines: Machines, state: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StatePass, "_eval_state", dying)

    assert "The local interpreter raised SystemExit at test_threads.py:" in failure(machines, state)


def test_the_death_of_a_task_s_thread_ends_its_execution(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lambda_eval_utils, "boto_client_for", dying)

    assert "The local interpreter raised ThreadDied at threads.py:" in failure(machines, invoke({}))


@pytest.mark.parametrize("state", [END, PARALLEL, MAP], ids=["alone", "branch", "iteration"])
def test_a_thread_that_ends_in_silence_ends_its_execution(
    machines: Machines, state: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate = Program._eval_body

    def evaluate_or_end(self: Program, env: ExecutionEnvironment) -> None:
        # Of a Parallel and a Map state, the threads of the branches and iterations.
        if state is not END and not env.is_frame():
            evaluate(self, env)

    monkeypatch.setattr(Program, "_eval_body", evaluate_or_end)

    assert "The local interpreter's thread ended without a result" in failure(machines, state)


def test_a_definition_that_cannot_be_read_again_ends_its_execution(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = machines.create(one(END))
    # As if so many others had been created since that it is not kept any more.
    parsed.cache_clear()
    monkeypatch.setattr(AmazonStateLanguageParser, "parse", broken)
    started = machines.client.start_execution(stateMachineArn=arn)
    ended = machines.ended(started["executionArn"])

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert "The local interpreter raised KeyError at test_threads.py:" in ended["cause"]
    assert [event["type"] for event in machines.events(started["executionArn"])] == [
        "ExecutionStarted",
        "ExecutionFailed",
    ]


def refusing(is_refused: Callable[[threading.Thread], bool]) -> Callable[[threading.Thread], None]:
    start = threading.Thread.start

    def start_or_refuse(thread: threading.Thread) -> None:
        if is_refused(thread):
            raise RuntimeError("can't start new thread")
        start(thread)

    return start_or_refuse


@pytest.mark.parametrize(
    ("state", "target"),
    [
        (END, "Worker._execution_logic"),
        (END, "EvalComponent.eval"),
        (invoke({}), "_exec_and_notify"),
        (PARALLEL, "BranchWorker._thread_routine"),
        (MAP, "IterationWorker.eval"),
    ],
    ids=["execution", "program", "task", "branch", "iteration"],
)
def test_a_thread_that_cannot_be_started_ends_its_execution(
    machines: Machines, state: dict[str, Any], target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_refused(thread: threading.Thread) -> bool:
        return str(getattr(thread._target, "__qualname__", "")).endswith(target)  # type: ignore[attr-defined]

    monkeypatch.setattr(threading.Thread, "start", refusing(is_refused))

    cause = failure(machines, state)
    assert "RuntimeError at test_threads.py:" in cause or "could not start a thread" in cause


def test_an_iteration_that_breaks_outside_of_its_states_ends_its_execution(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IterationWorker, "_eval_job", broken)

    assert "The local interpreter raised KeyError at test_threads.py:" in failure(machines, MAP)


def test_a_map_state_takes_any_number_of_items_one_at_a_time(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate, depths = IterationWorker._eval_job, []

    def counting(self: IterationWorker, env: Any, job: Any) -> None:
        depths.append(len(traceback.extract_stack()))
        evaluate(self, env, job)

    monkeypatch.setattr(IterationWorker, "_eval_job", counting)
    ended = machines.run(one({**MAP, "MaxConcurrency": 1}), {"items": list(range(20))})

    assert json.loads(ended["output"]) == list(range(20))
    # Python's limit of calls within calls would end it after some hundred items.
    assert len(depths) == 20
    assert len(set(depths)) == 1


def test_a_map_state_has_forty_iterations_at_once_and_no_more(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most, lock = [0], [0], threading.Lock()
    evaluate = Program.eval

    def counting(self: Program, env: Any) -> None:
        with lock:
            running[0] += env.is_frame()
            most[0] = max(most[0], running[0])
        evaluate(self, env)
        with lock:
            running[0] -= env.is_frame()

    monkeypatch.setattr(Program, "eval", counting)
    waiting = {"StartAt": "I", "States": {"I": {"Type": "Wait", "Seconds": 1, "End": True}}}
    ended = machines.run(one({**MAP, "ItemProcessor": waiting}), {"items": list(range(60))})

    assert json.loads(ended["output"]) == list(range(60))
    assert 2 <= most[0] <= 40


def test_a_stop_ends_every_branch_and_every_iteration_at_once(machines: Machines) -> None:
    waiting = {"StartAt": "W", "States": {"W": WAITING}}
    each = {**MAP, "ItemProcessor": {"StartAt": "V", "States": {"V": WAITING}}}
    execution = machines.start(
        one({**PARALLEL, "Branches": [waiting, {"StartAt": "M", "States": {"M": each}}]}), GIVEN
    )

    def submitted() -> list[dict[str, Any]]:
        return [event for event in machines.events(execution) if event["type"] == "TaskSubmitted"]

    wait_until(lambda: len(submitted()) == 3, "three tasks to wait")
    scheduled = [
        json.loads(event["taskScheduledEventDetails"]["parameters"])["Payload"]["token"]
        for event in machines.events(execution)
        if event["type"] == "TaskScheduled"
    ]
    machines.client.stop_execution(executionArn=execution)

    assert machines.client.describe_execution(executionArn=execution)["status"] == "ABORTED"
    for token in scheduled:
        with pytest.raises(machines.client.exceptions.TaskTimedOut):
            machines.client.send_task_success(taskToken=token, output="{}")
    assert machines.events(execution)[-1]["type"] == "ExecutionAborted"


def test_a_branch_that_fails_leaves_the_tasks_of_other_states_open(machines: Machines) -> None:
    fails = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}
    caught = {**PARALLEL, "Branches": [fails, INNER], "Catch": []}
    caught["Catch"] = [{"ErrorEquals": ["E"], "Next": "C"}]
    other = {"StartAt": "P", "States": {"P": caught, "C": END}}
    waiting = {"StartAt": "W", "States": {"W": {**WAITING, "OutputPath": "$"}}}
    execution = machines.start(one({**PARALLEL, "Branches": [waiting, other]}))

    def types() -> list[str]:
        return [event["type"] for event in machines.events(execution)]

    wait_until(
        lambda: {"TaskSubmitted", "PassStateExited", "ParallelStateFailed"} <= set(types()),
        "one branch to wait, and one to fail",
    )
    [scheduled] = [
        event for event in machines.events(execution) if event["type"] == "TaskScheduled"
    ]
    token = json.loads(scheduled["taskScheduledEventDetails"]["parameters"])["Payload"]["token"]
    machines.client.send_task_success(taskToken=token, output='"done"')

    assert json.loads(machines.ended(execution)["output"]) == [
        "done",
        {"Error": "E", "Cause": ""},
    ]


class Interrupted(ExecutionEnvironment):
    """An environment that is stopped at the first moment at which another thread may do so."""

    def is_running(self) -> bool:
        is_running = bool(super().is_running())
        with ThreadPoolExecutor(1) as other:
            if other.submit(self._state_mutex.acquire, blocking=False).result():
                self._program_state = ProgramStopped("", None, None)
        return is_running


@pytest.mark.parametrize("name", ["next_state_name", "next_field_name"])
def test_no_stop_comes_between_a_look_at_the_status_and_the_change(name: str) -> None:
    environment = object.__new__(Interrupted)
    environment._state_mutex = threading.RLock()
    environment._program_state = ProgramRunning()
    environment._program_state.next_state_name = "first"
    environment.event_history_context = EventContext(0)
    setattr(environment, name, "S")

    assert getattr(environment, name) == "S"

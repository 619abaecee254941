# SPDX-License-Identifier: MIT-0
"""What AWS alone can show, with `--target aws --probes`: docs/reliability.md lists it.

Most tests create a function of their own and delete it; one pauses an order for over an hour.
"""

import json
import time

import pytest
from botocore.exceptions import ClientError

from ..support.stacks.acceptance_plan import MINUTES
from ..support.stacks.patience import Patience
from ..support.stacks.probe import Ended, probe
from ..support.stacks.stack import Stack

EXECUTION_TIMEOUT_SECONDS = 600
# Of an execution that is stopped by its execution timeout at the latest.
UNTIL_TIMED_OUT = Patience(900, 1, 10)
# Of a task whose heartbeat runs out after an hour.
OVER_AN_HOUR = Patience(4500, 5, 60)
WAIT_SECONDS = 60
CRASH = """
import os

def handler(event, context):
    os._exit(1)
"""
BROKEN = "this is no Python"
WAIT = """
from aws_durable_execution_sdk_python import durable_execution
from aws_durable_execution_sdk_python.config import Duration

@durable_execution
def handler(event, context):
    context.wait(Duration.from_seconds(60), name="rest")
    return "went on"
"""


def told(capsys: pytest.CaptureFixture[str], what: str, ended: Ended) -> None:
    """Print what happened: it is worth more than whether it was assumed."""
    with capsys.disabled():
        print(f"\n{what}: {ended.status} after {ended.invocations} invocations")


def test_a_crash_is_invoked_again_until_the_execution_timeout(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    with probe(stack, CRASH, EXECUTION_TIMEOUT_SECONDS, UNTIL_TIMED_OUT) as function:
        ended = function.ended(function.start())
    told(capsys, "a handler that crashes each time", ended)

    assert ended.invocations > 1
    assert ended.status == "TIMED_OUT"


def test_a_module_that_does_not_load_ends_the_execution(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    with probe(stack, BROKEN, EXECUTION_TIMEOUT_SECONDS, UNTIL_TIMED_OUT) as function:
        ended = function.ended(function.start())
    told(capsys, "a module that does not load", ended)

    assert ended.status in ("FAILED", "TIMED_OUT")


def test_an_execution_ends_although_its_version_is_deleted(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    with probe(stack, WAIT, EXECUTION_TIMEOUT_SECONDS, UNTIL_TIMED_OUT) as function:
        arn = function.start()
        function.wait_for_event(arn, "WaitStarted")
        stack.lambda_.delete_function(FunctionName=function.name, Qualifier="1")
        ended = function.ended(arn)
    told(capsys, "an execution whose version is deleted", ended)

    assert ended.status in ("SUCCEEDED", "FAILED")


def test_a_name_joins_the_execution_that_has_it(stack: Stack) -> None:
    with probe(stack, WAIT, EXECUTION_TIMEOUT_SECONDS, UNTIL_TIMED_OUT) as function:
        running = function.start(), function.start()
        ended = function.ended(running[0])
        again = function.start()
        with pytest.raises(ClientError) as refused:
            function.start(b'{"another": "payload"}')

    assert {*running, again} == {running[0]}
    assert (ended.status, ended.result) == ("SUCCEEDED", '"went on"')
    assert refused.value.response["Error"]["Code"] == "DurableExecutionAlreadyStartedException"


def test_a_function_is_deleted_when_its_executions_have_ended(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    with probe(stack, WAIT, EXECUTION_TIMEOUT_SECONDS, UNTIL_TIMED_OUT) as function:
        function.wait_for_event(function.start(), "WaitStarted")
        began = time.monotonic()
        stack.lambda_.delete_function(FunctionName=function.name)
        UNTIL_TIMED_OUT.until(lambda: not function.exists(), f"{function.name} to be deleted")
    took = time.monotonic() - began
    with capsys.disabled():
        print(f"\na function with an execution that waits for a minute: deleted in {took:.0f} s")

    assert took > WAIT_SECONDS / 2


def test_a_redrive_enters_its_state_no_second_time(stack: Stack) -> None:
    failed = stack.run({"minutes_to_wait": 0})
    stack.step_functions.redrive_execution(executionArn=failed.execution)
    again = stack.finished(failed.execution)
    redriven = stack.reader.execution(failed.execution)

    assert (again.outcome.status, again.outcome.error) == ("FAILED", "InvalidInput")
    assert redriven["redriveCount"] == 1
    assert again.types().count("ExecutionRedriven") == 1
    assert again.types().count("TaskStateEntered") == 1


def test_the_output_of_a_task_names_its_durable_execution(stack: Stack) -> None:
    finished = stack.run({"minutes_to_wait": 0})
    submitted = json.loads(finished.details("TaskSubmitted")["output"])
    headers = {key.lower(): value for key, value in _headers(submitted).items()}

    assert headers["x-amz-durable-execution-arn"] == [finished.asynchronous[0].arn]


def test_the_heartbeat_fails_a_task_whose_order_is_paused(stack: Stack) -> None:
    execution = stack.start(MINUTES)
    order = stack.waiting_order(execution)
    stack.lambda_.pause_durable_execution(DurableExecutionArn=order)
    OVER_AN_HOUR.until(
        lambda: stack.reader.execution(execution)["status"] != "RUNNING", f"{execution} to end"
    )
    stack.lambda_.resume_durable_execution(DurableExecutionArn=order)
    finished = stack.finished(execution)
    [abandoned] = finished.asynchronous

    assert (finished.outcome.status, finished.outcome.error) == ("FAILED", "States.Timeout")
    assert (abandoned.status, abandoned.result["status"]) == ("SUCCEEDED", "ABANDONED")


def _headers(output: dict[str, object]) -> dict[str, object]:
    metadata = output["SdkHttpMetadata"]
    assert isinstance(metadata, dict)
    return dict(metadata["AllHttpHeaders"])

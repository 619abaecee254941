# SPDX-License-Identifier: MIT-0
"""The registry of gaps: its entries are sound, and their libraries still have the gaps."""

import importlib
import json
import re
import subprocess
import sys
import uuid
from importlib.metadata import version
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import TaskTimedOut
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackOutcomeSuccess

from local.endpoint.patches import LATE_MODULES, PATCHES
from local.environment import PROJECT
from local.patching import OVERRIDES, ClosedGap
from local.step_functions.callback_task import CallbackTask

from ...support.stacks.scenario import ASYNC, Scenario
from ...support.stacks.waiting_tasks import WAITING
from . import library_gaps
from .library_gaps import GAPS

ROLE = "arn:aws:iam::123456789012:role/r"
# What these close is registered when they are imported.
for late in LATE_MODULES.values():
    importlib.import_module(late)
CLOSED: list[ClosedGap] = [*PATCHES, *OVERRIDES]


@pytest.fixture(scope="module")
def gaps() -> dict[str, bool]:
    finished = subprocess.run(
        [sys.executable, "-m", library_gaps.__name__],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: dict[str, bool] = json.loads(finished.stdout)
    return found


@pytest.mark.parametrize("gap", [gap.__name__ for gap in GAPS])
def test_a_library_still_has_the_gap(gaps: dict[str, bool], gap: str) -> None:
    assert gaps[gap] is True, f"the library has closed {gap}: remove what closes it here"


def test_every_probe_is_named_in_the_registry_and_no_other() -> None:
    assert {closed.probe for closed in CLOSED} == {gap.__name__ for gap in GAPS}


@pytest.mark.parametrize("closed", CLOSED, ids=lambda closed: closed.probe)
def test_an_entry_of_the_registry_says_the_gap_in_a_sentence(closed: ClosedGap) -> None:
    assert re.fullmatch(r"[A-Z].+[^.]\.", closed.gap)


@pytest.mark.parametrize("release", sorted({closed.release for closed in CLOSED}))
def test_the_gaps_are_looked_for_in_the_release_that_the_registry_names(release: str) -> None:
    library, number = release.split()

    assert version(library) == number


def answer(output: str) -> CallbackOutcomeSuccess:
    return CallbackOutcomeSuccess("token", output)


def test_an_answer_faster_than_its_state_wakes_it() -> None:
    task = CallbackTask("token")
    task.notify(answer("early"))

    assert task.setup_heartbeat_endpoint(heartbeat_seconds=60).clear_and_wait() is True
    assert task.get_outcome().output == "early"


def test_the_first_answer_counts_and_no_second() -> None:
    task = CallbackTask("token")
    task.notify(answer("first"))

    with pytest.raises(TaskTimedOut):
        task.notify(answer("second"))
    assert task.get_outcome().output == "first"


def test_a_task_that_is_over_takes_no_answer_and_no_heartbeat() -> None:
    task = CallbackTask("token")
    task.interrupt_all()

    with pytest.raises(TaskTimedOut):
        task.notify(answer("late"))
    with pytest.raises(TaskTimedOut):
        task.notify_heartbeat()


def test_a_task_without_a_heartbeat_timeout_takes_heartbeats() -> None:
    assert CallbackTask("token").notify_heartbeat() is True


def test_a_heartbeat_alone_sets_no_timeout(scenario: Scenario) -> None:
    assert TimeoutSeconds(60, is_default=True)._eval_seconds(None) == 99_999_999
    assert TimeoutSeconds(60)._eval_seconds(None) == 60


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("send_task_success", {"output": "{}"}),
        ("send_task_failure", {"error": "e", "cause": "c"}),
        ("send_task_heartbeat", {}),
    ],
)
def test_a_closed_task_and_a_made_up_token_are_told_apart(
    scenario: Scenario, action: str, arguments: dict[str, str]
) -> None:
    token = scenario.run({"minutes_to_wait": 0}).task_token()

    def refusal(task_token: str) -> dict[str, str]:
        with pytest.raises(ClientError) as refused:
            getattr(scenario.step_functions, action)(taskToken=task_token, **arguments)
        return dict(refused.value.response["Error"])

    assert refusal(token) == {
        "Code": "TaskTimedOut",
        "Message": "Task Timed Out: 'Provided task does not exist anymore'",
    }
    assert refusal("made-up") == {
        "Code": "InvalidToken",
        "Message": "Invalid Token: 'Invalid token'",
    }


@pytest.fixture
def step_functions(scenario: Scenario) -> Any:
    return scenario.step_functions


def create(step_functions: Any, state: dict[str, Any], role: str = ROLE) -> str:
    definition = {"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": state}}
    created = step_functions.create_state_machine(
        name=f"m-{uuid.uuid4()}", definition=json.dumps(definition), roleArn=role
    )
    return str(created["stateMachineArn"])


def test_an_execution_without_a_name_gets_one_of_its_own(step_functions: Any) -> None:
    arn = create(step_functions, {"Type": "Succeed"})
    first, second = (
        step_functions.start_execution(stateMachineArn=arn)["executionArn"] for _ in range(2)
    )

    assert first != second
    assert not first.endswith(":None")


def test_an_execution_started_twice_under_one_name_is_one(
    scenario: Scenario, step_functions: Any
) -> None:
    stack = step_functions.describe_state_machine(stateMachineArn=scenario.state_machine)
    arn = create(step_functions, WAITING, stack["roleArn"])

    def start() -> dict[str, Any]:
        started = step_functions.start_execution(stateMachineArn=arn, name="once", input="{}")
        return {key: started[key] for key in ("executionArn", "startDate")}

    once = start()
    assert start() == once
    # It is not for the next test to find.
    scenario.wait_for_durable_executions(1)
    step_functions.stop_execution(executionArn=once["executionArn"])
    scenario.ended_durable_executions(ASYNC)


@pytest.mark.parametrize(
    ("name", "code"),
    [("a b", "InvalidName"), ("a<c>", "InvalidName"), ("x" * 81, "ValidationException")],
)
def test_a_name_that_cannot_be_one_is_refused(step_functions: Any, name: str, code: str) -> None:
    arn = create(step_functions, {"Type": "Succeed"})

    with pytest.raises(ClientError) as refused:
        step_functions.start_execution(stateMachineArn=arn, name=name)
    assert refused.value.response["Error"]["Code"] == code


def test_an_input_that_is_no_json_is_refused(step_functions: Any) -> None:
    arn = create(step_functions, {"Type": "Succeed"})

    with pytest.raises(step_functions.exceptions.InvalidExecutionInput, match="NaN is not JSON"):
        step_functions.start_execution(stateMachineArn=arn, input='{"a": NaN}')


def test_an_expression_that_breaks_names_its_field(scenario: Scenario, step_functions: Any) -> None:
    arn = create(step_functions, {"Type": "Pass", "Output": {"a": "{% 1 + 'x' %}"}, "End": True})
    execution = step_functions.start_execution(stateMachineArn=arn)["executionArn"]
    ended = scenario.end_of(execution)
    events = step_functions.get_execution_history(executionArn=execution)["events"]

    assert ended["error"] == "States.QueryEvaluationError"
    assert "specified for the field 'Output/a' threw an error during evaluation." in ended["cause"]
    assert [event["type"] for event in events][-2:] == ["EvaluationFailed", "ExecutionFailed"]


def test_jsonata_returns_plain_json(scenario: Scenario, step_functions: Any) -> None:
    arn = create(
        step_functions,
        {"Type": "Pass", "Output": "{% [$states.input.n, null, {'a': [1..3]}] %}", "End": True},
    )
    execution = step_functions.start_execution(stateMachineArn=arn, input='{"n": 2.5}')
    ended = scenario.end_of(execution["executionArn"])

    assert json.loads(ended["output"]) == [2.5, None, {"a": [1, 2, 3]}]


def test_the_output_of_a_lambda_task_has_the_metadata_of_its_answer(scenario: Scenario) -> None:
    finished = scenario.run({"minutes_to_wait": 1})
    [order], [invoice] = finished.asynchronous, finished.synchronous
    submitted = json.loads(finished.details("TaskSubmitted")["output"])
    succeeded = json.loads(finished.details("TaskSucceeded", index=1)["output"])

    assert (submitted["StatusCode"], submitted["ExecutedVersion"]) == (202, "1")
    assert (succeeded["StatusCode"], succeeded["ExecutedVersion"]) == (200, "1")
    assert succeeded["Payload"] == invoice.result
    for output, arn in ((submitted, order.arn), (succeeded, invoice.arn)):
        headers = output["SdkHttpMetadata"]["AllHttpHeaders"]
        assert headers["X-Amz-Durable-Execution-Arn"] == [arn]
        assert output["SdkHttpMetadata"]["HttpStatusCode"] == output["StatusCode"]
        assert output["SdkResponseMetadata"]["RequestId"] == headers["X-Amzn-Requestid"][0]


DATA = ("input", "output", "parameters")


def test_a_history_comes_in_pages_in_either_order_and_without_data_if_wanted(
    scenario: Scenario,
) -> None:
    finished = scenario.run({"minutes_to_wait": 0})
    arn = next(iter(scenario.executions("FAILED")))
    pages = scenario.step_functions.get_paginator("get_execution_history").paginate(
        executionArn=arn, reverseOrder=True, PaginationConfig={"PageSize": 2}
    )
    collected = [page["events"] for page in pages]
    bare = scenario.step_functions.get_execution_history(
        executionArn=arn, includeExecutionData=False
    )["events"]

    assert [len(page) for page in collected] == [2, 2, 2, 1]
    assert [event["type"] for page in collected for event in page] == finished.types()[::-1]
    assert "parameters" in finished.details("TaskScheduled")
    details = [value for event in bare for value in event.values() if isinstance(value, dict)]
    assert not [name for value in details for name in value if name in DATA]
    assert [event["type"] for event in bare] == finished.types()


def test_an_endpoint_imports_no_ec2() -> None:
    # In a process of its own: in this one, an endpoint may have served SSM, which needs it.
    program = "import sys, local.endpoint.endpoint; sys.exit('moto.ec2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=False).returncode == 0

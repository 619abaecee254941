# SPDX-License-Identifier: MIT-0
"""The callback contract, on AWS's in-process runner."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aws_durable_execution_sdk_python.retries import RetryPresets
from aws_durable_execution_sdk_python_testing.runner import (
    DurableFunctionTestResult,
    DurableFunctionTestRunner,
)
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

import async_durable_function
import orders
import task_callback

from .step_functions_double import ACCEPTED, TOKEN, Call, StepFunctionsDouble, refused

Run = Callable[[Any], DurableFunctionTestResult]
EVENT = {"TaskToken": TOKEN, "minutes_to_wait": 20}
WORK = ["create_order", "wait_for_fulfilment", "check_still_wanted", "notify_customer"]
UP_TO_THE_WAIT = WORK[:2]


@pytest.fixture
def step_functions(monkeypatch: pytest.MonkeyPatch) -> StepFunctionsDouble:
    double = StepFunctionsDouble()
    monkeypatch.setattr(task_callback, "client", lambda: double)
    return double


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("EXECUTION_TIMEOUT_SECONDS", "3600")
    with DurableFunctionTestRunner(async_durable_function.handler, poll_interval=0.01) as runner:
        yield lambda event: runner.run(json.dumps(event), execution_timeout=30)


def names(result: DurableFunctionTestResult) -> list[str | None]:
    return [operation.name for operation in result.operations]


def fail_for_good(*_: object) -> Any:
    raise OutOfStock("no widgets left")


class OutOfStock(Exception):
    """A business error."""


@pytest.fixture
def no_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Business steps fail at their first attempt, callbacks keep their own retries."""
    monkeypatch.setattr(RetryPresets, "default", RetryPresets.none)


def test_the_order_is_fulfilled_and_the_state_machine_called_back_last(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    result = run(EVENT)

    assert result.status.value == "SUCCEEDED"
    assert names(result) == [*WORK, "send_task_success"]
    assert step_functions.actions() == ["send_task_heartbeat", "send_task_success"]
    output = json.loads(step_functions.calls[-1].arguments["output"])
    assert output == json.loads(result.result or "")
    assert output["status"] == "FULFILLED"
    assert output["notification"] == f"{output['order_id']} is on its way"


def test_the_wait_is_a_durable_one_of_the_minutes_asked_for(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    wait = run(EVENT).get_wait("wait_for_fulfilment")

    assert wait.start_timestamp is not None
    assert wait.end_timestamp is not None
    assert round((wait.end_timestamp - wait.start_timestamp).total_seconds()) == 1200


def test_without_a_task_token_the_work_is_the_same_and_nobody_is_called_back(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    result = run({"minutes_to_wait": 20})

    assert result.status.value == "SUCCEEDED"
    assert names(result) == ["create_order", "wait_for_fulfilment", "notify_customer"]
    assert json.loads(result.result or "")["status"] == "FULFILLED"
    assert step_functions.calls == []


def test_invalid_input_fails_both_sides_at_once_with_one_error(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    result = run({"TaskToken": TOKEN, "minutes_to_wait": -5})
    message = "minutes_to_wait must be a number more than 0 and less than 60, got -5"

    assert names(result) == ["send_task_failure"]
    assert step_functions.calls == [
        Call("send_task_failure", {"error": "InvalidInput", "cause": message})
    ]
    assert result.status.value == "FAILED"
    assert result.error is not None
    assert (result.error.type, result.error.message) == ("InvalidInput", message)


@pytest.mark.parametrize("token", [5, "", [TOKEN], True])
def test_a_task_token_that_cannot_be_one_is_invalid_input_and_not_shown(
    run: Run, step_functions: StepFunctionsDouble, token: object
) -> None:
    result = run({"TaskToken": token, "minutes_to_wait": 20})

    assert names(result) == []
    assert step_functions.calls == []
    assert result.error is not None
    assert result.error.type == "InvalidInput"
    assert result.error.message == ("TaskToken must be a text that is not empty, got another value")


def test_a_closed_task_ends_in_good_order_without_the_notification(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    step_functions.scripts["send_task_heartbeat"] = [refused("TaskTimedOut")]

    result = run(EVENT)

    assert result.status.value == "SUCCEEDED"
    assert names(result) == [*UP_TO_THE_WAIT, "check_still_wanted"]
    assert json.loads(result.result or "")["status"] == "ABANDONED"
    assert step_functions.actions() == ["send_task_heartbeat"]


@pytest.mark.usefixtures("no_retries")
def test_a_step_that_fails_for_good_fails_both_sides_with_its_error(
    run: Run, step_functions: StepFunctionsDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "create_order", fail_for_good)

    result = run(EVENT)

    assert names(result) == ["create_order", "send_task_failure"]
    assert step_functions.calls == [
        Call("send_task_failure", {"error": "OutOfStock", "cause": "no widgets left"})
    ]
    assert result.status.value == "FAILED"
    assert result.error is not None
    assert (result.error.type, result.error.message) == ("OutOfStock", "no widgets left")


@pytest.mark.usefixtures("no_retries")
@pytest.mark.parametrize("character", ["c", "é", "\N{GRINNING FACE}"])
def test_an_error_too_long_for_a_checkpoint_still_reaches_the_state_machine(
    run: Run,
    step_functions: StepFunctionsDouble,
    monkeypatch: pytest.MonkeyPatch,
    character: str,
) -> None:
    def fail(_: object) -> Any:
        raise OutOfStock(character * 40_000)

    monkeypatch.setattr(orders, "create_order", fail)
    result = run(EVENT)

    [call] = step_functions.calls
    assert call.arguments["error"] == "OutOfStock"
    assert call.arguments["cause"] == character * len(call.arguments["cause"])
    assert 2_000 < len(call.arguments["cause"]) < 32_768
    assert result.error is not None
    assert result.error.message == call.arguments["cause"]


@pytest.mark.usefixtures("no_retries")
def test_the_name_of_an_error_is_cut_to_what_step_functions_takes(
    run: Run, step_functions: StepFunctionsDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> Any:
        raise type("E" * 300, (Exception,), {})("why")

    monkeypatch.setattr(orders, "create_order", fail)
    run(EVENT)

    assert step_functions.calls == [Call("send_task_failure", {"error": "E" * 256, "cause": "why"})]


TRANSIENT = [
    refused("ThrottlingException"),
    refused("InternalServerError", 500),
    refused("ServiceUnavailable", 503),
    refused("TooManyRequestsException", 429),
    EndpointConnectionError(endpoint_url="https://states"),
    ReadTimeoutError(endpoint_url="https://states"),
]


@pytest.mark.parametrize("error", TRANSIENT, ids=lambda error: type(error).__name__)
def test_a_success_that_did_not_get_through_is_sent_again(
    run: Run, step_functions: StepFunctionsDouble, error: Exception
) -> None:
    step_functions.scripts["send_task_success"] = [error] * 5

    result = run(EVENT)

    assert result.status.value == "SUCCEEDED"
    assert step_functions.actions() == ["send_task_heartbeat"] + ["send_task_success"] * 6


def test_a_success_accepted_without_an_answer_is_a_success(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    step_functions.scripts["send_task_success"] = [
        ReadTimeoutError(endpoint_url="https://states"),
        refused("TaskTimedOut"),
    ]

    result = run(EVENT)

    assert result.status.value == "SUCCEEDED"
    assert "send_task_failure" not in step_functions.actions()


def test_a_success_still_unanswered_after_all_retries_is_not_followed_by_a_failure_if_it_arrived(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    step_functions.scripts["send_task_success"] = [refused("InternalServerError", 500)] * 26
    step_functions.scripts["send_task_heartbeat"] = [ACCEPTED, refused("TaskTimedOut")]

    result = run(EVENT)

    assert result.status.value == "SUCCEEDED"
    assert names(result) == [*WORK, "send_task_success", "check_unconfirmed_success"]
    assert "send_task_failure" not in step_functions.actions()


def test_a_success_that_never_arrived_is_followed_by_a_failure(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    step_functions.scripts["send_task_success"] = [refused("ThrottlingException")] * 26

    result = run(EVENT)

    assert result.status.value == "FAILED"
    assert step_functions.actions() == [
        "send_task_heartbeat",
        *["send_task_success"] * 26,
        "send_task_heartbeat",
        "send_task_failure",
    ]


@pytest.mark.parametrize("code", ["InvalidToken", "AccessDeniedException", "InvalidOutput"])
def test_a_success_refused_for_good_is_not_retried_and_leads_to_a_failure(
    run: Run, step_functions: StepFunctionsDouble, code: str
) -> None:
    step_functions.scripts["send_task_success"] = [refused(code)]

    result = run(EVENT)

    assert result.status.value == "FAILED"
    assert names(result) == [
        *WORK,
        "send_task_success",
        "check_unconfirmed_success",
        "send_task_failure",
    ]
    assert step_functions.actions().count("send_task_success") == 1
    failure = step_functions.calls[-1].arguments
    assert result.error is not None
    assert (result.error.type, result.error.message) == (failure["error"], failure["cause"])
    assert code in failure["error"] + failure["cause"]


def test_a_failure_callback_that_is_throttled_is_sent_again(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    step_functions.scripts["send_task_failure"] = [refused("ThrottlingException")] * 3

    result = run({"TaskToken": TOKEN, "minutes_to_wait": 0})

    assert result.status.value == "FAILED"
    assert step_functions.actions() == ["send_task_failure"] * 4


def test_a_failure_callback_refused_for_good_does_not_hide_the_reason(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    step_functions.scripts["send_task_failure"] = [refused("InvalidToken")]

    result = run({"TaskToken": TOKEN, "minutes_to_wait": 0})

    assert result.error is not None
    assert result.error.type == "InvalidInput"
    assert step_functions.actions() == ["send_task_failure"]


def test_transient_errors_are_retried_for_ten_minutes_at_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("random.random", lambda: 0.0)
    throttled = refused("ThrottlingException")
    delays: list[int] = []
    while (decision := task_callback.retry_transient(throttled, len(delays) + 1)).should_retry:
        delays.append(decision.delay_seconds)

    assert sum(delays) >= 600


@pytest.mark.parametrize(
    "event", [EVENT, {"TaskToken": TOKEN, "minutes_to_wait": "x"}], ids=["success", "failure"]
)
def test_the_task_token_is_in_no_log_no_result_and_no_error(
    run: Run,
    step_functions: StepFunctionsDouble,
    caplog: pytest.LogCaptureFixture,
    event: dict[str, Any],
) -> None:
    step_functions.scripts["send_task_success"] = [refused("ThrottlingException")]
    with caplog.at_level("DEBUG"):
        result = run(event)

    # The SDK's own debug output may show its input; what the functions do must not.
    logged = [str(vars(record)) for record in caplog.records if record.levelname != "DEBUG"]
    assert TOKEN not in "\n".join(logged)
    assert TOKEN not in str(result.result) + str(result.error)
    assert TOKEN not in re.sub(r"ExecutionOperation\(.*?\)", "", str(result.operations))


def test_the_callback_does_not_show_its_token() -> None:
    assert TOKEN not in repr(task_callback.TaskCallback(context=None, token=TOKEN))  # type: ignore[arg-type]

# SPDX-License-Identifier: MIT-0
"""The callback contract under faults, on AWS's in-process runner."""

import re
from typing import Any
from unittest.mock import Mock

import pytest
from aws_durable_execution_sdk_python.exceptions import InvocationError, SuspendExecution
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.parsers import ResponseParserError

import async_durable_function
import orders
import task_callback

from ...support.stacks.histories import FULFILLED, operations
from .fulfilment import EVENT, Run, names
from .step_functions_double import ACCEPTED, TOKEN, Call, StepFunctionsDouble, refused

TRANSIENT = [
    refused("ThrottlingException"),
    refused("InternalServerError", 500),
    refused("ServiceUnavailable", 503),
    refused("TooManyRequestsException", 429),
    refused("RequestLimitExceeded"),
    refused("Unknown", 408),
    ResponseParserError("an answer that is no JSON"),
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


UNANSWERED: list[Exception | None] = [refused("InternalServerError", 500)] * 26


def test_an_unanswered_success_that_arrived_is_a_success_and_no_failure_follows(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    step_functions.scripts["send_task_success"] = list(UNANSWERED)
    step_functions.scripts["send_task_heartbeat"] = [ACCEPTED, refused("TaskTimedOut")]

    result = run(EVENT)

    assert result.status.value == "SUCCEEDED"
    assert names(result) == [*operations(FULFILLED), "confirm_task_open"]
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
    assert step_functions.calls[-1].arguments == {
        "error": "ClientError",
        "cause": "An error occurred (ThrottlingException) when calling the SendTask operation: no",
    }


def test_no_failure_follows_a_success_that_may_have_arrived(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    step_functions.scripts["send_task_success"] = list(UNANSWERED)
    step_functions.scripts["send_task_heartbeat"] = [ACCEPTED, *UNANSWERED]

    result = run(EVENT)

    assert result.status.value == "FAILED"
    assert result.error is not None
    assert result.error.type == "ClientError"
    assert "send_task_failure" not in step_functions.actions()


@pytest.mark.parametrize("code", ["InvalidToken", "AccessDeniedException", "InvalidOutput"])
def test_a_success_refused_for_good_is_not_retried_and_leads_to_a_failure(
    run: Run, step_functions: StepFunctionsDouble, code: str
) -> None:
    step_functions.scripts["send_task_success"] = [refused(code)]

    result = run(EVENT)

    assert result.status.value == "FAILED"
    assert names(result) == [*operations(FULFILLED), "confirm_task_open", "send_task_failure"]
    assert step_functions.actions().count("send_task_success") == 1
    failure = step_functions.calls[-1].arguments
    assert result.error is not None
    assert (result.error.type, result.error.message) == (failure["error"], failure["cause"])
    assert code in failure["error"] + failure["cause"]


def test_a_refusal_that_quotes_the_token_is_passed_on_without_it(
    run: Run, step_functions: StepFunctionsDouble, caplog: pytest.LogCaptureFixture
) -> None:
    wording = f"Value '{TOKEN}' at 'taskToken' failed to satisfy constraint"
    for action in ("send_task_success", "send_task_failure"):
        step_functions.scripts[action] = [refused("ValidationException", message=wording)]

    result = run(EVENT)

    assert result.error is not None
    assert "Value '[task token]' at 'taskToken'" in (result.error.message or "")
    assert TOKEN not in caplog.text + str(result.error) + str(step_functions.calls)


def test_an_error_that_may_not_be_shown_is_retried_like_any_other(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    throttled = refused("ThrottlingException", message=f"Rate exceeded for {TOKEN}")
    step_functions.scripts["send_task_success"] = [throttled] * 3

    result = run(EVENT)

    assert result.status.value == "SUCCEEDED"
    assert step_functions.actions() == ["send_task_heartbeat"] + ["send_task_success"] * 4


@pytest.mark.parametrize("error", [InvocationError("try again"), SuspendExecution("wait")])
def test_errors_of_the_runtime_pass_without_a_callback(
    step_functions: StepFunctionsDouble, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setenv("EXECUTION_TIMEOUT_SECONDS", "3600")
    context = Mock()
    context.step.side_effect = error
    context.execution_context.durable_execution_arn = "arn/execution"

    with pytest.raises(type(error)):
        async_durable_function.handler.__wrapped__(EVENT, context)  # type: ignore[attr-defined]

    assert context.step.call_count == 1


@pytest.mark.usefixtures("no_retries")
@pytest.mark.parametrize(
    ("order", "error", "cause"),
    [
        ({"at": object()}, "TypeError", "Object of type object is not JSON serializable"),
        (
            {"order_id": "x" * 300_000},
            "ValueError",
            "the result has 300016 bytes, a checkpoint takes 262144",
        ),
    ],
)
def test_a_result_that_fits_no_checkpoint_is_a_failed_step(
    run: Run,
    step_functions: StepFunctionsDouble,
    monkeypatch: pytest.MonkeyPatch,
    order: Any,
    error: str,
    cause: str,
) -> None:
    monkeypatch.setattr(orders, "create_order", lambda _: order)

    result = run(EVENT)

    assert result.status.value == "FAILED"
    assert step_functions.calls == [Call("send_task_failure", {"error": error, "cause": cause})]


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


def test_the_client_gives_up_on_one_call_soon_and_leaves_retries_to_the_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "us-east-1")
    config = task_callback.client.__wrapped__().meta.config

    assert (config.connect_timeout, config.read_timeout) == (5, 10)
    assert config.retries == {"mode": "standard", "total_max_attempts": 2}


def test_the_callback_does_not_show_its_token() -> None:
    assert TOKEN not in repr(task_callback.TaskCallback(context=None, token=TOKEN))  # type: ignore[arg-type]

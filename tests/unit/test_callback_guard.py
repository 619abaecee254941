# SPDX-License-Identifier: MIT-0
"""What the guard tells the state machine, and whom it leaves alone."""

import json
from typing import Any

import pytest

import callback_guard

from .step_functions_double import TOKEN, Call, StepFunctionsDouble, refused

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f:1/durable-execution/name/id"
EVENT = {"detail": {"durableExecutionArn": ARN, "status": "FAILED"}}
INPUT = json.dumps({"TaskToken": TOKEN, "minutes_to_wait": 20})


class LambdaDouble:
    """Knows one durable execution."""

    def __init__(self, **execution: Any) -> None:
        self._execution = {"DurableExecutionArn": ARN, "InputPayload": INPUT, **execution}

    def get_durable_execution(self, DurableExecutionArn: str) -> dict[str, Any]:  # noqa: N803 (boto3's name)
        assert DurableExecutionArn == ARN
        return self._execution


def guard(monkeypatch: pytest.MonkeyPatch, **execution: Any) -> None:
    double = LambdaDouble(**execution)
    monkeypatch.setattr(callback_guard, "lambda_client", lambda: double)
    callback_guard.handler(EVENT, None)


@pytest.mark.parametrize(
    ("status", "name"),
    [
        ("FAILED", "DurableExecution.Failed"),
        ("TIMED_OUT", "DurableExecution.TimedOut"),
        ("STOPPED", "DurableExecution.Stopped"),
    ],
)
def test_the_state_machine_hears_how_the_execution_ended_and_why(
    monkeypatch: pytest.MonkeyPatch, step_functions: StepFunctionsDouble, status: str, name: str
) -> None:
    guard(monkeypatch, Status=status, Error={"ErrorType": "E", "ErrorMessage": "why"})

    assert step_functions.calls == [
        Call("send_task_failure", {"error": name, "cause": f"{ARN}: E: why"})
    ]


def test_an_execution_without_an_error_is_told_by_its_arn(
    monkeypatch: pytest.MonkeyPatch, step_functions: StepFunctionsDouble
) -> None:
    guard(monkeypatch, Status="STOPPED")

    assert step_functions.calls[0].arguments["cause"] == ARN


def test_a_closed_task_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
    step_functions: StepFunctionsDouble,
    caplog: pytest.LogCaptureFixture,
) -> None:
    step_functions.scripts["send_task_failure"] = [refused("TaskTimedOut")]
    guard(monkeypatch, Status="FAILED")

    assert step_functions.actions() == ["send_task_failure"]
    assert caplog.messages == [f"DurableExecution.Failed: the failure of {ARN} is CLOSED"]


@pytest.mark.parametrize("payload", [None, "null", "5", "[]", "{}", '{"TaskToken": 5}'])
def test_nobody_is_called_back_without_a_token(
    monkeypatch: pytest.MonkeyPatch, step_functions: StepFunctionsDouble, payload: str | None
) -> None:
    guard(monkeypatch, Status="FAILED", InputPayload=payload)

    assert step_functions.calls == []


def test_what_may_pass_is_raised_for_lambda_to_try_again(
    monkeypatch: pytest.MonkeyPatch, step_functions: StepFunctionsDouble
) -> None:
    step_functions.scripts["send_task_failure"] = [refused("ThrottlingException")]

    with pytest.raises(Exception, match="ThrottlingException"):
        guard(monkeypatch, Status="FAILED")


def test_the_token_is_in_no_log_no_cause_and_no_error(
    monkeypatch: pytest.MonkeyPatch,
    step_functions: StepFunctionsDouble,
    caplog: pytest.LogCaptureFixture,
) -> None:
    step_functions.scripts["send_task_failure"] = [
        refused("ValidationException", message=f"Value '{TOKEN}' at 'taskToken'")
    ]
    with caplog.at_level("DEBUG"), pytest.raises(Exception, match=r"\[task token\]") as raised:
        guard(monkeypatch, Status="FAILED", Error={"ErrorMessage": f"no {TOKEN}"})

    told = [caplog.text, str(raised.value), str(step_functions.calls)]
    assert TOKEN not in "".join(told)


def test_a_long_reason_is_cut_to_what_step_functions_takes(
    monkeypatch: pytest.MonkeyPatch, step_functions: StepFunctionsDouble
) -> None:
    guard(monkeypatch, Status="FAILED", Error={"ErrorMessage": "x" * 100_000})

    assert len(step_functions.calls[0].arguments["cause"]) <= 32_768

# SPDX-License-Identifier: MIT-0
"""What the guard tells the state machine, and whom it leaves alone."""

import json
from collections.abc import Callable
from typing import Any

import pytest

import callback_guard

from .step_functions_double import TOKEN, Call, StepFunctionsDouble, refused

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f:1/durable-execution/name/id"
INPUT = json.dumps({"TaskToken": TOKEN, "minutes_to_wait": 20})


class LambdaDouble:
    """Knows one durable execution."""

    def __init__(self, **execution: Any) -> None:
        self._execution = {"DurableExecutionArn": ARN, "InputPayload": INPUT, **execution}

    def get_durable_execution(self, **arguments: Any) -> dict[str, Any]:
        assert arguments == {"DurableExecutionArn": ARN, "IncludeExecutionData": True}
        return self._execution


Guard = Callable[..., None]


@pytest.fixture
def guard(monkeypatch: pytest.MonkeyPatch, step_functions: StepFunctionsDouble) -> Guard:
    """Runs the handler for a status and what GetDurableExecution says."""

    def run(status: str, **execution: Any) -> None:
        clients = {"lambda": LambdaDouble(**execution), "stepfunctions": step_functions}
        monkeypatch.setattr(callback_guard, "client", clients.__getitem__)
        callback_guard.handler({"detail": {"durableExecutionArn": ARN, "status": status}}, None)

    return run


@pytest.mark.parametrize(
    ("status", "name"),
    [
        ("FAILED", "DurableExecution.Failed"),
        ("TIMED_OUT", "DurableExecution.TimedOut"),
        ("STOPPED", "DurableExecution.Stopped"),
    ],
)
def test_the_state_machine_hears_how_the_execution_ended_and_why(
    guard: Guard, step_functions: StepFunctionsDouble, status: str, name: str
) -> None:
    guard(status, Error={"ErrorType": "E", "ErrorMessage": "why"})

    assert step_functions.calls == [
        Call("send_task_failure", {"error": name, "cause": f"{ARN}: E: why"})
    ]


def test_an_execution_without_an_error_is_told_by_its_arn(
    guard: Guard, step_functions: StepFunctionsDouble
) -> None:
    guard("STOPPED")

    assert step_functions.calls[0].arguments["cause"] == ARN


def test_a_closed_task_is_left_alone(
    guard: Guard,
    step_functions: StepFunctionsDouble,
    caplog: pytest.LogCaptureFixture,
) -> None:
    step_functions.scripts["send_task_failure"] = [refused("TaskTimedOut")]
    guard("FAILED")

    assert step_functions.actions() == ["send_task_failure"]
    assert caplog.messages == [f"DurableExecution.Failed: the failure of {ARN} is CLOSED"]


@pytest.mark.parametrize("payload", [None, "null", "5", "[]", "{}", '{"TaskToken": 5}'])
def test_no_callback_is_sent_without_a_token(
    guard: Guard, step_functions: StepFunctionsDouble, payload: str | None
) -> None:
    guard("FAILED", InputPayload=payload)

    assert step_functions.calls == []


def test_what_may_pass_is_raised_for_lambda_to_try_again(
    guard: Guard, step_functions: StepFunctionsDouble
) -> None:
    step_functions.scripts["send_task_failure"] = [refused("ThrottlingException")]

    with pytest.raises(Exception, match="ThrottlingException"):
        guard("FAILED")


def test_the_token_is_in_no_log_no_cause_and_no_error(
    guard: Guard,
    step_functions: StepFunctionsDouble,
    caplog: pytest.LogCaptureFixture,
) -> None:
    step_functions.scripts["send_task_failure"] = [
        refused("ValidationException", message=f"Value '{TOKEN}' at 'taskToken'")
    ]
    with caplog.at_level("DEBUG"), pytest.raises(Exception, match=r"\[task token\]") as raised:
        guard("FAILED", Error={"ErrorMessage": f"no {TOKEN}"})

    told = [caplog.text, str(raised.value), str(step_functions.calls)]
    assert TOKEN not in "".join(told)


def test_a_token_at_the_edge_of_a_long_reason_is_not_cut_in_half(
    guard: Guard, step_functions: StepFunctionsDouble
) -> None:
    for length in range(32_768 - 200, 32_768, 7):
        guard("FAILED", Error={"ErrorMessage": "x" * length + TOKEN})

    assert not [call for call in step_functions.calls if TOKEN[:8] in call.arguments["cause"]]


def test_a_long_reason_is_cut_to_what_step_functions_takes(
    guard: Guard, step_functions: StepFunctionsDouble
) -> None:
    guard("FAILED", Error={"ErrorMessage": "x" * 100_000})

    assert len(step_functions.calls[0].arguments["cause"]) <= 32_768

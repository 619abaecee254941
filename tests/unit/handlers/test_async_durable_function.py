# SPDX-License-Identifier: MIT-0
"""Fulfilling an order, on AWS's in-process runner: the work, its end, and its callback."""

import json
from typing import Any

import pytest

import orders

from ...support.stacks.histories import ABANDONED, BY_HAND, FULFILLED, operations
from .fulfilment import EVENT, OutOfStock, Run, fail_for_good, names
from .step_functions_double import TOKEN, Call, StepFunctionsDouble, refused


def test_the_order_is_fulfilled_and_the_state_machine_called_back_last(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    result = run(EVENT)

    assert result.status.value == "SUCCEEDED"
    assert names(result) == operations(FULFILLED)
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


def test_without_a_task_token_the_work_is_the_same_and_no_callback_is_sent(
    run: Run, step_functions: StepFunctionsDouble
) -> None:
    result = run({"minutes_to_wait": 20})

    assert result.status.value == "SUCCEEDED"
    assert names(result) == operations(BY_HAND)
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
    assert names(result) == operations(ABANDONED)
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

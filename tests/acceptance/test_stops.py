# SPDX-License-Identifier: MIT-0
"""One side is stopped while both wait: the other hears of it, and the logs keep the secret."""

import pytest

from ..support.stacks.acceptance_plan import ABANDONED_ORDER, MINUTES, STOPPED_ORDER, assert_within
from ..support.stacks.histories import ABANDONED, WAITED, WAITING, Finished
from ..support.stacks.stack import Stack


@pytest.fixture(scope="module")
def abandoned(stack: Stack) -> Finished:
    """An execution that was stopped during the wait."""
    execution = stack.start(MINUTES)
    stack.waiting_order(execution)
    stack.step_functions.stop_execution(executionArn=execution, error="Enough")
    return stack.finished(execution)


@pytest.fixture(scope="module")
def stopped(stack: Stack) -> Finished:
    """An execution whose order an operator stopped during the wait."""
    execution = stack.start(MINUTES)
    stack.lambda_.stop_durable_execution(
        DurableExecutionArn=stack.waiting_order(execution),
        Error={"ErrorType": "Operator", "ErrorMessage": "enough"},
    )
    return stack.finished(execution)


def test_a_stopped_execution_is_aborted_and_its_order_ends_without_a_notification(
    stack: Stack, abandoned: Finished
) -> None:
    [order] = abandoned.asynchronous

    assert (abandoned.outcome.status, abandoned.outcome.error) == ("ABORTED", "Enough")
    assert abandoned.types()[-2:] == ["TaskSubmitted", "ExecutionAborted"]
    assert order.story() == ABANDONED
    assert (order.status, order.result["status"]) == ("SUCCEEDED", "ABANDONED")
    assert abandoned.synchronous == []
    assert_within(stack.view(abandoned.execution).cost, ABANDONED_ORDER)


def test_of_a_stopped_order_the_guard_tells_the_state_machine(
    stack: Stack, stopped: Finished
) -> None:
    [order] = stopped.asynchronous

    assert (stopped.outcome.status, stopped.outcome.error, stopped.outcome.cause) == (
        "FAILED",
        "DurableExecution.Stopped",
        f"{order.arn}: Operator: enough",
    )
    assert stopped.types()[-3:] == ["TaskSubmitted", "TaskFailed", "ExecutionFailed"]
    assert order.status == "STOPPED"
    # Where waits are skipped, the end of this one may be on record by then.
    assert order.story() in (WAITING, WAITED)
    assert stopped.synchronous == []
    assert_within(stack.view(stopped.execution).cost, STOPPED_ORDER)


def test_the_task_token_is_nowhere_in_the_logs(
    stack: Stack, abandoned: Finished, stopped: Finished
) -> None:
    [order], [guarded] = abandoned.asynchronous, stopped.asynchronous
    told_by_the_guard = f"DurableExecution.Stopped: the failure of {guarded.arn} is ACCEPTED"

    def are_logged() -> bool:
        lines = stack.log_lines()
        return any(told_by_the_guard in line for line in lines) and any(
            "The task is closed" in line and order.arn in line for line in lines
        )

    stack.patience.until(are_logged, "what both functions log")
    lines = stack.log_lines()
    leaked = abandoned.is_token_in(lines) or stopped.is_token_in(lines)

    assert not leaked, "a task token is in the logs"

# SPDX-License-Identifier: MIT-0
"""Durable executions that end where no handler runs: the state machine hears of it all the same."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.lambda_.service import ASYNC_PAUSES_SECONDS

from ...support.assemblies.variants import (
    append,
    asset_with,
    edit_resources,
    edit_template,
    heartbeat_of,
)
from ...support.stacks.histories import WAITED, WAITING, Finished
from ...support.stacks.scenario import ASYNC, Scenario, wait_until
from .injection import Faults, broken, dropped, refused, throttled

WITHIN = timedelta(seconds=10)
GUARD = "sfn-dfn-callback-guard-fn"
MINUTES = {"minutes_to_wait": 20}


def assert_told(finished: Finished, error: str, cause: str, after: timedelta = timedelta()) -> None:
    """Assert the error, and that it came at least this long after the order's end."""
    [order] = finished.asynchronous
    heard_after = finished.time_of("TaskFailed") - order.ended_at

    assert (finished.outcome.status, finished.outcome.error) == ("FAILED", error)
    assert finished.outcome.cause == f"{order.arn}: {cause}"
    assert finished.types()[-3:] == ["TaskSubmitted", "TaskFailed", "ExecutionFailed"]
    assert after <= heard_after < after + WITHIN
    assert finished.synchronous == []


def timeout_of_a_minute(assembly: Path) -> None:
    """An execution timeout that the handler knows nothing of."""
    limit = '"ExecutionTimeout": {}'
    edit_template(assembly, lambda text: text.replace(limit.format(3600), limit.format(60)))


def test_an_execution_that_has_timed_out_fails_its_task(
    scenario: Scenario, faults: Faults, tmp_path: Path
) -> None:
    with scenario.changed(tmp_path, timeout_of_a_minute):
        finished = scenario.run(MINUTES)
    faults.injected += 1
    [order] = finished.asynchronous

    assert (order.status, order.story()) == ("TIMED_OUT", WAITING)
    lasted = order.ended_at - order.time_of("StepSucceeded", "create_order")
    assert timedelta(seconds=30) < lasted <= timedelta(seconds=60)
    assert_told(finished, "DurableExecution.TimedOut", "Execution timed out after 60 seconds.")


def test_an_execution_that_an_operator_stops_fails_its_task(
    scenario: Scenario, faults: Faults
) -> None:
    faults.during("wait_for_fulfilment", lambda: stop_durable(scenario))
    finished = scenario.run(MINUTES)
    [order] = finished.asynchronous

    assert order.status == "STOPPED"
    assert order.story() in (WAITING, WAITED)
    assert_told(finished, "DurableExecution.Stopped", "Operator: enough")


def stop_durable(scenario: Scenario) -> None:
    [running] = scenario.lambda_.list_durable_executions_by_function(
        FunctionName=ASYNC, Statuses=["RUNNING"]
    )["DurableExecutions"]
    scenario.lambda_.stop_durable_execution(
        DurableExecutionArn=running["DurableExecutionArn"],
        Error={"ErrorType": "Operator", "ErrorMessage": "enough"},
    )


SYNTAX_ERROR = (
    "Runtime.UserCodeSyntaxError: Syntax error in module 'async_durable_function': invalid syntax "
)


def syntax_error(assembly: Path) -> None:
    append(assembly, "async_durable_function.py", "\ndef (\n")


def missing_module(assembly: Path) -> None:
    (asset_with(assembly, "orders.py") / "orders.py").unlink()


def broken_handler_module(assembly: Path) -> None:
    """One that every handler imports."""
    append(assembly, "failure.py", "\ndef (\n")


def crash_loop(assembly: Path) -> None:
    append(assembly, "orders.py", "\nimport os\n\n\ndef create_order(_):\n    os._exit(7)\n")


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (
            syntax_error,
            SYNTAX_ERROR + "(async_durable_function.py, ",
        ),
        (
            broken_handler_module,
            SYNTAX_ERROR + "(failure.py, ",
        ),
        (
            missing_module,
            "Runtime.ImportModuleError: Unable to import module 'async_durable_function': "
            "No module named 'orders'",
        ),
        (crash_loop, "Runtime.ExitError: RequestId: "),
    ],
)
def test_an_execution_that_fails_outside_its_handler_fails_its_task(
    scenario: Scenario,
    faults: Faults,
    tmp_path: Path,
    change: Callable[[Path], None],
    cause: str,
) -> None:
    with scenario.changed(tmp_path, change):
        finished = scenario.run(MINUTES)
    faults.injected += 1
    [order] = finished.asynchronous

    assert order.status == "FAILED"
    assert finished.outcome.cause.startswith(f"{order.arn}: {cause}")
    assert_told(
        finished,
        "DurableExecution.Failed",
        f"{order.error['ErrorType']}: {order.error['ErrorMessage']}",
    )


@pytest.mark.parametrize("operation", ["SendTaskFailure", "GetDurableExecution"])
def test_the_guard_tries_again_what_is_throttled(
    scenario: Scenario, faults: Faults, operation: str
) -> None:
    faults.inject(operation, throttled)
    faults.during("wait_for_fulfilment", lambda: stop_durable(scenario))
    finished = scenario.run(MINUTES)

    assert_told(finished, "DurableExecution.Stopped", "Operator: enough")
    assert faults.invocations(GUARD) == 1


def one_attempt(assembly: Path) -> None:
    """A guard that tries once an invocation, so that Lambda's own retries are to be seen."""
    edit_template(
        assembly,
        lambda text: text.replace('"AWS_MAX_ATTEMPTS": "8"', '"AWS_MAX_ATTEMPTS": "1"'),
    )


@pytest.mark.parametrize("operation", ["SendTaskFailure", "GetDurableExecution"])
def test_a_guard_that_does_not_get_through_is_invoked_again_twice(
    scenario: Scenario, faults: Faults, tmp_path: Path, operation: str
) -> None:
    pauses = timedelta(seconds=sum(ASYNC_PAUSES_SECONDS))
    with scenario.changed(tmp_path, one_attempt):
        for number, fault in enumerate((throttled, broken, dropped), start=1):
            faults.inject(operation, fault, fault)
            faults.during("wait_for_fulfilment", lambda: stop_durable(scenario))
            finished = scenario.run(MINUTES)

            assert_told(finished, "DurableExecution.Stopped", "Operator: enough", after=pauses)
            assert faults.invocations(GUARD) == 3 * number, fault.__name__


def test_a_failure_that_the_handler_could_not_send_is_sent_by_the_guard(
    scenario: Scenario, faults: Faults
) -> None:
    faults.inject("SendTaskFailure", refused("AccessDeniedException"))
    finished = scenario.run({"minutes_to_wait": 0})
    [order] = finished.asynchronous

    assert order.story() == [("StepFailed", "send_task_failure")]
    assert_told(finished, "DurableExecution.Failed", f"InvalidInput: {order.error['ErrorMessage']}")


def test_a_failure_that_no_callback_can_report_is_left_to_the_heartbeat(
    scenario: Scenario, faults: Faults, tmp_path: Path
) -> None:
    faults.inject("SendTaskSuccess", refused("InvalidToken"))
    # The handler's own failure callback, and the guard's three invocations.
    faults.inject("SendTaskFailure", *[refused("InvalidToken")] * 4)
    # More than the order waits, and less than Lambda does before it invokes the guard again.
    with scenario.changed(tmp_path, heartbeat_of(100)):
        finished = scenario.run({"minutes_to_wait": 1})
        wait_until(lambda: faults.outstanding() == [], "the guard's last invocation")
    [order] = finished.asynchronous

    assert order.story()[-3:] == [
        ("StepFailed", "send_task_success"),
        ("StepSucceeded", "confirm_task_open"),
        ("StepFailed", "send_task_failure"),
    ]
    assert order.status == "FAILED"
    assert (finished.outcome.status, finished.outcome.error) == ("FAILED", "States.Timeout")


def test_a_failure_that_the_handler_has_sent_stands(scenario: Scenario, faults: Faults) -> None:
    finished = scenario.run({"minutes_to_wait": 0})
    wait_until(lambda: len(failures(faults)) == 2, "the guard's call")

    assert (finished.outcome.status, finished.outcome.error) == ("FAILED", "InvalidInput")
    assert failures(faults) == [("InvalidInput", 200), ("DurableExecution.Failed", 400)]


def failures(faults: Faults) -> list[tuple[str, int]]:
    return [
        (call.body["error"], call.status)
        for call in faults.calls
        if call.operation == "SendTaskFailure"
    ]


def test_the_rule_is_for_bad_ends_of_the_async_function_alone(
    scenario: Scenario, faults: Faults
) -> None:
    finished = scenario.run(MINUTES)
    scenario.lambda_.invoke(FunctionName="sfn-dfn-sync-durable-fn:1", Payload=b"{}")
    scenario.run({"minutes_to_wait": 0})
    wait_until(lambda: len(failures(faults)) == 2, "the guard's call")

    assert finished.outcome.status == "SUCCEEDED"
    assert faults.invocations(GUARD) == 1


def test_without_leave_to_invoke_the_guard_the_rule_does_nothing(
    scenario: Scenario, faults: Faults, tmp_path: Path
) -> None:
    with scenario.changed(tmp_path, no_permission):
        faults.during("wait_for_fulfilment", lambda: stop_durable(scenario))
        execution = scenario.start(MINUTES)
        scenario.wait_for_durable_executions(1)
        [order] = scenario.ended_durable_executions(ASYNC)
        scenario.step_functions.stop_execution(executionArn=execution)

    assert order.status == "STOPPED"
    assert scenario.end_of(execution)["status"] == "ABORTED"
    # The event came when the execution had ended, and an invocation begins with its event.
    assert faults.invocations(GUARD) == 0


def test_the_guard_logs_no_task_token(scenario: Scenario, faults: Faults) -> None:
    faults.during("wait_for_fulfilment", lambda: stop_durable(scenario))
    finished = scenario.run(MINUTES)
    told = f"DurableExecution.Stopped: the failure of {finished.asynchronous[0].arn} is ACCEPTED"
    wait_until(lambda: told in "\n".join(scenario.log_lines()), "the guard's log")

    assert not finished.is_token_in(scenario.log_lines())


def no_permission(assembly: Path) -> None:
    def remove(resources: dict[str, Any]) -> None:
        for name in [name for name, each in resources.items() if "Permission" in each["Type"]]:
            del resources[name]

    edit_resources(assembly, remove)

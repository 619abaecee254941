# SPDX-License-Identifier: MIT-0
"""Failed executions that are redriven, and durable executions that are paused for too long."""

from pathlib import Path

from ...support.assemblies.variants import heartbeat_of
from ...support.stacks.histories import ABANDONED, FULFILLED, INVOICED, DurableHistory, Finished
from ...support.stacks.scenario import ASYNC, SYNC, Scenario, wait_until
from .injection import Faults, refused

MINUTES = {"minutes_to_wait": 20}


def redrive(scenario: Scenario, execution: str) -> Finished:
    """The execution after its redrive, with the durable executions that this has started."""
    scenario.step_functions.redrive_execution(executionArn=execution)
    return scenario.finished(execution)


def result_of(history: DurableHistory, step: str) -> str:
    """The result of a step, as its checkpoint has it."""
    [result] = [
        event["StepSucceededDetails"]["Result"]["Payload"]
        for event in history.events
        if (event["EventType"], event.get("Name")) == ("StepSucceeded", step)
    ]
    return str(result)


def running(scenario: Scenario, function: str) -> str:
    """The ARN of the function's only durable execution that runs."""
    [found] = scenario.lambda_.list_durable_executions_by_function(
        FunctionName=function, Statuses=["RUNNING"]
    )["DurableExecutions"]
    return str(found["DurableExecutionArn"])


def test_a_redrive_after_a_failed_invoice_fulfils_no_second_order(
    scenario: Scenario, faults: Faults
) -> None:
    def stop() -> None:
        scenario.lambda_.stop_durable_execution(DurableExecutionArn=running(scenario, SYNC))

    faults.during("wait_for_cooling_off", stop)
    failed = scenario.run(MINUTES)
    again = redrive(scenario, failed.execution)
    [order], [first], [second] = failed.asynchronous, failed.synchronous, again.synchronous

    assert (failed.outcome.status, again.outcome.status) == ("FAILED", "SUCCEEDED")
    assert (first.status, second.status) == ("STOPPED", "SUCCEEDED")
    assert again.asynchronous == []
    assert order.story() == FULFILLED
    assert faults.accepted("SendTaskSuccess") == 1
    # The invoice is made twice, and is the same: its id comes from the order.
    assert second.story() == INVOICED
    assert second.result["invoice_id"] == f"invoice-{order.result['order_id']}"
    assert second.result["invoice_id"] in result_of(first, "create_invoice")


def test_a_redrive_after_a_failed_fulfilment_creates_and_notifies_another_order(
    scenario: Scenario, faults: Faults
) -> None:
    """By default the order has the id of its durable execution, and a redrive starts another.

    tests/local/test_start_once.py has the variant in which it stays the same order.
    """
    faults.inject("SendTaskSuccess", refused("InvalidOutput"))
    failed = scenario.run(MINUTES)
    again = redrive(scenario, failed.execution)
    [first], [second] = failed.asynchronous, again.asynchronous

    assert (failed.outcome.status, failed.outcome.error) == ("FAILED", "InvalidOutput")
    assert again.outcome.status == "SUCCEEDED"
    assert (first.status, second.status) == ("FAILED", "SUCCEEDED")
    assert second.story() == FULFILLED
    for step in ("create_order", "notify_customer"):
        assert ("StepSucceeded", step) in first.story()
        assert second.result["order_id"] not in result_of(first, step)
    [invoice] = again.synchronous
    assert invoice.result["order_id"] == second.result["order_id"]
    assert failed.synchronous == []


def test_an_order_paused_for_longer_than_the_heartbeat_is_abandoned(
    scenario: Scenario, faults: Faults, tmp_path: Path
) -> None:
    paused: list[str] = []

    def pause() -> None:
        paused.append(running(scenario, ASYNC))
        scenario.lambda_.pause_durable_execution(DurableExecutionArn=paused[0])

    faults.during("wait_for_fulfilment", pause)
    with scenario.changed(tmp_path, heartbeat_of(1)):
        execution = scenario.start(MINUTES)
        ended = scenario.end_of(execution)
        assert status_of(scenario, paused[0]) == "PAUSED"
        scenario.lambda_.resume_durable_execution(DurableExecutionArn=paused[0])
        [order] = scenario.finished(execution).asynchronous

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Timeout")
    assert order.story() == ABANDONED
    assert (order.status, order.result["status"]) == ("SUCCEEDED", "ABANDONED")
    assert faults.operations().isdisjoint({"SendTaskSuccess", "SendTaskFailure"})


def status_of(scenario: Scenario, arn: str) -> str:
    statuses: list[str] = []

    def is_settled() -> bool:
        described = scenario.lambda_.get_durable_execution(DurableExecutionArn=arn)
        statuses[:] = [described["Status"]]
        return statuses != ["PAUSING"]

    wait_until(is_settled, f"{arn} to be paused")
    return statuses[0]

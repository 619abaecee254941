# SPDX-License-Identifier: MIT-0
"""The same task delivered twice, no task at all, and a deploy in the middle of a wait."""

import json
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ...support.assemblies.variants import asset_with
from ...support.stacks.histories import ABANDONED, BY_HAND, FULFILLED, INVOICED, DurableHistory
from ...support.stacks.scenario import ASYNC, SYNC, Scenario, wait_until
from .injection import Faults, Serve

MINUTES = {"minutes_to_wait": 20}
CALLBACKS = {"SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat"}


def test_a_task_delivered_again_after_its_success_ends_quietly(
    scenario: Scenario, faults: Faults
) -> None:
    finished = scenario.run(MINUTES)
    payload = finished.details("TaskScheduled")["parameters"]
    again = run_by_hand(scenario, ASYNC, json.loads(payload)["Payload"])
    faults.injected += 1

    assert finished.outcome.status == "SUCCEEDED"
    assert again.story() == ABANDONED
    assert (again.status, again.result["status"]) == ("SUCCEEDED", "ABANDONED")
    assert faults.accepted("SendTaskSuccess") == 1
    assert "SendTaskFailure" not in faults.operations()


def test_a_task_delivered_twice_at_once_has_one_success_and_at_worst_two_notifications(
    scenario: Scenario, faults: Faults
) -> None:
    """Two executions may both hear that the task is open, and both notify: nothing ties them
    together, because Step Functions' own integration starts executions without a name.
    """
    both_asked = threading.Barrier(2)

    def twice(serve: Serve) -> Any:
        serve()
        return serve()

    def together(serve: Serve) -> Any:
        answer = serve()
        both_asked.wait(timeout=10)
        return answer

    faults.inject("Invoke", twice)
    faults.inject("SendTaskHeartbeat", together, together)
    finished = scenario.run(MINUTES)
    first, second = finished.asynchronous

    assert finished.outcome.status == "SUCCEEDED"
    assert (first.story(), second.story()) == (FULFILLED, FULFILLED)
    assert (first.status, second.status) == ("SUCCEEDED", "SUCCEEDED")
    assert faults.accepted("SendTaskSuccess") == 1
    assert "SendTaskFailure" not in faults.operations()
    assert len(finished.synchronous) == 1


def test_a_second_delivery_that_is_stopped_fails_the_task_of_both(
    scenario: Scenario, faults: Faults
) -> None:
    """The guard may read one execution, and cannot know that another has the same task."""

    is_stopped = threading.Event()

    def twice(serve: Serve) -> Any:
        duplicate = serve().headers["X-Amz-Durable-Execution-Arn"]
        scenario.lambda_.stop_durable_execution(DurableExecutionArn=duplicate)
        is_stopped.set()
        return serve()

    def when_stopped(serve: Serve) -> Any:
        assert is_stopped.wait(timeout=10)
        return serve()

    def when_failed(serve: Serve) -> Any:
        wait_until(lambda: not scenario.executions("RUNNING"), "the guard's failure")
        return serve()

    faults.inject("Invoke", twice)
    faults.inject("CheckpointDurableExecution", when_stopped)
    faults.inject("SendTaskHeartbeat", when_failed)
    finished = scenario.run(MINUTES)
    stopped, abandoned = finished.asynchronous

    assert (finished.outcome.status, finished.outcome.error) == (
        "FAILED",
        "DurableExecution.Stopped",
    )
    assert (stopped.status, stopped.story()) == ("STOPPED", [])
    assert (abandoned.status, abandoned.result["status"]) == ("SUCCEEDED", "ABANDONED")


def run_by_hand(scenario: Scenario, function: str, payload: Any) -> DurableHistory:
    invoked = scenario.lambda_.invoke(
        FunctionName=f"{function}:1", InvocationType="Event", Payload=json.dumps(payload)
    )
    return scenario.ended_durable_execution(invoked["DurableExecutionArn"])


def test_both_functions_run_by_hand_without_a_task_and_send_no_callback(
    scenario: Scenario, faults: Faults
) -> None:
    order = run_by_hand(scenario, ASYNC, MINUTES)
    invoice = run_by_hand(scenario, SYNC, {"order_id": order.result["order_id"]})

    assert order.story() == BY_HAND
    assert (order.status, order.result["status"]) == ("SUCCEEDED", "FULFILLED")
    assert invoice.story() == INVOICED
    assert (invoice.status, invoice.result["status"]) == ("SUCCEEDED", "SENT")
    assert faults.operations().isdisjoint(CALLBACKS)


def test_a_failure_by_hand_without_a_task_sends_no_callback(
    scenario: Scenario, faults: Faults
) -> None:
    order = run_by_hand(scenario, ASYNC, {"minutes_to_wait": 0})

    assert (order.status, order.error["ErrorType"]) == ("FAILED", "InvalidInput")
    assert faults.operations().isdisjoint(CALLBACKS)


def sent_differently(assembly: Path) -> None:
    """The next day's code: its orders and its invoices end differently."""
    for module, old, new in (
        ("orders.py", "is on its way", "is on its new way"),
        ("invoices.py", '"SENT"', '"SENT ANEW"'),
    ):
        path = asset_with(assembly, module) / module
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))


def version_of(durable: DurableHistory) -> str:
    return durable.arn.split(":function:")[1].split("/")[0]


def test_an_execution_that_waits_during_a_deploy_finishes_on_its_versions(
    scenario: Scenario, faults: Faults, tmp_path: Path
) -> None:
    deploy = scenario.changed(tmp_path, sent_differently)
    with ExitStack() as deployed:
        faults.during("wait_for_fulfilment", lambda: deployed.enter_context(deploy))
        old = scenario.run(MINUTES)
        new = scenario.run(MINUTES)

    for finished, version, text, status in (
        (old, "1", "is on its way", "SENT"),
        (new, "2", "is on its new way", "SENT ANEW"),
    ):
        [order], [invoice] = finished.asynchronous, finished.synchronous
        assert finished.outcome.status == "SUCCEEDED"
        assert json.loads(finished.outcome.output)["status"] == status
        assert order.result["notification"].endswith(text)
        assert (version_of(order), version_of(invoice)) == (
            f"{ASYNC}:{version}",
            f"{SYNC}:{version}",
        )
        assert (order.story(), invoice.story()) == (FULFILLED, INVOICED)

# SPDX-License-Identifier: MIT-0
"""An order that waits while the stack is destroyed: callbacks and the guard go first."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ...support.assemblies.variants import edit_resources
from ...support.stacks.histories import FULFILLED
from ...support.stacks.scenario import Scenario
from .injection import Faults


def without_callbacks(resources: dict[str, Any]) -> None:
    """Delete what refers to the state machine: CloudFormation deletes it before the machine."""
    for logical_id in list(resources):
        if logical_id.startswith(("AsyncDurableFunctionTaskCallbackPolicy", "CallbackGuardRule")):
            del resources[logical_id]


def test_an_order_that_waits_during_a_destroy_can_send_no_callback(
    scenario: Scenario, faults: Faults, tmp_path: Path
) -> None:
    destroy = scenario.changed(tmp_path, lambda copy: edit_resources(copy, without_callbacks))
    with ExitStack() as destroyed:
        faults.during("wait_for_fulfilment", lambda: destroyed.enter_context(destroy))
        execution = scenario.start({"minutes_to_wait": 20})
        order = scenario.ended_durable_execution(scenario.waiting_order(execution))
        still = scenario.step_functions.describe_execution(executionArn=execution)
        # What Cleanup says to do first.
        scenario.step_functions.stop_execution(executionArn=execution)
    finished = scenario.finished(execution)

    assert order.story() == [
        *FULFILLED[: FULFILLED.index(("StepSucceeded", "check_still_wanted"))],
        ("StepFailed", "check_still_wanted"),
        ("StepFailed", "send_task_failure"),
    ]
    assert (order.status, order.error["ErrorType"]) == ("FAILED", "ClientError")
    assert "AccessDeniedException" in order.error["ErrorMessage"]
    assert still["status"] == "RUNNING"
    assert finished.outcome.status == "ABORTED"

# SPDX-License-Identifier: MIT-0
"""An assembly whose callback policy names another state machine."""

import re
from pathlib import Path
from typing import Any

from ...support.assemblies.variants import edited
from ...support.commands import Local
from ...support.stacks.scenario import deployed

OTHER = "arn:aws:states:us-east-1:123456789012:stateMachine:another"


def wrong_policy(assembly: Path, directory: Path) -> Path:
    def name_another(resources: dict[str, Any]) -> None:
        [policy] = [
            resource["Properties"]["PolicyDocument"]
            for logical_id, resource in resources.items()
            if "TaskCallbackPolicy" in logical_id
        ]
        policy["Statement"][0]["Resource"] = OTHER

    return edited(assembly, directory, name_another)


def test_the_callback_is_refused_and_the_guard_tells_why(assembly: Path, tmp_path: Path) -> None:
    with deployed(wrong_policy(assembly, tmp_path)) as scenario:
        finished = scenario.run({"minutes_to_wait": 0})
        [order] = finished.asynchronous

    assert order.story() == [("StepFailed", "send_task_failure")]
    assert (order.status, order.error["ErrorType"]) == ("FAILED", "InvalidInput")
    assert (finished.outcome.status, finished.outcome.error) == (
        "FAILED",
        "DurableExecution.Failed",
    )
    assert finished.outcome.cause == f"{order.arn}: InvalidInput: {order.error['ErrorMessage']}"


def test_the_run_says_so(assembly: Path, tmp_path: Path, local_here: Local) -> None:
    finished = local_here("run", "--assembly", wrong_policy(assembly, tmp_path))

    assert finished.returncode == 1
    assert "AccessDeniedException" in finished.stdout
    assert re.fullmatch(
        r"FAILED: DurableExecution\.Failed: \S+: ClientError: An error occurred "
        r"\(AccessDeniedException\) when calling the SendTaskHeartbeat operation: .* is not "
        r"authorized to perform: states:SendTaskHeartbeat on resource: .*\n",
        finished.stderr,
    )

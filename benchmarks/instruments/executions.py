# SPDX-License-Identifier: MIT-0
"""The stack deployed to this machine, and executions of it that are run to their end."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from local.cloudformation.deployed import deployed as deployed_assembly
from local.cloudformation.deployment import Deployment
from local.cloudformation.synthesis import synthesize
from local.environment import PROJECT
from local.errors import LocalError

MINUTES_TO_WAIT = 20
EXECUTION_INPUT = json.dumps({"minutes_to_wait": MINUTES_TO_WAIT})
POLL_SECONDS = 0.05
DEADLINE_SECONDS = 120


@contextmanager
def deployed_pattern() -> Iterator[Deployment]:
    """The stack of this project, for as long as the context lasts. Waits are skipped."""
    with deployed_assembly(synthesize(PROJECT / "cdk.out")) as deployment:
        yield deployment


def run_executions(deployment: Deployment, executions: int) -> list[str]:
    """Start so many executions at once, wait for all of them, and return their ARNs.

    Raises:
        LocalError: they did not end in time, or did not succeed
    """
    step_functions = deployment.endpoint.client("stepfunctions")
    machine = deployment.state_machine_arns[0]
    arns = [
        step_functions.start_execution(stateMachineArn=machine, input=EXECUTION_INPUT)[
            "executionArn"
        ]
        for _ in range(executions)
    ]

    def have_ended() -> bool:
        return not step_functions.list_executions(
            stateMachineArn=machine, statusFilter="RUNNING", maxResults=1
        )["executions"]

    wait_until(have_ended, f"{executions} executions to end")
    pages = step_functions.get_paginator("list_executions").paginate(stateMachineArn=machine)
    statuses = {each["executionArn"]: each["status"] for p in pages for each in p["executions"]}
    for arn in arns:
        if statuses[arn] != "SUCCEEDED":
            raise LocalError(f"{arn} has {statuses[arn]}")
    return arns


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Look again and again until it is so.

    Raises:
        LocalError: it is not, in time
    """
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise LocalError(f"waited {DEADLINE_SECONDS} s for {what}")
        time.sleep(POLL_SECONDS)

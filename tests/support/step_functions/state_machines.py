# SPDX-License-Identifier: MIT-0
"""State machines of one task, at an endpoint without an assembly."""

import json
import uuid
from typing import Any

from local.endpoint.endpoint import Endpoint
from local.environment import environment
from local.step_functions.definition import require_definition

from ..stacks.scenario import ended_execution


def run_task(endpoint: Endpoint, task: dict[str, Any], role: str) -> dict[str, Any]:
    """Run a machine of one task in JSONata, and its execution once that has ended.

    Args:
        role: the name of the state machine's role

    Raises:
        LocalError: the definition is refused
    """
    here = environment()
    state = {"Type": "Task", "End": True, **task}
    definition = {"QueryLanguage": "JSONata", "StartAt": "Call", "States": {"Call": state}}
    require_definition(json.dumps(definition))
    client = endpoint.client("stepfunctions")
    machine = client.create_state_machine(
        name=f"m{uuid.uuid4()}",
        definition=json.dumps(definition),
        roleArn=f"arn:{here.partition}:iam::{here.account}:role/{role}",
    )["stateMachineArn"]
    arn = client.start_execution(stateMachineArn=machine)["executionArn"]
    return ended_execution(client, arn)

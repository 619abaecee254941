# SPDX-License-Identifier: MIT-0
"""State machines in moto's plain backend, for the probes of what it lacks."""

import json
import time
from typing import Any

from moto.stepfunctions.parser.models import stepfunctions_parser_backends

DEADLINE_SECONDS = 10
ROLE = "arn:aws:iam::123456789012:role/r"


def backend() -> Any:
    return stepfunctions_parser_backends["123456789012"]["us-east-1"]


def machine(state: dict[str, Any], language: str = "JSONata") -> Any:
    """A machine of one state."""
    definition = {"QueryLanguage": language, "StartAt": "S", "States": {"S": state}}
    return backend().create_state_machine(f"m{time.monotonic_ns()}", json.dumps(definition), ROLE)


def succeed() -> Any:
    return machine({"Type": "Succeed"})


def run(state: dict[str, Any], given: str = "{}") -> Any:
    """An execution of a machine of one JSONPath state, once it has ended."""
    execution = backend().start_execution(machine(state, "JSONPath").arn, "run", given)
    return ended(execution.exec_arn)


def ended(arn: str) -> Any:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while (execution := backend().describe_execution(arn)).status == "RUNNING":
        assert time.monotonic() < deadline, f"{arn} does not end"
        time.sleep(0.01)
    return execution

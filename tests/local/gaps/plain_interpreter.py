# SPDX-License-Identifier: MIT-0
"""State machines in moto's plain backend, for the probes of what it lacks."""

import json
import time
from types import SimpleNamespace
from typing import Any

from moto.stepfunctions.parser.models import stepfunctions_parser_backends

DEADLINE_SECONDS = 10
ROLE = "arn:aws:iam::123456789012:role/r"
# What a failure is made from: the environment of a state.
FAILING = SimpleNamespace(
    next_state_name="S", event_history_context=SimpleNamespace(source_event_id=1)
)


def backend() -> Any:
    return stepfunctions_parser_backends["123456789012"]["us-east-1"]


def machine(state: dict[str, Any], language: str = "JSONata") -> Any:
    """A machine of one state."""
    return machine_of({"S": state}, language)


def machine_of(states: dict[str, Any], language: str) -> Any:
    """A machine that starts with the first of the states."""
    definition = {"QueryLanguage": language, "StartAt": next(iter(states)), "States": states}
    return backend().create_state_machine(f"m{time.monotonic_ns()}", json.dumps(definition), ROLE)


def succeed() -> Any:
    return machine({"Type": "Succeed"})


def run(state: dict[str, Any], given: str = "{}") -> Any:
    """An execution of a machine of one JSONPath state, once it has ended."""
    return execution_of({"S": state}, given)


def execution_of(states: dict[str, Any], given: str = "{}", language: str = "JSONPath") -> Any:
    """An execution of a machine of these states, once it has ended.

    Its name is e.
    """
    execution = backend().start_execution(machine_of(states, language).arn, "e", given)
    return ended(execution.exec_arn)


def ended(arn: str) -> Any:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while (execution := backend().describe_execution(arn)).status == "RUNNING":
        assert time.monotonic() < deadline, f"{arn} does not end"
        time.sleep(0.01)
    return execution

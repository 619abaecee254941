# SPDX-License-Identifier: MIT-0
"""The context object, in both query languages."""

import json
import re
from datetime import UTC
from typing import Any

import pytest

from ....support.step_functions.machines import ROLE, Machines, invoke, one

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
LANGUAGES: dict[str, dict[str, Any]] = {
    "JSONPath": {"Parameters": {"context.$": "$$"}},
    "JSONata": {"QueryLanguage": "JSONata", "Output": {"context": "{% $states.context %}"}},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_context_object_is_as_on_aws(machines: Machines, language: str) -> None:
    execution = machines.start(
        one({"Type": "Pass", "End": True, **LANGUAGES[language]}), {"n": [1]}
    )
    context = json.loads(machines.ended(execution)["output"])["context"]
    started, entered = context["Execution"]["StartTime"], context["State"]["EnteredTime"]

    # The order is the service's, too.
    assert json.dumps(context) == json.dumps(
        {
            "Execution": {
                "Id": execution,
                "Input": {"n": [1]},
                "StartTime": started,
                "Name": execution.rsplit(":", 1)[-1],
                "RoleArn": ROLE,
                "RedriveCount": 0,
            },
            "StateMachine": {
                "Id": machines.client.describe_execution(executionArn=execution)["stateMachineArn"],
                "Name": execution.rsplit(":", 2)[-2],
            },
            "State": {"Name": "S", "EnteredTime": entered},
        }
    )
    assert TIME.fullmatch(started)
    assert TIME.fullmatch(entered)


def test_the_start_time_is_that_of_the_execution_in_every_state(machines: Machines) -> None:
    first = {"Type": "Pass", "Next": "T"}
    second = {"Type": "Pass", "Parameters": {"at.$": "$$.Execution.StartTime"}, "End": True}
    ended = machines.run(one(first, T=second))
    started = ended["startDate"].astimezone(UTC).isoformat(timespec="milliseconds")

    assert json.loads(ended["output"])["at"] == f"{started[:23]}Z"


def test_the_retries_are_counted_for_each_state_anew(machines: Machines) -> None:
    payload = {"attempt.$": "$$.State.RetryCount", "failures": 1}
    retry = [{"ErrorEquals": ["Again"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    machine = one(
        invoke(payload, Retry=retry, Next="T"), T=invoke({"attempt.$": "$$.State.RetryCount"})
    )

    assert json.loads(machines.run(machine)["output"]) == {"attempt": 0}

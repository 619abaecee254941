# SPDX-License-Identifier: MIT-0
"""The pages of a history: what clients read is what the writer of moto would have written."""

import json
from typing import Any

import pytest
from moto.core.responses import ActionResult

from local.step_functions.patches.history import HistoryPage

from ....support.step_functions.machines import Machines, invoke, one

EVERY_KIND = {
    "QueryLanguage": "JSONata",
    "StartAt": "Keep",
    "States": {
        "Keep": {"Type": "Pass", "Assign": {"kept": "{% 'ü' %}"}, "Next": "Rest"},
        "Rest": {"Type": "Wait", "Seconds": 1, "Next": "Each"},
        "Each": {
            "Type": "Map",
            "Items": [1, 2],
            "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}},
            "Next": "Both",
        },
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}},
                {"StartAt": "B", "States": {"B": {"Type": "Fail", "Error": "E"}}},
            ],
            "End": True,
        },
    },
}


@pytest.mark.parametrize("include_data", [True, False])
def test_a_page_is_written_as_moto_writes_it(
    machines: Machines, monkeypatch: pytest.MonkeyPatch, include_data: bool
) -> None:
    retry = [{"ErrorEquals": ["Again"], "MaxAttempts": 1}]
    failing = one(invoke({"failures": 2, "attempt": 0}, Retry=retry))
    executions = [machines.start(definition) for definition in (EVERY_KIND, failing)]
    for execution in executions:
        machines.ended(execution)

    def pages() -> list[list[dict[str, Any]]]:
        read = machines.client.get_execution_history
        answers = [
            read(executionArn=each, maxResults=1000, includeExecutionData=include_data)
            for each in executions
        ]
        return [answer["events"] for answer in answers]

    written = pages()
    monkeypatch.setattr(HistoryPage, "execute_result", ActionResult.execute_result)

    assert written == pages()
    types = {event["type"] for events in written for event in events}
    assert {"ExecutionFailed", "MapStateExited", "ParallelStateFailed", "TaskFailed"} <= types


def test_times_are_numbers_of_seconds_as_in_every_other_answer(machines: Machines) -> None:
    """Clients that are stricter than boto3 take no text."""
    execution = machines.start(one({"Type": "Pass", "End": True}))
    machines.ended(execution)
    client, bodies = machines.endpoint.client("stepfunctions"), []
    client.meta.events.register(
        "before-parse.stepfunctions",
        lambda response_dict, **_: bodies.append(response_dict["body"]),
    )
    parsed = client.get_execution_history(executionArn=execution)["events"]

    assert [each["timestamp"] for each in json.loads(bodies[0])["events"]] == [
        each["timestamp"].timestamp() for each in parsed
    ]

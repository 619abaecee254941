# SPDX-License-Identifier: MIT-0
"""The endpoint keeps the newest executions of both sides and their log lines, and no more."""

import gc
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local import retention
from local.durable.execution import DurableExecution
from local.endpoint import log_groups
from local.step_functions.callback_task import CallbackTask
from local.step_functions.executions.execution import Execution

from ...support.stacks.scenario import ASYNC, SYNC, Scenario

KEPT = 2
# Part of the input: a test before this one may have left executions to the garbage collector.
MINUTES = 17


def in_memory() -> tuple[int, int]:
    """The executions with this input, and the durable executions that they have started."""
    gc.collect()
    everything = gc.get_objects()
    given = [each.input_data for each in everything if isinstance(each, Execution)]
    payloads = [each.start_input.input for each in everything if isinstance(each, DurableExecution)]
    return (sum(map(_is_marked, given)), sum(map(_is_marked, payloads)))


def _is_marked(given: Any) -> bool:
    parsed = json.loads(given) if isinstance(given, str) else given
    return isinstance(parsed, dict) and parsed.get("minutes_to_wait") == MINUTES


def durable_arns(scenario: Scenario) -> list[str]:
    list_by_function = scenario.lambda_.list_durable_executions_by_function
    answers = [list_by_function(FunctionName=function) for function in (ASYNC, SYNC)]
    return [
        each["DurableExecutionArn"] for answer in answers for each in answer["DurableExecutions"]
    ]


def most_lines(scenario: Scenario) -> int:
    """The number of lines in the longest log stream of all functions."""
    logs, counts = scenario.logs, [0]
    for group in logs.describe_log_groups()["logGroups"]:
        named = {"logGroupName": group["logGroupName"]}
        for stream in logs.describe_log_streams(**named)["logStreams"]:
            named["logStreamName"] = stream["logStreamName"]
            counts.append(len(logs.get_log_events(**named)["events"]))
    return max(counts)


def test_the_oldest_executions_that_have_ended_are_forgotten(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "KEPT_EXECUTIONS", KEPT)
    monkeypatch.setattr(log_groups, "KEPT_LINES", 3)
    arns = [scenario.start({"minutes_to_wait": MINUTES})]
    for _ in range(2 * KEPT):
        scenario.end_of(arns[-1])
        arns.append(scenario.start({"minutes_to_wait": MINUTES}))
    scenario.end_of(arns[-1])

    assert scenario.executions("SUCCEEDED") == arns[: -KEPT - 1 : -1]
    with pytest.raises(ClientError) as refused:
        scenario.step_functions.describe_execution(executionArn=arns[0])
    assert refused.value.response["Error"]["Code"] == "ExecutionDoesNotExist"
    assert len(durable_arns(scenario)) == KEPT
    # Of the last one the order, and its invoice, which has another input.
    assert in_memory() == (KEPT, 1)
    assert len(CallbackTask.by_token) == len(CallbackTask.of_execution) == KEPT
    assert 0 < most_lines(scenario) <= 6

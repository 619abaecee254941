# SPDX-License-Identifier: MIT-0
"""A durable execution belongs to the attempt that started it, by the best method there is."""

from typing import Any

from inspect_execution.histories.correlation import Correlation, CorrelationMethod, correlate
from inspect_execution.histories.durable_history import (
    DurableExecutionHistory,
    read_durable_history,
)
from inspect_execution.histories.execution_history import read_execution_history
from inspect_execution.histories.lambda_tasks import lambda_tasks

from ..events import DURABLE, VERSION, answered, at, durable_record, entered, scheduled, told

CALLBACK = "invoke.waitForTaskToken"
OTHER = f"{VERSION}/durable-execution/other/run"


def execution(
    arn: str = DURABLE, started: float = 2.1, given: str = "{}"
) -> DurableExecutionHistory:
    read = read_durable_history(
        durable_record(arn=arn, StartTimestamp=at(started), InputPayload=given)
    )
    assert read is not None
    return read


def correlated(events: Any, *executions: DurableExecutionHistory) -> list[Correlation]:
    tasks = lambda_tasks(read_execution_history(events, "RUNNING"))
    return correlate(tasks, {each.arn: each for each in executions}, at(20))


def test_the_header_is_the_best_method() -> None:
    events = told(entered("A"), scheduled(), answered(header=DURABLE))
    [found] = correlated(events, execution(OTHER), execution(started=500))

    assert (found.arn, found.method) == (DURABLE, CorrelationMethod.HEADER)
    assert found.description == "by the durable execution's ARN in the task's response headers"


def test_a_header_may_be_a_text_and_of_any_case() -> None:
    output = (
        f'{{"SdkHttpMetadata": {{"HttpHeaders": {{"x-amz-durable-execution-arn": "{DURABLE}"}}}}}}'
    )
    events = told(entered("A"), scheduled(), ("TaskSucceeded", {"output": output}))

    assert [found.arn for found in correlated(events)] == [DURABLE]


def test_a_callback_does_not_hide_the_header_of_the_invocation_before_it() -> None:
    events = told(
        entered("A"),
        scheduled(resource=CALLBACK),
        answered("TaskSubmitted", DURABLE),
        ("TaskSucceeded", {"output": '{"order": 1}'}),
    )

    assert [found.method for found in correlated(events)] == [CorrelationMethod.HEADER]


def test_without_it_the_task_token_is() -> None:
    events = told(entered("A"), scheduled({"t": "[task token 1]"}, CALLBACK))
    [found] = correlated(events, execution(OTHER), execution(started=3, given="[task token 1]"))

    assert (found.arn, found.method) == (DURABLE, CorrelationMethod.TOKEN)


def test_without_both_version_and_time_are() -> None:
    events = told(entered("A"), scheduled())
    [found] = correlated(events, execution(OTHER, started=9), execution(started=2.1))

    assert (found.arn, found.method, found.candidates) == (
        DURABLE,
        CorrelationMethod.VERSION_AND_TIME,
        2,
    )
    assert found.description == "by function version and time, the nearest of 2"


def test_another_tasks_token_rules_a_durable_execution_out() -> None:
    events = told(entered("A"), scheduled({"t": "[task token 1]"}, CALLBACK))

    assert correlated(events, execution(given="[task token 2]")) == []


def test_another_version_function_or_time_does_not_fit() -> None:
    events = told(entered("A"), scheduled(), answered())
    other_version = DURABLE.replace("work:1", "work:2")
    other_function = DURABLE.replace("work:1", "play:1")

    assert correlated(events, execution(other_version), execution(other_function)) == []
    assert correlated(events, execution(started=-5), execution(OTHER, started=30)) == []


def test_each_durable_execution_belongs_to_one_attempt() -> None:
    events = told(entered("A"), scheduled(), entered("B"), scheduled(), before={3: 0})
    found = correlated(events, execution(started=2.1), execution(OTHER, started=4.1))

    assert [(each.task.state, each.arn) for each in found] == [(0, DURABLE), (1, OTHER)]


def test_a_task_that_calls_no_function_is_none_of_its_tasks() -> None:
    details = {"resourceType": "sqs", "resource": "sendMessage", "parameters": "{}"}

    assert correlated(told(entered("A"), ("TaskScheduled", details)), execution()) == []

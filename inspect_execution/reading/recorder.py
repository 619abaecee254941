# SPDX-License-Identifier: MIT-0
"""The recording of an execution: which answers are read, and what happens if one cannot be read."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..histories.durable_history import DurableExecutionHistory, read_durable_history
from ..histories.execution_history import read_execution_history
from ..histories.lambda_tasks import lambda_tasks
from ..histories.recording import DurableRecord, FunctionMemory, LogRecord, Recording
from .aws_api import AwsApi
from .durable_recorder import DurableRecorder
from .execution_arn import ExecutionArn
from .log_recorder import LogRecorder
from .omissions import Omissions
from .redaction import Redaction

_Functions = Mapping[str, Mapping[str, Any]]


def record_execution(
    api: AwsApi,
    arn: ExecutionArn,
    log_groups: Mapping[str, str] | None = None,
    *,
    handler_logs: bool = False,
) -> Recording:
    """Record one execution, without its task tokens.

    Args:
        log_groups: the log groups to record since the execution's start, each with the name of the
            function that writes to it
        handler_logs: whether to record, of the functions' own log groups, the lines of this
            execution's invocations

    Raises:
        ApiCallFailed: DescribeExecution has no answer; the recording lists other calls that fail
    """
    execution = api.execution(arn.text)
    omissions = Omissions()
    definition = omissions.read(lambda: api.definition(arn.text), "")
    answered: list[dict[str, Any]] = omissions.read(lambda: api.history(arn.text), [])
    # The input of a nested execution may hold the token of the task that started it.
    redaction = Redaction.of(answered, definition).also(execution.get("input", ""))
    events: list[dict[str, Any]] = redaction.apply(answered)
    now = max([datetime.now(UTC), *(event["timestamp"] for event in events[-1:])])
    tasks = lambda_tasks(read_execution_history(events, str(execution.get("status", ""))))
    recorder = DurableRecorder(api, redaction, now, omissions)
    durable = list(recorder.records(tasks))
    functions = recorder.functions(durable)
    logs = LogRecorder(api, _with_payloads(redaction, recorder), omissions)
    lines = logs.since(execution["startDate"], log_groups or {})
    if handler_logs:
        lines += _handler_logs(logs, durable, functions)
    return Recording(
        execution=logs.redaction.apply({**execution, "ResponseMetadata": None}),
        definition=logs.redaction.apply(definition),
        events=events,
        durable=durable,
        memory=_memory(functions),
        omissions=omissions.reasons,
        read_at=now,
        log_records=lines,
        durability=recorder.durability(tasks, durable),
        aws_cli=api.aws_cli,
    )


def record_durable_execution(api: AwsApi, arn: str) -> Recording:
    """Record a durable execution alone, without task tokens, in the form of an execution.

    Raises:
        ApiCallFailed: GetDurableExecution has no answer; the recording lists other calls that fail
    """
    api.durable_execution(arn)
    omissions = Omissions()
    now = datetime.now(UTC)
    recorder = DurableRecorder(api, Redaction.of([], ""), now, omissions)
    record = recorder.record(arn)
    functions = recorder.functions([record])
    logs = LogRecorder(api, _with_payloads(recorder.redaction, recorder), omissions)
    details = record.details
    error = details.get("Error") or {}
    return Recording(
        execution={
            "executionArn": arn,
            "name": str(details.get("DurableExecutionName", "")),
            "status": str(details.get("Status", "")),
            "startDate": details["StartTimestamp"],
            "stopDate": details.get("EndTimestamp"),
            "input": details.get("InputPayload"),
            "output": details.get("Result"),
            "error": error.get("ErrorType"),
            "cause": error.get("ErrorMessage"),
        },
        definition="",
        events=[],
        durable=[record],
        memory=_memory(functions),
        omissions=omissions.reasons,
        read_at=now,
        log_records=_handler_logs(logs, [record], functions),
        is_durable_alone=True,
    )


def _with_payloads(redaction: Redaction, recorder: DurableRecorder) -> Redaction:
    """A redaction that knows all tokens that a handler can have logged."""
    for payload in recorder.payloads:
        redaction = redaction.also(payload)
    return redaction


def _handler_logs(
    logs: LogRecorder, durable: Sequence[DurableRecord], functions: _Functions
) -> list[LogRecord]:
    """The lines of the invocations, if the logs of the API are there to be read."""
    if logs.api.logs is None:
        return []
    read = (read_durable_history(record) for record in durable)
    executions: list[DurableExecutionHistory] = [each for each in read if each]
    groups = {}
    for each in executions:
        configuration = functions.get(each.arn.split("/")[0], {})
        # Without a group of its own, a function writes to the group of its name.
        group = (configuration.get("LoggingConfig") or {}).get("LogGroup")
        groups[each.function] = str(group or f"/aws/lambda/{each.function}")
    return logs.of_invocations(executions, groups)


def _memory(functions: _Functions) -> dict[str, FunctionMemory]:
    """The memory of each function version whose configuration could be read."""
    memory = {}
    for arn, configuration in functions.items():
        if configuration.get("MemorySize"):
            architectures = configuration.get("Architectures") or ["an unknown architecture"]
            memory[arn] = FunctionMemory(int(configuration["MemorySize"]), str(architectures[0]))
    return memory

# SPDX-License-Identifier: MIT-0
"""The view of an execution of either service, read at the endpoint."""

from datetime import UTC, datetime

from inspect_execution.histories.recording import Recording
from inspect_execution.model.execution_view import ExecutionView, build_view
from inspect_execution.model.prices import Prices
from inspect_execution.reading import changes
from inspect_execution.reading.aws_api import AwsApi
from inspect_execution.reading.execution_arn import ExecutionArn
from inspect_execution.reading.recorder import record_durable_execution, record_execution
from inspect_execution.reading.redaction import Redaction

from ..endpoint.endpoint import Endpoint


def is_durable(arn: str) -> bool:
    """Whether the ARN is that of a durable execution."""
    return "/durable-execution/" in arn


def durable_arns(endpoint: Endpoint, arn: str) -> list[str]:
    """The durable executions that an execution of a state machine has started, the oldest first:
    they share its clock.
    """
    clocks, service = endpoint.clocks, endpoint.lambda_service
    if not clocks.knows(arn):
        return []
    found = [
        execution
        for function in service.functions.latest()
        for execution in service.durable_executions.of_function(function.name)
        if clocks.knows(execution.durable_execution_arn)
        and clocks.of(execution.durable_execution_arn) is clocks.of(arn)
    ]
    found.sort(key=lambda execution: execution.started)
    return [execution.durable_execution_arn for execution in found]


def record_by_arn(api: AwsApi, arn: str, *, handler_logs: bool = True) -> Recording:
    """Record an execution, without its task tokens.

    Args:
        handler_logs: whether with what its handlers print and log, if it is a state machine's

    Raises:
        InvalidArgument: it is no execution's ARN
        ApiCallFailed: there is none of that ARN
    """
    if is_durable(arn):
        return record_durable_execution(api, arn)
    return record_execution(api, ExecutionArn.parse(arn), handler_logs=handler_logs)


def record_beginning(api: AwsApi, arn: str) -> Recording:
    """Record an execution of a state machine without its history.

    Raises:
        ApiCallFailed: there is none of that ARN
    """
    execution = {**api.execution(arn), "ResponseMetadata": None}
    definition = api.definition(arn)
    redaction = Redaction.of([], definition).also(execution.get("input", ""))
    return Recording(
        execution=redaction.apply(execution),
        definition=redaction.apply(definition),
        events=[],
        durable=[],
        memory={},
        omissions=[],
        read_at=datetime.now(UTC),
        aws_cli=api.aws_cli,
    )


def execution_has_changed(api: AwsApi, arn: str, recording: Recording) -> bool:
    """Whether another recording would hold more than this one.

    Raises:
        ApiCallFailed: a call has no answer
    """
    if not is_durable(arn):
        return changes.has_changed(api, ExecutionArn.parse(arn), recording, ())
    [known] = recording.durable
    last = max((int(each.get("EventId", 0)) for each in known.events), default=0)
    return (
        api.durable_execution(arn)["Status"] != known.details.get("Status")
        or api.last_durable_event_id(arn) != last
    )


def view_of(recording: Recording) -> ExecutionView:
    """The view of a recording."""
    return build_view(recording, Prices())


def read_view(api: AwsApi, arn: str) -> ExecutionView:
    """The view of an execution as it is now.

    Raises:
        InspectError: see record
    """
    return view_of(record_by_arn(api, arn))

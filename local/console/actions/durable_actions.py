# SPDX-License-Identifier: MIT-0
"""Actions on a durable execution: pause, resume, stop and delete."""

from collections.abc import Iterator

from ...durable.execution import DurableExecution
from ...endpoint.endpoint import Endpoint
from ..commands import ERROR_OBJECT, ShownCommand, TypedArgument, aws_command
from .action import Action, Field, Given, error_of_form, filled


def durable_actions(endpoint: Endpoint, execution: DurableExecution, name: str) -> Iterator[Action]:
    """What can be done to a durable execution, which its labels call by a name."""
    status = execution.status()
    if execution.is_complete:
        yield _delete(endpoint, execution, name)
        return
    if status in ("PAUSING", "PAUSED"):
        yield _resume(endpoint, execution, name)
    else:
        yield _pause(endpoint, execution, name)
    yield _stop(endpoint, execution, name)


def _command(
    endpoint: Endpoint, operation: str, execution: DurableExecution, *typed: TypedArgument
) -> ShownCommand:
    arn = execution.durable_execution_arn
    return aws_command(endpoint, "lambda", operation, *typed, durable_execution_arn=arn)


def _key(verb: str, execution: DurableExecution) -> str:
    return f"{verb} {execution.durable_execution_arn}"


def _pause(endpoint: Endpoint, execution: DurableExecution, name: str) -> Action:
    arn = execution.durable_execution_arn

    def pause(given: Given) -> object:
        reason = filled(Reason=given["reason"])
        return endpoint.client("lambda").pause_durable_execution(DurableExecutionArn=arn, **reason)

    return Action(
        key=_key("pause", execution),
        label=f"Pause {name}",
        question=f"Pause the durable execution of {name}? Lambda invokes nothing "
        "until it is resumed. Its execution timeout is put off meanwhile; a heartbeat of Step "
        "Functions is not.",
        command=_command(
            endpoint,
            "pause-durable-execution",
            execution,
            TypedArgument("--reason", "reason", "Reason", is_optional=True),
        ),
        act=pause,
        fields=(Field("reason", "Reason (may be empty)"),),
    )


def _resume(endpoint: Endpoint, execution: DurableExecution, name: str) -> Action:
    arn = execution.durable_execution_arn
    return Action(
        key=_key("resume", execution),
        label=f"Resume {name}",
        question=f"Resume the durable execution of {name}?",
        command=_command(endpoint, "resume-durable-execution", execution),
        act=lambda _: endpoint.client("lambda").resume_durable_execution(DurableExecutionArn=arn),
    )


def _stop(endpoint: Endpoint, execution: DurableExecution, name: str) -> Action:
    arn = execution.durable_execution_arn

    def stop(given: Given) -> object:
        return endpoint.client("lambda").stop_durable_execution(
            DurableExecutionArn=arn, **error_of_form(given)
        )

    return Action(
        key=_key("stop", execution),
        label=f"Stop {name}",
        question=f"Stop the durable execution of {name}? Its handler is not invoked "
        "again; a step that runs at this moment has its effect.",
        command=_command(endpoint, "stop-durable-execution", execution, ERROR_OBJECT),
        act=stop,
        fields=(Field("error", "Error (may be empty)"), Field("cause", "Message (may be empty)")),
        is_destructive=True,
    )


def _delete(endpoint: Endpoint, execution: DurableExecution, name: str) -> Action:
    arn = execution.durable_execution_arn
    return Action(
        key=_key("delete", execution),
        label=f"Delete {name}",
        question=f"Delete the durable execution of {name} with its history? "
        "Nothing brings it back.",
        command=_command(endpoint, "delete-durable-execution", execution),
        act=lambda _: endpoint.client("lambda").delete_durable_execution(DurableExecutionArn=arn),
        is_destructive=True,
    )

# SPDX-License-Identifier: MIT-0
"""Actions on a durable execution."""

from collections.abc import Iterator

from ...durable.execution import DurableExecution
from ...endpoint.endpoint import Endpoint
from ..commands import aws_command
from .action import Action, Field, Given


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


def _command(endpoint: Endpoint, operation: str, execution: DurableExecution) -> tuple[str, ...]:
    arn = execution.durable_execution_arn
    return (aws_command(endpoint, "lambda", operation, durable_execution_arn=arn),)


def _key(verb: str, execution: DurableExecution) -> str:
    return f"{verb} {execution.durable_execution_arn}"


def _pause(endpoint: Endpoint, execution: DurableExecution, name: str) -> Action:
    arn = execution.durable_execution_arn

    def pause(given: Given) -> object:
        reason = {"Reason": given["reason"]} if given["reason"] else {}
        return endpoint.client("lambda").pause_durable_execution(DurableExecutionArn=arn, **reason)

    return Action(
        key=_key("pause", execution),
        label=f"Pause {name}",
        question=f"Pause the durable execution of {name}? Lambda invokes nothing "
        "until it is resumed. Its execution timeout is put off meanwhile; a heartbeat of Step "
        "Functions is not.",
        commands=_command(endpoint, "pause-durable-execution", execution),
        act=pause,
        fields=(Field("reason", "Reason (may be empty)"),),
    )


def _resume(endpoint: Endpoint, execution: DurableExecution, name: str) -> Action:
    arn = execution.durable_execution_arn
    return Action(
        key=_key("resume", execution),
        label=f"Resume {name}",
        question=f"Resume the durable execution of {name}?",
        commands=_command(endpoint, "resume-durable-execution", execution),
        act=lambda _: endpoint.client("lambda").resume_durable_execution(DurableExecutionArn=arn),
    )


def _stop(endpoint: Endpoint, execution: DurableExecution, name: str) -> Action:
    arn = execution.durable_execution_arn

    def stop(given: Given) -> object:
        error = {"ErrorType": given["error"], "ErrorMessage": given["cause"]}
        filled = {name: text for name, text in error.items() if text}
        return endpoint.client("lambda").stop_durable_execution(
            DurableExecutionArn=arn, **({"Error": filled} if filled else {})
        )

    return Action(
        key=_key("stop", execution),
        label=f"Stop {name}",
        question=f"Stop the durable execution of {name}? Its handler is not invoked "
        "again; a step that runs at this moment has its effect.",
        commands=_command(endpoint, "stop-durable-execution", execution),
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
        commands=_command(endpoint, "delete-durable-execution", execution),
        act=lambda _: endpoint.client("lambda").delete_durable_execution(DurableExecutionArn=arn),
        is_destructive=True,
    )

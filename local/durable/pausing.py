# SPDX-License-Identifier: MIT-0
"""Pausing and resuming durable executions: while paused, Lambda invokes nothing.

https://docs.aws.amazon.com/lambda/latest/dg/durable-pause-resume.html
"""

from dataclasses import dataclass
from datetime import datetime

from .engine import Engine
from .execution import DurableExecution, Pause


class StateConflict(Exception):
    """The execution is in no state to be paused, resumed or deleted."""


@dataclass(frozen=True)
class PauseRequest:
    """What PauseDurableExecution asks for."""

    reason: str | None
    is_timeout_paused: bool
    client_token: str | None


def pause_execution(engine: Engine, arn: str, request: PauseRequest, now: datetime) -> None:
    """Pause an execution. To be called in the execution's own lane.

    Raises:
        StateConflict: it has ended, or is paused by another request
    """
    execution = engine.execution(arn)
    open_pause = execution.open_pause
    if _is_repeated(request.client_token, open_pause.client_token if open_pause else None):
        return
    if execution.is_complete or open_pause is not None:
        raise StateConflict(
            f"Durable execution is {execution.status()} and cannot be paused: {arn}"
        )
    began = None if engine.is_invoking(arn) else now
    execution.pauses.append(
        Pause(now, request.reason, request.is_timeout_paused, request.client_token, began)
    )
    execution.pause()
    if request.is_timeout_paused:
        engine.disarm_timeout(arn)


def resume_execution(
    engine: Engine, arn: str, reason: str | None, client_token: str | None, now: datetime
) -> None:
    """Resume an execution. To be called in the execution's own lane.

    Raises:
        StateConflict: it is not paused
    """
    execution = engine.execution(arn)
    last = execution.pauses[-1] if execution.pauses else None
    if _is_repeated(client_token, last.resume_client_token if last else None):
        return
    open_pause = execution.open_pause
    if execution.is_complete or open_pause is None:
        raise StateConflict(
            f"Durable execution is {execution.status()} and cannot be resumed: {arn}"
        )
    open_pause.resumed, open_pause.resume_reason = now, reason
    open_pause.resume_client_token = client_token
    if open_pause.is_timeout_paused:
        left = execution.expected_timeout() - now
        engine.arm_timeout(arn, max(0.0, left.total_seconds()))
    if execution.resume():
        engine._invoke_execution(arn)


def require_ended(execution: DurableExecution) -> None:
    """Return if an execution can be deleted.

    Raises:
        StateConflict: it has not ended
    """
    if not execution.is_complete:
        raise StateConflict(
            f"Durable execution is {execution.status()} and cannot be deleted: "
            f"{execution.durable_execution_arn}"
        )


def _is_repeated(client_token: str | None, known: str | None) -> bool:
    """Whether a request has been made before: then it changes nothing and is no error."""
    return client_token is not None and client_token == known

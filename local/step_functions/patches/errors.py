# SPDX-License-Identifier: MIT-0
"""Patches of errors: their names, what catches them, and their causes."""

from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl import (
    ErrorEqualsDecl,
)
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.payload.payloadvalue.payloadbinding.payload_binding import (  # noqa: E501
    PayloadBinding,
)
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import iteration_worker
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel import branches_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task import state_task_lambda
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback,
    state_task_service_lambda,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task import StateTask
from moto.stepfunctions.parser.asl.component.state.fail import state_fail
from moto.stepfunctions.parser.asl.eval.callback.callback import HeartbeatTimeoutError
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

from ...patching import replacing, setting, wrapping
from ..executions.environment import RUNTIME_ERROR, ExecutionEnvironment
from ..executions.error_names import HEARTBEAT_TIMEOUT, RaisedErrorName, error_equals_applies
from ..executions.internal_error import described

for _module in (
    branches_decl,
    iteration_worker,
    state_fail,
    state_task_lambda,
    state_task_service_callback,
    state_task_service_lambda,
):
    setting(
        _module,
        "CustomErrorName",
        RaisedErrorName,
        gap="An error of the service's own that a branch, an iteration or a callback raises turns "
        "into a ValueError.",
        probe="error_of_the_service_cannot_be_raised",
    )


@replacing(
    ErrorEqualsDecl,
    "_eval_body",
    gap="States.ALL applies to terminal errors.",
    probe="all_applies_to_terminal_errors",
)
@replacing(
    ErrorEqualsDecl,
    "_eval_body",
    gap="States.Timeout does not apply to a lost heartbeat.",
    probe="timeout_does_not_apply_to_a_lost_heartbeat",
)
def _applies(self: ErrorEqualsDecl, env: Environment) -> None:
    raised = env.stack.pop()
    names = {name.error_name for name in self.error_names}
    env.stack.append(error_equals_applies(names, raised.error_name if raised is not None else None))


@wrapping(
    StateTask,
    "_from_error",
    gap="A task without a heartbeat has the same error as one that takes too long.",
    probe="heartbeat_has_no_error_of_its_own",
)
def _from_task_error(
    original: Callable[..., FailureEvent], self: StateTask, env: Environment, ex: Exception
) -> FailureEvent:
    failure = original(self, env, ex)
    if isinstance(ex, HeartbeatTimeoutError):
        # For Catch and Retry alone: the event says States.Timeout, as recorded from the service.
        failure.error_name = RaisedErrorName(HEARTBEAT_TIMEOUT)
    return failure


@wrapping(
    ExecutionState,
    "_from_error",
    gap="The cause of an unexpected error in a task is the exception's own words.",
    probe="unexpected_error_in_a_task_quotes_data",
)
def _from_error(
    original: Callable[..., FailureEvent], self: ExecutionState, env: Environment, ex: Exception
) -> FailureEvent:
    if isinstance(ex, FailureEventException):
        return original(self, env, ex)
    details = {"error": RUNTIME_ERROR, "cause": described(ex)}
    return FailureEvent(
        env,
        RaisedErrorName(RUNTIME_ERROR),
        HistoryEventType.TaskFailed,
        EventDetails(taskFailedEventDetails=details),
    )


@wrapping(
    PayloadBinding,
    "_eval_body",
    gap="A path that matches nothing does not name its field, in a task.",
    probe="path_without_a_match_does_not_name_its_field",
)
def _bind(original: Callable[..., None], self: PayloadBinding, env: Environment) -> None:
    try:
        original(self, env)
    except NoSuchJsonPathError as error:
        # The innermost field, for a task, and for the other states, which moto words itself.
        error.field = getattr(error, "field", None) or self._field_name()
        env.next_field_name = error.field
        raise


@wrapping(
    FailureEvent,
    "__init__",
    gap="A cause names the state's latest event for the one that entered it.",
    probe="cause_names_the_latest_event",
)
def _name_entered_event(
    original: Callable[..., None], self: FailureEvent, env: Any, *args: Any, **kwargs: Any
) -> None:
    original(self, env, *args, **kwargs)
    if isinstance(env, ExecutionEnvironment):
        self.source_event_id = env.event_history_context.entered[0]


@wrapping(
    FailureEvent,
    "__init__",
    gap="A cause quotes the task token with the context object.",
    probe="cause_quotes_the_task_token",
)
def _leave_tokens_out(
    original: Callable[..., None], self: FailureEvent, env: Any, *args: Any, **kwargs: Any
) -> None:
    original(self, env, *args, **kwargs)
    if isinstance(env, ExecutionEnvironment):
        self.event_details = {
            name: env.without_tokens(details) if details else details
            for name, details in (self.event_details or {}).items()
        } or None

# SPDX-License-Identifier: MIT-0
"""A Task state that waits for a worker of an activity."""

from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_activitiy import (
    StateTaskActivity,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackOutcomeFailureError,
    HeartbeatTimeoutError,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

from ...patching import closing
from ..callback_task import CallbackTask
from ..executions.environment import RUNTIME_ERROR
from ..executions.error_names import HEARTBEAT_TIMEOUT, RaisedErrorName


class ActivityTask(StateTaskActivity):
    """moto's task of an activity, with the service's errors, which ends with its execution."""

    def _eval_execution(self, env: Any) -> None:
        if env.activity_store.get(self.resource.resource_arn) is None:
            raise FailureEventException(self._unknown_activity(env))
        try:
            super()._eval_execution(env)
        finally:
            context = env.states.context_object.context_object_data
            token = context.pop("Task", {}).get("Token")
            if token is not None and token in CallbackTask.by_token:
                CallbackTask.of(token).interrupt_all()

    def _unknown_activity(self, env: Any) -> FailureEvent:
        # As recorded: no event of the task, the execution fails.
        cause = (
            f"An error occurred while executing the state '{self.name}' (entered at the event id "
            f"#{env.event_history_context.entered[0]}). "
            f"The activity {self.resource.resource_arn} does not exist."
        )
        details = {"error": RUNTIME_ERROR, "cause": cause}
        return FailureEvent(
            env,
            RaisedErrorName(RUNTIME_ERROR),
            HistoryEventType.ExecutionFailed,
            EventDetails(executionFailedEventDetails=details),
        )

    @closing(
        gap="A lost heartbeat of an activity has the error of a task that takes too long.",
        probe="heartbeat_of_an_activity_has_no_error_of_its_own",
    )
    def _from_error(self, env: Any, ex: Exception) -> FailureEvent:
        if isinstance(ex, CallbackOutcomeFailureError):
            outcome = ex.callback_outcome_failure
            details = {"error": outcome.error, "cause": outcome.cause}
            return FailureEvent(
                env,
                RaisedErrorName(outcome.error),
                HistoryEventType.ActivityFailed,
                EventDetails(activityFailedEventDetails=details),
            )
        failure: FailureEvent = super()._from_error(env, ex)
        if isinstance(ex, HeartbeatTimeoutError):
            failure.error_name = RaisedErrorName(HEARTBEAT_TIMEOUT)
        return failure

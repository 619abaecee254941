# SPDX-License-Identifier: MIT-0
"""The failure of a state with an error of the service, in the form that the interpreter raises."""

from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails


def runtime_failure(env: Environment, cause: str) -> FailureEventException:
    """The exception that fails the state with States.Runtime and this cause."""
    return state_failure(env, StatesErrorNameType.StatesRuntime, cause)


def state_failure(
    env: Environment, error: StatesErrorNameType, cause: str
) -> FailureEventException:
    """The exception that fails the state with an error of the service's own and this cause."""
    return FailureEventException(
        FailureEvent(
            env=env,
            error_name=StatesErrorName(typ=error),
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(
                taskFailedEventDetails=TaskFailedEventDetails(error=error.to_name(), cause=cause)
            ),
        )
    )

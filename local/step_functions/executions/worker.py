# SPDX-License-Identifier: MIT-0
"""The worker that evaluates an execution's state machine in a thread: one for each redrive, too."""

from datetime import UTC, datetime
from typing import Any, Protocol

from moto.stepfunctions.parser.api import HistoryEventType, StateMachineType
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
from moto.stepfunctions.parser.asl.eval.evaluation_details import EvaluationDetails
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.program_state import ProgramError
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.parser.utils import TMP_THREADS

from ...patching import closing
from .environment import ExecutionEnvironment
from .history import EventContext
from .internal_error import described
from .program import new_program
from .redrive import Redrives

# https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
EXPRESS_SECONDS = 300
DATA_LIMIT_EXCEEDED = StatesErrorNameType.StatesStatesDataLimitExceeded.to_name()


class EvaluatedExecution(Protocol):
    """What a worker reads of its execution, and whom it tells that the evaluation has ended."""

    redrives: Redrives
    execution_input: str

    @property
    def activity_store(self) -> Any: ...

    def evaluation_details(self) -> EvaluationDetails: ...

    def reflect_end(self, environment: ExecutionEnvironment) -> None: ...


class Worker(ExecutionWorker):
    """Evaluates a state machine in a thread. The execution ends with the thread, also by an error.

    Args:
        before: the environment of the run that a redrive goes on from
    """

    def __init__(
        self, execution: EvaluatedExecution, before: ExecutionEnvironment | None = None
    ) -> None:
        details = execution.evaluation_details()
        communication = BaseExecutionWorkerCommunication(execution)
        super().__init__(details, communication, None, execution.activity_store)
        self._execution = execution
        self._is_redrive = before is not None
        self.env: ExecutionEnvironment = self._environment(before)

    @closing(
        gap="An execution whose thread cannot be started is RUNNING for ever.",
        probe="execution_without_a_thread_is_running",
    )
    def start(self) -> None:
        if not self._is_redrive:
            self._record_start()
        try:
            super().start()
        except RuntimeError:  # no thread can be started
            self._end("The local interpreter could not start a thread for the execution")

    @closing(
        gap="Every execution parses its definition anew.",
        probe="every_execution_parses_its_definition",
    )
    def _get_evaluation_entrypoint(self) -> Any:
        machine = self._evaluation_details.state_machine_details
        program = new_program(machine.definition)
        if machine.typ == StateMachineType.EXPRESS:
            own = program.timeout_seconds
            seconds = own.timeout_seconds if own is not None else 0
            program.timeout_seconds = TimeoutSeconds(
                min(seconds or EXPRESS_SECONDS, EXPRESS_SECONDS)
            )
        return program

    def _environment(self, before: ExecutionEnvironment | None) -> ExecutionEnvironment:
        context = EventContext(0) if before is None else self._redriven(before)
        return ExecutionEnvironment(
            self._evaluation_details.aws_execution_details,
            self._evaluation_details.state_machine_details.typ,
            _context_object(self._evaluation_details, self._execution.redrives),
            context,
            None,
            self._activity_store,
            history=None if before is None else before.event_manager,
        )

    def _redriven(self, before: ExecutionEnvironment) -> EventContext:
        state = before.program_state()
        is_data_limit = (
            isinstance(state, ProgramError) and state.error.get("error") == DATA_LIMIT_EXCEEDED
        )
        place = before.place.again(with_all_parts=is_data_limit)
        return before.event_manager.redrive(place, self._execution.redrives.dates[-1])

    @closing(
        gap="An execution ends at the time of the machine.",
        probe="execution_ends_at_the_time_of_the_machine",
    )
    def _execution_logic(self) -> None:
        reason = "The local interpreter ended the execution without a result"
        try:
            self._get_evaluation_entrypoint().eval(self.env)
        except Exception as error:
            reason = described(error)
        self._end(reason)

    def _end(self, reason: str) -> None:
        """Make the end known; a program that is still running has failed for that reason."""
        if self.env.is_running():
            self.env.fail(reason)
        self.env.record_end()
        self._execution.reflect_end(self.env)
        # moto puts every thread there and never looks at one.
        TMP_THREADS.clear()

    def _record_start(self) -> None:
        details = self._evaluation_details
        started = {
            # With the spaces that the client wrote.
            "input": self._execution.execution_input,
            "inputDetails": {"truncated": False},
            "roleArn": details.aws_execution_details.role_arn,
        }
        context = self.env.event_history_context
        self.env.event_manager.add_event(
            context,
            HistoryEventType.ExecutionStarted,
            event_details=EventDetails(executionStartedEventDetails=started),
            update_source_event_id=False,
        )


def iso_milliseconds(moment: datetime) -> str:
    """A time as the service writes it: in UTC, with milliseconds and Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _context_object(details: EvaluationDetails, redrives: Redrives) -> dict[str, Any]:
    """The context object, in the service's order.

    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
    """
    execution_details = details.execution_details
    return {
        "Execution": {
            "Id": execution_details.arn,
            "Input": execution_details.inpt,
            "StartTime": execution_details.start_time,
            "Name": execution_details.name,
            "RoleArn": execution_details.role_arn,
            "RedriveCount": redrives.count,
            **({"RedriveTime": iso_milliseconds(redrives.latest)} if redrives.latest else {}),
        },
        "StateMachine": {
            "Id": details.state_machine_details.arn,
            "Name": details.state_machine_details.name,
        },
    }

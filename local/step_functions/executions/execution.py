# SPDX-License-Identifier: MIT-0
"""One execution of a state machine: it begins, runs in a thread of its own, and always ends."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.api import (
    ExecutionStatus,
    HistoryEventType,
    StateMachineType,
)
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
from moto.stepfunctions.parser.asl.eval.evaluation_details import (
    EvaluationDetails,
    ExecutionDetails,
    StateMachineDetails,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.program_state import (
    ProgramEnded,
    ProgramError,
    ProgramStopped,
)
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.backend import execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.parser.utils import TMP_THREADS

from .environment import ExecutionEnvironment
from .history import EventContext
from .internal_error import described
from .program import new_program

# https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
EXPRESS_SECONDS = 300


class Execution(execution.Execution):
    """moto's execution, which is RUNNING from the first and never for ever."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._ending = threading.Lock()
        self._listeners: list[Callable[[], None]] = []
        self.exec_worker = self._get_start_execution_worker()
        # Set last: a client may read the execution from here on.
        self.exec_status = ExecutionStatus.RUNNING

    def start(self) -> None:
        self.exec_worker.start()

    def stop(self, stop_date: datetime, error: str | None, cause: str | None) -> None:
        """End as ABORTED at once, unless it has ended."""
        self.exec_worker.stop(stop_date, error, cause)
        # Otherwise its own thread is about to record another end.
        if self.exec_worker.env.event_manager.is_closed:
            self.reflect_end()

    def reflect_end(self) -> None:
        """Take over the end of the environment, once, and the status last."""
        with self._ending:
            if self.exec_status != ExecutionStatus.RUNNING:
                return
            environment = self.exec_worker.env
            state = environment.program_state()
            status = ExecutionStatus.TIMED_OUT
            if isinstance(state, ProgramEnded):
                self.output = environment.states.get_input()
                status = ExecutionStatus.SUCCEEDED
            elif isinstance(state, ProgramError):
                self.error, self.cause = state.error.get("error"), state.error.get("cause")
                status = ExecutionStatus.FAILED
            elif isinstance(state, ProgramStopped):
                self.error, self.cause = state.error, state.cause
                status = ExecutionStatus.ABORTED
            self.stop_date = environment.now()
            self.exec_status = status
        for listener in self._listeners:
            listener()

    @property
    def has_ended(self) -> bool:
        return bool(self.exec_status != ExecutionStatus.RUNNING)

    def when_ended(self, listener: Callable[[], None]) -> None:
        """Call this once the execution has ended, in the thread that ends it; at once if it has."""
        with self._ending:
            if not self.has_ended:
                self._listeners.append(listener)
                return
        listener()

    def get_start_execution_details(self) -> ExecutionDetails:
        return ExecutionDetails(
            self.exec_arn,
            self.name,
            self.role_arn,
            self.input_data,
            iso_milliseconds(self.start_date),
        )

    def get_start_state_machine_details(self) -> StateMachineDetails:
        machine = self.state_machine
        # Not its sm_type, which moto sets to STANDARD.
        return StateMachineDetails(machine.arn, machine.name, machine.type, machine.definition)

    def _get_start_execution_worker(self) -> "Worker":
        details = EvaluationDetails(
            self._get_start_aws_execution_details(),
            self.get_start_execution_details(),
            self.get_start_state_machine_details(),
        )
        return Worker(details, _Communication(self), None, self._activity_store)


class _Communication(execution.BaseExecutionWorkerCommunication):
    def terminated(self) -> None:
        self.execution.reflect_end()


class Worker(ExecutionWorker):
    """Evaluates a state machine in a thread. Whatever ends the thread ends the execution."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.env: ExecutionEnvironment = self._get_evaluation_environment()

    def start(self) -> None:
        self._record_start()
        try:
            super().start()
        except RuntimeError:  # no thread can be started
            self._end("The local interpreter could not start a thread for the execution")

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

    def _get_evaluation_environment(self) -> ExecutionEnvironment:
        return ExecutionEnvironment(
            self._evaluation_details.aws_execution_details,
            self._evaluation_details.state_machine_details.typ,
            _context_object(self._evaluation_details),
            EventContext.of_program_start(),
            None,
            self._activity_store,
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
        self._execution_communication.terminated()
        # moto puts every thread there and never looks at one.
        TMP_THREADS.clear()

    def _record_start(self) -> None:
        details = self._evaluation_details
        started = {
            "input": to_json_str(details.execution_details.inpt),
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


def _context_object(details: EvaluationDetails) -> dict[str, Any]:
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
            "RedriveCount": 0,
        },
        "StateMachine": {
            "Id": details.state_machine_details.arn,
            "Name": details.state_machine_details.name,
        },
    }

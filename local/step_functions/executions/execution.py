# SPDX-License-Identifier: MIT-0
"""One execution of a state machine: it begins, runs in a thread of its own, and always ends."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from moto.stepfunctions.parser.api import ExecutionNotRedrivable, ExecutionStatus
from moto.stepfunctions.parser.asl.eval.evaluation_details import (
    EvaluationDetails,
    ExecutionDetails,
    StateMachineDetails,
)
from moto.stepfunctions.parser.asl.eval.program_state import (
    ProgramEnded,
    ProgramError,
    ProgramStopped,
)
from moto.stepfunctions.parser.backend import execution

from .environment import ExecutionEnvironment
from .redrive import Redrives, reason_against
from .worker import Worker, iso_milliseconds


class Execution(execution.Execution):
    """moto's execution, which is RUNNING from the first and never for ever."""

    exec_worker: Worker
    stop_date: datetime | None

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._ending = threading.Lock()
        self._listeners: list[Callable[[], None]] = []
        self.redrives = Redrives()
        self.exec_worker = Worker(self)
        # Set last: a client may read the execution from here on.
        self.exec_status = ExecutionStatus.RUNNING

    def start(self) -> None:
        self.exec_worker.start()

    def stop(self, stop_date: datetime, error: str | None, cause: str | None) -> None:
        """End as ABORTED at once, unless it has ended."""
        worker = self.exec_worker
        worker.stop(stop_date, error, cause)
        # Otherwise its own thread is about to record another end.
        if worker.env.event_manager.is_closed:
            self.reflect_end(worker.env)

    def redrive(self, token: str | None, now: datetime) -> datetime:
        """Go on from the states that were not successful, and return when that began.

        Args:
            token: names the request, which has no further effect when it is repeated

        Raises:
            ExecutionNotRedrivable: it runs or has succeeded, or its time or events are used up
        """
        with self._ending:
            if (date := self.redrives.date_of(token, now)) is not None:
                return date
            if reason := self.reason_against_redrive(now):
                raise ExecutionNotRedrivable(
                    f"Execution {self.exec_arn} invalid for redrive as: {reason}"
                )
            self.redrives.add(token, now)
            self.exec_worker = Worker(self, self.exec_worker.env)
            self.exec_status = ExecutionStatus.RUNNING
            self.stop_date = None
            self.error = self.cause = None
        self.exec_worker.start()
        return now

    def reason_against_redrive(self, now: datetime) -> str | None:
        """Why it cannot be redriven, in the service's words; nothing if it can."""
        events = len(self.exec_worker.env.event_manager)
        return reason_against(self.status, self.start_date, self.stop_date, events, now)

    def reflect_end(self, environment: ExecutionEnvironment) -> None:
        """Take over the end of the environment, once, and the status last.

        The environment of a run before the last redrive ends nothing any more.
        """
        with self._ending:
            if self.has_ended or environment is not self.exec_worker.env:
                return
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
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
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

    def evaluation_details(self) -> EvaluationDetails:
        return EvaluationDetails(
            self._get_start_aws_execution_details(),
            self.get_start_execution_details(),
            self.get_start_state_machine_details(),
        )

    @property
    def activity_store(self) -> Any:
        return self._activity_store

# SPDX-License-Identifier: MIT-0
"""moto's backend for Step Functions, with the service's own rules for executions and tasks."""

import json
import threading
import uuid
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NoReturn, cast

from moto.stepfunctions.exceptions import (
    InvalidExecutionInput,
    ValidationException,
)
from moto.stepfunctions.parser import api
from moto.stepfunctions.parser.asl.eval.callback import callback

from ..clocks.threads import Event
from ..patching import closing
from ..retention import surplus
from .activities import ActivityRegistry
from .arns import require_name
from .callback_task import CallbackTask
from .executions.execution import Execution
from .machines.backend import MachinesBackend
from .machines.type import EXPRESS, require_type
from .services import services
from .values.json_syntax import json_error_message
from .values.limits import MAX_DATA_BYTES

# https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html
MAX_ERROR_CHARACTERS = 256
MAX_CAUSE_CHARACTERS = 32_768


class StepFunctionsBackend(ActivityRegistry, MachinesBackend):
    """moto's backend with the service's own rules for starting and for answering tasks."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._starting = threading.Lock()

    @closing(
        gap="An execution that is started without a name is called None.",
        probe="execution_without_a_name_is_called_none",
    )
    @closing(gap="NaN is accepted in the input of an execution.", probe="input_may_be_nan")
    def start_execution(
        self,
        state_machine_arn: str,
        name: str | None = None,
        execution_input: str | None = None,
        trace_header: str | None = None,
    ) -> Any:
        if execution_input == "":
            raise InvalidExecutionInput("Invalid execution input.")
        try:
            json.loads(execution_input or "{}", parse_constant=_refuse_constant)
        except ValueError as error:
            raise InvalidExecutionInput(
                "Invalid State Machine Execution Input: "
                f"'{json_error_message(execution_input or '', error)}'"
            ) from None
        _refuse_longer("input", len((execution_input or "").encode()), MAX_DATA_BYTES)
        if name is not None:
            require_name(name)
        return self._execution(
            state_machine_arn, name or str(uuid.uuid4()), execution_input, trace_header
        )

    def _execution(
        self, state_machine_arn: str, name: str, given: str | None, trace_header: str | None
    ) -> Execution:
        """The execution of that name: the one that runs with this input, or a new one, started."""
        machine = self.describe_state_machine(state_machine_arn)
        self.require_active(self.find_machine(machine.arn))
        clock = services().clocks.of_starter()
        # Two calls at once under one name begin one execution.
        with self._starting, clock.current():
            # Of an Express state machine, a name may be used any number of times.
            if machine.type != EXPRESS:
                running = machine._handle_name_input_idempotency(name, given)
                if running is not None:
                    return cast(Execution, running)
            execution = self._new(machine, name, given, trace_header)
            services().clocks.add(execution.exec_arn, clock)
            if machine.type != EXPRESS:
                machine.executions.append(execution)
                _forget_surplus(machine)
        with clock.current():
            execution.start()
        return execution

    def _new(
        self, machine: Any, name: str, given: str | None, trace_header: str | None
    ) -> Execution:
        return Execution(
            name=name,
            sm_type=machine.type,
            role_arn=machine.roleArn,
            exec_arn=_execution_arn(machine, name),
            account_id=self.account_id,
            region_name=self.region_name,
            state_machine=_snapshot(machine),
            start_date=services().now(),
            cloud_watch_logging_session=None,
            input_data=given or "{}",
            trace_header=trace_header,
            activity_store=self.activity_queues,
        )

    def start_sync_execution(
        self,
        state_machine_arn: str,
        name: str | None = None,
        execution_input: str | None = None,
        trace_header: str | None = None,
    ) -> Execution:
        """The execution of an Express state machine, once it has ended.

        Raises:
            StateMachineTypeNotSupported: the state machine is a standard one
        """
        require_type(self.describe_state_machine(state_machine_arn), EXPRESS)
        execution: Execution = self.start_execution(
            state_machine_arn, name, execution_input, trace_header
        )
        # In modelled time: a task that has called this waits, too.
        ended = Event()
        execution.when_ended(ended.set)
        # The time-out of an Express execution ends it in any case.
        ended.wait()
        return execution

    @closing(gap="StopExecution loses its error and its cause.", probe="stop_loses_its_error")
    def stop_execution(
        self, execution_arn: str, error: str | None = None, cause: str | None = None
    ) -> Any:
        execution = self.describe_execution(execution_arn)
        execution.stop(services().clocks.of(execution_arn).now(), error, cause)
        return execution

    @closing(gap="No execution can be redriven.", probe="no_execution_is_redriven")
    def redrive_execution(self, execution_arn: str, client_token: str | None = None) -> datetime:
        """Let an execution go on from the states that were not successful; return when it began.

        Raises:
            ExecutionDoesNotExist: there is none of that ARN
            ExecutionNotRedrivable: it runs or has succeeded, or its time or events are used up
        """
        execution: Execution = self.describe_execution(execution_arn)
        # In the time of the execution, not in that of the caller.
        clock = services().clocks.of(execution_arn)
        with clock.current():
            return execution.redrive(client_token, clock.now())

    def send_task_success(self, task_token: str, outcome: str) -> None:
        _refuse_longer("output", len(outcome.encode()), MAX_DATA_BYTES)
        try:
            json.loads(outcome, parse_constant=_refuse_constant)
        except ValueError as error:
            message = json_error_message(outcome, error)
            raise api.InvalidOutput(f"Invalid Output: '{message}'") from None
        CallbackTask.of(task_token).notify(callback.CallbackOutcomeSuccess(task_token, outcome))

    def send_task_failure(
        self, task_token: str, error: str | None = None, cause: str | None = None
    ) -> None:
        _refuse_longer("error", len(error or ""), MAX_ERROR_CHARACTERS)
        _refuse_longer("cause", len(cause or ""), MAX_CAUSE_CHARACTERS)
        CallbackTask.of(task_token).notify(
            callback.CallbackOutcomeFailure(task_token, error, cause)
        )

    def send_task_heartbeat(self, task_token: str) -> None:
        CallbackTask.of(task_token).notify_heartbeat()


def _execution_arn(machine: Any, name: str) -> str:
    beginning = ":".join(machine.arn.split(":")[:5])
    if machine.type == EXPRESS:
        return f"{beginning}:express:{machine.name}:{name}:{uuid.uuid4()}"
    return f"{beginning}:execution:{machine.name}:{name}"


def _snapshot(machine: Any) -> Any:
    """The machine as it is now, for an execution that later updates do not touch."""
    # No copy of moto's class: it keeps every instance for ever.
    return SimpleNamespace(**{**vars(machine), "executions": []})


def _refuse_longer(name: str, length: int, limit: int) -> None:
    if length > limit:
        raise ValidationException(
            f"1 validation error detected: Value at '{name}' failed to satisfy constraint: "
            f"Member must have length less than or equal to {limit}"
        )


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _forget_surplus(machine: Any) -> None:
    for old in surplus(machine.executions, lambda execution: execution.status != "RUNNING"):
        machine.executions.remove(old)
        services().clocks.forget(old.exec_arn)
        CallbackTask.forget(old.exec_arn)

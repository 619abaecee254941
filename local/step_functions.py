# SPDX-License-Identifier: MIT-0
"""moto's Step Functions, mended where it lacks what the pattern needs.

Every function named `mend_…` closes one gap of moto 5.2.5, and has a test that fails once moto
closes it itself.
"""

import json
import uuid
from typing import Any, ClassVar, NoReturn

from aws_durable_execution_sdk_python_testing.clock import Clock
from moto.core.base_backend import BackendDict
from moto.core.config import default_user_config
from moto.core.responses import EmptyResult
from moto.stepfunctions.exceptions import InvalidExecutionInput
from moto.stepfunctions.parser import models
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_lambda,
)
from moto.stepfunctions.parser.asl.eval.callback import callback
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.responses import StepFunctionResponse

from .jsonata import mend_jsonata, mend_undefined_expressions
from .task_endpoint import TaskEndpoint


def mend(clock: Clock, lambda_client: Any) -> None:
    """Turn moto's interpreter on, mended. Everything moto remembers of before is forgotten."""
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    mend_jsonata()
    mend_undefined_expressions()
    mend_invocation_type()
    mend_lambda_client(lambda_client)
    mend_default_timeout()
    mend_time(clock)
    mend_callbacks(clock)


def mend_invocation_type() -> None:
    """InvocationType is dropped from the arguments of a Lambda task."""
    state_task_service_lambda._SUPPORTED_API_PARAM_BINDINGS["invoke"].add("InvocationType")


def mend_lambda_client(lambda_client: Any) -> None:
    """Every task makes a client of its own, for a port that only an environment variable sets."""
    lambda_eval_utils.boto_client_for = lambda **_: lambda_client


def mend_default_timeout() -> None:
    """A task with HeartbeatSeconds and no TimeoutSeconds times out after 60 seconds."""
    TimeoutSeconds._eval_seconds = lambda self, env: (
        self.DEFAULT_TIMEOUT_SECONDS if self.is_default else self.timeout_seconds
    )


def mend_time(clock: Clock) -> None:
    """Events carry the machine's time, which stands still while a durable wait is passed over."""
    EventManager._get_current_timestamp = staticmethod(clock.now)


class StepFunctionsBackend(models.StepFunctionsParserBackend):
    """moto's backend with the service's own rules for starting and for answering tasks."""

    clock: ClassVar[Clock]

    def start_execution(
        self,
        state_machine_arn: str,
        name: str | None = None,
        execution_input: str | None = None,
        trace_header: str | None = None,
    ) -> Any:
        try:
            json.loads(execution_input or "{}", parse_constant=_refuse_constant)
        except ValueError as error:
            raise InvalidExecutionInput(
                f"Invalid State Machine Execution Input: '{error}'"
            ) from None
        execution = super().start_execution(
            state_machine_arn, name or str(uuid.uuid4()), execution_input, trace_header
        )
        execution.start_date = self.clock.now()
        return execution

    def send_task_success(self, task_token: str, outcome: str) -> None:
        TaskEndpoint.of(task_token).notify(callback.CallbackOutcomeSuccess(task_token, outcome))

    def send_task_failure(
        self, task_token: str, error: str | None = None, cause: str | None = None
    ) -> None:
        TaskEndpoint.of(task_token).notify(
            callback.CallbackOutcomeFailure(task_token, error, cause)
        )

    def send_task_heartbeat(self, task_token: str) -> None:
        TaskEndpoint.of(task_token).notify_heartbeat()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def mend_callbacks(clock: Clock) -> None:
    """Callbacks: early ones are lost, late ones are InvalidToken, second ones overwrite the first,
    failures lose their cause; and an execution without a name is called None.
    """
    StepFunctionsBackend.clock = clock
    TaskEndpoint.by_token.clear()
    callback.CallbackEndpoint = TaskEndpoint
    models.stepfunctions_parser_backends = BackendDict(StepFunctionsBackend, "stepfunctions")

    def send_task_failure(self: StepFunctionResponse) -> EmptyResult:
        self.stepfunction_backend.send_task_failure(
            self._get_param("taskToken"), self._get_param("error"), self._get_param("cause")
        )
        return EmptyResult()

    StepFunctionResponse.send_task_failure = send_task_failure

    def terminated(self: BaseExecutionWorkerCommunication) -> None:
        self._reflect_execution_status()
        self.execution.stop_date = clock.now()

    BaseExecutionWorkerCommunication.terminated = terminated

# SPDX-License-Identifier: MIT-0
"""moto's backend for Step Functions, with the service's own rules for executions and tasks."""

import json
import re
import time
import uuid
from typing import Any, NoReturn

from moto.stepfunctions.exceptions import (
    InvalidExecutionInput,
    InvalidName,
    ValidationException,
)
from moto.stepfunctions.parser import api, models
from moto.stepfunctions.parser.asl.eval.callback import callback

from .callback_task import CallbackTask
from .services import services

STOP_DEADLINE_SECONDS = 5
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
MAX_DATA_BYTES = 262_144
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html
MAX_ERROR_CHARACTERS = 256
MAX_CAUSE_CHARACTERS = 32_768
_NAME = re.compile(r"""[^\s<>{}\[\]?*"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}""")


class StepFunctionsBackend(models.StepFunctionsParserBackend):
    """moto's backend with the service's own rules for starting and for answering tasks."""

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
        _refuse_longer("input", len((execution_input or "").encode()), MAX_DATA_BYTES)
        if name is not None and not _NAME.fullmatch(name):
            raise InvalidName(f"Invalid Name: '{name}'")
        known = list(self.describe_state_machine(state_machine_arn).executions)
        clock = services().clocks.of_starter()
        with clock.current():
            execution = super().start_execution(
                state_machine_arn, name or str(uuid.uuid4()), execution_input, trace_header
            )
        if execution not in known:
            services().clocks.add(execution.exec_arn, clock)
        return execution

    def stop_execution(
        self, execution_arn: str, error: str | None = None, cause: str | None = None
    ) -> Any:
        execution = self.describe_execution(execution_arn)
        if execution.status != "RUNNING":
            return execution
        execution.error, execution.cause = error, cause
        execution.stop(services().clocks.of(execution_arn).now(), error, cause)
        deadline = time.monotonic() + STOP_DEADLINE_SECONDS
        while execution.status == "RUNNING" and time.monotonic() < deadline:
            time.sleep(0.005)
        return execution

    def send_task_success(self, task_token: str, outcome: str) -> None:
        _refuse_longer("output", len(outcome.encode()), MAX_DATA_BYTES)
        try:
            json.loads(outcome, parse_constant=_refuse_constant)
        except ValueError as error:
            raise api.InvalidOutput(f"Invalid Output: '{error}'") from None
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


def _refuse_longer(name: str, length: int, limit: int) -> None:
    if length > limit:
        raise ValidationException(
            f"1 validation error detected: Value at '{name}' failed to satisfy constraint: "
            f"Member must have length less than or equal to {limit}"
        )


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")

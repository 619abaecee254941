# SPDX-License-Identifier: MIT-0
"""Patches of Step Functions' API: error codes, and what requests and responses lose on the way."""

import json
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult, EmptyResult
from moto.stepfunctions.parser import api
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.responses import StepFunctionResponse

from ...patching import replacing, setting, wrapping
from ..services import services


def _is_error(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, AWSError) and hasattr(value, "code")


for _error in filter(_is_error, vars(api).values()):
    setting(
        _error,
        "TYPE",
        _error.code,
        gap="Most errors reach a client without their code.",
        probe="error_has_no_code",
    )


@replacing(
    StepFunctionResponse,
    "send_task_failure",
    gap="SendTaskFailure loses its cause.",
    probe="failure_loses_its_cause",
)
def _send_task_failure(self: StepFunctionResponse) -> EmptyResult:
    self.stepfunction_backend.send_task_failure(
        self._get_param("taskToken"), self._get_param("error"), self._get_param("cause")
    )
    return EmptyResult()


@replacing(
    StepFunctionResponse,
    "stop_execution",
    gap="StopExecution loses its error and its cause.",
    probe="stop_loses_its_error",
)
def _stop_execution(self: StepFunctionResponse) -> ActionResult:
    execution = self.stepfunction_backend.stop_execution(
        self._get_param("executionArn"), self._get_param("error"), self._get_param("cause")
    )
    return ActionResult({"stopDate": execution.stop_date})


@replacing(
    BaseExecutionWorkerCommunication,
    "terminated",
    gap="An execution ends at the machine's time, and one that has timed out has no end.",
    probe="execution_ends_at_the_time_of_the_machine",
)
def _terminated(self: BaseExecutionWorkerCommunication) -> None:
    self._reflect_execution_status()
    self.execution.stop_date = services().now()


@wrapping(
    StepFunctionResponse,
    "describe_execution",
    gap="DescribeExecution returns an output that is a text without its quotes.",
    probe="text_as_output_is_no_json",
)
def _describe_execution(
    original: Callable[[StepFunctionResponse], ActionResult], self: StepFunctionResponse
) -> ActionResult:
    described = original(self)
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    if execution.stop_date is not None:
        described.result["stopDate"] = execution.stop_date
    if "output" in described.result:
        described.result["output"] = json.dumps(execution.output, separators=(",", ":"))
    return described

# SPDX-License-Identifier: MIT-0
"""Patches of Step Functions' API: error codes, and fields of requests and responses."""

from typing import Any

from moto.core.exceptions import AWSError
from moto.core.responses import ActionResult, EmptyResult
from moto.stepfunctions.parser import api
from moto.stepfunctions.responses import StepFunctionResponse

from ...patching import replacing, setting


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

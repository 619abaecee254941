# SPDX-License-Identifier: MIT-0
"""Patches of the Lambda task: its request, its credentials, and its result."""

from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_lambda,
)

from ...patching import replacing, setting
from ..integrations.catalogue import LAMBDA_ERRORS
from ..integrations.metadata import http_metadata
from ..services import services

_PARAMETERS = "_SUPPORTED_API_PARAM_BINDINGS"
_bindings = getattr(state_task_service_lambda, _PARAMETERS)

setting(
    state_task_service_lambda,
    _PARAMETERS,
    {**_bindings, "invoke": {*_bindings["invoke"], "InvocationType"}},
    gap="InvocationType is dropped from the arguments of a Lambda task.",
    probe="invocation_type_is_dropped",
)


@replacing(
    lambda_eval_utils,
    "boto_client_for",
    gap="Every task makes a client of its own, for a port that only an environment variable sets, "
    "with credentials of no role.",
    probe="lambda_clients_are_for_another_port",
)
def _lambda_client(state_credentials: Any, **_: Any) -> Any:
    return services().client("lambda", state_credentials.role_arn)


@replacing(
    lambda_eval_utils,
    "select_from_typed_dict",
    gap="The output of a Lambda task lacks the metadata of its HTTP response.",
    probe="task_output_has_no_metadata",
)
def _task_output(typed_dict: Any, obj: dict[str, Any]) -> dict[str, Any]:
    output = {key: obj[key] for key in typed_dict.__annotations__ if key in obj}
    return {**output, **http_metadata(obj["ResponseMetadata"])}


@replacing(
    state_task_service_lambda.StateTaskServiceLambda,
    "_error_cause_from_client_error",
    gap="An error that is not in Lambda's model, such as a denied call, has its code for a name.",
    probe="error_outside_the_model_has_its_code_for_a_name",
)
def _error_and_cause(_self: Any, client_error: ClientError) -> tuple[str, str]:
    failure = LAMBDA_ERRORS.task_error(client_error)
    return failure.error, failure.cause

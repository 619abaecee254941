# SPDX-License-Identifier: MIT-0
"""The task `aws-sdk:lambda:invoke`: Lambda's Invoke as an SDK calls it, with all its parameters.

Unlike the task `lambda:invoke` it takes DurableExecutionName and returns DurableExecutionArn, and
hands the payload of the answer on as text; an error of the function does not fail it.
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

import json
from typing import Any

import botocore.session
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk,
)

from .services import services

RESOURCE = r"arn:[^:]+:states:::aws-sdk:lambda:invoke(\.waitForTaskToken)?"


class LambdaSdkTask(state_task_service_aws_sdk.StateTaskServiceAwsSdk):
    """The one call of an SDK that is served here; the definition's check refuses all others."""

    @staticmethod
    def _normalise_service_error_name(service_name: str) -> str:
        return "Lambda" if service_name == "lambda" else service_name

    def _normalise_parameters(self, parameters: dict[str, Any], *_: Any, **__: Any) -> None:
        # A value of type blob is sent as JSON, and a text is JSON in quotes.
        if "Payload" in parameters:
            payload = json.dumps(parameters["Payload"], separators=(",", ":"), ensure_ascii=False)
            parameters["Payload"] = payload.encode()

    def _eval_service_task(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: dict[str, Any],
        state_credentials: Any,
    ) -> None:
        client = services().lambda_client(state_credentials.role_arn)
        answer = client.invoke(**normalised_parameters)
        del answer["ResponseMetadata"]
        env.stack.append({**answer, "Payload": answer["Payload"].read().decode()})


def unknown_parameters(parameters: dict[str, Any]) -> list[str]:
    """The names among a task's parameters or arguments that Invoke does not have."""
    model = botocore.session.get_session().get_service_model("lambda")
    known = model.operation_model("Invoke").input_shape.members
    return [name for name in parameters if name.removesuffix(".$") not in known]

# SPDX-License-Identifier: MIT-0
"""A Task state that calls a service, as its state machine's role."""

import functools
import json
import uuid
from typing import Any

from botocore.exceptions import ClientError
from botocore.validate import ParamValidator
from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackTimeoutError
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from ..callback_task import CallbackTask
from ..executions.error_names import RaisedErrorName
from ..failure import runtime_failure
from ..services import services
from ..values.resource_arn import SYNC, SYNC_2, TOKEN, parse_service_resource
from .catalogue import Integration, NotServed, find_integration
from .child_execution import child_result, wait_for_child
from .errors import TaskError
from .events import add_resources, require_all_entries
from .metadata import http_metadata
from .values import NoText


@functools.cache
def _integration_of(resource_arn: str) -> Integration:
    resource = parse_service_resource(resource_arn)
    if resource is None:
        raise NotServed(f"{resource_arn} is no resource of a task")
    return find_integration(resource)


class ServiceTask(state_task_service_callback.StateTaskServiceCallback):
    """moto's task of a service, with the service's model for its requests, results and errors."""

    def __init__(self) -> None:
        super().__init__(supported_integration_patterns={TOKEN, SYNC, SYNC_2})

    def _validate_service_integration_is_supported(self) -> None:
        self._require_integration()

    @property
    def _integration(self) -> Integration:
        # Not an attribute: programs are copied by pickling, and conventions are functions.
        return self._require_integration()

    def _require_integration(self) -> Integration:
        return _integration_of(self.resource.resource_arn)

    def _get_supported_parameters(self) -> frozenset[str] | None:
        return self._integration.parameters

    def _get_sfn_resource_type(self) -> str:
        service, api = self.resource.service_name, self.resource.api_name
        return service if service == api else f"{service}:{api}"

    def _eval_parameters(self, env: Any) -> dict[str, Any]:
        parameters: dict[str, Any] = super()._eval_parameters(env)
        self._require_parameters(env, parameters)
        return parameters

    def _require_parameters(self, env: Any, parameters: dict[str, Any]) -> None:
        """Fail with States.Runtime for parameters that the service's model does not allow."""
        shape = self._integration.model.input_shape
        # The service itself refuses a null.
        given = dict.fromkeys(self._nulls(parameters), "")
        try:
            request = self._request(env, parameters)
            problems = ParamValidator().validate({**given, **request}, shape).generate_report()
        except ValueError as error:
            problems = f"no Base64: {error}"
        if problems and not given:
            raise runtime_failure(
                env,
                f"The Parameters '{to_json_str(parameters, separators=(',', ':'))}' could not be "
                f"used to start the Task: [{'; '.join(problems.splitlines())}]",
            )

    def _nulls(self, parameters: dict[str, Any]) -> list[str]:
        """The required members of the request for which there is a null."""
        shape, name_of = self._integration.model.input_shape, self._integration.conventions.name
        required = shape.required_members if shape is not None else []
        return [name for name in required if parameters.get(name_of(name), parameters) is None]

    def _request(self, env: Any, parameters: dict[str, Any]) -> dict[str, Any]:
        shape = self._integration.model.input_shape
        if shape is None:
            return {}
        if self.resource.service_name == "events":
            parameters = add_resources(parameters, env.states.context_object.context_object_data)
        request: dict[str, Any] = self._integration.conventions.request(shape, parameters)
        if self.resource.service_name == "states":
            # An execution starts with the input {} if it is given none, or a null.
            request.setdefault("input", "{}")
        return request

    def _eval_service_task(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: dict[str, Any],
        state_credentials: Any,
    ) -> None:
        called = self._integration
        for name in self._nulls(normalised_parameters):
            raise _null(name, called.operation)
        client = services().client(called.client, state_credentials.role_arn)
        request = self._request(env, normalised_parameters)
        answer = getattr(client, called.method)(**request)
        if request.get("ReturnConsumedCapacity", "NONE") == "NONE":
            # moto's UpdateItem returns it unasked.
            answer.pop("ConsumedCapacity", None)
        env.stack.append(self._result(answer))

    def _result(self, answer: dict[str, Any]) -> dict[str, Any]:
        called = self._integration
        shape = called.model.output_shape
        try:
            result = called.conventions.result(shape, answer) if shape is not None else {}
        except NoText as error:
            raise TaskError("States.Runtime", f"{error}: not supported here") from None
        if self.resource.service_name == "events":
            require_all_entries(result)
        return result | http_metadata(answer["ResponseMetadata"]) if called.has_metadata else result

    def _eval_integration_pattern(
        self,
        env: Any,
        resource_runtime_part: Any,
        normalised_parameters: dict[str, Any],
        state_credentials: Any,
    ) -> None:
        pattern = self.resource.condition
        if pattern == TOKEN:
            super()._eval_integration_pattern(
                env, resource_runtime_part, normalised_parameters, state_credentials
            )
            return
        arn = env.stack.pop()["ExecutionArn"]
        self.timeout.eval(env=env)
        timeout = env.stack.pop()
        task = CallbackTask.of(env.states.context_object.context_object_data["Task"]["Token"])
        client = services().client("stepfunctions", state_credentials.role_arn)
        if not wait_for_child(client, arn, task, timeout):
            raise CallbackTimeoutError
        env.stack.append(child_result(client, arn, is_parsed=pattern == SYNC_2))

    def _from_error(self, env: Any, ex: Exception) -> FailureEvent:
        if isinstance(ex, ClientError):
            ex = self._integration.errors.task_error(ex)
        if not isinstance(ex, TaskError):
            return super()._from_error(env=env, ex=ex)
        details = {
            "error": ex.error,
            "cause": ex.cause,
            "resource": self._get_sfn_resource(),
            "resourceType": self._get_sfn_resource_type(),
        }
        return FailureEvent(
            env=env,
            error_name=RaisedErrorName(ex.error),
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )


def _null(name: str, operation: str) -> ClientError:
    """The service's refusal of a null, recorded for DynamoDB. boto3 does not send one."""
    field = json.dumps(name[0].lower() + name[1:])[1:-1]
    message = (
        f"1 validation error detected: Value null at '{field}' failed to satisfy constraint: "
        "Member must not be null"
    )
    return ClientError(
        {
            "Error": {"Code": "ValidationException", "Message": message},
            "ResponseMetadata": {
                "HTTPStatusCode": 400,
                "RequestId": str(uuid.uuid4()),
                "HTTPHeaders": {},
                "HostId": "",
                "RetryAttempts": 0,
            },
        },
        operation,
    )

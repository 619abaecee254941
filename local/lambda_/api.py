# SPDX-License-Identifier: MIT-0
"""Lambda's REST API, routed by botocore's own model of it."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from ..durable.api.calls import DurableCalls
from ..durable.api.description import summary
from ..durable.api.listing import Listing
from ..durable.api.wire import Request, WireAnswer, json_answer
from ..durable.callbacks import execution_of
from ..functions.function import LATEST, EventInvokeConfig, FunctionVersion, function_arn
from ..functions.function_name import parse_function_name
from ..functions.lambda_error import LambdaError
from ..iam.caller import Caller
from ..quotas.limits import Throttled
from ..service_models import service_model
from .invocation import Invocation, parse_client_context, parse_payload
from .service import LambdaService

NOT_SERVED = "{operation} is not served on this machine"
# The other actions are named like their operations:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
_ACTIONS = {"Invoke": "InvokeFunction"}


@dataclass(frozen=True)
class Operation:
    """A call of the API, recognized: its name and the parameters in its path."""

    name: str
    path: Mapping[str, str]
    request: Request

    def query(self, name: str) -> str | None:
        return self.request.query.get(name, [None])[0]

    def header(self, name: str) -> str | None:
        return self.request.headers.get(name)

    def function(self) -> tuple[str, str | None]:
        """Name and qualifier of the function that the call is about."""
        return parse_function_name(self.path["FunctionName"], self.query("Qualifier"))

    def resource(self) -> str:
        """The ARN that a policy has to allow."""
        if "DurableExecutionArn" in self.path:
            return self.path["DurableExecutionArn"]
        if "CallbackId" in self.path:
            return execution_of(self.path["CallbackId"]) or "*"
        if "FunctionName" not in self.path:
            return "*"
        name, qualifier = self.function()
        return function_arn(name) + (f":{qualifier}" if qualifier else "")


class LambdaApi:
    """Answers requests for the functions of a service."""

    def __init__(self, service: LambdaService) -> None:
        self._service = service
        self._durable_calls = DurableCalls(service.durable_executions)
        self._operations = operations_by_path()
        self._handlers: dict[str, Callable[[Operation], WireAnswer]] = {
            "Invoke": self._invoke,
            "GetFunction": self._get_function,
            "GetFunctionConfiguration": self._get_function_configuration,
            "ListFunctions": self._list_functions,
            "ListVersionsByFunction": self._list_versions,
            "ListDurableExecutionsByFunction": self._list_durable_executions,
            "GetFunctionEventInvokeConfig": self._get_event_invoke_config,
            "ListFunctionEventInvokeConfigs": self._list_event_invoke_configs,
        }

    def handle(self, request: Request, caller: Caller) -> WireAnswer:
        """Answer one request.

        Raises:
            LambdaError: the call is refused
            AccessDenied: the caller may not make it
        """
        operation = self._recognize(request)
        try:
            return self._answer(operation, caller)
        except RecursionError:
            message = "Could not parse request body into json: it is nested too deeply"
            raise LambdaError("InvalidRequestContentException", 400, message) from None
        except Throttled as error:
            code = "TooManyRequestsException"
            raise LambdaError(code, 429, str(error), error.reason) from None

    def _answer(self, operation: Operation, caller: Caller) -> WireAnswer:
        self._service.limits.require_call(f"lambda:{operation.name}")
        action = f"lambda:{_ACTIONS.get(operation.name, operation.name)}"
        caller.require(action, operation.resource(), resource_policy=self._policy(operation))
        handler = self._handlers.get(operation.name)
        if handler is not None:
            return handler(operation)
        if self._durable_calls.serves(operation.name):
            return self._durable_calls.handle(operation.name, operation.path, operation.request)
        raise LambdaError("NotImplemented", 501, NOT_SERVED.format(operation=operation.name))

    def _policy(self, operation: Operation) -> dict[str, Any] | None:
        """The own policy of the function that is invoked."""
        if operation.name != "Invoke":
            return None
        return self._service.functions.policy(*operation.function())

    def _recognize(self, request: Request) -> Operation:
        try:
            name, path = self._operations.match(request.raw_path, method=request.method)
        except HTTPException:
            called = f"{request.method} {request.raw_path}"
            raise LambdaError("NotImplemented", 501, NOT_SERVED.format(operation=called)) from None
        parameters = {key: unquote(value) for key, value in path.items()}
        return Operation(name, parameters, request)

    def _invoke(self, operation: Operation) -> WireAnswer:
        answer = self._service.invoke(
            Invocation(
                function_name=operation.path["FunctionName"],
                qualifier=operation.query("Qualifier"),
                invocation_type=operation.header("X-Amz-Invocation-Type") or "RequestResponse",
                durable_execution_name=operation.header("X-Amz-Durable-Execution-Name"),
                payload=parse_payload(operation.request.body),
                client_context=parse_client_context(operation.header("X-Amz-Client-Context")),
                tenant_id=operation.header("X-Amz-Tenant-Id"),
                log_type=operation.header("X-Amz-Log-Type") or "None",
            )
        )
        return WireAnswer(
            answer.status, answer.payload.encode(errors="surrogateescape"), dict(answer.headers)
        )

    def _get_function(self, operation: Operation) -> WireAnswer:
        version = self._service.functions.version(*operation.function())
        location = version.configuration.code.as_uri()
        return json_answer(
            {
                "Configuration": _configuration(version),
                "Code": {"RepositoryType": "S3", "Location": location},
            }
        )

    def _get_function_configuration(self, operation: Operation) -> WireAnswer:
        return json_answer(_configuration(self._service.functions.version(*operation.function())))

    def _list_functions(self, _operation: Operation) -> WireAnswer:
        return json_answer(
            {"Functions": list(map(_configuration, self._service.functions.latest()))}
        )

    def _list_versions(self, operation: Operation) -> WireAnswer:
        name, _ = operation.function()
        return json_answer(
            {"Versions": list(map(_configuration, self._service.functions.versions(name)))}
        )

    def _list_durable_executions(self, operation: Operation) -> WireAnswer:
        name, qualifier = operation.function()
        version = self._service.functions.version(name, qualifier)
        listing = Listing(
            function_name=name,
            version=version.number if qualifier else None,
            name=operation.query("DurableExecutionName"),
            statuses=operation.request.query.get("Statuses", []),
            started_after=operation.query("StartedAfter"),
            started_before=operation.query("StartedBefore"),
            is_oldest_first=operation.query("ReverseOrder") == "true",
            marker=operation.query("Marker"),
            max_items=operation.query("MaxItems"),
        )
        executions = self._service.durable_executions.of_function(name)
        return json_answer(listing.page(list(map(summary, executions))))

    def _get_event_invoke_config(self, operation: Operation) -> WireAnswer:
        name, qualifier = operation.function()
        self._service.functions.version(name, qualifier)
        configured = self._service.functions.invoke_configs(name)
        config = configured.get(qualifier or LATEST)
        if config is None:
            arn = operation.resource()
            message = f"The function {arn} doesn't have an EventInvokeConfig"
            raise LambdaError("ResourceNotFoundException", 404, message)
        return json_answer(_event_invoke_config(name, qualifier or LATEST, config))

    def _list_event_invoke_configs(self, operation: Operation) -> WireAnswer:
        name, _ = operation.function()
        self._service.functions.version(name)
        configured = self._service.functions.invoke_configs(name)
        shown = [_event_invoke_config(name, *item) for item in configured.items()]
        return json_answer({"FunctionEventInvokeConfigs": shown})


@functools.cache
def operations_by_path() -> Any:
    """Every operation of Lambda's API, by its method and path."""
    model = service_model("lambda")
    rules = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path = http["requestUri"].split("?")[0].replace("{", "<").replace("+}", "}")
        rules.append(Rule(path.replace("}", ">"), endpoint=name, methods=[http["method"]]))
    return Map(rules, strict_slashes=False).bind("localhost")


def _configuration(version: FunctionVersion) -> dict[str, Any]:
    """A version as GetFunction shows it."""
    configuration = version.configuration
    shown: dict[str, Any] = {
        "FunctionName": version.name,
        "FunctionArn": function_arn(version.name) if version.number == LATEST else version.arn,
        "Version": version.number,
        "Handler": configuration.handler,
        "Runtime": configuration.runtime,
        "Role": configuration.role_arn,
        "MemorySize": configuration.memory_mb,
        "Timeout": configuration.timeout_seconds,
        "Architectures": [configuration.architecture],
        "PackageType": "Zip",
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "Environment": {"Variables": dict(configuration.environment)},
        "LoggingConfig": {
            "LogFormat": "JSON" if configuration.json_logs else "Text",
            "LogGroup": configuration.log_group,
        },
    }
    if configuration.durable:
        shown["DurableConfig"] = configuration.durable.description()
    return shown


def _event_invoke_config(name: str, qualifier: str, config: EventInvokeConfig) -> dict[str, Any]:
    """The configuration of asynchronous invocations as GetFunctionEventInvokeConfig shows it."""
    destinations = {"OnSuccess": config.on_success, "OnFailure": config.on_failure}
    return {
        "FunctionArn": f"{function_arn(name)}:{qualifier}",
        "MaximumRetryAttempts": config.maximum_retry_attempts,
        "MaximumEventAgeInSeconds": config.maximum_event_age_seconds,
        "DestinationConfig": {
            key: {"Destination": arn} if arn else {} for key, arn in destinations.items()
        },
    }

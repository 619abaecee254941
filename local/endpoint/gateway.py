# SPDX-License-Identifier: MIT-0
"""The one address: Lambda here, Step Functions and all the rest by moto."""

import functools
import io
import json
import threading
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Request as HttpRequest
from werkzeug.wrappers import Response

from ..clocks.clocks import TRACE_HEADER, Clocks
from ..durable.api.wire import Request
from ..environment import environment
from ..errors import LocalError
from ..functions.lambda_error import LambdaError
from ..iam.caller import AccessDenied, Caller
from ..lambda_.api import LambdaApi
from ..lambda_.service import LambdaService
from ..patching import closing
from ..quotas.limits import Limits, Throttled
from .authorization import authorize
from .call import Call, read_call
from .error_response import (
    access_denied,
    error_response,
    internal_failure,
    is_unknown_to_moto,
    not_served,
)
from .identity import GET_CALLER_IDENTITY, STS_OPERATIONS, caller_identity
from .patches import apply_late_patches
from .stacks import DESCRIBE_STACKS, Stacks

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# A web page can make a browser post here, but not with a header of its own.
DEPLOY_PATH = "/_local/deploy"
DEPLOY_HEADER = "X-Local-Deploy"
Intercept = Callable[[HttpRequest, Callable[[], "WSGIApplication"]], "WSGIApplication"]
# The services, by the names they are signed for, of the resources that can be deployed. moto
# imports a service at the first request for it.
_NAMES = (
    "cloudformation dynamodb events iam kinesis kms lambda logs monitoring s3 secretsmanager "
    "sns sqs ssm states sts"
)
SERVICES = frozenset(_NAMES.split())


class Gateway:
    """Gives every request to the service it is signed for, if its caller may make it."""

    def __init__(self, lambda_service: LambdaService, clocks: Clocks, limits: Limits) -> None:
        # What a request to deploy an assembly's directory does, and its outputs.
        self.on_deploy: Callable[[Path], dict[str, Any]] | None = None
        # Stands between a request and what serves it: where faults are injected.
        self.intercept: Intercept = lambda _request, serve: serve()
        self.stacks = Stacks()
        self._is_closed = False
        self._clocks = clocks
        self._limits = limits
        self._deploying = threading.Lock()
        self._lambda_api = LambdaApi(lambda_service)
        self._moto = _moto_services()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = HttpRequest(environ)
        with self._clocks.current(request.headers.get(TRACE_HEADER, "")):
            return self.intercept(request, lambda: self._answer(request))(environ, start_response)

    def close(self) -> None:
        """Take no failure for a defect any more: what serves the calls is about to end."""
        self._is_closed = True

    def _answer(self, request: HttpRequest) -> "WSGIApplication":
        try:
            return self._route(request)
        except LocalError as error:
            return error_response(request, "InvalidDeployment", 400, str(error))
        except LambdaError as error:
            return error_response(request, error.code, error.status, str(error), error.reason)
        except Exception as error:
            return self._failed(request, error)

    def _failed(self, request: HttpRequest, error: Exception) -> Response:
        called = _called(request)
        if self._is_closed:
            message = f"{called} failed: the endpoint is closed"
            return error_response(request, "ServiceUnavailable", 503, message)
        return internal_failure(request, called, error)

    def _route(self, request: HttpRequest) -> "WSGIApplication":
        if request.path == DEPLOY_PATH and DEPLOY_HEADER in request.headers:
            return self._deploy(request)
        caller = Caller.of(request.headers.get("Authorization", ""))
        if caller is None:
            return error_response(
                request, "MissingAuthenticationToken", 403, "The request is not signed"
            )
        if caller.service not in SERVICES or caller.region != environment().region:
            return not_served(request, f"{caller.service} in {caller.region}")
        try:
            return self._serve(request, caller)
        except AccessDenied as error:
            return access_denied(request, caller.service, str(error))

    def _serve(self, request: HttpRequest, caller: Caller) -> "WSGIApplication":
        if caller.service == "lambda":
            answer = self._lambda_api.handle(_lambda_request(request), caller)
            headers = {"x-amzn-RequestId": str(uuid.uuid4()), **answer.headers}
            return Response(answer.body, answer.status, headers)
        if caller.principal_arn is not None or caller.service == "sts":
            call = read_call(request, caller.service)
            authorize(call, caller)
            if caller.service == "sts":
                return self._serve_sts(request, call, caller)
        if caller.service == "states":
            try:
                target = request.headers.get("X-Amz-Target", "")
                self._limits.require_call(f"states:{target.rsplit('.', 1)[-1]}")
            except Throttled:
                return error_response(request, "ThrottlingException", 400, "Rate exceeded")
        if caller.service == "cloudformation":
            return self._describe_stacks(request)
        apply_late_patches(caller.service)
        return functools.partial(self._by_moto, request)

    def _serve_sts(self, request: HttpRequest, call: Call, caller: Caller) -> "WSGIApplication":
        if call.operation not in STS_OPERATIONS:
            return not_served(request, call.operation)
        if {"Policy", "PolicyArns"} & set(call.parameters):
            return not_served(request, f"{call.operation} with a session policy")
        if call.operation == GET_CALLER_IDENTITY and caller.principal_arn is not None:
            return caller_identity(caller)
        return functools.partial(self._by_moto, request)

    def _describe_stacks(self, request: HttpRequest) -> Response:
        action = _action(request)
        if action != DESCRIBE_STACKS:
            return not_served(request, action)
        return self.stacks.describe(request.values.get("StackName"))

    def _by_moto(
        self,
        request: HttpRequest,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
    ) -> Iterable[bytes]:
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = environment().account
        # A layer before moto may have read the body; moto would then wait for another one.
        environ["wsgi.input"] = io.BytesIO(request.get_data())
        try:
            answer: Iterable[bytes] = self._moto(environ, start_response)
        except Exception as error:
            # Of the request, which keeps its body: moto has read that of the environment.
            if is_unknown_to_moto(error):
                return not_served(request, _called(request))(environ, start_response)
            return self._failed(request, error)(environ, start_response)
        return answer

    def _deploy(self, request: HttpRequest) -> Response:
        if self.on_deploy is None:
            raise LocalError("this endpoint takes no deployments")
        try:
            directory = Path(json.loads(request.get_data())["assembly"])
        except (ValueError, KeyError, TypeError):
            raise LocalError('a deployment is asked for with {"assembly": DIR}') from None
        with self._deploying:
            outputs = self.on_deploy(directory)
        return Response(json.dumps(outputs), 200, {"Content-Type": "application/json"})


class _MotoServices(DomainDispatcherApplication):
    """moto's services, by the host of a request."""

    def __init__(self, create_app: Callable[[Any], Any]) -> None:
        super().__init__(create_app)
        self._backends: dict[str, Any] = {}

    @closing(
        gap="Every request looks through moto's folder for its service.",
        probe="every_request_lists_the_services",
    )
    def get_backend_for_host(self, host: str | None) -> Any:
        if host is None:
            return None
        if host not in self._backends:
            self._backends[host] = super().get_backend_for_host(host)
        return self._backends[host]


@functools.cache
def _moto_services() -> _MotoServices:
    """moto's services for every endpoint of this process: their routes take long to compile."""
    return _MotoServices(create_backend_app)


def _lambda_request(request: HttpRequest) -> Request:
    return Request(
        method=request.method,
        # Not request.path: in an ARN, a quoted slash is no separator.
        raw_path=request.environ["RAW_URI"].split("?")[0],
        query=request.args.to_dict(flat=False),
        headers=dict(request.headers),
        body=request.get_data(),
    )


def _called(request: HttpRequest) -> str:
    return request.headers.get("X-Amz-Target") or _action(request)


def _action(request: HttpRequest) -> str:
    """The call of a service that speaks the query protocol; of another, the path."""
    return str(request.values.get("Action") or f"{request.method} {request.path}")

# SPDX-License-Identifier: MIT-0
"""The one address: Lambda here, Step Functions and all the rest by moto."""

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
from ..durable.executions import Request
from ..environment import environment
from ..errors import LocalError
from ..functions.lambda_error import LambdaError
from ..iam.caller import AccessDenied, Caller
from ..lambda_.api import LambdaApi
from ..lambda_.service import LambdaService
from .authorization import authorize
from .error_response import error_response, not_served
from .stacks import DESCRIBE_STACKS, Stacks

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# A web page can make a browser post here, but not with a header of its own.
DEPLOY_PATH = "/_local/deploy"
DEPLOY_HEADER = "X-Local-Deploy"
Intercept = Callable[[HttpRequest, Callable[[], "WSGIApplication"]], "WSGIApplication"]
# The services, by the names they are signed for, of the resources that can be deployed.
SERVICES = frozenset({"cloudformation", "events", "iam", "lambda", "logs", "states", "sts"})


class Gateway:
    """Gives every request to the service it is signed for, if its caller may make it."""

    def __init__(self, lambda_service: LambdaService, clocks: Clocks) -> None:
        # What a request to deploy an assembly's directory does, and its outputs.
        self.on_deploy: Callable[[Path], dict[str, Any]] | None = None
        # Stands between a request and what serves it: where faults are injected.
        self.intercept: Intercept = lambda _request, serve: serve()
        self.stacks = Stacks()
        self._clocks = clocks
        self._deploying = threading.Lock()
        self._lambda_api = LambdaApi(lambda_service)
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = HttpRequest(environ)
        with self._clocks.current(request.headers.get(TRACE_HEADER, "")):
            return self.intercept(request, lambda: self._answer(request))(environ, start_response)

    def _answer(self, request: HttpRequest) -> "WSGIApplication":
        try:
            return self._route(request)
        except LocalError as error:
            return error_response(request, "InvalidDeployment", 400, str(error))
        except LambdaError as error:
            return error_response(request, error.code, error.status, str(error))
        except AccessDenied as error:
            return error_response(request, "AccessDeniedException", 403, str(error))

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
        if caller.service == "lambda":
            answer = self._lambda_api.handle(_lambda_request(request), caller)
            return Response(answer.body, answer.status, {**_request_id(), **answer.headers})
        authorize(request, caller)
        if caller.service == "cloudformation":
            return self._describe_stacks(request)
        return self._by_moto

    def _describe_stacks(self, request: HttpRequest) -> Response:
        action = _action(request)
        if action != DESCRIBE_STACKS:
            return not_served(request, action)
        return self.stacks.describe(request.values.get("StackName"))

    def _by_moto(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = environment().account
        try:
            answer: Iterable[bytes] = self._moto(environ, start_response)
        except Exception:  # moto's own way to say that it has never heard of a call
            request = HttpRequest(environ)
            called = request.headers.get("X-Amz-Target") or _action(request)
            return not_served(request, called)(environ, start_response)
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


def _lambda_request(request: HttpRequest) -> Request:
    return Request(
        method=request.method,
        # Not request.path: in an ARN, a quoted slash is no separator.
        raw_path=request.environ["RAW_URI"].split("?")[0],
        query=request.args.to_dict(flat=False),
        headers=dict(request.headers),
        body=request.get_data(),
    )


def _action(request: HttpRequest) -> str:
    """The call of a service that speaks the query protocol; of another, the path."""
    return str(request.values.get("Action") or f"{request.method} {request.path}")


def _request_id() -> dict[str, str]:
    return {"x-amzn-RequestId": str(uuid.uuid4())}

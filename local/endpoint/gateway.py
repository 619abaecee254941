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

from ..durable.executions import Request
from ..environment import REGION
from ..errors import LocalError
from ..functions.lambda_error import LambdaError
from ..iam.caller import AccessDenied, Caller
from ..lambda_.api import LambdaApi
from ..lambda_.service import LambdaService
from .authorization import authorize
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

    def __init__(self, lambda_service: LambdaService) -> None:
        # What a request to deploy an assembly's directory does, and its outputs.
        self.on_deploy: Callable[[Path], dict[str, Any]] | None = None
        # Stands between a request and what serves it: where faults are injected.
        self.intercept: Intercept = lambda _request, serve: serve()
        self.stacks = Stacks()
        self._deploying = threading.Lock()
        self._lambda_api = LambdaApi(lambda_service)
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = HttpRequest(environ)
        return self.intercept(request, lambda: self._answer(request))(environ, start_response)

    def _answer(self, request: HttpRequest) -> "WSGIApplication":
        try:
            return self._route(request)
        except LocalError as error:
            return _refusal("InvalidDeployment", 400, str(error))
        except LambdaError as error:
            return _refusal(error.code, error.status, str(error))
        except AccessDenied as error:
            return _refusal("AccessDeniedException", 403, str(error))

    def _route(self, request: HttpRequest) -> "WSGIApplication":
        if request.path == DEPLOY_PATH and DEPLOY_HEADER in request.headers:
            return self._deploy(request)
        caller = Caller.of(request.headers.get("Authorization", ""))
        if caller is None:
            return _refusal("MissingAuthenticationToken", 403, "The request is not signed")
        if caller.service not in SERVICES or caller.region != REGION:
            return _not_served(f"{caller.service} in {caller.region}")
        if caller.service == "lambda":
            answer = self._lambda_api.handle(_lambda_request(request), caller)
            return Response(answer.body, answer.status, {**_request_id(), **answer.headers})
        authorize(request, caller)
        if caller.service == "cloudformation":
            return self._describe_stacks(request)
        return self._by_moto

    def _describe_stacks(self, request: HttpRequest) -> Response:
        action = request.values.get("Action", request.method)
        if action != DESCRIBE_STACKS:
            return _not_served(action)
        return self.stacks.describe(request.values.get("StackName"))

    def _by_moto(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        try:
            answer: Iterable[bytes] = self._moto(environ, start_response)
        except Exception:  # moto's own way to say that it has never heard of a call
            called = str(environ.get("HTTP_X_AMZ_TARGET", environ["PATH_INFO"]))
            return _not_served(called)(environ, start_response)
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


def _not_served(what: str) -> Response:
    return _refusal("NotImplemented", 501, f"{what} is not served on this machine")


def _request_id() -> dict[str, str]:
    return {"x-amzn-RequestId": str(uuid.uuid4())}


def _refusal(code: str, status: int, message: str) -> Response:
    """An error in the shape that both of AWS's JSON protocols read."""
    body = {"__type": code, "Type": "User", "message": message, "Message": message}
    headers = {"x-amzn-ErrorType": code, "Content-Type": "application/json", **_request_id()}
    return Response(json.dumps(body), status, headers)

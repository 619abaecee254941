# SPDX-License-Identifier: MIT-0
"""The one address: Lambda here, Step Functions and all the rest by moto."""

import json
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Request as HttpRequest
from werkzeug.wrappers import Response

from .authorization import authorize
from .durable_executions import Request
from .errors import LocalError
from .invocation import LambdaError
from .lambda_api import LambdaApi
from .lambda_service import LambdaService
from .permissions import AccessDenied, Caller

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# A web page can make a browser post here, but not with a header of its own.
DEPLOY_PATH = "/_local/deploy"
DEPLOY_HEADER = "X-Local-Deploy"


class Gateway:
    """Gives every request to the service it is signed for, if its caller may make it."""

    def __init__(self, lambda_service: LambdaService) -> None:
        # What a request to deploy an assembly's directory does, and its outputs.
        self.on_deploy: Callable[[Path], dict[str, Any]] | None = None
        self._lambda_api = LambdaApi(lambda_service)
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        return self._answer(HttpRequest(environ))(environ, start_response)

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
        if caller is not None and caller.service == "lambda":
            answer = self._lambda_api.handle(_lambda_request(request), caller)
            headers = {"x-amzn-RequestId": str(uuid.uuid4()), **answer.headers}
            return Response(answer.body, answer.status, headers)
        if caller is not None:
            authorize(request, caller)
        moto: WSGIApplication = self._moto
        return moto

    def _deploy(self, request: HttpRequest) -> Response:
        if self.on_deploy is None:
            raise LocalError("this endpoint takes no deployments")
        outputs = self.on_deploy(Path(request.get_json()["assembly"]))
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


def _refusal(code: str, status: int, message: str) -> Response:
    """An error in the shape that both of AWS's JSON protocols read."""
    body = {"__type": code, "Type": "User", "message": message, "Message": message}
    return Response(
        json.dumps(body), status, {"x-amzn-ErrorType": code, "Content-Type": "application/json"}
    )

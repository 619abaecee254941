# SPDX-License-Identifier: MIT-0
"""The one address: Lambda here, Step Functions and all the rest by moto."""

import json
import logging
import socket
import threading
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import boto3
from aws_durable_execution_sdk_python_testing.clock import Clock
from botocore.config import Config
from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server
from werkzeug.wrappers import Request as HttpRequest
from werkzeug.wrappers import Response

from . import step_functions
from .authorization import authorize
from .durable_executions import Request
from .errors import LocalError, UsageError
from .function import ACCOUNT, REGION, FunctionVersion
from .lambda_api import LambdaApi
from .lambda_service import LambdaError, LambdaService
from .permissions import AccessDenied, Caller, access_key, load_managed_policies

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HOST = "127.0.0.1"
READ_TIMEOUT_SECONDS = 960
BACKLOG = 1024
SHUTDOWN_POLL_SECONDS = 0.02
OPERATOR_KEY = "local"
# A web page can make a browser post here, but not with a header of its own.
DEPLOY_PATH = "/_local/deploy"
DEPLOY_HEADER = "X-Local-Deploy"
# moto keeps its state in the process, not in a server.
_only_one = threading.Lock()


class Endpoint:
    """AWS at one address on 127.0.0.1, for as long as the context lasts.

    Args:
        clock: the one source of time; it decides whether waits are passed over
        port: 0 picks a free one

    Raises:
        UsageError: the port is taken
        RuntimeError: this process has an endpoint already
    """

    def __init__(self, clock: Clock, port: int = 0) -> None:
        # The engines log whole requests, task tokens with them, and every failed task twice.
        for name in ("moto", "werkzeug", "aws_durable_execution_sdk_python_testing"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._clock = clock
        # What a request to deploy an assembly's directory does, and its outputs.
        self.on_deploy: Callable[[Path], dict[str, Any]] | None = None
        self._lock = threading.Lock()
        self._role_clients: dict[str, Any] = {}
        if not _only_one.acquire(blocking=False):
            raise RuntimeError("this process has an endpoint already")
        try:
            listening = socket.create_server((HOST, port), backlog=BACKLOG)
        except OSError:
            _only_one.release()
            raise UsageError(f"port {port} is in use; --port 0 picks a free one") from None
        with listening:
            self._server = make_server(
                HOST,
                listening.getsockname()[1],
                self._respond,
                threaded=True,
                request_handler=_QuietHandler,
                fd=listening.fileno(),
            )
        self.url = f"http://{HOST}:{self._server.port}"
        load_managed_policies()
        self.lambda_service = LambdaService(clock, self.url, self._log)
        self._lambda_api = LambdaApi(self.lambda_service)
        self._moto = DomainDispatcherApplication(create_backend_app)
        BackendDict.reset()
        step_functions.mend(clock, self._role_client)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(SHUTDOWN_POLL_SECONDS,), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.lambda_service.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        _only_one.release()

    def client(self, service: str, key: str = OPERATOR_KEY, retries: int = 2) -> Any:
        """A boto3 client of this endpoint, by default with the operator's credentials."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=key,
            aws_secret_access_key="local",
            config=Config(
                read_timeout=READ_TIMEOUT_SECONDS,
                retries={"total_max_attempts": retries + 1},
                max_pool_connections=64,
            ),
        )

    def _role_client(self, role_arn: str) -> Any:
        """The Lambda client with which a state machine of that role invokes functions."""
        with self._lock:
            if role_arn not in self._role_clients:
                self._role_clients[role_arn] = self.client("lambda", access_key(role_arn), 0)
            return self._role_clients[role_arn]

    def _respond(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        caller = Caller.of(environ.get("HTTP_AUTHORIZATION", ""))
        request = HttpRequest(environ)
        try:
            if request.path == DEPLOY_PATH and DEPLOY_HEADER in request.headers:
                return self._deploy(request)(environ, start_response)
            if caller is not None and caller.service == "lambda":
                answer = self._lambda_api.handle(_lambda_request(request), caller)
                headers = {"x-amzn-RequestId": str(uuid.uuid4()), **answer.headers}
                response = Response(answer.body, answer.status, headers)
                return response(environ, start_response)
            if caller is not None and caller.role_arn is not None:
                authorize(request, caller)
        except LocalError as error:
            return _refusal("InvalidDeployment", 400, str(error))(environ, start_response)
        except LambdaError as error:
            return _refusal(error.code, error.status, str(error))(environ, start_response)
        except AccessDenied as error:
            return _refusal("AccessDeniedException", 403, str(error))(environ, start_response)
        moto_answer: Iterable[bytes] = self._moto(environ, start_response)
        return moto_answer

    def _deploy(self, request: HttpRequest) -> Response:
        if self.on_deploy is None:
            raise LocalError("this endpoint takes no deployments")
        outputs = self.on_deploy(Path(request.get_json()["assembly"]))
        return Response(json.dumps(outputs), 200, {"Content-Type": "application/json"})

    def _log(self, version: FunctionVersion, stream: str, line: str) -> None:
        """Put one line of a sandbox into its function's log group."""
        logs = get_backend("logs")[ACCOUNT][REGION]
        group = version.configuration.log_group
        if group in logs.groups:
            milliseconds = int(self._clock.now().timestamp() * 1000)
            logs.ensure_log_stream(group, stream)
            logs.put_log_events(group, stream, [{"timestamp": milliseconds, "message": line}])


class _QuietHandler(MotoRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        pass


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

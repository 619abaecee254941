# SPDX-License-Identifier: MIT-0
"""The one address: Lambda here, Step Functions and all the rest by moto."""

import json
import logging
import re
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote

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

from . import durable_executions, step_functions
from .errors import UsageError
from .function import ACCOUNT, REGION, FunctionVersion
from .lambda_service import Invocation, LambdaError, LambdaService

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HOST = "127.0.0.1"
READ_TIMEOUT_SECONDS = 960
# moto keeps its state in the process, not in a server.
_only_one = threading.Lock()
_SIGNED_SERVICE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
_INVOCATIONS = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")


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
        if not _only_one.acquire(blocking=False):
            raise RuntimeError("this process has an endpoint already")
        try:
            self._server = make_server(
                HOST, port, self._respond, threaded=True, request_handler=_QuietHandler
            )
        except (OSError, SystemExit):
            _only_one.release()
            raise UsageError(f"port {port} is in use; --port 0 picks a free one") from None
        self.url = f"http://{HOST}:{self._server.port}"
        self.lambda_service = LambdaService(clock, self.url, self._log)
        self._moto = DomainDispatcherApplication(create_backend_app)
        BackendDict.reset()
        step_functions.mend(clock, self.client("lambda", retries=0))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

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

    def client(self, service: str, retries: int = 2) -> Any:
        """A boto3 client of this endpoint, with the operator's credentials."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(
                read_timeout=READ_TIMEOUT_SECONDS,
                retries={"total_max_attempts": retries + 1},
                max_pool_connections=64,
            ),
        )

    def _respond(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        signed = _SIGNED_SERVICE.search(environ.get("HTTP_AUTHORIZATION", ""))
        if signed is None or signed.group(1) != "lambda":
            answer: Iterable[bytes] = self._moto(environ, start_response)
            return answer
        return self._lambda(HttpRequest(environ))(environ, start_response)

    def _lambda(self, request: HttpRequest) -> Response:
        raw_path = request.environ["RAW_URI"].split("?")[0]
        invocations = _INVOCATIONS.fullmatch(raw_path)
        if invocations is None:
            status, headers, body = self.lambda_service.durable_executions.handle(
                durable_executions.Request(
                    method=request.method,
                    raw_path=raw_path,
                    query=request.query_string.decode(),
                    headers=dict(request.headers),
                    body=request.get_data(),
                )
            )
            return Response(body, status, headers)
        try:
            answer = self.lambda_service.invoke(_invocation(unquote(invocations[1]), request))
        except LambdaError as error:
            body = json.dumps({"Type": "User", "Message": str(error)}).encode()
            return Response(body, error.status, {"x-amzn-ErrorType": error.code})
        return Response(answer.payload, answer.status, answer.headers)

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


def _invocation(name: str, request: HttpRequest) -> Invocation:
    return Invocation(
        function_name=name,
        qualifier=request.args.get("Qualifier"),
        invocation_type=request.headers.get("X-Amz-Invocation-Type", "RequestResponse"),
        durable_execution_name=request.headers.get("X-Amz-Durable-Execution-Name"),
        payload=request.get_data(as_text=True) or "{}",
    )

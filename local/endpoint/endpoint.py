# SPDX-License-Identifier: MIT-0
"""The one address: Lambda here, Step Functions and all the rest by moto."""

import errno
import logging
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import boto3
from botocore.config import Config
from moto.backends import get_backend
from moto.core.base_backend import BackendDict

from ..clocks.clocks import TRACE_HEADER, Clocks, trace_header
from ..environment import DEFAULT_ENVIRONMENT, Environment, use_environment
from ..errors import UsageError
from ..events import event_bus
from ..events.delivery_queue import DeliveryQueue
from ..functions.function import FunctionVersion
from ..iam.caller import Caller
from ..iam.principals import access_key
from ..lambda_.event_sources.mappings import EventSourceMappings
from ..lambda_.service import LambdaService
from ..quotas.limits import Limits
from ..quotas.quotas import UNLIMITED, Quotas
from ..step_functions.interpreter import start_interpreter
from ..step_functions.services import Services
from .gateway import Gateway
from .log_groups import write_line
from .patches import apply_patches
from .transport.browser import foreign, is_for_console
from .transport.in_process import serve_in_process
from .transport.server import HOST, Server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

READ_TIMEOUT_SECONDS = 960
# How long a thread of this process keeps the others from running. Python's default is ten times as
# long: where a test asks again and again, without a pause, an execution took twenty times as long.
SWITCH_SECONDS = 0.0005
SHUTDOWN_POLL_SECONDS = 0.02
OPERATOR_KEY = "local"
# moto keeps its state in the process, not in a server.
_only_one = threading.Lock()


class Endpoint:
    """AWS at one address on 127.0.0.1, for as long as the context lasts.

    Args:
        port: 0 picks a free one
        environment: the account and Region of everything that is deployed
        real_time: whether waits take real time; else they are skipped
        quotas: of the account; by default, nothing is throttled
        is_open: whether it answers from the first; else all but roles wait for `open`

    Raises:
        UsageError: the port is taken
        RuntimeError: this process has an endpoint already
    """

    def __init__(
        self,
        port: int = 0,
        environment: Environment = DEFAULT_ENVIRONMENT,
        *,
        real_time: bool = False,
        quotas: Quotas = UNLIMITED,
        is_open: bool = True,
    ) -> None:
        # The engines log whole requests, task tokens with them, and every failed task twice.
        for name in ("moto", "werkzeug", "aws_durable_execution_sdk_python_testing"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        # Told of each line that a handler prints or logs, while its sandbox waits.
        self.on_log: Callable[[FunctionVersion, str], None] = lambda _version, _line: None
        # Answers a browser: the pages of `serve`.
        self.console: WSGIApplication | None = None
        self._opened = threading.Event()
        if is_open:
            self._opened.set()
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str, int], Any] = {}
        if not _only_one.acquire(blocking=False):
            raise RuntimeError("this process has an endpoint already")
        try:
            self._server = Server(port, self._respond_over_http)
        except OSError as error:
            _only_one.release()
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had: {error}"
            raise UsageError(f"port {port} {why}; --port 0 picks a free one") from None
        self.environment = environment
        self.url = f"http://{HOST}:{self._server.port}"
        BackendDict.reset()
        use_environment(environment)
        self.clocks = Clocks(real_time=real_time)
        start_interpreter(Services(self.clocks, self._role_client))
        apply_patches()
        self.limits = Limits(quotas)
        self.lambda_service = LambdaService(self.clocks, self.url, self._log, self.limits)
        is_skipping = not real_time
        self._deliveries = DeliveryQueue(self._client_of_key, is_skipping=is_skipping)
        event_bus.connect(self.lambda_service, self._deliveries)
        self.event_sources = EventSourceMappings(
            self.lambda_service, self._client_of_key, is_skipping=is_skipping
        )
        self.gateway = Gateway(self.lambda_service, self.clocks, self.limits)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(SHUTDOWN_POLL_SECONDS,), daemon=True
        )

    def __enter__(self) -> Self:
        self._switch_seconds = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        self._thread.start()
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.gateway.close()
        self._opened.set()
        self.clocks.close()
        self.event_sources.close()
        self._deliveries.close()
        self.lambda_service.close()
        self.event_sources.join()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        sys.setswitchinterval(self._switch_seconds)
        _only_one.release()

    def open(self) -> None:
        """Answer all that waits for this: before, it would find half of what is deployed."""
        self._opened.set()

    def client(self, service: str, key: str = OPERATOR_KEY, retries: int = 2) -> Any:
        """A boto3 client of this endpoint, by default with the operator's credentials."""
        with self._lock:
            if (service, key, retries) not in self._clients:
                self._clients[service, key, retries] = self._new_client(service, key, retries)
            return self._clients[service, key, retries]

    def _new_client(self, service: str, key: str, retries: int) -> Any:
        client = boto3.client(
            service,
            endpoint_url=self.url,
            region_name=self.environment.region,
            aws_access_key_id=key,
            aws_secret_access_key="local",
            config=Config(
                # StartSyncExecution's, in front of an address that is no name.
                inject_host_prefix=False,
                read_timeout=READ_TIMEOUT_SECONDS,
                retries={"total_max_attempts": retries + 1},
                max_pool_connections=64,
            ),
        )
        client.meta.events.register("before-call", _add_trace_header)
        serve_in_process(client, self._respond)
        return client

    def _role_client(self, service: str, role_arn: str) -> Any:
        """The client with which a state machine of that role calls a service."""
        return self.client(service, access_key(role_arn), 0)

    def _client_of_key(self, service: str, key: str) -> Any:
        """The client with which a service or a role delivers events."""
        return self.client(service, key, 0)

    def _respond_over_http(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer what a browser may have sent as well: the console, or a page from elsewhere."""
        refusal = foreign(environ)
        if refusal is not None:
            return refusal(environ, start_response)
        if not self._opened.is_set() and not _is_of_role(environ):
            self._opened.wait()
        if self.console is not None and is_for_console(environ):
            return self.console(environ, start_response)
        return self._respond(environ, start_response)

    def _respond(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        return self.gateway(environ, start_response)

    def _log(self, version: FunctionVersion, stream: str, line: str, moment: datetime) -> None:
        """Put one line of a sandbox into its function's log group."""
        self.on_log(version, line)
        here = self.environment
        logs = get_backend("logs")[here.account][here.region]
        write_line(logs, version, stream, line, moment)


def _is_of_role(environ: "WSGIEnvironment") -> bool:
    """Whether a handler calls: the function of a custom resource is part of the deployment."""
    caller = Caller.of(environ.get("HTTP_AUTHORIZATION", ""))
    return caller is not None and caller.principal_arn is not None


def _add_trace_header(params: dict[str, Any], **_: Any) -> None:
    """Let the endpoint know for which execution the interpreter calls."""
    header = trace_header()
    if header:
        params["headers"][TRACE_HEADER] = header

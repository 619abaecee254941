# SPDX-License-Identifier: MIT-0
"""The one address: Lambda here, Step Functions and all the rest by moto."""

import errno
import logging
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import boto3
from aws_durable_execution_sdk_python_testing.clock import Clock
from botocore.config import Config
from moto.backends import get_backend
from moto.core.base_backend import BackendDict

from ..environment import DEFAULT_ENVIRONMENT, Environment, use_environment
from ..errors import UsageError
from ..events import event_bus
from ..functions.function import FunctionVersion
from ..iam.principals import access_key
from ..lambda_.service import LambdaService
from ..step_functions.interpreter import start_interpreter
from ..step_functions.services import Services
from .gateway import Gateway
from .log_groups import ensure_log_group
from .patches import apply_patches
from .transport.in_process import serve_in_process
from .transport.server import HOST, Server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

READ_TIMEOUT_SECONDS = 960
SHUTDOWN_POLL_SECONDS = 0.02
OPERATOR_KEY = "local"
# moto keeps its state in the process, not in a server.
_only_one = threading.Lock()


class Endpoint:
    """AWS at one address on 127.0.0.1, for as long as the context lasts.

    Args:
        clock: the one source of time; it decides whether waits are passed over
        port: 0 picks a free one
        environment: the account and Region of everything that is deployed

    Raises:
        UsageError: the port is taken
        RuntimeError: this process has an endpoint already
    """

    def __init__(
        self, clock: Clock, port: int = 0, environment: Environment = DEFAULT_ENVIRONMENT
    ) -> None:
        # The engines log whole requests, task tokens with them, and every failed task twice.
        for name in ("moto", "werkzeug", "aws_durable_execution_sdk_python_testing"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._clock = clock
        # Told of each line that a handler prints or logs, while its sandbox waits.
        self.on_log: Callable[[FunctionVersion, str], None] = lambda _version, _line: None
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str, int], Any] = {}
        if not _only_one.acquire(blocking=False):
            raise RuntimeError("this process has an endpoint already")
        try:
            self._server = Server(port, self._respond)
        except OSError as error:
            _only_one.release()
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had: {error}"
            raise UsageError(f"port {port} {why}; --port 0 picks a free one") from None
        self.environment = environment
        self.url = f"http://{HOST}:{self._server.port}"
        BackendDict.reset()
        use_environment(environment)
        start_interpreter(Services(clock, self._role_client))
        apply_patches()
        self.lambda_service = LambdaService(clock, self.url, self._log)
        event_bus.connect(self.lambda_service)
        self.gateway = Gateway(self.lambda_service)
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
                read_timeout=READ_TIMEOUT_SECONDS,
                retries={"total_max_attempts": retries + 1},
                max_pool_connections=64,
            ),
        )
        serve_in_process(client, self._respond)
        return client

    def _role_client(self, role_arn: str) -> Any:
        """The Lambda client with which a state machine of that role invokes functions."""
        return self.client("lambda", access_key(role_arn), 0)

    def _respond(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        return self.gateway(environ, start_response)

    def _log(self, version: FunctionVersion, stream: str, line: str) -> None:
        """Put one line of a sandbox into its function's log group."""
        self.on_log(version, line)
        here = self.environment
        logs = get_backend("logs")[here.account][here.region]
        group = version.configuration.log_group
        if ensure_log_group(logs, version):
            milliseconds = int(self._clock.now().timestamp() * 1000)
            logs.ensure_log_stream(group, stream)
            # Not as PutLogEvents does, which takes nothing that is two hours ahead: modelled time
            # soon is.
            event = {"timestamp": milliseconds, "message": line}
            logs.groups[group].put_log_events(stream, [event])

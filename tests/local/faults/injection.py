# SPDX-License-Identifier: MIT-0
"""Faults between the functions and AWS: at the endpoint, and by killing sandboxes."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from local.endpoint.endpoint import Endpoint
from local.endpoint.interception import operation_of
from local.functions.function import FunctionVersion
from local.functions.sandboxes.sandbox import InvocationResult
from local.iam.caller import Caller

from ...support.functions.waits import waits_begun

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Serve = Callable[[], Response]
# What happens to one request instead of its being served.
Fault = Callable[[Serve], "WSGIApplication"]
# A point of an execution's work by its name, and the how manieth of that name it is.
Point = tuple[str, int]


def throttled(_serve: Serve) -> "WSGIApplication":
    return refusal("ThrottlingException", 400, "Rate exceeded")


def broken(_serve: Serve) -> "WSGIApplication":
    return refusal("InternalServerError", 500, "We are sorry")


def dropped(_serve: Serve) -> "WSGIApplication":
    """The connection ends before the request is served."""
    return _hang_up


def unanswered(serve: Serve) -> "WSGIApplication":
    """The request is served, and the connection ends before the answer."""
    serve()
    return _hang_up


def refused(code: str) -> Fault:
    """The request is refused for good."""
    return lambda _serve: refusal(code, 400, f"{code} here")


def refusal(code: str, status: int, message: str) -> Response:
    body = json.dumps({"__type": code, "message": message})
    return Response(body, status, {"x-amzn-ErrorType": code, "Content-Type": "application/json"})


def _hang_up(environ: "WSGIEnvironment", _start_response: "StartResponse") -> Iterable[bytes]:
    raise ConnectionAbortedError


@dataclass(frozen=True)
class Call:
    """One request of a role that arrived, and the status of the answer it got or would have got."""

    role_arn: str
    operation: str
    body: dict[str, Any]
    status: int


@dataclass
class Faults:
    """Stands between roles and the endpoint, and does as it is told, request by request.

    What the operator asks for, the test itself among them, is served as ever.
    """

    endpoint: Endpoint
    calls: list[Call] = field(default_factory=list)
    injected: int = 0
    _invoked: Counter[str] = field(default_factory=Counter)
    _scripts: dict[str, list[Fault]] = field(default_factory=dict)
    _during: dict[str, Callable[[], object]] = field(default_factory=dict)
    # By the function.
    _kills: dict[str, "Kill"] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def inject(self, operation: str, *faults: Fault) -> None:
        """Let these faults happen to the next requests of that operation, one each."""
        self._scripts.setdefault(operation, []).extend(faults)

    def during(self, wait: str, action: Callable[[], object]) -> None:
        """Do something once a durable wait of that name has begun, before it can end."""
        self._during[wait] = action

    def kill(self, function: str, spared: Container[Point]) -> "Kill":
        """Kill the function's sandbox at the first point of its executions that is not spared."""
        version = self.endpoint.lambda_service.functions.version(function)
        kill = Kill(function, version.configuration.role_arn, spared)
        self._kills[function] = kill
        return kill

    def accepted(self, operation: str) -> int:
        return sum(call.status == 200 for call in self.calls if call.operation == operation)

    def invocations(self, function: str) -> int:
        """How often a handler of the function has been invoked."""
        return self._invoked[function]

    def outstanding(self) -> list[str]:
        """What was to be injected, and was not."""
        return [*self._during, *(name for name, script in self._scripts.items() if script)]

    def operations(self) -> set[str]:
        return {call.operation for call in self.calls}

    def intercept(self, request: Request, serve: Callable[[], "WSGIApplication"]) -> Any:
        """The endpoint's interception: see local/endpoint/gateway.py."""
        caller = Caller.of(request.headers.get("Authorization", ""))
        if caller is None or caller.principal_arn is None:
            return serve()
        role_arn = caller.principal_arn
        operation = operation_of(request)
        body: Any = request.get_json(force=True, silent=True) if request.get_data() else {}

        def serve_and_note() -> Response:
            response = Response.from_app(serve(), request.environ, buffered=True)
            with self._lock:
                self.calls.append(Call(role_arn, operation, body, response.status_code))
            return response

        doomed = next((kill for kill in self._kills.values() if kill.role_arn == role_arn), None)
        if doomed and self._reaches(doomed, f"{operation} arrives", body):
            return _hang_up
        with self._lock:
            script = self._scripts.get(operation)
            fault = script.pop(0) if script else None
            self.injected += fault is not None
        answer = fault(serve_and_note) if fault else serve_and_note()
        for wait in waits_begun(operation, body):
            action = self._during.pop(wait, None)
            if action:
                self.injected += 1
                action()
        if doomed and self._reaches(doomed, f"{operation} is served", body):
            return _hang_up
        return answer

    def invoke(
        self,
        invoke: Callable[[FunctionVersion, str, str], InvocationResult],
        version: FunctionVersion,
        event: str,
        invoked_arn: str,
    ) -> InvocationResult:
        """Stands before the sandboxes: an invocation's begin and end are points to kill at, too."""
        with self._lock:
            self._invoked[version.name] += 1
        kill = self._kills.get(version.name)
        if kill and self._reaches(kill, "invocation begins", {}):
            return CRASH
        result = invoke(version, event, invoked_arn)
        return CRASH if kill and self._reaches(kill, "invocation ends", {}) else result

    def _reaches(self, kill: "Kill", point: str, body: dict[str, Any]) -> bool:
        """Whether this is the point to kill at; if so, the sandboxes are dead."""
        with self._lock:
            if not kill.reaches(point, body):
                return False
            self.injected += 1
        functions = self.endpoint.lambda_service.functions
        for version in functions.versions(kill.function):
            self.endpoint.lambda_service.sandboxes.kill(version)
        return True


CRASH = InvocationResult(
    "crashed", json.dumps({"errorType": "Runtime.ExitError", "errorMessage": "killed"}), True
)


@dataclass
class Kill:
    """One death of a function's sandbox, at a point of its work."""

    function: str
    role_arn: str
    spared: Container[Point]
    at: Point | None = None
    body: dict[str, Any] = field(default_factory=dict)
    _reached: Counter[str] = field(default_factory=Counter)

    @property
    def point(self) -> str:
        return self.at[0] if self.at else ""

    def reaches(self, point: str, body: dict[str, Any]) -> bool:
        if self.at:
            return False
        self._reached[point] += 1
        at = (point, self._reached[point])
        if at in self.spared:
            return False
        self.at, self.body = at, body
        return True

    def steps(self, action: str) -> set[str]:
        """The steps of which the request that was killed at says this: START, SUCCEED or FAIL."""
        return {
            update["Name"]
            for update in self.body.get("Updates", [])
            if (update["Type"], update["Action"]) == ("STEP", action)
        }

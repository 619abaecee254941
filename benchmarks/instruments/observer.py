# SPDX-License-Identifier: MIT-0
"""Observation of an endpoint: the calls of its functions, and how long invocations take."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from local.endpoint.endpoint import Endpoint
from local.endpoint.interception import intercepting, operation_of
from local.functions.function import FunctionVersion
from local.functions.sandboxes.sandbox import InvocationResult
from local.iam.caller import Caller

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass
class Observer:
    """Stands between roles and the endpoint, and changes nothing."""

    # By the role's ARN and the operation.
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    # Of each function's invocations, in the order in which they ended.
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def intercept(
        self, request: Request, serve: Callable[[], "WSGIApplication"]
    ) -> "WSGIApplication":
        """The endpoint's interception: see local/endpoint/gateway.py."""
        caller = Caller.of(request.headers.get("Authorization", ""))
        if caller and caller.principal_arn:
            self.calls[caller.principal_arn, operation_of(request)] += 1
        return serve()

    def invoke(
        self,
        invoke: Callable[[FunctionVersion, str, str], InvocationResult],
        version: FunctionVersion,
        event: str,
        invoked_arn: str,
    ) -> InvocationResult:
        """Stands before the sandboxes."""
        started = time.perf_counter()
        result = invoke(version, event, invoked_arn)
        self.seconds.setdefault(version.name, []).append(time.perf_counter() - started)
        return result


@contextmanager
def observing(endpoint: Endpoint) -> Iterator[Observer]:
    """An observer, for as long as the context lasts."""
    observer = Observer()
    with intercepting(endpoint, observer.intercept, observer.invoke):
        yield observer

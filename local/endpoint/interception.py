# SPDX-License-Identifier: MIT-0
"""Interception of what an endpoint receives and invokes: for faults, and for measuring."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from local.endpoint.endpoint import Endpoint
from local.endpoint.gateway import Intercept
from local.functions.sandboxes.sandbox import InvocationResult
from local.lambda_.api import operations_by_path

_LAMBDA_OPERATIONS = operations_by_path()


@contextmanager
def intercepting(
    endpoint: Endpoint, intercept: Intercept, invoke: Callable[..., InvocationResult] | None = None
) -> Iterator[None]:
    """Hand over requests and invocations, for as long as the context lasts.

    Args:
        invoke: takes what invokes a handler, and what that takes
    """
    gateway, sandboxes = endpoint.gateway, endpoint.lambda_service.sandboxes
    before = gateway.intercept, sandboxes.invoke
    gateway.intercept = intercept
    if invoke:
        sandboxes.invoke = partial(invoke, sandboxes.invoke)  # type: ignore[method-assign]
    try:
        yield
    finally:
        gateway.intercept, sandboxes.invoke = before  # type: ignore[method-assign]


def operation_of(request: Request) -> str:
    """The API operation that a request calls; else the last part of its path."""
    target = request.headers.get("X-Amz-Target", "")
    if target:
        return target.rsplit(".", 1)[-1]
    if request.mimetype == "application/x-www-form-urlencoded":
        # The request keeps its body: the handler of the request reads it again.
        request.get_data()
        return str(request.form.get("Action", ""))
    path = str(request.environ["RAW_URI"]).split("?")[0]
    try:
        name, _ = _LAMBDA_OPERATIONS.match(path, method=request.method)
    except HTTPException:
        return path.rsplit("/", 1)[-1]
    return str(name)

# SPDX-License-Identifier: MIT-0
"""From a handler's name and an event to an answer: a result or an error, as JSON text.

Exceptions that are no Exception, such as SystemExit, are none of the runtime's business: they end
the sandbox, which Lambda reports as Runtime.ExitError.
"""

import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from local.functions.lambda_runtime.context import LambdaContext
from local.functions.lambda_runtime.deployed_paths import plain_stack_trace, shown
from local.functions.lambda_runtime.marshalling import marshal

Handler = Callable[[Any, LambdaContext], Any]
# Runtimes before these escape every character that is not ASCII.
_UNICODE_RUNTIMES = tuple(f"AWS_Lambda_python3.{minor}" for minor in (12, 13, 14, 15))


class RuntimeFault(Exception):
    """An error that the runtime finds, not the handler's own."""

    def __init__(self, error_type: str, message: str, stack_trace: list[str] | None = None) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.stack_trace = stack_trace or []


def load_handler(name: str) -> Handler:
    """Import a handler by name.

    Raises:
        RuntimeFault: the name is none, or there is no such module or function
    """
    module_name, function = _parse_name(name)
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = f"Cannot use built-in module {module_name} as a handler module"
        raise RuntimeFault("Runtime.BuiltInModuleConflict", message)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {shown(str(error))}"
        raise RuntimeFault("Runtime.ImportModuleError", message) from None
    except SyntaxError as error:
        where = f'  File "{shown(str(error.filename))}" Line {error.lineno}\n    {error.text}'
        message = f"Syntax error in module '{module_name}': {error}"
        raise RuntimeFault("Runtime.UserCodeSyntaxError", message, [where]) from None
    try:
        handler: Handler = getattr(module, function)
    except AttributeError:
        message = f"Handler '{function}' missing on module '{module_name}'"
        raise RuntimeFault("Runtime.HandlerNotFound", message) from None
    return handler


def _parse_name(name: str) -> tuple[str, str]:
    try:
        module, function = name.rsplit(".", 1)
    except ValueError as error:
        message = f"Bad handler '{name}': {error}"
        raise RuntimeFault("Runtime.MalformedHandlerName", message) from None
    return module, function


def run_handler(handler: Handler, invocation: dict[str, Any]) -> str:
    """The handler's result, as JSON text.

    Raises:
        RuntimeFault: the event is no JSON, or nested too deeply, or the result has no JSON
        Exception: the error that the handler raises
    """
    context = LambdaContext(invocation)
    result = handler(_parsed(invocation["event"]), context)
    if isinstance(result, bytes):
        return result.decode(errors="surrogateescape")
    ascii_only = os.environ.get("AWS_EXECUTION_ENV") not in _UNICODE_RUNTIMES
    try:
        return marshal(result, ascii_only=ascii_only)
    except Exception as error:
        message = f"Unable to marshal response: {error}"
        raise RuntimeFault("Runtime.MarshalError", message) from None


def _parsed(event: str) -> Any:
    try:
        return json.loads(event)
    except Exception as error:
        message = f"Unable to unmarshal input: {error}"
        raise RuntimeFault("Runtime.UnmarshalError", message) from None


def error_of(error: Exception, request_id: str) -> dict[str, Any]:
    """An error in the shape and the order in which Lambda returns it."""
    if isinstance(error, RuntimeFault):
        error_type, stack_trace = error.error_type, error.stack_trace
    else:
        error_type, stack_trace = type(error).__name__, plain_stack_trace(error.__traceback__)
    return {
        "errorMessage": str(error),
        "errorType": error_type,
        "requestId": request_id,
        "stackTrace": stack_trace,
    }

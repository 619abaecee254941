# SPDX-License-Identifier: MIT-0
"""What a role asks of a service that moto serves, and whether it may."""

import io
import json
from typing import Any

from werkzeug.wrappers import Request as HttpRequest

from ..iam.caller import Caller
from ..step_functions.callback_task import CallbackTask

# The parameter of a Step Functions call that names what it is about.
_RESOURCE_PARAMETERS = ("stateMachineArn", "executionArn", "activityArn", "resourceArn")


def authorize(request: HttpRequest, caller: Caller) -> None:
    """Return if the caller's policies allow the call that the request makes.

    Raises:
        AccessDenied: they do not
    """
    body = request.get_data()
    # moto reads the request again.
    request.environ["wsgi.input"] = io.BytesIO(body)
    target = request.headers.get("X-Amz-Target", "")
    parameters = _parameters(body) if target else {}
    action = target.rsplit(".", 1)[-1] or request.values.get("Action", request.method)
    caller.require(f"{caller.service}:{action}", _resource(parameters))


def _resource(parameters: dict[str, Any]) -> str:
    """A task's resource is its state machine: that is what scoping a callback means."""
    token = parameters.get("taskToken")
    if isinstance(token, str) and token in CallbackTask.machine_of:
        return CallbackTask.machine_of[token]
    return next((parameters[name] for name in _RESOURCE_PARAMETERS if name in parameters), "*")


def _parameters(body: bytes) -> dict[str, Any]:
    try:
        parameters = json.loads(body or b"{}")
    except ValueError:
        return {}
    return parameters if isinstance(parameters, dict) else {}

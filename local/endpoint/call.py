# SPDX-License-Identifier: MIT-0
"""The API call that a request makes, in each of AWS's protocols."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request as MotoRequest
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request as HttpRequest

# The services whose calls name their operation in a form, or in method and path.
QUERY = frozenset({"cloudformation", "iam", "sns", "sts"})
REST_XML = frozenset({"s3"})
CallParameters = Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """A call of a service's operation.

    Args:
        service: the name that the call is signed for
    """

    service: str
    operation: str
    parameters: CallParameters


def read_call(request: HttpRequest, service: str) -> Call:
    """The call that a request makes, which can be read again afterwards."""
    body = request.get_data()
    # moto reads the request again.
    request.environ["wsgi.input"] = io.BytesIO(body)
    if service in REST_XML:
        return _rest_call(request, service, body)
    target = request.headers.get("X-Amz-Target", "")
    if target:
        return Call(service, target.rsplit(".", 1)[-1], _json_object(body))
    operation = request.values.get("Action", request.method)
    if service not in QUERY or operation not in get_service_model(service).operation_names:
        return Call(service, operation, request.values.to_dict())
    return Call(service, operation, _parsed(request, service, operation, body, {}, "query"))


def _rest_call(request: HttpRequest, service: str, body: bytes) -> Call:
    try:
        operation, uri_parameters = get_service_router(service).match(MotoRequest(request.environ))
    except NotFound:
        return Call(service, request.method, {})
    request.environ["wsgi.input"] = io.BytesIO(body)
    name = str(operation.name)
    # Of the bodies, this one alone names resources; others are objects, of any size.
    content = body if name == "DeleteObjects" else b""
    parameters = _parsed(request, service, name, content, uri_parameters, "rest-xml")
    return Call(service, name, {**parameters, **uri_parameters})


def _parsed(
    request: HttpRequest,
    service: str,
    operation: str,
    body: bytes,
    uri_parameters: Mapping[str, Any],
    protocol: str,
) -> dict[str, Any]:
    model = get_service_model(service).operation_model(operation)
    parsed: dict[str, Any] = PROTOCOL_PARSERS[protocol](model).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": body,
            "url_path": request.path,
            "url_params": uri_parameters,
        }
    )
    return parsed


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        parameters = json.loads(body or b"{}")
    except ValueError:
        return {}
    return parameters if isinstance(parameters, dict) else {}

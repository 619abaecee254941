# SPDX-License-Identifier: MIT-0
"""Errors in the protocol of the service that was called: JSON, or the XML of the older ones."""

import json
import uuid
from xml.sax.saxutils import escape

from werkzeug.wrappers import Request, Response

FORM = "application/x-www-form-urlencoded"


def error_response(request: Request, code: str, status: int, message: str) -> Response:
    """An error that a client reads with its code and message.

    https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
    """
    request_id = str(uuid.uuid4())
    headers = {"x-amzn-RequestId": request_id, "x-amzn-ErrorType": code}
    if request.mimetype == FORM:
        return Response(_xml(code, message, request_id), status, headers, "text/xml")
    body = {"__type": code, "Type": "User", "message": message, "Message": message}
    return Response(json.dumps(body), status, headers, "application/json")


def not_served(request: Request, what: str) -> Response:
    """The refusal of a call that no service here takes."""
    return error_response(request, "NotImplemented", 501, f"{what} is not served on this machine")


def _xml(code: str, message: str, request_id: str) -> str:
    return (
        "<ErrorResponse><Error><Type>Sender</Type>"
        f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )

# SPDX-License-Identifier: MIT-0
"""Errors in the protocol of the service that was called: JSON, or the XML of the older ones."""

import json
import logging
import traceback
import uuid
from xml.sax.saxutils import escape

from botocore.model import OperationNotFoundError
from moto.core.responses import BaseResponse
from werkzeug.wrappers import Request, Response

from ..errors import error_without_data

_log = logging.getLogger(__name__)
_CALL_ACTION = BaseResponse.call_action.__code__
FORM = "application/x-www-form-urlencoded"


# What services call it, and its HTTP status, where it is not AccessDeniedException and 400.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
_ACCESS_DENIED = {
    "cloudformation": ("AccessDenied", 403),
    "iam": ("AccessDenied", 403),
    "lambda": ("AccessDeniedException", 403),
    "monitoring": ("AccessDenied", 403),
    "s3": ("AccessDenied", 403),
    "sns": ("AuthorizationError", 403),
    "sqs": ("AccessDenied", 403),
    "sts": ("AccessDenied", 403),
}


def error_response(
    request: Request, code: str, status: int, message: str, reason: str | None = None
) -> Response:
    """An error that a client reads with its code and message, and a reason where it has one.

    https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
    """
    request_id = str(uuid.uuid4())
    headers = {"x-amzn-RequestId": request_id, "x-amzn-ErrorType": code}
    if "x-amzn-query-mode" in request.headers:
        # The client of a service that once spoke the query protocol.
        headers["x-amzn-query-error"] = f"{code};Sender"
    if request.mimetype == FORM:
        return Response(_xml(code, message, request_id), status, headers, "text/xml")
    body = {"__type": code, "Type": "User", "message": message, "Message": message}
    if reason is not None:
        body["Reason"] = reason
    return Response(json.dumps(body), status, headers, "application/json")


def not_served(request: Request, what: str) -> Response:
    """The refusal of a call that no service here takes."""
    return error_response(request, "NotImplemented", 501, f"{what} is not served on this machine")


def internal_failure(request: Request, called: str, error: Exception) -> Response:
    """The answer to a call that is served, and broke; the log says where, without data."""
    _log.error("%s failed: %s", called, error_without_data(error))
    message = f"{called} failed on this machine: {error_without_data(error)}"
    return error_response(request, "InternalFailure", 500, message)


def is_unknown_to_moto(error: Exception) -> bool:
    """Whether moto itself says with this exception that it has no such call."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    is_own = isinstance(error, NotImplementedError) and frame.f_code is _CALL_ACTION
    return is_own or isinstance(error, OperationNotFoundError)


def access_denied(request: Request, service: str, message: str) -> Response:
    """The answer to a call of a service that the caller may not make."""
    code, status = _ACCESS_DENIED.get(service, ("AccessDeniedException", 400))
    if service != "s3":
        return error_response(request, code, status, message)
    xml = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return Response(xml, status, content_type="application/xml")


def _xml(code: str, message: str, request_id: str) -> str:
    return (
        "<ErrorResponse><Error><Type>Sender</Type>"
        f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    )

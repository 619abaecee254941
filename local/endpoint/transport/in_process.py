# SPDX-License-Identifier: MIT-0
"""Clients of the endpoint in its own process, which need no connection to reach it."""

import io
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError
from werkzeug.datastructures import Headers
from werkzeug.http import http_date

from .answer import answer_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_WITHOUT_PREFIX = ("CONTENT_LENGTH", "CONTENT_TYPE")


def serve_in_process(client: Any, application: "WSGIApplication") -> None:
    """Let an application answer a boto3 client: requests are signed and parsed, without a socket.

    Where the application ends the connection, the client fails as it does over a socket.
    """

    def send(request: Any, **_: Any) -> AWSResponse:
        try:
            answer = answer_of(application, _environ(request))
        except ConnectionError as error:
            raise ConnectionClosedError(
                endpoint_url=request.url, request=request, error=error
            ) from None
        # A server adds it, and the output of a Lambda task shows it.
        headers = Headers([*answer.headers, ("Date", http_date())])
        return AWSResponse(request.url, answer.status_code, headers, _RawBody(answer.body))

    client.meta.events.register("before-send", send)


def _environ(request: Any) -> "WSGIEnvironment":
    """What a server would make of a request.

    https://peps.python.org/pep-3333/#environ-variables
    """
    url, body = urlsplit(request.url), _bytes(request.body)
    raw_uri = url.path + (f"?{url.query}" if url.query else "")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.path).decode("latin-1"),
        "QUERY_STRING": url.query,
        "REQUEST_URI": raw_uri,
        "RAW_URI": raw_uri,
        "SERVER_NAME": url.hostname or "",
        "SERVER_PORT": str(url.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": url.netloc,
        "REMOTE_ADDR": url.hostname or "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        text = value.decode() if isinstance(value, bytes) else value
        environ[key if key in _WITHOUT_PREFIX else f"HTTP_{key}"] = text
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _bytes(body: Any) -> bytes:
    """The body of a request, which may be a file."""
    if body is None or isinstance(body, str):
        return (body or "").encode()
    return bytes(body if isinstance(body, bytes | bytearray) else body.read())


class _RawBody(io.BytesIO):
    """A body with the method by which botocore reads urllib3's."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()

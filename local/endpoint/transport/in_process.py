# SPDX-License-Identifier: MIT-0
"""Clients of the endpoint in its own process, which need no connection to reach it."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError
from werkzeug.http import http_date
from werkzeug.test import EnvironBuilder

from .server import answer_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def serve_in_process(client: Any, application: "WSGIApplication") -> None:
    """Let an application answer a boto3 client: requests are signed and parsed, without a socket.

    Where the application ends the connection, the client fails as it does over a socket.
    """

    def send(request: Any, **_: Any) -> AWSResponse:
        url = urlsplit(request.url)
        origin = f"{url.scheme}://{url.netloc}"
        builder = EnvironBuilder(
            path=request.url.removeprefix(origin),
            base_url=origin,
            method=request.method,
            headers={name: _text(value) for name, value in request.headers.items()},
            data=request.body or b"",
        )
        try:
            answer = answer_of(application, builder.get_environ())
        except ConnectionError as error:
            raise ConnectionClosedError(endpoint_url=origin, request=request, error=error) from None
        # A server adds it, and the output of a Lambda task shows it.
        answer.headers["Date"] = http_date()
        return AWSResponse(
            request.url, answer.status_code, answer.headers, _RawBody(answer.get_data())
        )

    client.meta.events.register("before-send", send)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


class _RawBody(io.BytesIO):
    """A body with the method by which botocore reads urllib3's."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()

# SPDX-License-Identifier: MIT-0
"""The whole answer of an application to one request."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


@dataclass(frozen=True)
class HttpAnswer:
    """A status, such as `200 OK`, headers that tell the length of the body, and the body."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def status_code(self) -> int:
        return int(self.status[:3])


def answer_of(application: "WSGIApplication", environ: "WSGIEnvironment") -> HttpAnswer:
    """The answer of an application: status 500 where it raises an error.

    Raises:
        ConnectionError: the connection is to end without an answer
    """
    try:
        return _answer_of(application, environ)
    except ConnectionError:
        raise
    except Exception:
        return HttpAnswer("500 INTERNAL SERVER ERROR", [("Content-Length", "0")], b"")


def _answer_of(application: "WSGIApplication", environ: "WSGIEnvironment") -> HttpAnswer:
    status, headers, written = "", list[tuple[str, str]](), list[bytes]()

    def start_response(given: str, pairs: list[tuple[str, str]], _error: Any = None, /) -> Any:
        nonlocal status, headers
        status, headers = given, list(pairs)
        return written.append

    pieces = application(environ, start_response)
    try:
        written.extend(pieces)
    finally:
        if hasattr(pieces, "close"):
            pieces.close()
    answer = HttpAnswer(status, headers, b"".join(written))
    has_length = any(name.lower() == "content-length" for name, _ in headers)
    if not has_length and answer.status_code not in _WITHOUT_BODY:
        headers.append(("Content-Length", str(len(answer.body))))
    return answer

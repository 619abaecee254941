# SPDX-License-Identifier: MIT-0
"""The HTTP server: one thread a connection, and connections that clients may use again."""

import contextlib
import io
import re
import socket
from typing import TYPE_CHECKING, Any, cast

from werkzeug.datastructures import Headers
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response

from .answer import HttpAnswer, answer_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"
# More connections at once than werkzeug lets wait.
BACKLOG = 1024
# What clients send but for rare cases, which the standard library parses, in ten times the time.
_REQUEST_LINE = re.compile(rb"([A-Z]+) (/(?:[^/\s]\S*)?) HTTP/1\.1\r\n")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*")
EVENT_STREAM = "text/event-stream"
# A client that takes nothing of a stream for so long has gone.
STREAM_SEND_SECONDS = 30


class Server(ThreadedWSGIServer):
    """Serves an application at a port of this machine's own address; port 0 is a free one.

    Raises:
        OSError: the port is taken, or may not be had
    """

    def __init__(self, port: int, application: "WSGIApplication") -> None:
        self._connections: set[socket.socket] = set()
        with socket.create_server((HOST, port), backlog=BACKLOG) as listening:
            super().__init__(
                HOST, listening.getsockname()[1], application, _Handler, fd=listening.fileno()
            )

    def finish_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        try:
            # A client may go before its answer has been sent, as a browser does that leaves a page.
            with contextlib.suppress(ConnectionError):
                super().finish_request(request, client_address)
        finally:
            self._connections.discard(request)

    def server_close(self) -> None:
        """Stop listening, and end the connections: a client would go on being served over one."""
        super().server_close()
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was faster


class _Handler(WSGIRequestHandler):
    """Answers the requests of one connection, one after another.

    werkzeug's own ends the connection after each answer, since it does not know whether the
    application has read all of the request. Here the request is read before it is served, and
    the answer is sent once it is whole, unless the client asks for a stream of events.
    """

    protocol_version = "HTTP/1.1"
    # Header and body leave in one piece: in two, the second would wait for the first to be noted.
    wbufsize = -1
    disable_nagle_algorithm = True

    def parse_request(self) -> bool:
        line = _REQUEST_LINE.fullmatch(self.raw_requestline)
        head, end, _ = cast(io.BufferedReader, self.rfile).peek().partition(b"\r\n\r\n")
        found = [_HEADER.fullmatch(each) for each in head.decode("latin-1").split("\r\n")]
        headers = Headers([(each[1], each[2]) for each in found if each])
        if not line or not end or len(headers) < len(found) or "Expect" in headers:
            return super().parse_request()
        self.rfile.read(len(head) + len(end))
        self.requestline = self.raw_requestline.decode("latin-1").rstrip("\r\n")
        self.command, self.path = line[1].decode(), line[2].decode("latin-1")
        self.request_version = "HTTP/1.1"
        self.close_connection = headers.get("Connection", "").lower() == "close"
        self.headers = headers  # type: ignore[assignment]
        return True

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        try:
            environ["wsgi.input"] = io.BytesIO(self._body(environ))
            if environ.get("HTTP_ACCEPT") == EVENT_STREAM:
                self._stream(environ)
                return
            answer = answer_of(self.server.app, environ)
        except ConnectionError:
            self.close_connection = True
            return
        self._send(answer)

    def _body(self, environ: "WSGIEnvironment") -> bytes:
        self.wfile.flush()  # of "100 Continue", if that is what the client waits for
        if environ.get("wsgi.input_terminated"):
            return bytes(environ["wsgi.input"].read())
        return self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0))

    def _send(self, answer: HttpAnswer) -> None:
        lines = [
            f"{self.protocol_version} {answer.status}",
            f"Server: {self.version_string()}",
            f"Date: {self.date_time_string()}",
            *(f"{name}: {value}" for name, value in answer.headers),
            *(["Connection: close"] if self.close_connection else []),
        ]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body)

    def _stream(self, environ: "WSGIEnvironment") -> None:
        """Send the parts of an answer as they come, until its end or the client's."""
        self.close_connection = True
        self.connection.settimeout(STREAM_SEND_SECONDS)
        try:
            answer = Response.from_app(self.server.app, environ)
        except Exception:
            answer = Response(status=500)
        parts, status, headers = answer.get_wsgi_response(environ)
        try:
            self._send(HttpAnswer(status, headers, b""))
            self.wfile.flush()
            for part in parts:
                self.wfile.write(part)
                self.wfile.flush()
        except OSError:
            return  # the client has gone
        finally:
            answer.close()

    def log(self, type: str, message: str, *args: Any) -> None:
        """Log nothing: a request's line may hold what is not to be shown."""

# SPDX-License-Identifier: MIT-0
"""The HTTP server: one thread a connection, and connections that clients may use again."""

import io
import socket
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"
# More connections at once than werkzeug lets wait.
BACKLOG = 1024


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


def answer_of(application: "WSGIApplication", environ: "WSGIEnvironment") -> Response:
    """The whole answer of an application: status 500 where it raises an error.

    Raises:
        ConnectionError: the connection is to end without an answer
    """
    try:
        return Response.from_app(application, environ, buffered=True)
    except ConnectionError:
        raise
    except Exception:
        return Response(status=500)


class _Handler(WSGIRequestHandler):
    """Answers the requests of one connection, one after another.

    werkzeug's own ends the connection after each answer, since it does not know whether the
    application has read all of the request. Here the request is read before it is served, and
    the answer is sent once it is whole.
    """

    protocol_version = "HTTP/1.1"
    # Header and body leave in one piece: in two, the second would wait for the first to be noted.
    wbufsize = -1
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        try:
            environ["wsgi.input"] = io.BytesIO(self._body(environ))
            answer = answer_of(self.server.app, environ)
        except ConnectionError:
            self.close_connection = True
            return
        self._send(answer, environ)

    def _body(self, environ: "WSGIEnvironment") -> bytes:
        self.wfile.flush()  # of "100 Continue", if that is what the client waits for
        if environ.get("wsgi.input_terminated"):
            return bytes(environ["wsgi.input"].read())
        return self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0))

    def _send(self, answer: Response, environ: "WSGIEnvironment") -> None:
        body, status, headers = answer.get_wsgi_response(environ)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.writelines(body)

    def log(self, type: str, message: str, *args: Any) -> None:
        """Log nothing: a request's line may hold what is not to be shown."""

# SPDX-License-Identifier: MIT-0
"""The HTTP server: connections that are used again, and how they end."""

import http.client
import socket
import struct
import sys
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError
from werkzeug.wrappers import Request, Response

from local.endpoint.transport.in_process import serve_in_process
from local.endpoint.transport.server import HOST, Server

from ...support.stacks.scenario import wait_until

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

DEADLINE_SECONDS = 10
DROPPED = "/2015-03-31/functions"

first_part_read = threading.Event()
is_asked, client_has_gone = threading.Event(), threading.Event()


def parts() -> Iterator[bytes]:
    yield b"one"
    assert first_part_read.wait(DEADLINE_SECONDS)
    yield b"two"


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Echoes the body; leaves it unread at /unread, and breaks at /broken; drops ListFunctions."""
    request = Request(environ)
    if request.path == "/broken":
        raise ValueError
    if request.path == "/late":
        is_asked.set()
        assert client_has_gone.wait(DEADLINE_SECONDS)
        return Response(b"late")(environ, start_response)
    if request.path == "/events":
        return Response(parts())(environ, start_response)
    if request.path.startswith(DROPPED):
        raise ConnectionAbortedError
    body = b"unread" if request.path == "/unread" else request.get_data()
    answer = Response(body, 204 if request.path == "/nothing" else 200)
    return answer(environ, start_response)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(0, application)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join(DEADLINE_SECONDS)


@pytest.fixture
def connection(server: Server) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=DEADLINE_SECONDS)
    yield connection
    connection.close()


def ask(
    connection: http.client.HTTPConnection, path: str, body: object = None
) -> tuple[int, bytes]:
    connection.request("POST", path, body)  # type: ignore[arg-type]
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_one_connection_takes_many_requests(connection: http.client.HTTPConnection) -> None:
    connection.connect()
    used = connection.sock
    answers = [
        ask(connection, "/", b"one"),
        ask(connection, "/unread", b"POST / HTTP/1.1\r\n\r\n"),
        ask(connection, "/", iter([b"in ", b"chunks"])),
        ask(connection, "/nothing"),
        ask(connection, "/broken"),
        ask(connection, "/", b"last"),
    ]

    assert answers == [
        (200, b"one"),
        (200, b"unread"),
        (200, b"in chunks"),
        (204, b""),
        (500, b""),
        (200, b"last"),
    ]
    assert connection.sock is used


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param(
            [b"POST /", b" HTTP/1.1\r\nContent-Le", b"ngth: 2\r\n\r", b"\nok"], id="parts"
        ),
        pytest.param([b"POST / HTTP/1.1\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok"], id="fold"),
        pytest.param([b"POST // HTTP/1.1\r\ncontent-length:2\r\n\r\nok"], id="slashes"),
        pytest.param([b"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nok"], id="old"),
    ],
)
def test_a_request_is_read_however_it_is_written(server: Server, pieces: list[bytes]) -> None:
    with socket.create_connection((HOST, server.port), DEADLINE_SECONDS) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
        answer = http.client.HTTPResponse(connection)
        answer.begin()

        assert (answer.status, answer.read()) == (200, b"ok")


def test_a_client_that_asks_whether_to_go_on_is_answered(
    connection: http.client.HTTPConnection,
) -> None:
    connection.putrequest("POST", "/")
    connection.putheader("Expect", "100-continue")
    connection.putheader("Content-Length", "2")
    connection.endheaders()
    assert connection.sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.send(b"go")

    assert connection.getresponse().read() == b"go"


def test_connections_end_with_the_server(
    server: Server, connection: http.client.HTTPConnection
) -> None:
    assert ask(connection, "/", b"up") == (200, b"up")
    server.shutdown()

    assert connection.sock.recv(1) == b""


@pytest.mark.parametrize("is_in_process", [True, False])
def test_a_connection_that_ends_before_the_answer_is_the_same_error_with_and_without_a_socket(
    server: Server, is_in_process: bool
) -> None:
    client = boto3.client(
        "lambda",
        endpoint_url=f"http://{HOST}:{server.port}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}),
    )
    if is_in_process:
        serve_in_process(client, application)
    with pytest.raises(ConnectionClosedError):
        client.list_functions()


def test_a_client_that_goes_before_its_answer_leaves_no_error(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors: list[object] = []
    monkeypatch.setattr(server, "handle_error", lambda *_: errors.append(sys.exc_info()))
    with socket.create_connection((HOST, server.port)) as client:
        # So that it ends with a reset, as that of a browser that leaves a page.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.sendall(b"GET /late HTTP/1.1\r\nHost: h\r\n\r\n")
        assert is_asked.wait(DEADLINE_SECONDS)
    client_has_gone.set()
    # Shutting down waits for no thread of a connection.
    wait_until(lambda: not server._connections, "the end of the connection")

    assert errors == []


def test_a_stream_of_events_is_sent_as_it_comes(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/events", headers={"Accept": "text/event-stream"})
    answer = connection.getresponse()
    first = answer.read(3)
    first_part_read.set()

    assert (first, answer.read()) == (b"one", b"two")
    assert answer.headers["Connection"] == "close"

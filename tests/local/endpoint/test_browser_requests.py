# SPDX-License-Identifier: MIT-0
"""Requests of a browser: which hosts and origins are this address's own, and what is a page's."""

import json

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import Client, EnvironBuilder

from local.endpoint.transport.browser import foreign, is_for_console

OWN = "127.0.0.1:4566"


def refusal(host: str, origin: str | None, port: str = "4566") -> str:
    headers = {"Host": host, **({} if origin is None else {"Origin": origin})}
    environ = {**EnvironBuilder(headers=Headers(headers)).get_environ(), "SERVER_PORT": port}
    application = foreign(environ)
    if application is None:
        return ""
    answer = Client(application).get("/")
    assert (answer.status_code, answer.mimetype) == (403, "application/json")
    return str(json.loads(answer.data)["message"])


@pytest.mark.parametrize(
    "host", [OWN, "localhost:4566", "LOCALHOST:4566", "[::1]:4566", "a-bucket.localhost:4566"]
)
def test_a_request_for_this_machine_is_served(host: str) -> None:
    assert refusal(host, None) == ""
    assert refusal(host, f"http://{host}") == ""
    assert refusal(host, "http://evil.example:4566").startswith("The request's Origin is 'http")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:4566",
        "localhost.evil.example:4566",
        "evil-localhost:4566",
        "127.0.0.1.evil.example:4566",
        "127.0.0.1:4567",
        "127.0.0.1",
        "[::2]:4566",
        "",
    ],
)
def test_a_request_for_another_host_is_refused(host: str) -> None:
    assert refusal(host, None) == (
        f"The request's Host is {host!r}, and must be 127.0.0.1:4566 or localhost:4566"
    )


@pytest.mark.parametrize(
    "origin", ["null", "https://127.0.0.1:4566", "http://localhost:4566", "http://127.0.0.1:3000"]
)
def test_a_request_of_another_origin_is_refused(origin: str) -> None:
    assert refusal(OWN, origin) == (
        f"The request's Origin is {origin!r}, and must be this address, http://{OWN}, or absent"
    )


def test_the_port_of_http_may_be_left_out() -> None:
    assert refusal("localhost", "http://localhost", "80") == ""


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/", {"Accept": "text/html,*/*"}, True),
        ("/", {"Accept": "*/*"}, False),
        ("/", {"Accept": "text/html", "Authorization": "AWS4-HMAC-SHA256"}, False),
        ("/console", {}, True),
        ("/console/start", {}, True),
        ("/console-bucket/key", {}, False),
        ("/console/key", {"Authorization": "AWS4-HMAC-SHA256"}, False),
    ],
)
def test_a_browser_is_told_from_a_client_of_aws(
    path: str, headers: dict[str, str], expected: bool
) -> None:
    assert is_for_console(EnvironBuilder(path, headers=Headers(headers)).get_environ()) is expected

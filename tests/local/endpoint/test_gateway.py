# SPDX-License-Identifier: MIT-0
"""What the one address answers to calls that it does not know, and to calls that break."""

import http.client
import logging
from collections.abc import Iterator
from typing import NoReturn

import pytest
from botocore.exceptions import ClientError
from moto.iam.responses import IamResponse

from local.lambda_.service import LambdaService
from local.step_functions.api.response import StepFunctionsResponse

from ...support.step_functions.machines import Machines
from ...support.step_functions.machines import machines as small_machines


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with small_machines(tmp_path_factory.mktemp("machines")) as ready:
        yield ready


def broken(*_: object, **__: object) -> NoReturn:
    raise NotImplementedError("s3cr3t")


def refusal(machines: Machines, service: str, operation: str, **arguments: str) -> tuple[str, ...]:
    """The code, the message and the status of a refused call, which is not tried again."""
    client = machines.endpoint.client(service, retries=0)
    with pytest.raises(ClientError) as refused:
        getattr(client, operation)(**arguments)
    error, metadata = refused.value.response["Error"], refused.value.response["ResponseMetadata"]
    return error["Code"], error["Message"], str(metadata["HTTPStatusCode"])


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "called"),
    [
        (
            "stepfunctions",
            "test_state",
            {"definition": "{}"},
            "AWSStepFunctions.TestState",
        ),
        ("iam", "get_organizations_access_report", {"JobId": "j" * 36}, "GetOrganizationsAccess"),
        ("sts", "get_session_token", {}, "GetSessionToken"),
        ("sts", "get_federation_token", {"Name": "guest"}, "GetFederationToken"),
    ],
)
def test_a_call_that_moto_does_not_know_or_invents_an_answer_to_is_not_served(
    machines: Machines, service: str, operation: str, arguments: dict[str, str], called: str
) -> None:
    code, message, status = refusal(machines, service, operation, **arguments)

    assert (code, status) == ("NotImplemented", "501")
    assert message.startswith(called)
    assert message.endswith(" is not served on this machine")


def test_a_call_that_breaks_is_an_internal_failure_and_logged_without_data(
    machines: Machines, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(StepFunctionsResponse, "list_state_machines", broken)
    with caplog.at_level(logging.ERROR):
        code, message, status = refusal(machines, "stepfunctions", "list_state_machines")

    assert (code, status) == ("InternalFailure", "500")
    assert message.startswith(
        "AWSStepFunctions.ListStateMachines failed on this machine: "
        "NotImplementedError at test_gateway.py:"
    )
    [record] = caplog.records
    assert record.getMessage().startswith("AWSStepFunctions.ListStateMachines failed: NotImpl")
    assert "s3cr3t" not in caplog.text + message


def test_a_broken_call_of_the_query_protocol_answers_in_xml(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IamResponse, "list_roles", broken)
    code, message, status = refusal(machines, "iam", "list_roles")

    assert (code, status) == ("InternalFailure", "500")
    assert "ListRoles failed on this machine: NotImplementedError at test_gateway" in message


def test_a_broken_call_of_lambda_is_an_internal_failure(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LambdaService, "invoke", broken)
    code, message, status = refusal(machines, "lambda", "invoke", FunctionName="echo")

    assert (code, status) == ("InternalFailure", "500")
    assert "NotImplementedError at test_gateway.py:" in message
    assert "s3cr3t" not in message


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "not signed"),
        ({"Host": "bucket.localhost:{port}"}, "not signed"),
        ({"Host": "evil.example"}, "The request's Host is"),
        ({"Origin": "http://evil.example"}, "The request's Origin is"),
    ],
)
def test_only_this_machine_and_its_own_pages_are_answered_over_http(
    machines: Machines, headers: dict[str, str], expected: str
) -> None:
    address = machines.endpoint.url.removeprefix("http://")
    port = address.rsplit(":", 1)[-1]
    sent = {name: value.format(port=port) for name, value in headers.items()}
    connection = http.client.HTTPConnection(address, timeout=10)
    connection.request("POST", "/", b"{}", sent)
    answer = connection.getresponse()
    message = answer.read().decode()
    connection.close()

    assert answer.status == 403
    assert expected in message

# SPDX-License-Identifier: MIT-0
"""The calls about one durable execution: what they show, and what they refuse."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.iam.principals import access_key

from ...support.functions.durable_functions import DurableFunctions, arn_of

ASKS = """
@durable_execution
def handler(event, context):
    config = CallbackConfig(heartbeat_timeout=Duration.from_seconds(2))
    return context.create_callback(name="answer", config=config).result()
"""
TELLS = """
import time
from pathlib import Path
@durable_execution
def handler(event, context):
    def tell(_):
        Path(event).write_text(context.state._current_checkpoint_token)
        while Path(event).exists():
            time.sleep(0.01)
    context.step(tell, name="tell")
    return "told"
"""
FAILS = """
@durable_execution
def handler(event, context):
    raise ValueError("secret words")
"""
CONFIG = {"RetentionPeriodInDays": 7, "ExecutionTimeout": 600}


@pytest.fixture(scope="module")
def deployed(functions: DurableFunctions) -> DurableFunctions:
    functions.deploy("asks", ASKS)
    functions.deploy("tells", TELLS)
    functions.deploy("fails", FAILS)
    return functions


def refused(call: Any, **arguments: Any) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    response = raised.value.response
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    return status, response["Error"]["Code"], response["Error"]["Message"]


def callback_of(deployed: DurableFunctions, arn: str) -> str:
    started = deployed.wait_for_event(arn, "CallbackStarted")
    return str(started["CallbackStartedDetails"]["CallbackId"])


def test_an_execution_shows_its_data_and_its_configuration(deployed: DurableFunctions) -> None:
    arn = deployed.start("asks", {"TaskToken": "secret"}, DurableExecutionName="shown")
    running = deployed.get(arn)
    deployed.client.send_durable_execution_callback_success(
        CallbackId=callback_of(deployed, arn), Result=b"yes"
    )
    ended = deployed.ended(arn)

    assert {key: value for key, value in running.items() if not key.endswith("Timestamp")} == {
        "DurableExecutionArn": arn,
        "DurableExecutionName": "shown",
        "FunctionArn": f"{arn_of('asks')}:1",
        "InputPayload": '{"TaskToken": "secret"}',
        "Status": "RUNNING",
        "Version": "1",
        "ExecutionDataIncluded": True,
        "DurableConfig": CONFIG,
    }
    assert (running["ExpectedExecutionTimeoutTimestamp"] - running["StartTimestamp"]).seconds == 600
    assert ended["Result"] == '"yes"'
    assert "ExpectedExecutionTimeoutTimestamp" not in ended


def test_without_execution_data_there_is_no_input_result_or_error(
    deployed: DurableFunctions,
) -> None:
    arn = deployed.run("fails", {"TaskToken": "secret"})["DurableExecutionArn"]
    shown = deployed.get(arn, IncludeExecutionData=False)

    assert shown["ExecutionDataIncluded"] is False
    assert shown["DurableConfig"] == CONFIG
    assert set(shown) & {"InputPayload", "Result", "Error"} == set()
    assert "secret" not in json.dumps(shown, default=str)
    assert deployed.get(arn)["Error"]["ErrorMessage"] == "secret words"


@pytest.mark.parametrize("ending", ["success", "failure"])
def test_a_callback_is_answered_once(deployed: DurableFunctions, ending: str) -> None:
    arn = deployed.start("asks")
    callback = {"CallbackId": callback_of(deployed, arn)}
    succeed = deployed.client.send_durable_execution_callback_success
    fail = deployed.client.send_durable_execution_callback_failure
    beat = deployed.client.send_durable_execution_callback_heartbeat
    beat(**callback)
    if ending == "success":
        succeed(**callback, Result=b'"yes"')
    else:
        fail(**callback, Error={"ErrorType": "Denied", "ErrorMessage": "no"})
    ended = deployed.ended(arn)
    late = [refused(call, **callback) for call in (succeed, fail, beat)]

    assert ended["Status"] == ("SUCCEEDED" if ending == "success" else "FAILED")
    assert {(status, code) for status, code, _ in late} == {(400, "CallbackTimeoutException")}
    if ending == "failure":
        failed = deployed.wait_for_event(arn, "CallbackFailed")["CallbackFailedDetails"]
        assert failed["Error"]["Payload"] == {"ErrorType": "Denied", "ErrorMessage": "no"}


def test_a_callback_of_a_stopped_execution_is_closed(deployed: DurableFunctions) -> None:
    arn = deployed.start("asks")
    callback = callback_of(deployed, arn)
    deployed.client.stop_durable_execution(DurableExecutionArn=arn)
    beat = deployed.client.send_durable_execution_callback_heartbeat

    assert refused(beat, CallbackId=callback)[1] == "CallbackTimeoutException"


@pytest.mark.parametrize(
    ("callback", "status", "code"),
    [
        ("not-a-token", 400, "InvalidParameterValueException"),
        ("eyJhcm4iOiJub25lIiwib3AiOiJ4In0=", 404, "ResourceNotFoundException"),
    ],
)
def test_a_callback_that_is_none_is_refused(
    deployed: DurableFunctions, callback: str, status: int, code: str
) -> None:
    succeed = deployed.client.send_durable_execution_callback_success

    assert refused(succeed, CallbackId=callback, Result=b"1")[:2] == (status, code)


def test_only_the_token_of_the_running_invocation_checkpoints(
    deployed: DurableFunctions, tmp_path: Any
) -> None:
    client, told = deployed.client, tmp_path / "token"
    arn = deployed.start("tells", str(told))
    deployed.wait_for_event(arn, "StepStarted")
    other = deployed.start("asks")
    state = client.get_durable_execution_state
    checkpoint = client.checkpoint_durable_execution
    invalid = (400, "InvalidParameterValueException", "Invalid checkpoint token")
    wrong = {"CheckpointToken": "eyJhcm4iOiJ4Iiwic2VxIjowfQ=="}
    nowhere = arn.replace("tells", "nobody")
    refusals = [
        refused(call, DurableExecutionArn=each, **wrong)
        for call in (state, checkpoint)
        for each in (arn, other, nowhere)
    ]
    malformed = refused(state, DurableExecutionArn="arn", **wrong)
    told.unlink()
    ended = deployed.ended(arn)

    assert refusals == [invalid] * 6
    assert malformed[1:] == (
        "InvalidParameterValueException",
        "Invalid durable execution ARN: arn",
    )
    assert ended["Status"] == "SUCCEEDED"
    assert refused(checkpoint, DurableExecutionArn=arn, **wrong) == invalid


def test_an_execution_that_is_not_there_is_not_found(deployed: DurableFunctions) -> None:
    arn = f"{arn_of('asks')}:1/durable-execution/none/none"
    calls = [
        deployed.client.get_durable_execution,
        deployed.client.get_durable_execution_history,
        deployed.client.stop_durable_execution,
        deployed.client.pause_durable_execution,
        deployed.client.resume_durable_execution,
        deployed.client.delete_durable_execution,
    ]

    assert [refused(call, DurableExecutionArn=arn) for call in calls] == [
        (404, "ResourceNotFoundException", f"Durable execution not found: {arn}")
    ] * len(calls)


def test_a_name_is_a_key_in_the_account(deployed: DurableFunctions) -> None:
    name = {"DurableExecutionName": "key"}
    first = deployed.start("asks", {"n": 1}, **name)
    status, code, _ = refused(
        deployed.client.invoke,
        FunctionName="fails:1",
        InvocationType="Event",
        Payload=b'{"n": 2}',
        **name,
    )

    assert deployed.start("asks", {"n": 1}, **name) == first
    assert (status, code) == (409, "DurableExecutionAlreadyStartedException")


def test_a_client_context_reaches_the_handler_and_a_tenant_does_not(
    deployed: DurableFunctions,
) -> None:
    deployed.deploy(
        "plain",
        "def handler(event, context): return context.client_context.custom",
        execution_timeout=None,
    )
    answer = deployed.client.invoke(
        FunctionName="plain", ClientContext="eyJjdXN0b20iOiB7ImEiOiAxfX0=", Payload=b"1"
    )
    tenant = refused(deployed.client.invoke, FunctionName="plain", TenantId="blue")

    assert json.load(answer["Payload"]) == {"a": 1}
    assert tenant[1] == "InvalidParameterValueException"


def test_a_role_that_does_not_exist_may_do_nothing(deployed: DurableFunctions) -> None:
    nobody = deployed.endpoint.client("lambda", access_key("arn:aws:iam::123456789012:role/nobody"))
    status, code, message = refused(nobody.invoke, FunctionName="asks:1")

    assert (status, code) == (403, "AccessDeniedException")
    assert message.endswith(" because no such role exists")


def test_a_list_of_executions_has_at_most_1000_on_a_page(deployed: DurableFunctions) -> None:
    listed = deployed.client.list_durable_executions_by_function
    assert refused(listed, FunctionName="asks", MaxItems=1001) == (
        400,
        "InvalidParameterValueException",
        "Invalid MaxItems: 1001",
    )


@pytest.mark.parametrize("is_oldest_first", [False, True])
def test_executions_that_begin_and_end_between_pages_move_no_others(
    deployed: DurableFunctions, is_oldest_first: bool
) -> None:
    deployed.deploy(name := f"asks-{is_oldest_first}".lower(), ASKS)
    started = [deployed.start(name) for _ in range(3)]
    began = {arn: deployed.get(arn)["StartTimestamp"] for arn in started}
    in_order = sorted(started, key=lambda arn: (began[arn], arn), reverse=not is_oldest_first)
    seen: list[str] = []
    marker: dict[str, Any] = {}
    for _ in started:
        page = deployed.client.list_durable_executions_by_function(
            FunctionName=name,
            Statuses=["RUNNING"],
            ReverseOrder=is_oldest_first,
            MaxItems=1,
            **marker,
        )
        marker = {"Marker": page.get("NextMarker")}
        [shown] = page["DurableExecutions"]
        seen.append(shown["DurableExecutionArn"])
        deployed.client.stop_durable_execution(DurableExecutionArn=seen[-1])
        if not is_oldest_first:
            deployed.start(name)

    assert (seen, marker) == (in_order, {"Marker": None})
    with pytest.raises(ClientError, match="Invalid Marker: 1"):
        deployed.client.list_durable_executions_by_function(FunctionName=name, Marker="1")


@pytest.mark.parametrize("scope", ["1/durable-execution/*", "*"])
def test_a_policy_names_executions_by_their_arns(deployed: DurableFunctions, scope: str) -> None:
    arn = deployed.start("asks")
    callback = callback_of(deployed, arn)
    role = deployed.role(
        f"scope-{len(scope)}",
        {
            "Effect": "Allow",
            "Action": "lambda:*Durable*",
            "Resource": f"{arn_of('asks')}:{scope}",
        },
    )
    client = deployed.endpoint.client("lambda", access_key(role))
    other = deployed.start("tells", "/nowhere/at/all")
    client.send_durable_execution_callback_success(CallbackId=callback, Result=b"1")

    assert deployed.ended(arn)["Status"] == "SUCCEEDED"
    assert client.get_durable_execution(DurableExecutionArn=arn)["Status"] == "SUCCEEDED"
    assert refused(client.stop_durable_execution, DurableExecutionArn=other)[1] == (
        "AccessDeniedException"
    )

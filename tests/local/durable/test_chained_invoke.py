# SPDX-License-Identifier: MIT-0
"""context.invoke: to functions that are durable and to others, by Lambda's rules."""

import json
from threading import Event
from typing import Any

import pytest

from local.durable.engine import Engine

from ...support.functions.durable_functions import DurableFunctions, arn_of

PARENT = """
@durable_execution
def handler(event, context):
    return context.invoke(event["to"], event.get("payload"), name="call")
"""
TENANT = """
from aws_durable_execution_sdk_python.config import InvokeConfig
@durable_execution
def handler(event, context):
    return context.invoke("plain:1", 1, name="call", config=InvokeConfig(tenant_id="blue"))
"""
CHILD = """
@durable_execution
def handler(event, context):
    context.wait(Duration.from_seconds(30), name="pause")
    if event == "fail":
        raise ValueError("no more")
    return {"version": context.lambda_context.function_version, "got": event}
"""
LONG_CHILD = """
@durable_execution
def handler(event, context):
    context.wait(Duration.from_seconds(event), name="long")
    context.wait(Duration.from_seconds(1), name="short")
"""
PLAIN = """
import os, time
def handler(event, context):
    if event == "fail":
        raise KeyError("lost")
    if event == "exit":
        os._exit(4)
    if event == "sleep":
        time.sleep(60)
    return {"plain": event}
"""


@pytest.fixture(scope="module")
def parent(functions: DurableFunctions) -> DurableFunctions:
    functions.deploy("parent", PARENT)
    functions.deploy("tenant", TENANT)
    functions.deploy("child", CHILD)
    functions.deploy("long", LONG_CHILD, execution_timeout=60)
    functions.deploy("plain", PLAIN, execution_timeout=None, timeout_seconds=1)
    functions.endpoint.lambda_service.functions.create_alias("child", "live", "1")
    return functions


def invoked(parent: DurableFunctions, to: str, payload: Any = None) -> tuple[str, dict[str, Any]]:
    """The ARN of the parent's execution, and how it ended."""
    arn = parent.start("parent", {"to": to, "payload": payload})
    return arn, parent.ended(arn)


def details(parent: DurableFunctions, arn: str, event_type: str) -> dict[str, Any]:
    found: dict[str, Any] = parent.wait_for_event(arn, event_type)[f"{event_type}Details"]
    return found


@pytest.mark.parametrize(
    ("to", "version"),
    [("child:1", "1"), ("child:live", "1"), ("child:$LATEST", "$LATEST"), ("{arn}:1", "1")],
)
def test_a_durable_function_runs_as_an_execution_of_its_own(
    parent: DurableFunctions, to: str, version: str
) -> None:
    to = to.replace("{arn}", arn_of("child"))
    arn, ended = invoked(parent, to, {"n": 1})
    started = details(parent, arn, "ChainedInvokeStarted")
    child = parent.get(started["DurableExecutionArn"])

    assert json.loads(ended["Result"]) == {"version": version, "got": {"n": 1}}
    assert started == {
        "FunctionName": to,
        "Input": {"Payload": '{"n": 1}', "Truncated": False},
        "ExecutedVersion": version,
        "DurableExecutionArn": child["DurableExecutionArn"],
    }
    assert (child["Status"], child["FunctionArn"]) == ("SUCCEEDED", f"{arn_of('child')}:{version}")
    assert [event["EventType"] for event in parent.events(arn)] == [
        "ExecutionStarted",
        "ChainedInvokeStarted",
        "InvocationCompleted",
        "ChainedInvokeSucceeded",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]


def test_the_event_of_an_invoke_comes_with_its_execution(
    parent: DurableFunctions, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, begun, go_on = Engine._start_child_execution, Event(), Event()

    def start_late(engine: Engine, *arguments: Any) -> None:
        begun.set()
        assert go_on.wait(20)
        start(engine, *arguments)

    monkeypatch.setattr(Engine, "_start_child_execution", start_late)
    arn = parent.start("parent", {"to": "child:1"})
    assert begun.wait(20)
    before = [event["EventType"] for event in parent.events(arn)]
    go_on.set()

    assert before == ["ExecutionStarted"]
    assert "DurableExecutionArn" in details(parent, arn, "ChainedInvokeStarted")


@pytest.mark.parametrize("to", ["plain", "plain:1", "plain:$LATEST"])
def test_a_function_that_is_not_durable_runs_once(parent: DurableFunctions, to: str) -> None:
    arn, ended = invoked(parent, to, [1, "ä"])
    started = details(parent, arn, "ChainedInvokeStarted")

    assert json.loads(ended["Result"]) == {"plain": [1, "ä"]}
    assert "DurableExecutionArn" not in started
    assert started["ExecutedVersion"] == ("1" if to == "plain:1" else "$LATEST")


@pytest.mark.parametrize(
    ("to", "payload", "event", "error_type", "message"),
    [
        ("child:1", "fail", "Failed", "ValueError", "no more"),
        ("plain:1", "fail", "Failed", "KeyError", "'lost'"),
        ("plain:1", "exit", "Failed", "Runtime.ExitError", "exit status 4"),
        ("plain:1", "sleep", "Failed", "Sandbox.Timedout", "after 1.00 seconds"),
        ("nobody:1", 1, "Failed", "ResourceNotFoundException", "function:nobody:1"),
        ("child:9", 1, "Failed", "ResourceNotFoundException", "function:child:9"),
        ("child", 1, "Failed", "InvalidParameterValueException", "unqualified ARN"),
        ("long:1", 90, "TimedOut", "ChainedInvoke.Timeout", "timed out after 60 seconds"),
    ],
)
def test_a_failure_is_the_operations_error(
    parent: DurableFunctions, to: str, payload: Any, event: str, error_type: str, message: str
) -> None:
    arn, ended = invoked(parent, to, payload)
    error = details(parent, arn, f"ChainedInvoke{event}")["Error"]["Payload"]

    assert ended["Status"] == "FAILED"
    assert error["ErrorType"] == error_type
    assert message in error["ErrorMessage"]


def test_a_child_that_is_stopped_stops_the_operation_with_its_error(
    parent: DurableFunctions,
) -> None:
    parent.deploy("asks", "def unused(): pass\n" + CALLBACK)
    arn = parent.start("parent", {"to": "asks:1"})
    child = details(parent, arn, "ChainedInvokeStarted")["DurableExecutionArn"]
    parent.wait_for_event(child, "CallbackStarted")
    parent.client.stop_durable_execution(
        DurableExecutionArn=child, Error={"ErrorType": "Operator", "ErrorMessage": "enough"}
    )

    assert parent.ended(arn)["Status"] == "FAILED"
    assert details(parent, arn, "ChainedInvokeStopped")["Error"]["Payload"] == {
        "ErrorType": "Operator",
        "ErrorMessage": "enough",
    }


CALLBACK = """
@durable_execution
def handler(event, context):
    return context.create_callback(name="answer").result()
"""


def test_a_tenant_is_refused(parent: DurableFunctions) -> None:
    arn = parent.start("tenant")
    parent.ended(arn)
    error = details(parent, arn, "ChainedInvokeFailed")["Error"]["Payload"]

    assert error["ErrorType"] == "InvalidParameterValueException"
    assert error["ErrorMessage"].startswith("The invoked function is not enabled with tenancy")


@pytest.mark.parametrize(("target", "is_allowed"), [("plain:1", True), ("plain", False)])
def test_the_role_of_the_parent_has_to_allow_it(
    parent: DurableFunctions, target: str, is_allowed: bool
) -> None:
    role = parent.role(
        f"role-{is_allowed}",
        {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": f"{arn_of('plain')}:1"},
        {"Effect": "Allow", "Action": "lambda:*Durable*", "Resource": "*"},
    )
    parent.deploy(f"limited-{is_allowed}", PARENT, role_arn=role)
    arn = parent.start(f"limited-{is_allowed}", {"to": target, "payload": 1})
    ended = parent.ended(arn)

    if is_allowed:
        assert json.loads(ended["Result"]) == {"plain": 1}
        return
    error = details(parent, arn, "ChainedInvokeFailed")["Error"]["Payload"]
    assert error["ErrorType"] == "AccessDeniedException"
    assert error["ErrorMessage"].endswith(
        "is not authorized to perform: lambda:InvokeFunction on resource: "
        f"{arn_of('plain')} because no identity-based policy allows the "
        "lambda:InvokeFunction action"
    )

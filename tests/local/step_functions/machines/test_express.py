# SPDX-License-Identifier: MIT-0
"""Express state machines, as recorded from AWS."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import boto3
import pytest

from local.errors import LocalError
from local.step_functions.api import descriptions
from local.step_functions.definition import require_definition
from local.step_functions.executions import worker

from ....support.credentials import CREDENTIALS, REGION
from ....support.step_functions.bare_machines import fields, refusal
from ....support.step_functions.integrations import ACTIVITY, CHILD, EXPRESS, Integrations, task

WRONG_TYPE = (
    "StateMachineTypeNotSupported",
    "This operation is not supported by this type of state machine",
)


def assert_is_billed(milliseconds: int, start: datetime, stop: datetime) -> None:
    """The duration counts in units of 100 ms that have begun, and at least one of them."""
    took = (stop - start) / timedelta(milliseconds=1)

    assert milliseconds % 100 == 0
    # The answer's times are whole milliseconds.
    assert max(took - 1, 1) <= milliseconds < took + 101


def dates(output: dict[str, str]) -> tuple[datetime, datetime]:
    """When an execution began and ended, in the output of an SDK integration."""
    return datetime.fromisoformat(output["StartDate"]), datetime.fromisoformat(output["StopDate"])


def test_a_synchronous_execution_answers_with_its_result(nested: Integrations) -> None:
    answer = fields(
        nested.step_functions.start_sync_execution(
            stateMachineArn=EXPRESS, name="one", input='{"a": 1}'
        )
    )
    arn, start, stop = answer["executionArn"], answer["startDate"], answer["stopDate"]
    billed = answer["billingDetails"]["billedDurationInMilliseconds"]

    assert_is_billed(billed, start, stop)
    assert arn.startswith("arn:aws:states:us-east-1:123456789012:express:express:one:")
    assert start <= stop
    assert answer == {
        "executionArn": arn,
        "stateMachineArn": EXPRESS,
        "name": "one",
        "startDate": start,
        "stopDate": stop,
        "status": "SUCCEEDED",
        "input": '{"a": 1}',
        "inputDetails": {"included": True},
        "output": '{"given":{"a":1},"n":2}',
        "outputDetails": {"included": True},
        "billingDetails": {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": billed},
    }


@pytest.mark.parametrize(
    ("milliseconds", "billed"), [(0, 100), (1, 100), (100, 100), (101, 200), (1000, 1000)]
)
def test_what_is_billed_is_units_of_a_tenth_of_a_second(
    monkeypatch: pytest.MonkeyPatch, milliseconds: int, billed: int
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    stop = start + timedelta(milliseconds=milliseconds)
    monkeypatch.setattr(descriptions, "describe_execution", lambda _: {})
    described = descriptions.describe_sync_execution(
        SimpleNamespace(start_date=start, stop_date=stop)
    )

    assert described["billingDetails"] == {
        "billedDurationInMilliseconds": billed,
        "billedMemoryUsedInMB": 64,
    }


def test_a_failure_is_an_answer_too(nested: Integrations) -> None:
    machine = nested.create({"F": {"Type": "Fail", "Error": "E", "Cause": "c"}}, type="EXPRESS")
    answer = nested.step_functions.start_sync_execution(stateMachineArn=machine)

    assert (answer["status"], answer["error"], answer["cause"]) == ("FAILED", "E", "c")
    assert ("output" in answer, answer["outputDetails"]) == (False, {"included": True})


@pytest.mark.parametrize(("own_seconds", "limit"), [(1, 300), (None, 1)])
def test_an_execution_times_out_within_its_own_limit_and_that_of_the_service(
    nested: Integrations, monkeypatch: pytest.MonkeyPatch, own_seconds: int | None, limit: int
) -> None:
    monkeypatch.setattr(worker, "EXPRESS_SECONDS", limit)
    definition = {
        "StartAt": "W",
        "States": {"W": {"Type": "Wait", "Seconds": 200, "End": True}},
        **({"TimeoutSeconds": own_seconds} if own_seconds else {}),
    }
    arn = nested.step_functions.create_state_machine(
        name=f"slow-{limit}",
        type="EXPRESS",
        definition=json.dumps(definition),
        roleArn="arn:aws:iam::123456789012:role/App-MachineRole",
    )["stateMachineArn"]
    answer = nested.step_functions.start_sync_execution(stateMachineArn=arn)

    assert answer["status"] == "TIMED_OUT"
    billed = answer["billingDetails"]["billedDurationInMilliseconds"]
    assert_is_billed(billed, answer["startDate"], answer["stopDate"])
    assert billed in range(1000, 3001, 100)


def test_the_limit_of_the_service_is_five_minutes() -> None:
    assert worker.EXPRESS_SECONDS == 5 * 60


def test_a_task_that_starts_one_lets_its_waits_be_skipped(nested: Integrations) -> None:
    machine = nested.create({"W": {"Type": "Wait", "Seconds": 200, "End": True}}, type="EXPRESS")
    output = nested.call("aws-sdk:sfn:startSyncExecution", {"StateMachineArn": machine}).output

    assert output["Status"] == "SUCCEEDED"
    billed = output["BillingDetails"]["BilledDurationInMilliseconds"]
    assert_is_billed(billed, *dates(output))
    assert billed in range(200_000, 203_000, 100)


def test_an_asynchronous_execution_has_no_history_and_its_name_no_meaning(
    nested: Integrations,
) -> None:
    client = nested.step_functions
    arns = [
        client.start_execution(stateMachineArn=EXPRESS, name="same", input=given)["executionArn"]
        for given in ("{}", "[1]")
    ]
    refused = ("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'")

    assert len(set(arns)) == 2
    for call in (client.describe_execution, client.get_execution_history, client.stop_execution):
        assert refusal(call, executionArn=arns[0]) == refused
    assert refusal(client.list_executions, stateMachineArn=EXPRESS) == WRONG_TYPE
    assert refusal(client.start_sync_execution, stateMachineArn=CHILD) == WRONG_TYPE
    assert client.describe_state_machine(stateMachineArn=EXPRESS)["type"] == "EXPRESS"


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        (
            "sqs:sendMessage.waitForTaskToken",
            "Express state machine does not support '.waitForTaskToken' service integration ",
        ),
        (
            "states:startExecution.sync",
            "Express state machine does not support '.sync' service integration",
        ),
        (ACTIVITY, "Express state machine does not support Activity ARN"),
    ],
)
def test_a_task_that_waits_is_refused_in_the_services_words(
    nested: Integrations, resource: str, message: str
) -> None:
    state = task(resource, {})
    definition = json.dumps({"QueryLanguage": "JSONata", "StartAt": "P", "States": {"P": state}})
    created = refusal(
        nested.step_functions.create_state_machine,
        name="waits",
        type="EXPRESS",
        definition=definition,
        roleArn="arn:aws:iam::123456789012:role/App-MachineRole",
    )
    finding = f"SCHEMA_VALIDATION_FAILED: {message} at /States/P/Resource"

    assert created == ("InvalidDefinition", f"Invalid State Machine Definition: '{finding}'")
    validated = nested.step_functions.validate_state_machine_definition(
        definition=definition, type="EXPRESS"
    )
    assert [each["message"] for each in validated["diagnostics"]] == [message]
    with pytest.raises(LocalError, match="is refused: Express state machine does not support"):
        require_definition(definition, "EXPRESS")


def test_an_sdk_integration_starts_one_and_waits_for_its_result(nested: Integrations) -> None:
    arguments = {"StateMachineArn": EXPRESS, "Input": {"a": 1}}
    output = nested.call("aws-sdk:sfn:startSyncExecution", arguments).output

    assert (output["Status"], output["Output"]) == ("SUCCEEDED", '{"given":{"a":1},"n":2}')
    assert output["BillingDetails"]["BilledMemoryUsedInMB"] == 64
    assert_is_billed(output["BillingDetails"]["BilledDurationInMilliseconds"], *dates(output))


def test_boto3_and_the_cli_reach_the_endpoint_without_the_prefix_of_its_name(
    nested: Integrations, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_ENDPOINT_URL": nested.endpoint.url,
        **CREDENTIALS,
        **REGION,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    by_boto3 = boto3.client("stepfunctions").start_sync_execution(stateMachineArn=EXPRESS)
    aws = Path(sys.executable).with_name("aws")
    by_cli = subprocess.run(
        [aws, "stepfunctions", "start-sync-execution", "--state-machine-arn", EXPRESS],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert by_boto3["status"] == json.loads(by_cli.stdout)["status"] == "SUCCEEDED"

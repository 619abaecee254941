# SPDX-License-Identifier: MIT-0
"""What the pages do with an endpoint that is up, from `make serve` to its end."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from ...support.clone import Clone, cloned, installed
from ...support.credentials import CREDENTIALS, REGION
from ...support.project import readme
from ...support.serving import Serving, serving, started
from ...support.stacks.patience import ON_THIS_MACHINE

ADDRESS = "http://127.0.0.1:4566"


def session_blocks() -> list[str]:
    """The commands against the endpoint at the address that the pages show."""
    return [block for block in readme.aws_blocks() if ADDRESS in block]


def block_with(command: str) -> str:
    [block] = [block for block in readme.aws_blocks() if command in block]
    return block


@pytest.fixture(scope="module")
def clone(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return installed(cloned(tmp_path_factory.mktemp("session")), assembly)


@pytest.fixture(scope="module")
def served(clone: Clone) -> Iterator[Serving]:
    with started(["make", "serve", "PORT=0"], clone.directory, clone.environment()) as ready:
        yield ready


@pytest.fixture(scope="module")
def answers(clone: Clone, served: Serving) -> list[dict[str, Any]]:
    """The JSON objects that the session of the AWS CLI prints, one after the other."""
    script = "".join(session_blocks())
    finished = clone.run(
        script.replace(
            f"aws --endpoint-url {ADDRESS}", f"aws --output json --endpoint-url {served.url}"
        )
    )
    assert finished.returncode == 0, finished.stdout
    decoder, output, found = json.JSONDecoder(), finished.stdout, []
    while output := output.lstrip():
        value, end = decoder.raw_decode(output)
        found.append(value)
        output = output[end:]
    return found


def test_every_block_of_the_aws_cli_is_run_here() -> None:
    run = [*session_blocks(), block_with("redrive-execution"), block_with("stop-execution")]

    assert sorted(run) == sorted(readme.aws_blocks())


def test_a_redrive_reaches_the_execution_that_is_named(
    clone: Clone, served: Serving, answers: list[dict[str, Any]]
) -> None:
    finished = clone.run(
        block_with("redrive-execution").replace("EXECUTION_ARN", answers[0]["executionArn"]),
        **CREDENTIALS,
        **REGION,
        AWS_ENDPOINT_URL=served.url,
    )

    assert "(ExecutionNotRedrivable) when calling the RedriveExecution" in finished.stdout


def test_the_session_of_the_aws_cli_shows_both_sides(
    clone: Clone, answers: list[dict[str, Any]]
) -> None:
    execution, history, listed, machine, function, versions, durable, events, invoked = answers

    assert [each["executionArn"] for each in listed["executions"]] == [execution["executionArn"]]
    assert history["events"][0]["type"] == "ExecutionStarted"
    assert json.loads(machine["definition"])["QueryLanguage"] == "JSONata"
    assert function["Configuration"]["DurableConfig"]["ExecutionTimeout"] == 3600
    assert [version["Version"] for version in versions["Versions"]] == ["$LATEST", "1"]
    assert durable["Status"] == "SUCCEEDED"
    assert ("StepSucceeded", "send_task_success") in [
        (event["EventType"], event.get("Name")) for event in events["Events"]
    ]
    assert invoked["ExecutedVersion"] == "1"
    assert json.loads((clone.directory / "invoice.json").read_text())["status"] == "SENT"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            ".venv/bin/python -m inspect_execution EXECUTION_ARN "
            f"--endpoint-url {ADDRESS} --html execution.html",
            r"^The page is in execution\.html$",
        ),
        (".venv/bin/python -m inspect_execution EXECUTION_ARN --follow", r"send_task_success"),
        (".venv/bin/python -m inspect_execution EXECUTION_ARN --json", r'"format_version": 1,$'),
    ],
)
def test_an_execution_is_shown(
    clone: Clone, served: Serving, answers: list[dict[str, Any]], command: str, said: str
) -> None:
    script = command.replace(ADDRESS, served.url)
    finished = clone.run(
        script.replace("EXECUTION_ARN", answers[0]["executionArn"]),
        **CREDENTIALS,
        **REGION,
        AWS_ENDPOINT_URL=served.url,
    )

    assert command in readme.commands()
    assert finished.returncode == 0, finished.stdout
    assert re.search(said, finished.stdout, re.MULTILINE)


def test_the_cleanup_stops_what_runs_on_both_sides(assembly: Path, clone: Clone) -> None:
    with serving(assembly, "--real-time") as up:
        outputs = dict(re.findall(r"^  (\w+) = (.*)$", up.welcome, re.MULTILINE))
        environment = {**CREDENTIALS, **REGION, "AWS_ENDPOINT_URL": up.url}
        step_functions, lambda_ = (
            boto3.client(
                service,
                endpoint_url=up.url,
                region_name="us-east-1",
                aws_access_key_id="local",
                aws_secret_access_key="local",
            )
            for service in ("stepfunctions", "lambda")
        )
        execution = step_functions.start_execution(
            stateMachineArn=outputs["StepFunctionDFArn"], input='{"minutes_to_wait": 20}'
        )["executionArn"]

        def durable() -> list[str]:
            listed = lambda_.list_durable_executions_by_function(
                FunctionName=outputs["AsyncDurableFunctionName"]
            )
            return [each["Status"] for each in listed["DurableExecutions"]]

        ON_THIS_MACHINE.until(lambda: durable() == ["RUNNING"], "a running durable execution")
        finished = clone.run(block_with("stop-execution"), **environment)

        assert finished.returncode == 0, finished.stdout
        described = step_functions.describe_execution(executionArn=execution)
        assert (described["status"], durable()) == ("ABORTED", ["STOPPED"])
        # Where nothing runs, there is nothing to stop.
        assert clone.run(block_with("stop-execution"), **environment).stdout == ""

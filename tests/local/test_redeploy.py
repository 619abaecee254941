# SPDX-License-Identifier: MIT-0
"""Deploying to what is up: what it publishes, and what it refuses."""

import json
import re
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.assembly import read_stack

from .assemblies import asset_with, publish_again, variant
from .scenario import ASYNC, SYNC, deployed, wait_until
from .serving import Serving, serving
from .test_command import local


def changed_code(assembly: Path, directory: Path) -> Path:
    """The stack of the next day: its invoices are called differently, its versions are new."""
    copy = variant(assembly, directory)
    invoices = asset_with(copy, "invoices.py") / "invoices.py"
    invoices.write_text(invoices.read_text().replace('"SENT"', '"SENT TWICE"'))
    publish_again(copy)
    return copy


def clients(served: Serving) -> tuple[Any, Any]:
    settings: Any = {
        "endpoint_url": served.url,
        "region_name": "us-east-1",
        "aws_access_key_id": "local",
        "aws_secret_access_key": "local",
    }
    return boto3.client("stepfunctions", **settings), boto3.client("lambda", **settings)


def test_a_deploy_by_command_publishes_versions_that_new_executions_run(
    assembly: Path, tmp_path: Path
) -> None:
    with serving(assembly) as served:
        step_functions, lambda_ = clients(served)
        [machine] = re.findall(r"StepFunctionDFArn = (\S+)", served.welcome)
        redeployed = local(
            "deploy",
            "--endpoint-url",
            served.url,
            "--assembly",
            changed_code(assembly, tmp_path),
        )
        execution = step_functions.start_execution(
            stateMachineArn=machine, input='{"minutes_to_wait": 20}'
        )["executionArn"]

        def described() -> dict[str, Any]:
            answer: dict[str, Any] = step_functions.describe_execution(executionArn=execution)
            return answer

        wait_until(lambda: described()["status"] != "RUNNING", "the execution to end")
        output = described()["output"]
        [durable] = lambda_.list_durable_executions_by_function(FunctionName=SYNC)[
            "DurableExecutions"
        ]

    assert (redeployed.returncode, redeployed.stderr) == (0, "")
    assert f"{ASYNC} = version 2\n" in redeployed.stdout
    assert json.loads(output)["status"] == "SENT TWICE"
    assert f":function:{SYNC}:2/" in durable["DurableExecutionArn"]


def test_deploying_to_nobody_is_told_in_one_line(assembly: Path) -> None:
    for url in ("http://127.0.0.1:9", "garbage"):
        finished = local("deploy", "--assembly", assembly, "--endpoint-url", url)

        assert (finished.returncode, finished.stdout) == (2, "")
        assert re.fullmatch(
            rf"local: no endpoint of `python -m local serve` at {re.escape(url)}: .*\n",
            finished.stderr,
        )


def test_deploying_the_same_again_publishes_nothing_and_a_policy_taken_out_grants_no_more(
    assembly: Path, tmp_path: Path
) -> None:
    without_policy = variant(assembly, tmp_path)
    [template] = without_policy.glob("*.template.json")
    document = json.loads(template.read_text())
    [policy] = [name for name in document["Resources"] if name.startswith("TaskCallbackPolicy")]
    del document["Resources"][policy]
    template.write_text(json.dumps(document))

    with deployed(assembly) as scenario:
        before = [version.number for version in scenario.deployment.versions]
        scenario.deployment.update(read_stack(assembly))
        after = [version.number for version in scenario.deployment.versions]
        allowed = scenario.run({"minutes_to_wait": 1})
        scenario.deployment.update(read_stack(without_policy))
        scenario.start({"minutes_to_wait": 1})
        scenario.wait_for_durable_executions(1)
        [refused] = scenario.ended_durable_executions(ASYNC)

    assert before == after == ["1", "1"]
    assert allowed.outcome.status == "SUCCEEDED"
    assert ("StepFailed", "check_still_wanted") in refused.story()
    assert "AccessDeniedException" in refused.error["ErrorMessage"]


@pytest.mark.parametrize("content", ["{}", "nonsense"])
def test_deploying_what_is_no_assembly_leaves_the_endpoint_up(
    assembly: Path, tmp_path: Path, content: str
) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with serving(assembly) as served:
        refused = local("deploy", "--assembly", tmp_path, "--endpoint-url", served.url)
        _, lambda_ = clients(served)

        assert refused.returncode == 2
        assert re.fullmatch(rf"local: {tmp_path} is not a cloud assembly: .*\n", refused.stderr)
        assert lambda_.get_function(FunctionName=SYNC)

# SPDX-License-Identifier: MIT-0
"""Deploying to what is up: what it publishes, and what it refuses."""

import json
import re
import socket
import threading
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.cloudformation.assembly import read_assembly
from local.commands import deploy
from local.errors import UsageError

from ...support.assemblies.variants import asset_with, edited, publish_again, variant
from ...support.commands import Local
from ...support.serving import Serving, serving
from ...support.stacks.scenario import ASYNC, SYNC, deployed, ended_execution


def changed_code(assembly: Path, directory: Path) -> Path:
    """The stack of the next day: its invoices are called differently, its versions are new."""
    copy = variant(assembly, directory)
    invoices = asset_with(copy, "invoices.py") / "invoices.py"
    invoices.write_text(invoices.read_text().replace('"SENT"', '"SENT TWICE"'))
    publish_again(copy)
    return copy


def directory(parent: Path, name: str) -> Path:
    path = parent / name
    path.mkdir()
    return path


def clients(served: Serving) -> tuple[Any, Any]:
    settings: Any = {
        "endpoint_url": served.url,
        "region_name": "us-east-1",
        "aws_access_key_id": "local",
        "aws_secret_access_key": "local",
    }
    return boto3.client("stepfunctions", **settings), boto3.client("lambda", **settings)


def test_a_deploy_by_command_publishes_versions_that_new_executions_run(
    assembly: Path, tmp_path: Path, local_here: Local
) -> None:
    with serving(assembly) as served:
        step_functions, lambda_ = clients(served)
        [machine] = re.findall(r"StepFunctionDFArn = (\S+)", served.welcome)
        redeployed = local_here(
            "deploy",
            "--endpoint-url",
            served.url,
            "--assembly",
            changed_code(assembly, tmp_path),
        )
        execution = step_functions.start_execution(
            stateMachineArn=machine, input='{"minutes_to_wait": 20}'
        )["executionArn"]
        output = ended_execution(step_functions, execution)["output"]
        ages = lambda_.list_function_event_invoke_configs(FunctionName=ASYNC)
        [durable] = lambda_.list_durable_executions_by_function(FunctionName=SYNC)[
            "DurableExecutions"
        ]

    assert (redeployed.returncode, redeployed.stderr) == (0, "")
    assert f"{ASYNC} = version 2\n" in redeployed.stdout
    assert json.loads(output)["status"] == "SENT TWICE"
    # That of the old version stays, for the events that still wait for it.
    assert [
        (each["FunctionArn"].rsplit(":", 1)[-1], each["MaximumEventAgeInSeconds"])
        for each in ages["FunctionEventInvokeConfigs"]
    ] == [("1", 3600), ("2", 3600)]
    assert f":function:{SYNC}:2/" in durable["DurableExecutionArn"]


def test_deploying_without_an_endpoint_is_a_short_error(assembly: Path, local_here: Local) -> None:
    url = "http://127.0.0.1:9"
    finished = local_here("deploy", "--assembly", assembly, "--endpoint-url", url)

    assert (finished.returncode, finished.stdout) == (2, "")
    assert re.fullmatch(
        rf"local: no endpoint of `make serve` at {re.escape(url)}: .*\n", finished.stderr
    )


@pytest.mark.parametrize(
    "url",
    [
        "garbage",
        "",
        "ftp://127.0.0.1:21",
        "http://a b:abc",
        "http://127.0.0.1:abc",
        "http://127.0.0.1:-1",
        "http://127.0.0.1:99999",
    ],
)
def test_an_address_that_is_none_is_refused_before_anything_is_synthesized(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr(deploy, "synthesize", None)

    with pytest.raises(UsageError) as refused:
        deploy.DeployOptions(None, url).execute()
    assert str(refused.value) == (
        f"--endpoint-url must be http://HOST:PORT with a port to 65535, got {url}"
    )


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9\r\n", "SSH-2.0-OpenSSH_9"),
        (
            b"HTTP/1.0 501 Unsupported method\r\n\r\n",
            "HTTP Error 501: Unsupported method",
        ),
    ],
)
def test_another_program_at_the_port_is_no_endpoint(
    tmp_path: Path, answer: bytes, reason: str
) -> None:
    def answer_once() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(answer)
            connection.shutdown(socket.SHUT_WR)
            # To close it with a part of the request unread would reset it, and lose the answer.
            while connection.recv(65_536):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread = threading.Thread(target=answer_once)
        thread.start()
        with pytest.raises(UsageError) as refused:
            deploy.DeployOptions(tmp_path, url).execute()
        thread.join(10)

    assert str(refused.value) == f"no endpoint of `make serve` at {url}: {reason}"


def test_deploying_the_same_again_publishes_nothing_and_a_policy_taken_out_grants_no_more(
    assembly: Path, tmp_path: Path
) -> None:
    def remove_policy(resources: dict[str, Any]) -> None:
        [policy] = [name for name in resources if "TaskCallbackPolicy" in name]
        del resources[policy]

    without_policy = edited(assembly, tmp_path, remove_policy)

    with deployed(assembly) as scenario:
        before = [version.number for version in scenario.deployment.versions]
        scenario.deployment.update(read_assembly(assembly))
        after = [version.number for version in scenario.deployment.versions]
        allowed = scenario.run({"minutes_to_wait": 1})
        scenario.deployment.update(read_assembly(without_policy))
        scenario.start({"minutes_to_wait": 1})
        scenario.wait_for_durable_executions(1)
        [refused] = scenario.ended_durable_executions(ASYNC)

    assert before == after == ["1", "1"]
    assert allowed.outcome.status == "SUCCEEDED"
    assert ("StepFailed", "check_still_wanted") in refused.story()
    assert "AccessDeniedException" in refused.error["ErrorMessage"]


def properties_of(resources: dict[str, Any], resource_type: str) -> list[dict[str, Any]]:
    return [each["Properties"] for each in resources.values() if each["Type"] == resource_type]


def test_a_change_that_is_undone_publishes_another_version(assembly: Path, tmp_path: Path) -> None:
    with deployed(assembly) as scenario:
        numbers = []
        for stack in (changed_code(assembly, tmp_path), assembly):
            scenario.deployment.update(read_assembly(stack))
            numbers.append({v.name: v.number for v in scenario.deployment.versions}[SYNC])
        run = scenario.run({"minutes_to_wait": 1})
        listed = scenario.lambda_.list_versions_by_function(FunctionName=SYNC)["Versions"]

    assert numbers == ["2", "3"]
    assert json.loads(run.outcome.output)["status"] == "SENT"
    assert [version["Version"] for version in listed] == ["$LATEST", "1", "2", "3"]


def test_a_version_that_is_not_retained_ends_with_its_template_and_may_come_back(
    assembly: Path, tmp_path: Path
) -> None:
    def forget(resources: dict[str, Any]) -> None:
        for resource in resources.values():
            if resource["Type"] == "AWS::Lambda::Version":
                del resource["DeletionPolicy"]

    before = edited(assembly, directory(tmp_path, "before"), forget)
    publish_again(before)
    after = variant(before, directory(tmp_path, "after"))
    publish_again(after)

    with deployed(before) as scenario:
        numbers = []
        for stack in (after, before, after):
            scenario.deployment.update(read_assembly(stack))
            numbers.append([version.number for version in scenario.deployment.versions])
            assert scenario.run({"minutes_to_wait": 1}).outcome.status == "SUCCEEDED"
        listed = scenario.lambda_.list_versions_by_function(FunctionName=ASYNC)["Versions"]

    assert numbers == [["2", "2"], ["3", "3"], ["4", "4"]]
    assert [version["Version"] for version in listed] == ["$LATEST", "4"]


def test_a_rule_has_the_targets_of_its_template_and_goes_with_it(
    assembly: Path, tmp_path: Path
) -> None:
    def add_target(resources: dict[str, Any]) -> None:
        [rule] = properties_of(resources, "AWS::Events::Rule")
        rule["Targets"].append({**rule["Targets"][0], "Id": "Another"})

    def remove_rule(resources: dict[str, Any]) -> None:
        for name in [name for name in resources if name.startswith("CallbackGuardRule")]:
            del resources[name]

    with_two = edited(assembly, directory(tmp_path, "two"), add_target)
    without_rule = edited(assembly, directory(tmp_path, "none"), remove_rule)
    with deployed(with_two) as scenario:
        events = scenario.deployment.endpoint.client("events")
        [rule] = events.list_rules()["Rules"]

        def targets() -> list[str]:
            listed = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
            return sorted(target["Id"] for target in listed)

        assert targets() == ["Another", "Target0"]
        scenario.deployment.update(read_assembly(assembly))
        assert targets() == ["Target0"]
        scenario.deployment.update(read_assembly(without_rule))
        assert events.list_rules()["Rules"] == []


def test_what_a_failed_deployment_created_goes_with_the_next_one(
    assembly: Path, tmp_path: Path
) -> None:
    def break_late(resources: dict[str, Any]) -> None:
        resources["Rule"] = {
            "Type": "AWS::Events::Rule",
            "Properties": {"Name": "early", "EventPattern": {"source": ["aws.lambda"]}},
        }
        resources["Permission"] = {
            "Type": "AWS::Lambda::Permission",
            "DependsOn": "Rule",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": "nobody",
                "Principal": "events.amazonaws.com",
            },
        }

    broken = edited(assembly, tmp_path, break_late)
    with deployed(assembly) as scenario:
        events = scenario.deployment.endpoint.client("events")
        with pytest.raises(UsageError, match=r"^Permission \(.*\): Function not found: .*:nobody$"):
            scenario.deployment.update(read_assembly(broken))
        assert "early" in [rule["Name"] for rule in events.list_rules()["Rules"]]
        scenario.deployment.update(read_assembly(assembly))
        assert "early" not in [rule["Name"] for rule in events.list_rules()["Rules"]]
        assert scenario.run({"minutes_to_wait": 1}).outcome.status == "SUCCEEDED"


def test_deploying_what_is_no_assembly_leaves_the_endpoint_up(
    assembly: Path, tmp_path: Path, local_here: Local
) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    (circle := tmp_path / "circle").symlink_to(circle)
    with serving(assembly) as served:
        _, lambda_ = clients(served)
        for path in (tmp_path, circle):
            refused = local_here("deploy", "--assembly", path, "--endpoint-url", served.url)

            assert refused.returncode == 2
            assert re.fullmatch(rf"local: {path} is not a cloud assembly, .*\n", refused.stderr)
        assert lambda_.get_function(FunctionName=SYNC)

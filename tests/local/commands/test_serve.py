# SPDX-License-Identifier: MIT-0
"""Clients of others, such as the AWS CLI, against an endpoint that is up."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, NoReturn
from urllib.error import HTTPError
from urllib.request import urlopen

import boto3
import pytest
from aws_durable_execution_sdk_python_testing.runner import DurableFunctionCloudTestRunner
from botocore.exceptions import ClientError

from local.commands.deployment_options import DeploymentOptions
from local.endpoint.endpoint import Endpoint
from local.errors import UsageError
from local.iam.principals import access_key

from ...support.assemblies.hand_made import write_assembly
from ...support.assemblies.small_stacks import TALK
from ...support.assemblies.variants import variant
from ...support.commands import Local
from ...support.credentials import CREDENTIALS, REGION
from ...support.liveness import has_sandboxes, watch
from ...support.serving import Serving, serving
from ...support.stacks.histories import INVOICED, operations
from ...support.stacks.scenario import ASYNC, SYNC, wait_until

COMMAND_DEADLINE_SECONDS = 60


@pytest.fixture(scope="module")
def served(assembly: Path) -> Iterator[Serving]:
    with serving(assembly) as ready:
        yield ready


def aws(served: Serving, command: str) -> Any:
    """Run one command of the AWS CLI as it stands, but for the address."""
    executable = [sys.executable, "-m", "awscli"]
    arguments = shlex.split(command)[1:]
    finished = subprocess.run(
        [*executable, "--endpoint-url", served.url, "--output", "json", *arguments],
        env={**os.environ, **CREDENTIALS, **REGION},
        capture_output=True,
        text=True,
        timeout=COMMAND_DEADLINE_SECONDS,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout) if finished.stdout.strip() else None


def test_an_execution_can_be_stopped_by_the_aws_cli(assembly: Path) -> None:
    with serving(assembly, "--real-time") as served:
        assert re.match(rf"\w+ is up at {served.url}\n", served.welcome)
        [arn] = re.findall(r"StepFunctionDFArn = (\S+)", served.welcome)
        step_functions, lambda_ = client(served, "stepfunctions"), client(served, "lambda")
        execution = step_functions.start_execution(
            stateMachineArn=arn, input='{"minutes_to_wait": 5}'
        )["executionArn"]
        wait_until(lambda: bool(durable_executions(lambda_)), "it to start")
        [durable_arn] = durable_executions(lambda_)
        aws(served, f"aws stepfunctions stop-execution --execution-arn {execution} --error Enough")
        aws(
            served,
            f"aws lambda stop-durable-execution --durable-execution-arn {durable_arn} "
            "--error ErrorType=Operator,ErrorMessage=enough",
        )
        described = step_functions.describe_execution(executionArn=execution)
        stopped = lambda_.get_durable_execution(DurableExecutionArn=durable_arn)

    assert (described["status"], described["error"]) == ("ABORTED", "Enough")
    assert stopped["Status"] == "STOPPED"
    assert stopped["Error"] == {"ErrorType": "Operator", "ErrorMessage": "enough"}


def durable_executions(lambda_: Any) -> list[str]:
    listed = lambda_.list_durable_executions_by_function(FunctionName=ASYNC)
    return [each["DurableExecutionArn"] for each in listed["DurableExecutions"]]


def client(served: Serving, service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=served.url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def test_awss_cloud_test_runner_runs_synchronously(
    served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = runner(served, monkeypatch, SYNC).run(event({"order_id": "order-1"}), timeout=30)

    assert result.status.value == "SUCCEEDED"
    assert [operation.name for operation in result.operations] == operations(INVOICED)


def test_awss_cloud_test_runner_runs_asynchronously(
    served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = runner(served, monkeypatch, ASYNC)
    execution = cloud.run_async(event({"minutes_to_wait": 20}), timeout=30)
    result = cloud.wait_for_result(execution, timeout=30)

    assert result.status.value == "SUCCEEDED"
    assert result.get_wait("wait_for_fulfilment").status.value == "SUCCEEDED"


def event(value: object) -> Any:
    # The runner's annotation says text, and text would arrive as a JSON string.
    return value


def runner(
    served: Serving, monkeypatch: pytest.MonkeyPatch, function: str
) -> DurableFunctionCloudTestRunner:
    for name, value in (CREDENTIALS | REGION).items():
        monkeypatch.setenv(name, value)
    return DurableFunctionCloudTestRunner(
        function_name=f"{function}:1",
        region="us-east-1",
        lambda_endpoint=served.url,
        poll_interval=0.05,
    )


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGKILL, -9)]
)
def test_a_signal_ends_it_and_every_process_it_started(
    assembly: Path, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    copy = variant(assembly, tmp_path)
    watch(copy, "invoices.py")
    with serving(copy) as served:
        client(served, "lambda").invoke(FunctionName=f"{SYNC}:1", Payload=b"{}")
        assert has_sandboxes(copy)
        served.process.send_signal(number)
        served.process.wait(20)

        assert served.process.returncode == status
        # After SIGKILL the server cannot end them: they end themselves when their input is closed.
        wait_until(lambda: not has_sandboxes(copy), "the sandboxes to end")


def test_a_port_in_use_is_told_in_one_line(
    served: Serving, assembly: Path, local_here: Local
) -> None:
    finished = local_here("serve", "--assembly", assembly, "--port", served.port)

    assert (finished.returncode, finished.stdout, finished.stderr) == (
        2,
        "",
        f"local: port {served.port} is in use; --port 0 picks a free one\n",
    )


def test_clients_wait_until_all_is_deployed_and_handlers_do_not(
    assembly: Path, local_here: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the deployment failed after these calls: then a client that still waits is refused."""
    waiting: list[Future[HTTPResponse]] = []
    listed: list[Any] = []

    def call_and_fail(_: object, __: object, endpoint: Endpoint) -> NoReturn:
        waiting.append(pool.submit(urlopen, f"{endpoint.url}/console", timeout=10))
        role = endpoint.client("iam").create_role(
            RoleName="handler", AssumeRolePolicyDocument="{}"
        )["Role"]["Arn"]
        key = access_key(role)
        try:
            boto3.client(
                "lambda",
                "us-east-1",
                endpoint_url=endpoint.url,
                aws_access_key_id=key,
                aws_secret_access_key=key,
            ).list_functions()
        except ClientError as error:
            listed.append(error.response["Error"]["Code"])
        assert not wait(waiting, timeout=0.2).done
        raise UsageError("no deployment")

    monkeypatch.setattr(DeploymentOptions, "deploy", call_and_fail)
    with ThreadPoolExecutor() as pool:
        finished = local_here("serve", "--assembly", assembly, "--port", "0")

    assert (finished.returncode, finished.stderr.splitlines()[-1]) == (2, "local: no deployment")
    assert listed == ["AccessDeniedException"]
    with pytest.raises(HTTPError, match="403"):
        waiting[0].result()


def test_a_missing_assembly_and_a_broken_template_are_told_in_one_line(
    tmp_path: Path, local_here: Local
) -> None:
    artifact = {
        "type": "aws:cloudformation:stack",
        "properties": {"templateFile": "s.template.json"},
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"s": artifact}}))
    (tmp_path / "s.template.json").write_text("{")

    missing = local_here("serve", "--assembly", "/nowhere", "--port", "0")
    broken = local_here("serve", "--assembly", tmp_path, "--port", "0")

    assert (missing.returncode, broken.returncode) == (2, 2)
    assert re.fullmatch(r"local: /nowhere is not a cloud assembly, .*\n", missing.stderr)
    assert re.fullmatch(r"local: \S+/s\.template\.json is broken: .*\n", broken.stderr)


@pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 is an address on Linux alone")
def test_it_is_bound_to_127_0_0_1_and_to_nothing_else(served: Serving) -> None:
    socket.create_connection(("127.0.0.1", int(served.port)), timeout=5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", int(served.port)), timeout=5)


def test_what_is_not_served_is_refused_by_name(served: Serving) -> None:
    with pytest.raises(AssertionError, match="ListAliases is not served on this machine"):
        aws(served, f"aws lambda list-aliases --function-name {SYNC}")


def test_handlers_lines_are_printed_as_they_come_without_task_tokens(tmp_path: Path) -> None:
    more = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    assembly = write_assembly(tmp_path / "talk", {"Talk": {"Resources": TALK}, "More": more})
    with serving(assembly) as talking:
        assert f"More, Talk are up at {talking.url}\n" in talking.welcome
        assert talking.process.stdout is not None
        [arn] = re.findall(r"start-execution --state-machine-arn (\S+)", talking.welcome)
        client(talking, "stepfunctions").start_execution(stateMachineArn=arn, input="{}")
        deadline = threading.Timer(COMMAND_DEADLINE_SECONDS, talking.process.kill)
        deadline.start()
        lines = []
        for line in talking.process.stdout:
            lines.append(line)
            if "raise KeyError" in line:
                break
        deadline.cancel()

    assert lines == [
        "talk | printed {'TaskToken': '[task token withheld]'}\n",
        "talk | WARNING logged [task token withheld]\n",
        "talk | [ERROR] KeyError: 'broken'\n",
        "Traceback (most recent call last):\n",
        '  File "/var/task/index.py", line 7, in handler\n',
        '    raise KeyError("broken")\n',
    ]

# SPDX-License-Identifier: MIT-0
"""`python -m inspect_execution` as a user types it, on executions of every ending."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from rich.cells import cell_len

from inspect_execution.__main__ import main
from inspect_execution.histories.correlation import CorrelationMethod
from inspect_execution.json_document.document import document_text
from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.reading.aws_api import AwsApi
from inspect_execution.reading.execution_arn import ExecutionArn
from inspect_execution.reading.recorder import record_execution
from inspect_execution.status import Status
from local.environment import PROJECT
from local.iam.principals import access_key

from ...support.commands import Local, here
from ...support.project.document_schema import differences
from ...support.pseudo_terminal import in_terminal
from ...support.stacks.examples import Examples, examples
from ...support.stacks.histories import FULFILLED, INVOICED, VISITS, charged_operations, operations
from ...support.stacks.scenario import SYNC

DEADLINE_SECONDS = 60
NO_CREDENTIALS = {
    name: value for name, value in os.environ.items() if not name.startswith("AWS_")
} | {"AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nonexistent"}
ARN = "arn:aws:states:us-east-1:123456789012:execution:machine:run"


@pytest.fixture(scope="module")
def ready(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Examples]:
    with examples(assembly, tmp_path_factory.mktemp("examples")) as started:
        yield started


@pytest.fixture
def inspect(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Local:
    """The command in this process, without any credentials."""
    for name in os.environ.keys() - NO_CREDENTIALS.keys():
        monkeypatch.delenv(name)
    for name, value in NO_CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    # The one that keeps the credentials which it has found.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return here(main, capsys)


def tokens(ready: Examples) -> set[str]:
    """Every task token there has been."""
    found = set()
    for arn in ready.arns.values():
        history = ready.scenario.step_functions.get_execution_history(executionArn=arn)
        for event in history["events"]:
            parameters = event.get("taskScheduledEventDetails", {}).get("parameters", "{}")
            payload = json.loads(parameters).get("Payload", {})
            found |= {payload.get("TaskToken"), payload.get("token")} - {None}
    return found


def test_a_success_is_told_on_both_sides(ready: Examples) -> None:
    view = ready.view("success")
    operations = {
        operation.name: operation for each in view.durable for operation in each.operations
    }

    assert view.status is Status.SUCCEEDED
    assert [join.method for join in view.correlations] == [
        CorrelationMethod.HEADER,
        CorrelationMethod.HEADER,
    ]
    assert [each.replays for each in view.durable] == [1, 1]
    assert (operations["wait_for_fulfilment"].kind, view.omissions) == ("wait", ())
    charged = {line.name: int(line.quantity) for line in view.cost.items}
    assert charged["durable operations"] == charged_operations(FULFILLED, INVOICED)


def test_a_failed_callback_is_told_with_every_attempt(ready: Examples) -> None:
    view = ready.view("failure")
    [durable] = view.durable
    [notify] = [each for each in durable.operations if each.name == "notify_customer"]

    assert [(row.label, row.status.value) for row in view.rows][:3] == [
        ("Async Durable Lambda Fn Invoke", "failed"),
        ("sfn-dfn-async-durable-fn:1", "failed"),
        ("7 invocations, 6 replays", "succeeded"),
    ]
    assert [attempt.number for attempt in notify.attempts] == [1, 2, 3, 4, 5, 6]
    assert {attempt.error for attempt in notify.attempts} == {"orders.OutOfStock: no widgets left"}
    assert (view.error, view.cause) == ("OutOfStock", "no widgets left")


def test_a_heartbeat_that_ran_out_is_told(ready: Examples) -> None:
    view = ready.view("heartbeat")
    [state] = view.history.states
    [durable] = view.durable

    assert (state.status, state.error) == (Status.TIMED_OUT, "States.Timeout")
    assert durable.status is Status.SUCCEEDED


def test_what_still_runs_is_told_up_to_now(ready: Examples) -> None:
    view = ready.view("running")

    assert (view.is_running, view.history.states[0].status) == (True, Status.RUNNING)
    assert view.axis.end == view.now >= view.started


def test_a_jsonpath_machine_with_map_and_parallel_is_told(ready: Examples) -> None:
    view = ready.view("jsonpath")

    told = {row.label: (row.depth, row.status) for row in view.rows}

    assert told["Both"] == told["Each"] == (0, Status.SUCCEEDED)
    assert told["Rest"] == told["Invoice"] == (1, Status.SUCCEEDED)
    assert {f"Big? [{number}]" for number in range(3)} < set(told)
    assert view.omissions == ()


@pytest.mark.parametrize("name", ["success", "failure", "heartbeat", "running", "jsonpath"])
def test_the_command_shows_every_one_without_any_credentials(
    ready: Examples, inspect: Local, name: str, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    shown = inspect(ready.arns[name], "--endpoint-url", ready.url, "--html", page)

    assert (shown.returncode, shown.stderr) == (0, "")
    assert ready.arns[name] in shown.stdout
    assert shown.stdout.endswith(f"The page is in {page}\n")
    for token in tokens(ready):
        assert token not in shown.stdout
        assert token not in page.read_text()


@pytest.mark.parametrize("name", ["success", "failure", "heartbeat", "running", "jsonpath"])
def test_the_schema_describes_the_document_of_every_one(ready: Examples, name: str) -> None:
    text = document_text(ready.view(name))
    shown = json.loads(text)

    assert differences(shown) == []
    assert shown["execution"]["arn"] == ready.arns[name]
    assert [token for token in tokens(ready) if token in text] == []


def test_the_token_in_the_input_joins_where_headers_are_missing(
    ready: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspect_execution.histories.lambda_tasks._HEADER", "x-nothing")
    view = ready.view("success")

    assert [join.method for join in view.correlations] == [
        CorrelationMethod.TOKEN,
        CorrelationMethod.VERSION_AND_TIME,
    ]
    assert [join.arn for join in view.correlations] == [each.arn for each in view.durable]
    assert len(view.durable) == 2


def test_what_may_not_be_read_is_left_out_with_the_reason(ready: Examples) -> None:
    """The state machine's own role may invoke the functions, and see nothing of them."""
    endpoint = ready.scenario.deployment.endpoint
    arn = ready.arns["success"]
    states = endpoint.client("stepfunctions")
    machine = states.describe_state_machine_for_execution(executionArn=arn)
    blind = endpoint.client("lambda", access_key(machine["roleArn"]))
    recording = record_execution(AwsApi(states, blind, endpoint.url), ExecutionArn.parse(arn))
    view = build_view(recording, Prices())

    assert [state.status for state in view.history.states] == [Status.SUCCEEDED] * len(VISITS)
    assert [join.method for join in view.correlations] == [CorrelationMethod.HEADER] * 2
    assert view.durable == ()
    assert {reason.split(" of ")[0] for reason in view.omissions} == {
        "GetDurableExecution",
        "GetDurableExecutionHistory",
        "GetFunctionConfiguration",
    }
    assert all("AccessDeniedException" in reason for reason in view.omissions)


def test_following_ends_with_the_execution(ready: Examples, inspect: Local) -> None:
    started = ready.scenario.start({"minutes_to_wait": 5})
    shown = inspect(started, "--endpoint-url", ready.url, "--follow")

    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("sfn-dfn-integration-pattern-cdk  ✓ succeeded\n")


def test_json_is_one_document_or_a_line_for_each_change(ready: Examples, inspect: Local) -> None:
    arguments = [ready.arns["failure"], "--endpoint-url", ready.url, "--json"]
    whole, lines = inspect(*arguments), inspect(*arguments, "--follow")

    assert (whole.returncode, whole.stderr, lines.returncode, lines.stderr) == (0, "", 0, "")
    [line] = lines.stdout.splitlines()
    assert json.loads(line) == json.loads(whole.stdout)
    assert json.loads(line)["execution"]["status"] == "FAILED"


def shown(inspect: Local, ready: Examples, *arguments: str) -> str:
    """What the command prints about what the endpoint has."""
    finished = inspect(*arguments, "--endpoint-url", ready.url, "--region", "us-east-1")
    assert (finished.returncode, finished.stderr) == (0, "")
    return finished.stdout


def test_the_latest_failed_execution_of_a_machine_is_shown_with_what_it_logged(
    ready: Examples, inspect: Local
) -> None:
    text = shown(inspect, ready, "sfn-dfn-integration-pattern-cdk", "--failed")

    assert f"\n{ready.arns['failure']}\n" in text
    assert "in sfn-dfn-async-durable-fn:1, in the step notify_customer\n  why    OutOfStock" in text
    assert (
        "  next   a redrive repeats what failed: "
        f"aws --region us-east-1 --endpoint-url {ready.url} stepfunctions redrive-execution "
        f"--execution-arn {ready.arns['failure']}\n"
    ) in text
    assert re.search(
        r"\nLog\n  0:20:\d\d\.\d{3}  sfn-dfn-async-durable-fn \| ERROR .*no widgets", text
    )
    assert '        raise OutOfStock("no widgets left")\n' in text


def test_a_durable_execution_leads_to_the_execution_that_started_it(
    ready: Examples, inspect: Local
) -> None:
    durable = ready.view("success").durable[1]
    document = json.loads(shown(inspect, ready, durable.arn, "--json"))

    assert document["execution"]["arn"] == ready.arns["success"]


def test_a_durable_execution_that_was_invoked_by_hand_is_shown_alone(
    ready: Examples, inspect: Local
) -> None:
    payload = json.dumps({"order_id": "order-1"})
    answer = ready.scenario.lambda_.invoke(FunctionName=f"{SYNC}:1", Payload=payload)
    arn = answer["DurableExecutionArn"]
    document = json.loads(shown(inspect, ready, arn, "--json"))

    assert differences(document) == []
    assert (document["execution"]["arn"], document["execution"]["state_machine"]) == (arn, None)
    assert [each["name"] for each in document["durable_executions"][0]["operations"]] == [
        *operations(INVOICED)
    ]


def test_what_waits_is_listed_by_machine(ready: Examples, inspect: Local) -> None:
    arn = ready.arns["running"]
    machine = ready.scenario.step_functions.describe_execution(executionArn=arn)["stateMachineArn"]
    text = shown(inspect, ready, machine, "--waiting")
    document = json.loads(shown(inspect, ready, machine, "--waiting", "--json"))

    assert f"\n  {arn}\n  where  S / sfn-dfn-async-durable-fn:1\n" in text
    assert differences(document, "waiting_list") == []
    [execution] = document["executions"]
    assert (execution["arn"], execution["waits"][0]["kind"]) == (arn, "TASK_TOKEN")
    assert execution["waits"][0]["then"].endswith("succeeded, without calling back")


def test_a_pipe_gets_lines_as_long_as_columns_says(
    ready: Examples, inspect: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    long = inspect(ready.arns["success"], "--endpoint-url", ready.url).stdout
    monkeypatch.setenv("COLUMNS", "60")
    short = inspect(ready.arns["success"], "--endpoint-url", ready.url).stdout

    assert re.search(r"^Step Functions +time, waits folded {10,}began +ended +took *$", long, re.M)
    assert re.search(r"^Step Functions {15}began {8}ended {8}took *$", short, re.M)


def test_following_fits_a_terminal_and_ctrl_c_ends_it_at_once(ready: Examples) -> None:
    command = [sys.executable, "-m", "inspect_execution", ready.arns["running"]]
    command += ["--endpoint-url", ready.url, "--follow"]
    with in_terminal(command, PROJECT, NO_CREDENTIALS, lines=24, columns=80) as terminal:
        terminal.read_until("sfn-dfn-async-durabl")
        terminal.type(b"\x03")
        text = terminal.read_to_the_end()
    status = terminal.process.returncode
    # A frame begins where the cursor goes up, over the one before; a terminal echoes ^C.
    frames = re.sub(r"\x1b\[1A|\^C", "\n", text)
    lines = re.sub(r"\x1b\[[\d;?]*[A-Za-z]|\r", "", frames).splitlines()

    assert (status, "Traceback" in text) == (130, False)
    assert lines[0].endswith("▶ running")
    assert "  where  S / sfn-dfn-async-durable-fn:1" in lines
    assert max(map(cell_len, lines)) <= 80
    # The cursor, which a frame hides, is there again.
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ([], 2, "inspect_execution: .* required: ARN: see python -m inspect_execution --help\n"),
        (["nonsense"], 2, "inspect_execution: ARN must be an execution's, .*, got nonsense\n"),
        ([ARN, "--region", "eu-west-1"], 2, ".*--region eu-west-1: .* is in us-east-1\n"),
        ([ARN, "--endpoint-url", "ftp://x"], 2, ".*--endpoint-url must be .*, got ftp://x\n"),
        ([ARN, "--endpoint-url", "http://["], 2, ".*--endpoint-url must be .*\n"),
        ([ARN, "--endpoint-url", "http://x:65536"], 2, ".*--endpoint-url must be .*:65536\n"),
        ([ARN, "--endpoint-url", "http://x:0"], 2, ".*--endpoint-url must be .*:0\n"),
        ([ARN, "--html", "/nowhere/page.html"], 2, ".*/nowhere/page.html is in no directory .*\n"),
        ([ARN, "--html", "/tmp"], 2, ".*/tmp is a directory\n"),
        ([ARN, "--prices", "/nowhere"], 2, ".*--prices /nowhere cannot be read: No such file.*\n"),
        ([ARN], 1, ".*DescribeExecution at AWS in us-east-1: Unable to locate credentials\n"),
        (
            [ARN, "--endpoint-url", "http://127.0.0.1:9"],
            1,
            ".*DescribeExecution at http://127.0.0.1:9: Could not connect .*\n",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    inspect: Local, arguments: list[str], status: int, message: str
) -> None:
    finished = inspect(*arguments)

    assert (finished.returncode, finished.stdout) == (status, "")
    assert re.fullmatch(message, finished.stderr)


def test_an_execution_that_is_not_there_is_named(ready: Examples, inspect: Local) -> None:
    finished = inspect(ARN, "--endpoint-url", ready.url)

    assert (finished.returncode, finished.stdout) == (1, "")
    assert re.fullmatch(
        rf"inspect_execution: DescribeExecution of {ARN}: ExecutionDoesNotExist: .*\n",
        finished.stderr,
    )


def test_a_reader_that_has_enough_still_gets_the_page(ready: Examples, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    arguments = [ready.arns["failure"], "--endpoint-url", ready.url, "--html", str(path)]
    reading, writing = os.pipe()
    os.close(reading)
    finished = subprocess.run(
        [sys.executable, "-m", "inspect_execution", *arguments],
        cwd=PROJECT,
        env=NO_CREDENTIALS,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=DEADLINE_SECONDS,
    )
    os.close(writing)

    assert (finished.returncode, finished.stderr) == (141, "")
    assert path.read_text().endswith("</html>\n")


def test_a_reader_that_has_enough_is_no_error(ready: Examples) -> None:
    finished = subprocess.run(
        f"{sys.executable} -m inspect_execution {ready.arns['failure']}"
        f" --endpoint-url {ready.url} | head -1",
        shell=True,
        cwd=PROJECT,
        env=NO_CREDENTIALS,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
    )

    assert (finished.stdout, finished.stderr) == ("sfn-dfn-integration-pattern-cdk  ✗ failed\n", "")
